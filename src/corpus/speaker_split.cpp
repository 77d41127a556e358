#include "corpus/speaker_split.h"

#include <algorithm>
#include <memory>
#include <numeric>

#include "ser/core/error.h"
#include "ser/corpus/display_name.h"

#include "corpus/folds.h"
#include "corpus/speaker_draw.h"
#include "corpus/validation_draw.h"

namespace ser::corpus {
namespace {

std::string known_names(const std::vector<Group>& speakers) {
  std::vector<std::string> names;
  names.reserve(speakers.size());
  for (const auto& speaker : speakers) names.push_back(speaker.name);
  return "its speakers are " + listed(names);
}

std::vector<std::size_t> without(std::size_t count, const std::vector<std::size_t>& chosen) {
  std::vector<std::size_t> all(count);
  std::iota(all.begin(), all.end(), std::size_t{0});
  std::vector<std::size_t> rest;
  std::ranges::set_difference(all, chosen, std::back_inserter(rest));
  return rest;
}

class SpeakerSplit {
 public:
  // `speakers` are all of the input.
  SpeakerSplit(const SplitInput& input, const std::vector<Group>& speakers,
               const SplitConfig& config, const core::RandomStream& random)
      : input_(input), config_(config), random_(random), speakers_(speakers) {}

  Split run() {
    require_two_speakers();
    choose_test();
    if (config_.validation_speakers.empty()) {
      // Whole test speakers may be more than was asked for; validation takes its part of what they
      // leave.
      const double share = config_.validation_share / (1.0 - config_.test_share);
      take(draw_validation(input_, left_, left_speakers_, share, random_));
    } else {
      choose_named_validation();
    }
    return std::move(split_);
  }

 private:
  void take(ValidationDraw draw) {
    split_.train = std::move(draw.train);
    split_.validation = std::move(draw.validation);
    split_.statement += "; " + draw.statement;
  }

  void require_two_speakers() const {
    if (config_.test_share > 0.0 && speakers_.size() < 2) {
      throw core::CorpusError("E_SPLIT_SPEAKERS",
                              "the corpus has one speaker only, " +
                                  display_name(speakers_.front().name) +
                                  ", who cannot both train and test; choose protocol text or "
                                  "random, or set test_share to 0");
    }
  }

  void choose_test() {
    if (config_.test_share == 0.0) {
      left_ = input_.order;
      left_speakers_ = speakers_;
      split_.statement = "has no test part";
      return;
    }
    const WantedSpeakers wanted{config_.test_share * static_cast<double>(input_.order.size()), 1,
                                config_.validation_share > 0.0 ? 2 : 1};
    const std::size_t class_count = input_.classes.size();
    const SpeakerChoice choice =
        config_.test_speakers.empty()
            ? draw_speakers(speakers_, wanted, class_count, random_.fork("test"))
            : judge(speakers_, named_choice(), class_count, wanted.clips_left);
    split_.test = members_of(speakers_, choice.chosen);
    if (choice.scarce > 0) fail_scarce(choice, wanted.clips_left);
    left_ = in_order(input_, members_of(speakers_, choice.rest));
    for (const std::size_t g : choice.rest) left_speakers_.push_back(speakers_[g]);
    split_.statement = "tests on " + speakers_of(input_, split_.test) + " (" +
                       counted(split_.test.size(), "clip") + lacking_classes(input_, split_.test) +
                       ")";
  }

  SpeakerChoice named_choice() const {
    SpeakerChoice choice;
    choice.chosen = indices_of(speakers_, config_.test_speakers, "test_speakers");
    choice.rest = without(speakers_.size(), choice.chosen);
    if (choice.rest.empty()) {
      throw core::ConfigError("E_CONFIG_VALUE",
                              "test_speakers: all speakers of the corpus are named, which leaves "
                              "nothing to train on; " +
                                  known_names(speakers_));
    }
    return choice;
  }

  [[noreturn]] void fail_scarce(const SpeakerChoice& choice, std::int64_t needed) const {
    for (std::size_t c = 0; c < input_.classes.size(); ++c) {
      if (choice.rest_counts[c] >= needed) continue;
      throw core::CorpusError(
          "E_SPLIT_CLASS_SIZE",
          "of the " + counted(static_cast<std::size_t>(input_.class_sizes[c]), "clip") +
              " of the class " + display_name(input_.classes[c]) + ", " +
              std::to_string(choice.rest_counts[c]) + " would stay beside the test on " +
              speakers_of(input_, split_.test) + ", but " + std::to_string(needed) +
              " are needed; name other test speakers, add clips, or choose protocol text or "
              "random");
    }
    fail_draw("speakers");
  }

  void choose_named_validation() {
    const auto& left = left_speakers_;
    for (const auto& name : config_.validation_speakers) {
      if (std::ranges::find(config_.test_speakers, name) != config_.test_speakers.end()) {
        throw core::ConfigError("E_CONFIG_VALUE", "validation_speakers: " + display_name(name) +
                                                      " is named as a test speaker too");
      }
    }
    const auto chosen = indices_of(left, config_.validation_speakers, "validation_speakers");
    split_.validation = members_of(left, chosen);
    split_.train = members_of(left, without(left.size(), chosen));
    require_all_classes();
    split_.statement += "; validates on " + speakers_of(input_, split_.validation) + " (" +
                        counted(split_.validation.size(), "clip") + "); " +
                        training_statement(input_, split_.train);
  }

  void require_all_classes() const {
    const auto lists = by_class(input_, split_.train);
    for (std::size_t c = 0; c < lists.size(); ++c) {
      if (!lists[c].empty()) continue;
      throw core::CorpusError("E_SPLIT_CLASS_SIZE",
                              "no clip of the class " + display_name(input_.classes[c]) +
                                  " is left to train on beside the speakers that are named; name "
                                  "others");
    }
  }

  const SplitInput& input_;
  const SplitConfig& config_;
  core::RandomStream random_;
  const std::vector<Group>& speakers_;
  std::vector<std::size_t> left_;  // what the test leaves, in the order of ids
  std::vector<Group> left_speakers_;
  Split split_;
};

}  // namespace

Split split_by_speaker(const SplitInput& input, const SplitConfig& config,
                       const core::RandomStream& random) {
  require_class_sizes(input, config.validation_share > 0.0 ? 2 : 1);
  if (part_count(config) > 1) {
    return SpeakerSplit(input, known_speakers(input, "speaker"), config, random.fork("speaker"))
        .run();
  }
  Split split;
  split.train = input.order;
  split.statement = "trains on all " + counted(split.train.size(), "clip");
  return split;
}

std::vector<Group> known_speakers(const SplitInput& input, const std::string& protocol) {
  if (const std::size_t unknown = input.speakers->unknown(); unknown > 0) {
    throw core::CorpusError("E_SPLIT_SPEAKERS",
                            "protocol " + protocol + " needs to know who speaks, but of " +
                                std::to_string(input.order.size()) + " clips the speaker of " +
                                std::to_string(unknown) +
                                " is unknown; choose protocol text or random");
  }
  return make_groups(input.order, *input.speakers, input.labels);
}

std::vector<std::size_t> indices_of(const std::vector<Group>& speakers,
                                    const std::vector<std::string>& names,
                                    const std::string& member) {
  std::vector<std::size_t> indices;
  for (const auto& name : names) {
    const auto found = std::ranges::lower_bound(speakers, name, {}, &Group::name);
    if (found == speakers.end() || found->name != name) {
      throw core::ConfigError("E_CONFIG_VALUE", member + ": the corpus has no speaker \"" +
                                                    display_name(name) + "\"; " +
                                                    known_names(speakers));
    }
    indices.push_back(static_cast<std::size_t>(found - speakers.begin()));
  }
  std::ranges::sort(indices);
  indices.erase(std::unique(indices.begin(), indices.end()), indices.end());
  return indices;
}

FoldPlan plan_for_each(const SplitInput& input, const SplitConfig& config,
                       const core::RandomStream& random, std::vector<Group> speakers,
                       std::vector<std::vector<std::string>> test_speakers,
                       std::vector<std::string> fold_names) {
  const std::size_t count = test_speakers.size();
  const auto shared = std::make_shared<const std::vector<Group>>(std::move(speakers));
  return {count, [=, &input, stream = random.fork("speaker"), tested = std::move(test_speakers),
                  names = std::move(fold_names)](std::size_t f) {
            SplitConfig one = config;
            one.test_speakers = tested[f];
            return named_fold(names[f], [&] {
              require_class_sizes(input, config.validation_share > 0.0 ? 2 : 1);
              return SpeakerSplit(input, *shared, one, stream).run();
            });
          }};
}

}  // namespace ser::corpus
