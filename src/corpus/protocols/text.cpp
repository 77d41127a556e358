#include <algorithm>

#include "ser/core/error.h"

#include "corpus/protocols.h"
#include "corpus/split_input.h"

namespace ser::corpus {
namespace {

void require_texts(std::size_t texts, int parts) {
  if (texts < static_cast<std::size_t>(parts)) {
    throw core::CorpusError("E_SPLIT_TEXTS",
                            "the corpus has " + counted(texts, "text") + ", but " +
                                std::to_string(parts) +
                                " parts that share no text need one each; choose protocol speaker "
                                "or random, or set a share to 0");
  }
}

Split split_by_text(const SplitInput& input, const SplitConfig& config,
                    const core::RandomStream& random) {
  Split split;
  const int parts = part_count(config);
  require_class_sizes(input, parts);
  if (parts == 1) {
    split.train = input.order;
    split.statement = "trains on all " + counted(split.train.size(), "clip");
    return split;
  }
  const auto groups = make_groups(input.order, *input.texts, input.labels);
  require_texts_known(input, "text");
  require_texts(groups.size(), parts);
  require_groups_of_each_class(input, groups, parts, "texts");

  std::vector<double> shares = {1.0 - config.validation_share - config.test_share};
  std::vector<std::vector<std::size_t>*> members = {&split.train};
  if (config.validation_share > 0.0) {
    shares.push_back(config.validation_share);
    members.push_back(&split.validation);
  }
  if (config.test_share > 0.0) {
    shares.push_back(config.test_share);
    members.push_back(&split.test);
  }
  const GroupDraw draw =
      draw_groups(groups, shares, static_cast<int>(input.classes.size()), random);
  if (draw.missing > 0) fail_draw("texts");
  std::vector<std::size_t> texts(shares.size());
  for (std::size_t g = 0; g < groups.size(); ++g) {
    const std::size_t part = draw.part_of_group[g];
    ++texts[part];
    members[part]->insert(members[part]->end(), groups[g].members.begin(), groups[g].members.end());
  }
  const auto sized = [&](const std::vector<std::size_t>& part) {
    for (std::size_t p = 0; p < members.size(); ++p) {
      if (members[p] == &part) {
        return counted(part.size(), "clip") + " of " + counted(texts[p], "text");
      }
    }
    return std::string("none");
  };
  split.statement = "keeps texts apart, while speakers may stand on both sides: trains on " +
                    sized(split.train) + ", validates on " + sized(split.validation) +
                    ", tests on " + sized(split.test);
  return split;
}

class Text : public Protocol {
 public:
  std::string_view name() const override { return "text"; }
  std::string_view description() const override {
    return "tests on words or sentences that are in no other part; speakers may be";
  }
  Folds folds() const override { return Folds::kOne; }
  std::vector<KeptApart> kept_apart() const override {
    return {{"text", &Utterance::text, KeptApart::From::kEachOther}};
  }
  FoldPlan plan(const SplitInput& input, const SplitConfig& config,
                const core::RandomStream& random) const override {
    return planned([=, &input] { return split_by_text(input, config, random.fork("text")); });
  }
};

}  // namespace

const Protocol& text_protocol() {
  static const Text protocol;
  return protocol;
}

}  // namespace ser::corpus
