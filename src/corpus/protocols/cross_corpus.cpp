#include <algorithm>
#include <memory>

#include "ser/core/error.h"
#include "ser/corpus/display_name.h"

#include "corpus/folds.h"
#include "corpus/naming.h"
#include "corpus/protocols.h"
#include "corpus/split_input.h"
#include "corpus/validation_draw.h"

namespace ser::corpus {
namespace {

using CorpusNames = std::vector<std::string>;
using Numbers = std::vector<std::size_t>;  // of corpora, sorted

// Who trains and who tests.
struct Sides {
  Numbers train;
  Numbers test;
};

class CrossCorpusSplit {
 public:
  CrossCorpusSplit(const SplitInput& input, const SplitConfig& config,
                   const core::RandomStream& random)
      : input_(input),
        config_(config),
        random_(random),
        corpora_(*input.manifest, &Utterance::corpus),
        members_(corpora_.names().size()) {
    for (const std::size_t i : input.order) members_[corpora_.number_of(i)].push_back(i);
  }

  // The two sides of every fold.
  std::vector<Sides> sides() const {
    const CorpusNames& names = corpora_.names();
    if (names.size() < 2) {
      throw core::CorpusError(
          "E_SPLIT_CORPORA",
          "protocol cross-corpus trains on one corpus and tests on another, "
          "but there is " +
              (names.front().empty() ? "one only" : "one only, " + display_name(names.front())));
    }
    if (names.front().empty()) {
      throw core::CorpusError("E_SPLIT_CORPORA",
                              "protocol cross-corpus needs to know the corpus of every clip; fill "
                              "in the column \"corpus\" where it is empty");
    }
    const Numbers test = numbers_of(config_.test_corpora, "test_corpora");
    const Numbers train = numbers_of(config_.train_corpora, "train_corpora");
    if (!test.empty() || !train.empty()) {
      const Sides named = {train.empty() ? others_than(test) : train,
                           test.empty() ? others_than(train) : test};
      require_apart(named);
      return {named};
    }
    require_fold_count(names.size() * (names.size() - 1), "name some with test_corpora");
    std::vector<Sides> pairs;
    for (std::size_t a = 0; a < names.size(); ++a) {
      for (std::size_t b = 0; b < names.size(); ++b) {
        if (a != b) pairs.push_back({{a}, {b}});
      }
    }
    return pairs;
  }

  Split make(const Sides& sides) const {
    return named_fold(shown(sides.train) + " -> " + shown(sides.test),
                      [&] { return split_of(sides); });
  }

 private:
  Numbers numbers_of(const CorpusNames& named, const std::string& member) const {
    Numbers numbers;
    for (const auto& name : named) {
      const auto found = std::ranges::lower_bound(corpora_.names(), name);
      if (found == corpora_.names().end() || *found != name) {
        throw core::ConfigError("E_CONFIG_VALUE", member + ": there is no corpus \"" +
                                                      display_name(name) + "\"; there are " +
                                                      listed(corpora_.names()));
      }
      numbers.push_back(static_cast<std::size_t>(found - corpora_.names().begin()));
    }
    std::ranges::sort(numbers);
    numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
    return numbers;
  }

  Numbers others_than(const Numbers& chosen) const {
    Numbers others;
    for (std::size_t n = 0; n < members_.size(); ++n) {
      if (!std::ranges::binary_search(chosen, n)) others.push_back(n);
    }
    return others;
  }

  void require_apart(const Sides& sides) const {
    if (sides.train.empty() || sides.test.empty()) {
      throw core::ConfigError("E_CONFIG_VALUE",
                              "all corpora are named, which leaves none for the other side");
    }
    Numbers both;
    std::ranges::set_intersection(sides.train, sides.test, std::back_inserter(both));
    if (both.empty()) return;
    throw core::ConfigError(
        "E_CONFIG_VALUE",
        "the corpus " + display_name(corpora_.names()[both.front()]) + " is to train and to test");
  }

  // "TESS", "EmoDB+TESS".
  std::string joined(const Numbers& numbers, std::size_t most) const {
    std::string text;
    for (std::size_t i = 0; i < std::min(most, numbers.size()); ++i) {
      text += (i == 0 ? "" : "+") + display_name(corpora_.names()[numbers[i]]);
    }
    return text;
  }

  std::string shown(const Numbers& numbers) const {
    std::string text = joined(numbers, kMaxNames);
    if (numbers.size() <= kMaxNames) return text;
    return text + " and " + std::to_string(numbers.size() - kMaxNames) + " more";
  }

  std::vector<std::size_t> members_of(const Numbers& numbers) const {
    if (numbers.size() == 1) return members_[numbers.front()];
    std::vector<std::size_t> members;
    for (const std::size_t n : numbers) {
      members.insert(members.end(), members_[n].begin(), members_[n].end());
    }
    return in_order(input_, members);
  }

  Split split_of(const Sides& sides) const {
    auto left = members_of(sides.train);
    Split split;
    split.test = members_of(sides.test);
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
    auto draw = draw_validation(shared, left, config_.validation_share,
                                random_.fork(joined(sides.train, sides.train.size())));
    split.statement = "trains on " + shown(sides.train) + " and tests on " + shown(sides.test) +
                      " (" + counted(split.test.size(), "clip") + "); " + draw.statement;
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
    CorpusNames lone;
    std::vector<bool> is_lone(input_.classes.size());
    for (std::size_t c = 0; c < input_.classes.size(); ++c) {
      is_lone[c] = train_lists[c].empty() != test_lists[c].empty();
      if (is_lone[c]) lone.push_back(input_.classes[c]);
    }
    const auto is_of_lone = [&](std::size_t i) {
      return is_lone[static_cast<std::size_t>(input_.labels[i])];
    };
    std::erase_if(train, is_of_lone);
    std::erase_if(test, is_of_lone);
    return listed(lone);
  }

  const SplitInput& input_;
  SplitConfig config_;
  core::RandomStream random_;
  Naming corpora_;
  std::vector<std::vector<std::size_t>> members_;  // of each corpus
};

class CrossCorpus : public Protocol {
 public:
  std::string_view name() const override { return "cross-corpus"; }
  std::string_view description() const override {
    return "trains on some corpora and tests on others";
  }
  Folds folds() const override { return Folds::kMany; }
  std::vector<KeptApart> kept_apart() const override { return {{"corpus", &Utterance::corpus}}; }
  FoldPlan plan(const SplitInput& input, const SplitConfig& config,
                const core::RandomStream& random) const override {
    require_test_part(config, "cross-corpus");
    const auto split =
        std::make_shared<const CrossCorpusSplit>(input, config, random.fork("cross-corpus"));
    const std::vector<Sides> sides = split->sides();
    return {sides.size(), [split, sides](std::size_t f) { return split->make(sides[f]); }};
  }
};

}  // namespace

const Protocol& cross_corpus_protocol() {
  static const CrossCorpus protocol;
  return protocol;
}

}  // namespace ser::corpus
