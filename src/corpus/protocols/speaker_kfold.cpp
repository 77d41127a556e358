#include <algorithm>

#include "ser/core/error.h"

#include "corpus/folds.h"
#include "corpus/protocols.h"
#include "corpus/speaker_split.h"

namespace ser::corpus {
namespace {

// A draw is near its shares, but where a few speakers have most of the clips it may leave a fold
// empty: that one gets the smallest speaker of the fold that has the most speakers.
void fill_empty_folds(const std::vector<Group>& speakers, std::vector<std::size_t>& fold_of,
                      std::size_t folds) {
  std::vector<std::size_t> sizes(folds);
  for (const std::size_t fold : fold_of) ++sizes[fold];
  for (std::size_t empty = 0; empty < folds; ++empty) {
    if (sizes[empty] > 0) continue;
    const auto from = static_cast<std::size_t>(std::ranges::max_element(sizes) - sizes.begin());
    std::size_t smallest = speakers.size();
    for (std::size_t s = 0; s < speakers.size(); ++s) {
      if (fold_of[s] != from) continue;
      if (smallest == speakers.size() ||
          speakers[s].members.size() < speakers[smallest].members.size()) {
        smallest = s;
      }
    }
    fold_of[smallest] = empty;
    --sizes[from];
    ++sizes[empty];
  }
}

class SpeakerFolds : public Protocol {
 public:
  std::string_view name() const override { return "speaker-kfold"; }
  std::string_view description() const override {
    return "cuts the speakers into groups, each of which is tested on in its turn";
  }
  Folds folds() const override { return Folds::kMany; }
  std::vector<KeptApart> kept_apart() const override { return {{"speaker", &Utterance::speaker}}; }
  FoldPlan plan(const SplitInput& input, const SplitConfig& config,
                const core::RandomStream& random) const override {
    require_test_part(config, "speaker-kfold");
    auto speakers = known_speakers(input, "speaker-kfold");
    const auto folds = static_cast<std::size_t>(config.folds);
    if (speakers.size() < folds) {
      throw core::CorpusError("E_SPLIT_SPEAKERS",
                              "the corpus has " + counted(speakers.size(), "speaker") +
                                  ", which do not make " + std::to_string(folds) +
                                  " folds; ask for fewer with split.folds");
    }
    const std::vector<double> shares(folds, 1.0 / static_cast<double>(folds));
    auto draw = draw_groups(speakers, shares, static_cast<int>(input.classes.size()),
                            random.fork("speaker-kfold"));
    fill_empty_folds(speakers, draw.part_of_group, folds);
    std::vector<std::vector<std::string>> tested(folds);
    std::vector<std::string> names;
    for (std::size_t s = 0; s < speakers.size(); ++s) {
      tested[draw.part_of_group[s]].push_back(speakers[s].name);
    }
    for (std::size_t f = 0; f < folds; ++f) {
      names.push_back(std::to_string(f + 1) + " of " + std::to_string(folds));
    }
    return plan_for_each(input, config, random, std::move(speakers), std::move(tested),
                         std::move(names));
  }
};

}  // namespace

const Protocol& speaker_kfold_protocol() {
  static const SpeakerFolds protocol;
  return protocol;
}

}  // namespace ser::corpus
