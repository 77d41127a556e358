#include <algorithm>
#include <set>

#include "ser/core/error.h"
#include "ser/corpus/display_name.h"

#include "corpus/folds.h"
#include "corpus/protocols.h"
#include "corpus/split_input.h"
#include "corpus/validation_draw.h"

namespace ser::corpus {
namespace {

using Names = std::vector<std::string>;

// "TESS", "EmoDB+TESS".
std::string joined(const Names& names) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : "+") + display_name(name);
  return text;
}

bool holds(const Names& names, const std::string& name) {
  return std::ranges::find(names, name) != names.end();
}

class CrossCorpusSplit {
 public:
  CrossCorpusSplit(const SplitInput& input, const SplitConfig& config,
                   const core::RandomStream& random)
      : input_(input), config_(config), random_(random) {
    std::set<std::string> names;
    for (const std::size_t i : input.order) names.insert(input.manifest->utterances[i].corpus);
    corpora_.assign(names.begin(), names.end());
  }

  std::vector<Split> run() const {
    if (corpora_.size() < 2) {
      throw core::CorpusError(
          "E_SPLIT_CORPORA",
          "protocol cross-corpus trains on one corpus and tests on another, "
          "but there is " +
              (corpora_.front().empty() ? "one only" : "one only, " + joined(corpora_)));
    }
    if (corpora_.front().empty()) {
      throw core::CorpusError("E_SPLIT_CORPORA",
                              "protocol cross-corpus needs to know the corpus of every clip; fill "
                              "in the column \"corpus\" where it is empty");
    }
    require_known(config_.test_corpora, "test_corpora");
    require_known(config_.train_corpora, "train_corpora");
    if (!config_.test_corpora.empty() || !config_.train_corpora.empty()) {
      const Names test = named_or_rest(config_.test_corpora, config_.train_corpora);
      const Names train = named_or_rest(config_.train_corpora, config_.test_corpora);
      require_apart(train, test);
      return {make_one(train, test)};
    }
    require_fold_count(corpora_.size() * (corpora_.size() - 1), "name some with test_corpora");
    std::vector<Split> folds;
    for (const auto& train : corpora_) {
      for (const auto& test : corpora_) {
        if (train != test) folds.push_back(make_one({train}, {test}));
      }
    }
    return folds;
  }

 private:
  void require_known(const Names& names, const std::string& member) const {
    for (const auto& name : names) {
      if (holds(corpora_, name)) continue;
      throw core::ConfigError("E_CONFIG_VALUE", member + ": there is no corpus \"" +
                                                    display_name(name) + "\"; there are " +
                                                    listed(corpora_));
    }
  }

  Names named_or_rest(const Names& named, const Names& others) const {
    Names list;
    for (const auto& name : corpora_) {
      if (named.empty() ? !holds(others, name) : holds(named, name)) list.push_back(name);
    }
    return list;
  }

  static void require_apart(const Names& train, const Names& test) {
    if (train.empty() || test.empty()) {
      throw core::ConfigError("E_CONFIG_VALUE",
                              "all corpora are named, which leaves none for the other side");
    }
    for (const auto& name : train) {
      if (!holds(test, name)) continue;
      throw core::ConfigError("E_CONFIG_VALUE",
                              "the corpus " + display_name(name) + " is to train and to test");
    }
  }

  Split make_one(const Names& train, const Names& test) const {
    return named_fold(joined(train) + " -> " + joined(test), [&] { return pair(train, test); });
  }

  std::vector<std::size_t> members_of(const Names& corpora) const {
    std::vector<std::size_t> members;
    std::ranges::copy_if(input_.order, std::back_inserter(members), [&](std::size_t i) {
      return holds(corpora, input_.manifest->utterances[i].corpus);
    });
    return members;
  }

  Split pair(const Names& train, const Names& test) const {
    auto left = members_of(train);
    Split split;
    split.test = members_of(test);
    const std::size_t all = left.size() + split.test.size();
    const std::string lone = keep_shared_classes(left, split.test);
    const SplitInput shared = restricted_to(input_, left);
    if (shared.classes.size() < 2) {
      throw core::CorpusError("E_SPLIT_CLASSES",
                              "the two sides have " + counted(shared.classes.size(), "label") +
                                  " in common, but at least two are needed to tell them apart; map "
                                  "the labels of one to those of the other");
    }
    if (config_.validation_share > 0.0) require_class_sizes(shared, 2);
    // The draw of a pair does not depend on which other corpora there are.
    auto draw =
        draw_validation(shared, left, config_.validation_share, random_.fork(joined(train)));
    split.statement = "trains on " + joined(train) + " and tests on " + joined(test) + " (" +
                      counted(split.test.size(), "clip") + "); " + draw.statement;
    const std::size_t dropped = all - left.size() - split.test.size();
    if (dropped > 0) {
      split.statement += "; leaves out " + counted(dropped, "clip") +
                         " of classes that one side lacks (" + lone + ")";
    }
    split.train = std::move(draw.train);
    split.validation = std::move(draw.validation);
    return split;
  }

  // Takes the clips of classes that one side lacks out of both; returns the names of these classes.
  std::string keep_shared_classes(std::vector<std::size_t>& train,
                                  std::vector<std::size_t>& test) const {
    const auto train_lists = by_class(input_, train);
    const auto test_lists = by_class(input_, test);
    Names lone;
    for (std::size_t c = 0; c < input_.classes.size(); ++c) {
      if (train_lists[c].empty() != test_lists[c].empty()) lone.push_back(input_.classes[c]);
    }
    const auto is_lone = [&](std::size_t i) {
      return holds(lone, input_.classes[static_cast<std::size_t>(input_.labels[i])]);
    };
    std::erase_if(train, is_lone);
    std::erase_if(test, is_lone);
    return listed(lone);
  }

  const SplitInput& input_;
  const SplitConfig& config_;
  core::RandomStream random_;
  Names corpora_;  // sorted
};

class CrossCorpus : public Protocol {
 public:
  std::string_view name() const override { return "cross-corpus"; }
  std::string_view description() const override {
    return "trains on some corpora and tests on others";
  }
  Folds folds() const override { return Folds::kMany; }
  std::vector<KeptApart> kept_apart() const override { return {{"corpus", &Utterance::corpus}}; }
  std::vector<Split> make(const SplitInput& input, const SplitConfig& config,
                          const core::RandomStream& random) const override {
    require_test_part(config, "cross-corpus");
    return CrossCorpusSplit(input, config, random.fork("cross-corpus")).run();
  }
};

}  // namespace

const Protocol& cross_corpus_protocol() {
  static const CrossCorpus protocol;
  return protocol;
}

}  // namespace ser::corpus
