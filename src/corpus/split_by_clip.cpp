#include "corpus/split_protocols.h"
#include "corpus/stratified_draw.h"

namespace ser::corpus {

Split split_by_clip(const SplitInput& input, const SplitConfig& config,
                    const core::RandomStream& random) {
  Draw draw =
      draw_members(by_class(input, input.order), {config.validation_share, config.test_share},
                   class_streams(input, random));
  Split split;
  split.statement =
      "draws clips at random from each class, so that speakers and texts may stand on "
      "both sides: trains on " +
      counted(draw.train.size(), "clip") + ", validates on " +
      std::to_string(draw.validation.size()) + ", tests on " + std::to_string(draw.test.size());
  split.train = std::move(draw.train);
  split.validation = std::move(draw.validation);
  split.test = std::move(draw.test);
  return split;
}

}  // namespace ser::corpus
