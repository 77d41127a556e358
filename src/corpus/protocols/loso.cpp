#include "ser/core/error.h"
#include "ser/corpus/display_name.h"

#include "corpus/folds.h"
#include "corpus/protocols.h"
#include "corpus/speaker_split.h"

namespace ser::corpus {
namespace {

// Leave one speaker out: every speaker is tested on once, and every fold is what protocol speaker
// makes with that speaker named.
class LeaveOneSpeakerOut : public Protocol {
 public:
  std::string_view name() const override { return "loso"; }
  std::string_view description() const override {
    return "leaves one speaker out: each in turn is tested on, the others train";
  }
  Folds folds() const override { return Folds::kMany; }
  std::vector<KeptApart> kept_apart() const override { return {{"speaker", &Utterance::speaker}}; }
  FoldPlan plan(const SplitInput& input, const SplitConfig& config,
                const core::RandomStream& random) const override {
    require_test_part(config, "loso");
    auto speakers = known_speakers(input, "loso");
    if (speakers.size() < 2) {
      throw core::CorpusError("E_SPLIT_SPEAKERS",
                              "protocol loso leaves one speaker out, but the corpus has no other "
                              "than " +
                                  display_name(speakers.front().name) +
                                  "; choose protocol text or random");
    }
    require_fold_count(speakers.size(), "choose protocol speaker-kfold");
    std::vector<std::vector<std::string>> tested;
    std::vector<std::string> names;
    for (const auto& speaker : speakers) {
      tested.push_back({speaker.name});
      names.push_back(display_name(speaker.name));
    }
    return plan_for_each(input, config, random, std::move(speakers), std::move(tested),
                         std::move(names));
  }
};

}  // namespace

const Protocol& loso_protocol() {
  static const LeaveOneSpeakerOut protocol;
  return protocol;
}

}  // namespace ser::corpus
