#include <algorithm>
#include <numeric>
#include <set>
#include <tuple>

#include "ser/core/error.h"
#include "ser/corpus/display_name.h"

#include "corpus/split_protocols.h"
#include "corpus/stratified_draw.h"

namespace ser::corpus {
namespace {

constexpr int kMaxAttempts = 64;
constexpr std::size_t kMaxNames = 10;  // in a statement

// Speakers taken out of a list of them, and what that leaves undone.
struct Choice {
  std::vector<std::size_t> chosen;
  std::vector<std::size_t> rest;
  std::size_t scarce = 0;                 // classes of which the rest has fewer clips than it needs
  std::size_t lacking = 0;                // classes that the chosen speakers do not have
  bool heavy = false;                     // the chosen have more clips than the rest
  std::vector<std::int64_t> rest_counts;  // by class

  auto badness() const { return std::tuple(scarce, lacking, heavy); }
};

Choice judge(const std::vector<Group>& groups, Choice choice, std::size_t class_count,
             std::int64_t needed_in_rest) {
  std::vector<std::int64_t> chosen_counts(class_count);
  choice.rest_counts.assign(class_count, 0);
  const auto add = [&](const std::vector<std::size_t>& list, std::vector<std::int64_t>& counts) {
    for (const std::size_t g : list) {
      for (const auto& [label, count] : groups[g].class_counts) {
        counts[static_cast<std::size_t>(label)] += count;
      }
    }
    return std::accumulate(counts.begin(), counts.end(), std::int64_t{0});
  };
  choice.heavy = add(choice.chosen, chosen_counts) > add(choice.rest, choice.rest_counts);
  choice.scarce = static_cast<std::size_t>(std::ranges::count_if(
      choice.rest_counts, [&](std::int64_t count) { return count < needed_in_rest; }));
  choice.lacking = static_cast<std::size_t>(std::ranges::count(chosen_counts, 0));
  std::ranges::sort(choice.chosen);
  std::ranges::sort(choice.rest);
  return choice;
}

struct Wanted {
  double clips = 0.0;             // speakers are drawn until they have as many
  std::size_t speakers_left = 1;  // at least so many stay
  std::int64_t clips_left = 1;    // of each class
};

// Draws speakers in random order; the first draw that leaves nothing undone, or the one that leaves
// the least.
Choice draw_speakers(const std::vector<Group>& groups, const Wanted& wanted,
                     std::size_t class_count, const core::RandomStream& random) {
  Choice best;
  for (int attempt = 0; attempt < kMaxAttempts; ++attempt) {
    std::vector<std::size_t> order(groups.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    random.fork(static_cast<std::uint64_t>(attempt)).shuffle<std::size_t>(order);
    Choice choice;
    double clips = 0.0;
    for (std::size_t i = 0; i < order.size(); ++i) {
      const bool enough = !choice.chosen.empty() && clips >= wanted.clips;
      if (enough || order.size() - i <= wanted.speakers_left) {
        choice.rest.push_back(order[i]);
      } else {
        choice.chosen.push_back(order[i]);
        clips += static_cast<double>(groups[order[i]].members.size());
      }
    }
    choice = judge(groups, std::move(choice), class_count, wanted.clips_left);
    if (attempt == 0 || choice.badness() < best.badness()) best = std::move(choice);
    if (best.badness() == std::tuple(std::size_t{0}, std::size_t{0}, false)) break;
  }
  return best;
}

std::vector<std::size_t> members_of(const std::vector<Group>& groups,
                                    const std::vector<std::size_t>& chosen) {
  std::vector<std::size_t> members;
  for (const std::size_t g : chosen) {
    members.insert(members.end(), groups[g].members.begin(), groups[g].members.end());
  }
  return members;
}

// "speaker YAF", "speakers 03 and 08", "14 speakers".
std::string named(const std::vector<Group>& groups, const std::vector<std::size_t>& chosen) {
  if (chosen.size() > kMaxNames) return std::to_string(chosen.size()) + " speakers";
  std::string text = chosen.size() == 1 ? "speaker " : "speakers ";
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    if (i > 0) text += i + 1 == chosen.size() ? " and " : ", ";
    text += display_name(groups[chosen[i]].name);
  }
  return text;
}

class SpeakerSplit {
 public:
  SpeakerSplit(const SplitInput& input, const SplitConfig& config, const core::RandomStream& random)
      : input_(input), config_(config), random_(random) {}

  Split run() {
    if (part_count(config_) == 1) {
      split_.train = input_.order;
      split_.statement = "trains on all " + counted(split_.train.size(), "clip");
      return std::move(split_);
    }
    speakers_ = make_groups(input_.order, input_.speakers, input_.labels);
    require_speakers();
    choose_test();
    if (config_.validation_share > 0.0) {
      choose_validation();
    } else {
      split_.train = std::move(left_);
      split_.statement += "; no validation part";
    }
    split_.statement += "; trains on " + counted(split_.train.size(), "clip") + " of " +
                        named(speakers_, training_speakers_);
    return std::move(split_);
  }

 private:
  void require_speakers() const {
    const auto unknown = std::ranges::count(input_.speakers, "");
    if (unknown > 0) {
      throw core::CorpusError("E_SPLIT_SPEAKERS",
                              "protocol speaker needs to know who speaks, but of " +
                                  std::to_string(input_.speakers.size()) +
                                  " clips the speaker of " + std::to_string(unknown) +
                                  " is unknown; choose protocol text or random");
    }
    if (config_.test_share > 0.0 && speakers_.size() < 2) {
      throw core::CorpusError("E_SPLIT_SPEAKERS",
                              "the corpus has one speaker only, " +
                                  display_name(speakers_.front().name) +
                                  ", who cannot both train and test; choose protocol text or "
                                  "random, or set test_share to 0");
    }
  }

  void choose_test() {
    std::vector<std::size_t> all(speakers_.size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    if (config_.test_share == 0.0) {
      training_speakers_ = std::move(all);
      left_ = input_.order;
      split_.statement = "has no test part";
      return;
    }
    const Wanted wanted{config_.test_share * static_cast<double>(input_.order.size()), 1,
                        config_.validation_share > 0.0 ? 2 : 1};
    const std::size_t class_count = input_.classes.size();
    Choice choice = config_.test_speakers.empty()
                        ? draw_speakers(speakers_, wanted, class_count, random_.fork("test"))
                        : judge(speakers_, named_choice(), class_count, wanted.clips_left);
    if (choice.scarce > 0) fail_scarce(choice, wanted.clips_left);
    split_.test = members_of(speakers_, choice.chosen);
    left_ = members_of(speakers_, choice.rest);
    std::ranges::sort(left_, {}, [&](std::size_t i) { return rank(i); });
    training_speakers_ = std::move(choice.rest);
    split_.statement = "tests on " + named(speakers_, choice.chosen) + " (" +
                       counted(split_.test.size(), "clip") + lacking_classes() + ")";
  }

  Choice named_choice() const {
    const std::set<std::string> wanted(config_.test_speakers.begin(), config_.test_speakers.end());
    Choice choice;
    std::string known;
    for (std::size_t g = 0; g < speakers_.size(); ++g) {
      (wanted.contains(speakers_[g].name) ? choice.chosen : choice.rest).push_back(g);
      if (g < kMaxNames) known += (g == 0 ? "" : ", ") + display_name(speakers_[g].name);
    }
    if (speakers_.size() > kMaxNames) known += ", ...";
    for (const auto& name : wanted) {
      if (std::ranges::find(speakers_, name, &Group::name) == speakers_.end()) {
        throw core::ConfigError("E_CONFIG_VALUE", "test_speakers: the corpus has no speaker \"" +
                                                      display_name(name) + "\"; its speakers are " +
                                                      known);
      }
    }
    if (choice.rest.empty()) {
      throw core::ConfigError("E_CONFIG_VALUE",
                              "test_speakers: all speakers of the corpus are named, which leaves "
                              "nothing to train on; its speakers are " +
                                  known);
    }
    return choice;
  }

  [[noreturn]] void fail_scarce(const Choice& choice, std::int64_t needed) const {
    for (std::size_t c = 0; c < input_.classes.size(); ++c) {
      if (choice.rest_counts[c] >= needed) continue;
      throw core::CorpusError(
          "E_SPLIT_CLASS_SIZE",
          "of the " + counted(static_cast<std::size_t>(input_.class_sizes[c]), "clip") +
              " of the class " + display_name(input_.classes[c]) + ", " +
              std::to_string(choice.rest_counts[c]) + " would stay beside the test on " +
              named(speakers_, choice.chosen) + ", but " + std::to_string(needed) +
              " are needed; name other test speakers, add clips, or choose protocol text or "
              "random");
    }
    fail_draw("speakers");
  }

  // ", none of boredom, sad" for the classes that the test part lacks.
  std::string lacking_classes() const {
    std::string text;
    std::size_t count = 0;
    const auto lists = by_class(input_, split_.test);
    for (std::size_t c = 0; c < lists.size(); ++c) {
      if (!lists[c].empty() || ++count > kMaxNames) continue;
      text += (count == 1 ? ", none of " : ", ") + display_name(input_.classes[c]);
    }
    if (count > kMaxNames) text += " and " + std::to_string(count - kMaxNames) + " more";
    return text;
  }

  // Position of an utterance in the order of ids.
  std::size_t rank(std::size_t utterance) {
    if (rank_.empty()) {
      rank_.resize(input_.order.size());
      for (std::size_t i = 0; i < input_.order.size(); ++i) rank_[input_.order[i]] = i;
    }
    return rank_[utterance];
  }

  void choose_validation() {
    // Whole test speakers may be more than was asked for; validation takes its part of what they
    // leave.
    const double share = config_.validation_share / (1.0 - config_.test_share);
    if (training_speakers_.size() >= 3 && validate_on_speakers(share)) return;
    if (!validate_on_texts(share)) validate_on_clips(share);
  }

  // With at least two speakers left to train; false if no draw gives both parts every class.
  bool validate_on_speakers(double share) {
    const auto groups = make_groups(left_, input_.speakers, input_.labels);
    const Wanted wanted{share * static_cast<double>(left_.size()), 2, 1};
    const Choice choice =
        draw_speakers(groups, wanted, input_.classes.size(), random_.fork("validation speakers"));
    if (choice.scarce > 0 || choice.lacking > 0) return false;
    split_.validation = members_of(groups, choice.chosen);
    split_.train = members_of(groups, choice.rest);
    split_.statement += "; validates on " + named(groups, choice.chosen) + " (" +
                        counted(split_.validation.size(), "clip") + ")";
    std::vector<std::size_t> training;
    for (const std::size_t g : choice.rest) training.push_back(training_speakers_[g]);
    training_speakers_ = std::move(training);
    return true;
  }

  // Texts kept apart; false if texts do not tell clips apart.
  bool validate_on_texts(double share) {
    std::vector<std::string> names = input_.texts;
    bool known = false;
    for (const std::size_t i : left_) {
      known = known || !names[i].empty();
      // a clip of unknown text is a group of its own; no text has a line break before it
      if (names[i].empty()) names[i] = "\n" + std::to_string(rank(i));
    }
    const auto groups = make_groups(left_, names, input_.labels);
    if (!known || groups.size() < 2) return false;
    require_groups_of_each_class(input_, groups, 2, "texts");
    const GroupDraw draw =
        draw_groups(groups, {1.0 - share, share}, static_cast<int>(input_.classes.size()),
                    random_.fork("validation texts"));
    if (draw.missing > 0) fail_draw("texts");
    std::size_t texts = 0;
    for (std::size_t g = 0; g < groups.size(); ++g) {
      auto& part = draw.part_of_group[g] == 0 ? split_.train : split_.validation;
      part.insert(part.end(), groups[g].members.begin(), groups[g].members.end());
      if (draw.part_of_group[g] == 1) ++texts;
    }
    split_.statement += "; validates on " + counted(split_.validation.size(), "clip") +
                        " of the training speakers, whose " + counted(texts, "text") +
                        " do not occur in training";
    return true;
  }

  void validate_on_clips(double share) {
    Draw draw = draw_members(by_class(input_, left_), {share, 0.0},
                             class_streams(input_, random_.fork("validation clips")));
    split_.validation = std::move(draw.validation);
    split_.train = std::move(draw.train);
    split_.statement += "; validates on " + counted(split_.validation.size(), "clip") +
                        " of the training speakers, whose texts may occur in training";
  }

  const SplitInput& input_;
  const SplitConfig& config_;
  core::RandomStream random_;
  std::vector<Group> speakers_;
  std::vector<std::size_t> training_speakers_;  // indices into speakers_, sorted
  std::vector<std::size_t> left_;               // what the test leaves, in the order of ids
  std::vector<std::size_t> rank_;
  Split split_;
};

}  // namespace

Split split_by_speaker(const SplitInput& input, const SplitConfig& config,
                       const core::RandomStream& random) {
  return SpeakerSplit(input, config, random).run();
}

}  // namespace ser::corpus
