#include "corpus/protocols.h"
#include "corpus/speaker_split.h"

namespace ser::corpus {
namespace {

class Speaker : public Protocol {
 public:
  std::string_view name() const override { return "speaker"; }
  std::string_view description() const override {
    return "tests on speakers who are in no other part";
  }
  Folds folds() const override { return Folds::kOne; }
  std::vector<KeptApart> kept_apart() const override { return {{"speaker", &Utterance::speaker}}; }
  FoldPlan plan(const SplitInput& input, const SplitConfig& config,
                const core::RandomStream& random) const override {
    return planned([=, &input] { return split_by_speaker(input, config, random); });
  }
};

}  // namespace

const Protocol& speaker_protocol() {
  static const Speaker protocol;
  return protocol;
}

}  // namespace ser::corpus
