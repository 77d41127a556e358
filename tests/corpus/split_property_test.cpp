// What holds for every split of every manifest.
#include <algorithm>
#include <cmath>
#include <set>

#include <gtest/gtest.h>

#include "ser/core/error.h"
#include "ser/corpus/split.h"

#include "corpus/sample_manifest.h"

namespace ser::corpus {
namespace {

using Indices = std::vector<std::size_t>;

struct Case {
  Manifest manifest;
  SplitConfig config;
  std::uint64_t seed = 0;
};

// Manifests of many shapes, some of which cannot be split.
Case make_case(int round, const std::string& protocol) {
  core::RandomStream random =
      core::RandomStream(99).fork(protocol).fork(static_cast<std::uint64_t>(round));
  const auto number = [&](int low, int high) {
    return low + static_cast<int>(random.below(static_cast<std::uint64_t>(high - low + 1)));
  };
  Case made;
  Shape shape;
  shape.clips = number(20, 600);
  shape.labels = number(2, 8);
  shape.speakers = protocol == "speaker" || number(0, 1) == 1 ? number(1, 14) : 0;
  shape.texts = protocol == "text" || number(0, 2) > 0 ? number(2, 40) : 0;
  made.manifest = make_random_manifest(shape, random.fork("manifest"));
  made.config.protocol = protocol;
  made.config.validation_share = number(0, 4) * 0.1;
  made.config.test_share = number(0, 5) * 0.1;
  made.seed = random.next();
  return made;
}

std::set<std::string> classes_of(const Manifest& manifest, const Indices& part) {
  std::set<std::string> classes;
  for (const std::size_t i : part) classes.insert(manifest.utterances[i].label);
  return classes;
}

std::set<std::string> ids_of(const Manifest& manifest, const Indices& part) {
  std::set<std::string> ids;
  for (const std::size_t i : part) ids.insert(manifest.utterances[i].id);
  return ids;
}

class SplitProperty : public testing::TestWithParam<const char*> {
 protected:
  // Runs `check` on every case that can be split.
  template <class Check>
  void for_each_split(Check&& check) {
    int made = 0;
    for (int round = 0; round < 300; ++round) {
      SCOPED_TRACE(round);
      const Case one = make_case(round, GetParam());
      try {
        const Split split = make_split(one.manifest, one.config, core::RandomStream(one.seed));
        check(one, split);
        ++made;
      } catch (const core::CorpusError& error) {
        ASSERT_EQ(error.code().find("E_SPLIT_"), 0U) << error.what();
      }
      if (HasFatalFailure()) return;
    }
    EXPECT_GT(made, 100);
  }
};

TEST_P(SplitProperty, PartsAreSortedDisjointAndComplete) {
  for_each_split([](const Case& one, const Split& split) {
    Indices all;
    for (const auto* part : {&split.train, &split.validation, &split.test}) {
      ASSERT_TRUE(std::ranges::is_sorted(*part));
      all.insert(all.end(), part->begin(), part->end());
    }
    std::ranges::sort(all);
    Indices expected(one.manifest.utterances.size());
    for (std::size_t i = 0; i < expected.size(); ++i) expected[i] = i;
    ASSERT_EQ(all, expected);
    ASSERT_EQ(split.protocol, one.config.protocol);
    ASSERT_FALSE(split.statement.empty());
    ASSERT_EQ(split.statement.find('\n'), std::string::npos);
  });
}

TEST_P(SplitProperty, PartsAreThereIfAndOnlyIfAskedForAndHaveTheirClasses) {
  for_each_split([](const Case& one, const Split& split) {
    const std::set<std::string> all(one.manifest.classes.begin(), one.manifest.classes.end());
    ASSERT_EQ(classes_of(one.manifest, split.train), all);
    ASSERT_EQ(split.validation.empty(), one.config.validation_share == 0.0);
    ASSERT_EQ(split.test.empty(), one.config.test_share == 0.0);
    if (!split.validation.empty()) {
      ASSERT_EQ(classes_of(one.manifest, split.validation), all);
    }
    if (!split.test.empty() &&
        (split.protocol != "speaker" || split.statement.find("none of") == std::string::npos)) {
      ASSERT_EQ(classes_of(one.manifest, split.test), all);
    }
  });
}

TEST_P(SplitProperty, NothingLeaks) {
  for_each_split([](const Case& one, const Split& split) {
    const auto leaks = check_leaks(one.manifest, split);
    ASSERT_TRUE(leaks.empty()) << leaks.front();
    const auto values = [&](const Indices& part, std::string Utterance::*member) {
      std::set<std::string> result;
      for (const std::size_t i : part) result.insert(one.manifest.utterances[i].*member);
      return result;
    };
    const auto apart = [&](const Indices& a, const Indices& b, std::string Utterance::*member) {
      std::vector<std::string> shared;
      std::ranges::set_intersection(values(a, member), values(b, member),
                                    std::back_inserter(shared));
      return shared.empty();
    };
    if (split.protocol == "speaker") {
      ASSERT_TRUE(apart(split.train, split.test, &Utterance::speaker));
      ASSERT_TRUE(apart(split.validation, split.test, &Utterance::speaker));
    }
    if (split.protocol == "text") {
      ASSERT_TRUE(apart(split.train, split.test, &Utterance::text));
      ASSERT_TRUE(apart(split.validation, split.test, &Utterance::text));
      ASSERT_TRUE(apart(split.train, split.validation, &Utterance::text));
    }
  });
}

TEST_P(SplitProperty, IsTheSameAgainAndInAnyOrderOfTheManifest) {
  for_each_split([](const Case& one, const Split& split) {
    const Split again = make_split(one.manifest, one.config, core::RandomStream(one.seed));
    ASSERT_EQ(again.train, split.train);
    ASSERT_EQ(again.validation, split.validation);
    ASSERT_EQ(again.test, split.test);
    ASSERT_EQ(again.statement, split.statement);

    Manifest shuffled = one.manifest;
    core::RandomStream(5).shuffle<Utterance>(shuffled.utterances);
    const Split other = make_split(shuffled, one.config, core::RandomStream(one.seed));
    ASSERT_EQ(ids_of(shuffled, other.train), ids_of(one.manifest, split.train));
    ASSERT_EQ(ids_of(shuffled, other.validation), ids_of(one.manifest, split.validation));
    ASSERT_EQ(ids_of(shuffled, other.test), ids_of(one.manifest, split.test));
    ASSERT_EQ(other.statement, split.statement);
  });
}

TEST_P(SplitProperty, TheSeedMatters) {
  int differ = 0;
  int made = 0;
  for_each_split([&](const Case& one, const Split& split) {
    if (split.test.empty() && split.validation.empty()) return;
    const Split other = make_split(one.manifest, one.config, core::RandomStream(one.seed + 1));
    ++made;
    if (other.train != split.train) ++differ;
  });
  EXPECT_GT(differ, made * 7 / 10);
}

INSTANTIATE_TEST_SUITE_P(Protocols, SplitProperty, testing::Values("speaker", "text", "random"),
                         [](const auto& tested) { return std::string(tested.param); });

// Where no bound of one clip is in the way, parts have the size that was asked for, and each class
// is within one clip of its share.
TEST(RandomSplitProperty, IsStratified) {
  int checked = 0;
  for (int round = 0; round < 300; ++round) {
    const Case one = make_case(round, "random");
    std::vector<double> sizes(one.manifest.classes.size());
    for (std::size_t i = 0; i < one.manifest.utterances.size(); ++i) {
      ++sizes[static_cast<std::size_t>(one.manifest.label_index(i))];
    }
    const double smallest = *std::ranges::min_element(sizes);
    if (smallest < 22) continue;
    const Split split = make_split(one.manifest, one.config, core::RandomStream(one.seed));
    const auto all = static_cast<double>(one.manifest.utterances.size());
    for (const auto& [part, share] : {std::pair(&split.test, one.config.test_share),
                                      std::pair(&split.validation, one.config.validation_share)}) {
      ASSERT_EQ(static_cast<long>(part->size()), std::lround(share * all));
      std::vector<double> counts(sizes.size());
      for (const std::size_t i : *part) {
        ++counts[static_cast<std::size_t>(one.manifest.label_index(i))];
      }
      for (std::size_t c = 0; c < sizes.size(); ++c) {
        ASSERT_LT(std::abs(counts[c] - static_cast<double>(part->size()) * sizes[c] / all), 1.0);
      }
    }
    ++checked;
  }
  EXPECT_GT(checked, 50);
}

// Whole texts cannot be cut, but no part is off its share by more than the largest text.
TEST(TextSplitProperty, IsStratifiedAsFarAsTextsAllow) {
  int checked = 0;
  for (int round = 0; round < 300; ++round) {
    const Case one = make_case(round, "text");
    std::map<std::string, double> sizes;
    for (const auto& utterance : one.manifest.utterances) ++sizes[utterance.text];
    if (sizes.size() < 20 || one.manifest.utterances.size() < 300) continue;
    double largest = 0.0;
    for (const auto& [text, size] : sizes) largest = std::max(largest, size);
    const Split split = make_split(one.manifest, one.config, core::RandomStream(one.seed));
    const auto all = static_cast<double>(one.manifest.utterances.size());
    if (one.config.test_share > 0.0) {
      ASSERT_LE(std::abs(static_cast<double>(split.test.size()) - one.config.test_share * all),
                largest);
    }
    if (one.config.validation_share > 0.0) {
      ASSERT_LE(std::abs(static_cast<double>(split.validation.size()) -
                         one.config.validation_share * all),
                largest);
    }
    ++checked;
  }
  EXPECT_GT(checked, 50);
}

}  // namespace
}  // namespace ser::corpus
