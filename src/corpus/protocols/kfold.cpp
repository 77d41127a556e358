#include "ser/core/error.h"
#include "ser/corpus/display_name.h"

#include "corpus/folds.h"
#include "corpus/protocols.h"
#include "corpus/split_input.h"
#include "corpus/stratified_draw.h"

namespace ser::corpus {
namespace {

// Every class in every test part, and enough of it left for the others.
void require_enough_of_each_class(const SplitInput& input, std::int64_t folds,
                                  std::int64_t other_parts) {
  for (std::size_t c = 0; c < input.classes.size(); ++c) {
    const std::int64_t size = input.class_sizes[c];
    if (size >= folds && size - (size + folds - 1) / folds >= other_parts) continue;
    throw core::CorpusError("E_SPLIT_CLASS_SIZE",
                            "the class " + display_name(input.classes[c]) + " has " +
                                counted(static_cast<std::size_t>(size), "clip") +
                                ", too few for every part of " + std::to_string(folds) +
                                " folds; add clips, leave the class out, or ask for fewer with "
                                "split.folds");
  }
}

// Deals the clips of each class out in random order, one class after the other, so that folds
// differ by one clip at most, in all and of each class. Indexed by utterance.
std::vector<std::size_t> deal(const SplitInput& input, std::size_t folds,
                              const core::RandomStream& random) {
  std::vector<std::size_t> fold_of(input.labels.size());
  auto lists = by_class(input, input.order);
  auto streams = class_streams(input, random);
  std::size_t next = 0;
  for (std::size_t c = 0; c < lists.size(); ++c) {
    streams[c].shuffle<std::size_t>(lists[c]);
    for (const std::size_t i : lists[c]) fold_of[i] = next++ % folds;
  }
  return fold_of;
}

class ClipFolds : public Protocol {
 public:
  std::string_view name() const override { return "kfold"; }
  std::string_view description() const override {
    return "tests on every clip once, drawn at random: keeps nothing apart, as random";
  }
  Folds folds() const override { return Folds::kMany; }
  std::vector<KeptApart> kept_apart() const override { return {}; }
  FoldPlan plan(const SplitInput& input, const SplitConfig& config,
                const core::RandomStream& random) const override {
    require_test_part(config, "kfold");
    const double share = config.validation_share / (1.0 - 1.0 / config.folds);
    if (share > 0.95) {
      throw core::ConfigError("E_CONFIG_VALUE",
                              "validation_share and one fold of the clips for the test leave "
                              "nothing to train on; together they have to stay below 1");
    }
    const auto count = static_cast<std::size_t>(config.folds);
    require_enough_of_each_class(input, config.folds, share > 0.0 ? 2 : 1);
    const auto stream = random.fork("kfold");
    const auto fold_of = deal(input, count, stream.fork("test"));
    const auto make = [=, &input](std::size_t f) {
      std::vector<std::size_t> left;
      Split split;
      for (const std::size_t i : input.order) (fold_of[i] == f ? split.test : left).push_back(i);
      Draw draw = draw_members(by_class(input, left), {share, 0.0},
                               class_streams(input, stream.fork("validation").fork(f)));
      split.train = std::move(draw.train);
      split.validation = std::move(draw.validation);
      split.fold = std::to_string(f + 1) + " of " + std::to_string(count);
      split.statement = "tests on one part of " + std::to_string(count) + " of each class (" +
                        counted(split.test.size(), "clip") +
                        "), so that speakers and texts may stand on both sides; validates on " +
                        std::to_string(split.validation.size()) + ", trains on " +
                        std::to_string(split.train.size());
      return split;
    };
    return {count, make};
  }
};

}  // namespace

const Protocol& kfold_protocol() {
  static const ClipFolds protocol;
  return protocol;
}

}  // namespace ser::corpus
