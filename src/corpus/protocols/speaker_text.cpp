#include <algorithm>
#include <cmath>
#include <set>

#include "ser/core/error.h"

#include "corpus/protocols.h"
#include "corpus/speaker_draw.h"
#include "corpus/speaker_split.h"
#include "corpus/validation_draw.h"

namespace ser::corpus {
namespace {

constexpr int kMaxSpeakerTextDraws = 64;

// Some speakers and some texts: what is of both tests, what is of neither trains.
struct Corner {
  std::vector<std::size_t> test;
  std::vector<std::size_t> left;
  std::size_t texts = 0;    // of the test
  std::size_t scarce = 0;   // classes of which too little is left
  std::size_t lacking = 0;  // classes that the test part does not have

  auto badness() const { return std::tuple(scarce, lacking); }
};

class SpeakerTextSplit {
 public:
  SpeakerTextSplit(const SplitInput& input, const SplitConfig& config,
                   const core::RandomStream& random)
      : input_(input),
        config_(config),
        random_(random),
        needed_(config.validation_share > 0.0 ? 2 : 1),
        speakers_(known_speakers(input, "speaker+text")),
        texts_(make_groups(input.order, *input.texts, input.labels)) {}

  Split run() {
    if (speakers_.size() < 2 || texts_.size() < 2) {
      throw core::CorpusError(
          speakers_.size() < 2 ? "E_SPLIT_SPEAKERS" : "E_SPLIT_TEXTS",
          "parts that share neither speakers nor texts need two of each, but the corpus has " +
              counted(speakers_.size(), "speaker") + " and " + counted(texts_.size(), "text") +
              "; choose protocol speaker, text or random");
    }
    const Corner corner = draw_corner();
    if (corner.scarce > 0 || corner.test.empty()) fail_draw("speakers and texts");
    Split split;
    split.test = corner.test;
    auto draw = draw_validation(input_, corner.left,
                                config_.validation_share / (1.0 - config_.test_share), random_);
    split.statement =
        "tests on " + counted(corner.texts, "text") + " of " + speakers_of(input_, corner.test) +
        " (" + counted(corner.test.size(), "clip") + lacking_classes(input_, corner.test) +
        ") and leaves out the " +
        counted(input_.order.size() - corner.test.size() - corner.left.size(), "clip") +
        " that share speaker or text with them; " + draw.statement;
    split.train = std::move(draw.train);
    split.validation = std::move(draw.validation);
    return split;
  }

 private:
  // The first draw that leaves nothing undone, or the one that leaves the least.
  Corner draw_corner() const {
    Corner best;
    for (int attempt = 0; attempt < kMaxSpeakerTextDraws; ++attempt) {
      Corner corner = draw_once(random_.fork("test").fork(static_cast<std::uint64_t>(attempt)));
      if (attempt == 0 || corner.badness() < best.badness()) best = std::move(corner);
      if (best.badness() == std::tuple(std::size_t{0}, std::size_t{0})) break;
    }
    return best;
  }

  // As large a share of the speakers as of the texts leaves the most to train on:
  // (1 - s) (1 - t) under s t = test_share is largest where s = t. Whole speakers come first, and
  // the texts make up for what they have more or less.
  Corner draw_once(const core::RandomStream& random) const {
    const auto all = static_cast<double>(input_.order.size());
    const double side = std::sqrt(config_.test_share);
    const SpeakerChoice choice = config_.test_speakers.empty()
                                     ? draw_speakers(speakers_, {side * all, 1, needed_},
                                                     input_.classes.size(), random.fork("speakers"))
                                     : named_choice();
    const auto tested = members_of(speakers_, choice.chosen);
    const double text_share =
        std::min(config_.test_share * all / static_cast<double>(tested.size()), 0.5);
    const GroupDraw texts =
        draw_groups(texts_, {1.0 - text_share, text_share}, static_cast<int>(input_.classes.size()),
                    random.fork("texts"));
    std::vector<bool> speaker_tests(input_.labels.size());
    std::vector<bool> text_tests(input_.labels.size());
    for (const std::size_t i : tested) speaker_tests[i] = true;
    for (std::size_t g = 0; g < texts_.size(); ++g) {
      for (const std::size_t i : texts_[g].members) text_tests[i] = texts.part_of_group[g] == 1;
    }
    Corner corner;
    std::set<std::size_t> texts_tested;
    for (const std::size_t i : input_.order) {
      if (speaker_tests[i] && text_tests[i]) {
        corner.test.push_back(i);
        texts_tested.insert(input_.texts->number_of(i));
      }
      if (!speaker_tests[i] && !text_tests[i]) corner.left.push_back(i);
    }
    corner.texts = texts_tested.size();
    const auto in_test = by_class(input_, corner.test);
    const auto in_left = by_class(input_, corner.left);
    for (std::size_t c = 0; c < input_.classes.size(); ++c) {
      if (in_test[c].empty()) ++corner.lacking;
      if (static_cast<std::int64_t>(in_left[c].size()) < needed_) ++corner.scarce;
    }
    return corner;
  }

  SpeakerChoice named_choice() const {
    SpeakerChoice choice;
    choice.chosen = indices_of(speakers_, config_.test_speakers, "test_speakers");
    return choice;
  }

  const SplitInput& input_;
  const SplitConfig& config_;
  core::RandomStream random_;
  std::int64_t needed_;
  std::vector<Group> speakers_;
  std::vector<Group> texts_;
};

class SpeakerText : public Protocol {
 public:
  std::string_view name() const override { return "speaker+text"; }
  std::string_view description() const override {
    return "tests on speakers and texts that are in no other part; leaves out what shares one";
  }
  Folds folds() const override { return Folds::kOne; }
  std::vector<KeptApart> kept_apart() const override {
    return {{"speaker", &Utterance::speaker}, {"text", &Utterance::text}};
  }
  FoldPlan plan(const SplitInput& input, const SplitConfig& config,
                const core::RandomStream& random) const override {
    return planned([=, &input] {
      if (config.test_share == 0.0) return split_by_speaker(input, config, random);
      require_class_sizes(input, part_count(config));
      require_texts_known(input, "speaker+text");
      return SpeakerTextSplit(input, config, random.fork("speaker+text")).run();
    });
  }
};

}  // namespace

const Protocol& speaker_text_protocol() {
  static const SpeakerText protocol;
  return protocol;
}

}  // namespace ser::corpus
