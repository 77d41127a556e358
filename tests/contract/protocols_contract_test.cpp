// What every protocol of protocols.def owes, so that a new one is tested by its line.
#include <algorithm>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "ser/core/error.h"
#include "ser/corpus/protocol.h"

namespace ser::corpus {
namespace {

using Indices = std::vector<std::size_t>;

// Clips of uneven speakers, texts, labels and corpora, some of them in a part of their own. A
// speaker is of one corpus.
Manifest make_manifest(core::RandomStream random) {
  const auto number = [&](int low, int high) {
    return low + static_cast<int>(random.below(static_cast<std::uint64_t>(high - low + 1)));
  };
  const int clips = number(40, 500);
  const int speakers = number(2, 12);
  const int texts = number(4, 30);
  const int labels = number(2, 6);
  const int corpora = std::min(number(1, 3), speakers);
  Manifest manifest;
  std::set<std::string> classes;
  for (int i = 0; i < clips; ++i) {
    const int speaker = std::min(number(0, speakers - 1), number(0, speakers - 1));
    Utterance utterance;
    utterance.id = std::to_string(10000 + i);
    utterance.speaker = "s" + std::to_string(speaker);
    utterance.corpus = "corpus" + std::to_string(speaker % corpora);
    utterance.text = "t" + std::to_string(number(0, texts - 1));
    utterance.label = "c" + std::to_string(std::min(number(0, labels - 1), number(0, labels - 1)));
    const int part = number(0, 9);
    utterance.part = part == 0 ? "test" : part == 1 ? "validation" : part == 2 ? "" : "train";
    classes.insert(utterance.label);
    manifest.utterances.push_back(std::move(utterance));
  }
  manifest.classes.assign(classes.begin(), classes.end());
  return manifest;
}

std::set<std::string> values(const Manifest& manifest, const Indices& part,
                             std::string Utterance::*member) {
  std::set<std::string> result;
  for (const std::size_t i : part) result.insert(manifest.utterances[i].*member);
  return result;
}

bool share(const Manifest& manifest, const Indices& a, const Indices& b,
           std::string Utterance::*member) {
  const auto first = values(manifest, a, member);
  return std::ranges::any_of(values(manifest, b, member),
                             [&](const std::string& value) { return first.contains(value); });
}

struct Made {
  Manifest manifest;
  SplitConfig config;
  std::uint64_t seed = 0;
  std::vector<Split> folds;
};

class ProtocolContract : public testing::TestWithParam<const Protocol*> {
 protected:
  // Runs `check` on the folds of every manifest that can be split.
  template <class Check>
  void for_each(Check&& check) {
    core::RandomStream random = core::RandomStream(7).fork(GetParam()->name());
    int made = 0;
    for (int round = 0; round < 120; ++round) {
      SCOPED_TRACE(round);
      Made one;
      one.manifest = make_manifest(random.fork(static_cast<std::uint64_t>(round)));
      one.config.protocol = GetParam()->name();
      one.config.validation_share = round % 3 == 0 ? 0.0 : 0.1;
      one.config.test_share = 0.1 + 0.1 * (round % 4);
      one.config.folds = 2 + round % 4;
      one.seed = random.next();
      try {
        one.folds = make_folds(one.manifest, one.config, core::RandomStream(one.seed));
      } catch (const core::CorpusError& error) {
        ASSERT_EQ(error.code().find("E_SPLIT_"), 0U) << error.what();
        continue;
      }
      check(one);
      ++made;
      if (HasFatalFailure()) return;
    }
    EXPECT_GT(made, 30);
  }
};

TEST_P(ProtocolContract, HasANameAndADescriptionOfOneLine) {
  const Protocol& protocol = *GetParam();
  EXPECT_FALSE(protocol.name().empty());
  EXPECT_FALSE(protocol.description().empty());
  EXPECT_EQ(protocol.description().find('\n'), std::string_view::npos);
  EXPECT_EQ(&protocol_named(protocol.name()), &protocol);
  const auto choices = protocol_choices();
  EXPECT_EQ(std::ranges::count(choices, protocol.name()), 1);
}

TEST_P(ProtocolContract, PartsAreSortedDisjointAndNotEmpty) {
  for_each([](const Made& one) {
    ASSERT_FALSE(one.folds.empty());
    std::set<std::string> names;
    for (const auto& split : one.folds) {
      Indices all;
      for (const auto* part : {&split.train, &split.validation, &split.test}) {
        ASSERT_TRUE(std::ranges::is_sorted(*part));
        all.insert(all.end(), part->begin(), part->end());
      }
      std::ranges::sort(all);
      ASSERT_EQ(std::ranges::adjacent_find(all), all.end());
      ASSERT_LT(all.back(), one.manifest.utterances.size());
      ASSERT_FALSE(split.test.empty());
      ASSERT_EQ(split.protocol, GetParam()->name());
      ASSERT_FALSE(split.statement.empty());
      ASSERT_EQ(split.statement.find('\n'), std::string::npos);
      ASSERT_TRUE(names.insert(split.fold).second) << split.fold;
      // "predefined" takes the validation part that the manifest has
      if (GetParam()->name() != "predefined") {
        ASSERT_EQ(split.validation.empty(), one.config.validation_share == 0.0);
      }
    }
    ASSERT_TRUE(one.folds.size() == 1 || GetParam()->folds() == Protocol::Folds::kMany);
  });
}

TEST_P(ProtocolContract, WhatIsJudgedWasTrained) {
  for_each([](const Made& one) {
    for (const auto& split : one.folds) {
      const auto trained = values(one.manifest, split.train, &Utterance::label);
      ASSERT_GE(trained.size(), 2U);
      for (const auto* part : {&split.validation, &split.test}) {
        for (const auto& label : values(one.manifest, *part, &Utterance::label)) {
          ASSERT_TRUE(trained.contains(label)) << label << " in " << split.fold;
        }
      }
    }
  });
}

TEST_P(ProtocolContract, KeepsApartWhatItPromises) {
  for_each([](const Made& one) {
    for (const auto& split : one.folds) {
      const auto leaks = check_leaks(one.manifest, split);
      ASSERT_TRUE(leaks.empty()) << leaks.front();
      for (const auto& kept : GetParam()->kept_apart()) {
        ASSERT_FALSE(share(one.manifest, split.train, split.test, kept.member)) << kept.what;
        ASSERT_FALSE(share(one.manifest, split.validation, split.test, kept.member)) << kept.what;
        if (kept.from != KeptApart::From::kEachOther) continue;
        ASSERT_FALSE(share(one.manifest, split.train, split.validation, kept.member)) << kept.what;
      }
    }
  });
}

TEST_P(ProtocolContract, ABrokenPromiseIsFound) {
  if (GetParam()->kept_apart().empty()) GTEST_SKIP() << "it promises nothing";
  for_each([](const Made& one) {
    Split split = one.folds.front();
    for (const auto& kept : GetParam()->kept_apart()) {
      // of two clips that must not be on two sides, one more goes to the other side
      const auto of_test = values(one.manifest, split.test, kept.member);
      for (const std::size_t i : split.test) {
        const auto& value = one.manifest.utterances[i].*kept.member;
        if (std::ranges::count_if(split.test, [&](std::size_t other) {
              return one.manifest.utterances[other].*kept.member == value;
            }) < 2) {
          continue;
        }
        Split broken = split;
        std::erase(broken.test, i);
        broken.train.push_back(i);
        std::ranges::sort(broken.train);
        ASSERT_FALSE(check_leaks(one.manifest, broken).empty()) << kept.what;
        break;
      }
    }
  });
}

TEST_P(ProtocolContract, IsTheSameAgainAndInAnyOrderOfTheManifest) {
  for_each([](const Made& one) {
    Manifest shuffled = one.manifest;
    core::RandomStream(5).shuffle<Utterance>(shuffled.utterances);
    const auto again = make_folds(one.manifest, one.config, core::RandomStream(one.seed));
    const auto other = make_folds(shuffled, one.config, core::RandomStream(one.seed));
    ASSERT_EQ(again.size(), one.folds.size());
    ASSERT_EQ(other.size(), one.folds.size());
    for (std::size_t f = 0; f < one.folds.size(); ++f) {
      ASSERT_EQ(again[f].train, one.folds[f].train);
      ASSERT_EQ(again[f].validation, one.folds[f].validation);
      ASSERT_EQ(again[f].test, one.folds[f].test);
      ASSERT_EQ(other[f].statement, one.folds[f].statement);
      ASSERT_EQ(values(shuffled, other[f].train, &Utterance::id),
                values(one.manifest, one.folds[f].train, &Utterance::id));
      ASSERT_EQ(values(shuffled, other[f].test, &Utterance::id),
                values(one.manifest, one.folds[f].test, &Utterance::id));
    }
  });
}

INSTANTIATE_TEST_SUITE_P(AllProtocols, ProtocolContract, testing::ValuesIn(protocols()),
                         [](const auto& tested) {
                           std::string name(tested.param->name());
                           std::ranges::replace_if(
                               name, [](char c) { return c == '-' || c == '+'; }, '_');
                           return name;
                         });

TEST(Protocols, AnUnknownNameIsAnErrorThatListsTheKnownOnes) {
  try {
    protocol_named("lose");
    FAIL();
  } catch (const core::ConfigError& error) {
    EXPECT_EQ(error.code(), "E_CONFIG_VALUE");
    for (const auto* protocol : protocols()) {
      EXPECT_NE(std::string_view(error.what()).find(protocol->name()), std::string_view::npos);
    }
  }
}

}  // namespace
}  // namespace ser::corpus
