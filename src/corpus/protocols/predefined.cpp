#include <algorithm>

#include "ser/core/error.h"
#include "ser/corpus/display_name.h"

#include "corpus/protocols.h"
#include "corpus/speaker_split.h"
#include "corpus/validation_draw.h"

namespace ser::corpus {
namespace {

// Where the manifest's parts stand in `split`; nullptr for a clip that is in none.
std::vector<std::size_t>* part_of(const Utterance& utterance, Split& split) {
  if (utterance.part == "train") return &split.train;
  if (utterance.part == "validation") return &split.validation;
  if (utterance.part == "test") return &split.test;
  if (utterance.part.empty()) return nullptr;
  throw core::CorpusError("E_SPLIT_PARTS", display_name(utterance.id) + " is in the part \"" +
                                               display_name(utterance.part) +
                                               "\"; known are train, validation and test");
}

void require_training_classes(const SplitInput& input, const std::vector<std::size_t>& train,
                              const Split& split) {
  const auto sizes = by_class(input, train);
  for (std::size_t c = 0; c < sizes.size(); ++c) {
    if (!sizes[c].empty()) continue;
    throw core::CorpusError(
        "E_SPLIT_CLASS_SIZE",
        "no clip of the class " + display_name(input.classes[c]) + " is in the training part of " +
            counted(split.train.size(), "clip") + "; change the parts, or leave the class out");
  }
}

Split split_as_told(const SplitInput& input, const SplitConfig& config,
                    const core::RandomStream& random) {
  Split split;
  std::vector<std::size_t> used;
  for (const std::size_t i : input.order) {
    if (auto* part = part_of(input.manifest->utterances[i], split)) {
      part->push_back(i);
      used.push_back(i);
    }
  }
  if (split.train.empty()) {
    throw core::CorpusError("E_SPLIT_PARTS",
                            used.empty() ? "protocol predefined needs a manifest that says which "
                                           "part each clip is in, or lists of speakers "
                                           "(test_speakers, validation_speakers)"
                                         : "the manifest puts no clip into the training part");
  }
  const SplitInput told = restricted_to(input, used);
  require_training_classes(told, split.train, split);
  split.statement = split.test.empty()
                        ? std::string("has no test part")
                        : "tests on the " + counted(split.test.size(), "clip") +
                              " that the manifest names" + lacking_classes(told, split.test);
  if (!split.validation.empty()) {
    split.statement += "; validates on " + std::to_string(split.validation.size()) +
                       " that it names" + lacking_classes(told, split.validation) + "; " +
                       training_statement(told, split.train);
  } else {
    if (config.validation_share > 0.0) require_class_sizes(restricted_to(told, split.train), 2);
    auto draw = draw_validation(told, split.train, config.validation_share, random);
    split.statement += "; " + draw.statement;
    split.train = std::move(draw.train);
    split.validation = std::move(draw.validation);
  }
  const std::size_t rest = input.order.size() - used.size();
  if (rest > 0) split.statement += "; leaves out " + counted(rest, "clip") + " of no part";
  return split;
}

class Predefined : public Protocol {
 public:
  std::string_view name() const override { return "predefined"; }
  std::string_view description() const override {
    return "as the manifest says, or as lists of speakers do";
  }
  Folds folds() const override { return Folds::kOne; }
  std::vector<KeptApart> kept_apart() const override { return {}; }
  FoldPlan plan(const SplitInput& input, const SplitConfig& config,
                const core::RandomStream& random) const override {
    return planned([=, &input] {
      if (!config.test_speakers.empty() || !config.validation_speakers.empty()) {
        return split_by_speaker(input, config, random);
      }
      return split_as_told(input, config, random.fork("predefined"));
    });
  }
};

}  // namespace

const Protocol& predefined_protocol() {
  static const Predefined protocol;
  return protocol;
}

}  // namespace ser::corpus
