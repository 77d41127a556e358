#include "ser/train/search.h"

#include <atomic>
#include <filesystem>
#include <fstream>
#include <set>

#include <gtest/gtest.h>

#include "ser/core/error.h"
#include "ser/core/interrupted.h"
#include "ser/report/search.h"
#include "ser/train/cross_validation.h"

#include "support/synthetic_corpus.h"

namespace ser::train {
namespace {

Recipe searched_recipe() {
  Recipe recipe;
  recipe.name = "small";
  recipe.clip.offset_s = 0.05;
  recipe.features.descriptors = {"zero_crossing_rate", "mfcc"};
  recipe.network = core::Json::parse(R"([{"layer": "flatten"}, {"layer": "dense", "units": 8}])");
  recipe.augment = core::Json::parse(R"([[], [{"noise": {}}]])");
  recipe.training.epochs = 3;
  recipe.training.batch_size = 8;
  recipe.training.optimizer.learning_rate = 0.01;
  recipe.split.validation_share = 0.2;
  recipe.split.test_speakers = {"s4"};
  return recipe;
}

constexpr const char* kSpace = R"({
  "training.optimizer.learning_rate": {"from": 1e-5, "to": 0.1, "scale": "log"},
  "training.batch_size": [4, 8], "features.mfcc_count": [10, 13]})";

struct Told : SearchObserver {
  void on_plan(const std::string& statement) override { plan = statement; }
  void on_rung(std::size_t, std::size_t trials, std::size_t folds) override {
    rungs.emplace_back(trials, folds);
  }
  void on_score(const TrialScore& score) override {
    scores.push_back(score);
    if (scores.size() == stop_after) stop = true;
  }
  bool stop_requested() override { return stop; }

  std::string plan;
  std::vector<std::pair<std::size_t, std::size_t>> rungs;
  std::vector<TrialScore> scores;
  std::size_t stop_after = 0;
  std::atomic<bool> stop = false;
};

core::Json in_json(const std::vector<TrialScore>& scores) {
  core::Json list = core::Json::array();
  for (const auto& score : scores) list.push_back(to_json(score));
  return list;
}

// Five speakers with nine clips each, three of each class; s4 tests.
class SearchTest : public testing::Test {
 protected:
  SearchTest() {
    for (std::size_t i = 0; i < manifest_.utterances.size(); ++i) {
      manifest_.utterances[i].speaker = "s" + std::to_string(i % 5);
      manifest_.utterances[i].text = "t" + std::to_string(i % 15);
    }
  }

  corpus::Split split() const {
    return corpus::make_split(manifest_, recipe_.split, core::RandomStream(1).fork("split"));
  }

  SearchRequest request(std::size_t trials, const char* space = kSpace) const {
    return {recipe_, SearchSpace(core::Json::parse(space), recipe_), trials, {}};
  }

  SearchReport run(const SearchRequest& request, SearchObserver& observer, int jobs = 2) const {
    return search(manifest_, split(), request, jobs, observer);
  }

  test::SyntheticCorpus corpus_{15};
  corpus::Manifest manifest_ = corpus::read_corpus(corpus_.root());
  Recipe recipe_ = searched_recipe();
};

TEST_F(SearchTest, HalvesTheTrialsAsTheFoldsGrow) {
  Told told;
  const auto report = run(request(10), told);
  EXPECT_EQ(report.folds, 4U);  // s0 to s3
  EXPECT_EQ(told.rungs,
            (std::vector<std::pair<std::size_t, std::size_t>>{{10, 1}, {5, 2}, {3, 4}}));
  EXPECT_EQ(told.scores.size(), 10U + 5U + 3U * 2U);
  EXPECT_NE(told.plan.find("4 inner folds by speaker, of 4 speakers"), std::string::npos)
      << told.plan;

  ASSERT_EQ(report.trials.size(), 10U);
  std::set<std::size_t> numbers;
  for (std::size_t i = 0; i < report.trials.size(); ++i) {
    const auto& trial = report.trials[i];
    numbers.insert(trial.number);
    EXPECT_EQ(trial.uars.size(), i < 3 ? 4U : i < 5 ? 2U : 1U);
    EXPECT_EQ(trial.values.empty(), trial.number == 0);
    const Spread expected = spread(trial.uars);
    EXPECT_EQ(trial.mean, expected.mean);
    if (i > 0 && trial.uars.size() == report.trials[i - 1].uars.size()) {
      EXPECT_LE(trial.mean, report.trials[i - 1].mean);
    }
  }
  EXPECT_EQ(numbers.size(), 10U);
  // The best is the recipe with what was drawn, for the split that was asked for.
  const auto space = request(10).space;
  EXPECT_EQ(core::config_to_json(report.best),
            core::config_to_json(space.with(report.trials.front().values)));
  EXPECT_EQ(report.best.split.test_speakers, recipe_.split.test_speakers);
  EXPECT_EQ(report.best.calibration, recipe_.calibration);
}

// Without a validation part nothing is drawn for a fold of one speaker, so that the scores are
// those of cross-validation over the voices that may choose.
TEST_F(SearchTest, ATrialScoresWhatItsRecipeDoesInTheInnerFolds) {
  recipe_.split.validation_share = 0.0;
  recipe_.training.select_by = "last";
  Told told;
  const auto report = run(request(2, R"({"training.batch_size": [4]})"), told);
  auto inner = manifest_;
  std::erase_if(inner.utterances, [](const auto& utterance) { return utterance.speaker == "s4"; });
  int compared = 0;
  for (const auto& trial : report.trials) {
    if (trial.uars.size() < 4) continue;
    Recipe recipe = recipe_;
    if (trial.number == 1) recipe.training.batch_size = 4;
    recipe.split.test_speakers.clear();
    recipe.split.protocol = "loso";
    CrossValidationObserver silent;
    const auto folds = cross_validate(corpus_.root(), inner, recipe, {1}, 2, silent);
    std::multiset<double> expected;
    for (const auto& run : folds.runs) expected.insert(run.test->uar);
    EXPECT_EQ(std::multiset<double>(trial.uars.begin(), trial.uars.end()), expected);
    ++compared;
  }
  EXPECT_EQ(compared, 1);
}

TEST_F(SearchTest, IsTheSameForAnyNumberOfJobsAndToldInOneOrder) {
  Told alone;
  Told together;
  const auto one = run(request(6), alone, 1);
  const auto many = run(request(6), together, 5);
  EXPECT_EQ(in_json(alone.scores), in_json(together.scores));
  EXPECT_EQ(report::search_text(one), report::search_text(many));
}

TEST_F(SearchTest, GoesOnWhereItEnded) {
  Told whole;
  const auto expected = run(request(6), whole);
  Told first;
  first.stop_after = 4;
  EXPECT_THROW(run(request(6), first, 1), core::Interrupted);
  ASSERT_EQ(first.scores.size(), 4U);
  auto again = request(6);
  again.known = first.scores;
  Told second;
  const auto report = run(again, second, 1);
  EXPECT_EQ(report::search_text(report), report::search_text(expected));
  auto all = first.scores;
  all.insert(all.end(), second.scores.begin(), second.scores.end());
  EXPECT_EQ(in_json(all), in_json(whole.scores));
  // with everything known nothing is read
  again.known = whole.scores;
  std::filesystem::remove_all(corpus_.root());
  Told third;
  EXPECT_EQ(report::search_text(run(again, third)), report::search_text(expected));
  EXPECT_TRUE(third.scores.empty());
}

// A trial that was among the better half, and failed in the second fold, has still been one of them
// when the search goes on.
TEST_F(SearchTest, WhatIsKnownOfLaterFoldsDoesNotCountBeforeItsTime) {
  const auto in_second_fold = [](const Told& told) {
    std::set<std::size_t> trials;
    for (const auto& score : told.scores) {
      if (score.fold == 1) trials.insert(score.trial);
    }
    return trials;
  };
  Told whole;
  run(request(10), whole);
  auto expected = in_second_fold(whole);
  ASSERT_EQ(expected.size(), 5U);
  const std::size_t failed = *expected.begin();
  expected.erase(failed);
  auto again = request(10);
  again.known = {{failed, 1, std::nullopt, "E_TRAIN_DIVERGED so"}};
  Told told;
  const auto report = run(again, told);
  EXPECT_EQ(in_second_fold(told), expected);
  EXPECT_EQ(report.trials.back().number, failed);
  EXPECT_EQ(report.trials.back().error, "E_TRAIN_DIVERGED so");
}

// The voice that tests may be anything: nothing of it is looked at.
TEST_F(SearchTest, DoesNotReadTheTestPart) {
  Told before;
  run(request(4), before);
  for (const std::size_t i : split().test) {
    std::ofstream(manifest_.utterances[i].path, std::ios::trunc) << "no sound";
  }
  Told after;
  run(request(4), after);
  EXPECT_EQ(in_json(before.scores), in_json(after.scores));
}

TEST_F(SearchTest, WithOneVoiceAlteredVoicesChoose) {
  for (auto& utterance : manifest_.utterances) {
    utterance.speaker = utterance.speaker == "s4" ? "s4" : "s0";
  }
  Told told;
  const auto report = run(request(4), told);
  EXPECT_NE(told.plan.find("one speaker"), std::string::npos) << told.plan;
  EXPECT_NE(told.plan.find("fifth of the texts, said by altered voices"), std::string::npos)
      << told.plan;
  EXPECT_EQ(report.folds, 5U);
  EXPECT_EQ(told.rungs,
            (std::vector<std::pair<std::size_t, std::size_t>>{{4, 1}, {2, 2}, {1, 4}, {1, 5}}));
  for (auto& utterance : manifest_.utterances) {
    if (utterance.speaker == "s0") utterance.speaker.clear();
    utterance.text.clear();
  }
  recipe_.split = {};
  recipe_.split.protocol = "random";
  Told unknown;
  run(request(2), unknown);
  EXPECT_NE(unknown.plan.find("speakers are not known"), std::string::npos) << unknown.plan;
  EXPECT_NE(unknown.plan.find("fifth of the clips"), std::string::npos) << unknown.plan;
}

TEST_F(SearchTest, WhatCannotBeTrainedIsOutAndSaysWhy) {
  Told told;
  const auto report = run(
      request(6,
              R"({"network": [[{"layer": "conv1d", "channels": 2, "kernel": 99, "padding": "valid"},
                          {"layer": "flatten"}]]})"),
      told);
  EXPECT_EQ(report.trials.front().number, 0U);
  EXPECT_EQ(report.trials.front().uars.size(), 4U);
  for (std::size_t i = 1; i < 6; ++i) {
    EXPECT_FALSE(report.trials[i].error.empty());
    EXPECT_TRUE(report.trials[i].uars.empty());
  }
  EXPECT_NE(report::search_text(report).find(report.trials[1].error.substr(0, 20)),
            std::string::npos);
}

TEST_F(SearchTest, RefusesWhatIsNotItsOwn) {
  const auto code = [&](const SearchRequest& asked) -> std::string {
    Told told;
    try {
      run(asked, told);
      return "no error";
    } catch (const core::ConfigError& error) {
      return error.code();
    }
  };
  EXPECT_EQ(code(request(0)), "E_CONFIG_VALUE");
  EXPECT_EQ(code(request(kMostTrials + 1)), "E_CONFIG_VALUE");
  auto foreign = request(2);
  foreign.known = {{2, 0, 0.5, ""}};
  EXPECT_EQ(code(foreign), "E_SEARCH_RESULT");
  foreign.known = {{0, 4, 0.5, ""}};
  EXPECT_EQ(code(foreign), "E_SEARCH_RESULT");
  auto ensemble = request(2);
  ensemble.recipe.members = core::Json::parse(R"([{"recipe": "lda"}])");
  EXPECT_EQ(code(ensemble), "E_CONFIG_VALUE");
  auto hopeless = request(2);
  hopeless.recipe.network = core::Json::parse(R"([{"layer": "unheard"}])");
  hopeless.space =
      SearchSpace(core::Json::parse(R"({"training.batch_size": [4]})"), hopeless.recipe);
  EXPECT_NE(code(hopeless), "no error");
}

TEST_F(SearchTest, ItsSettingsTellItFromOthers) {
  const auto settings = search_settings(manifest_, split(), request(3));
  EXPECT_EQ(settings, search_settings(manifest_, split(), request(3)));
  EXPECT_NE(settings, search_settings(manifest_, split(), request(4)));
  EXPECT_NE(settings,
            search_settings(manifest_, split(), request(3, R"({"training.batch_size": [4]})")));
  auto other = manifest_;
  other.utterances[split().train.front()].label = other.classes.back();
  other.utterances[split().train.back()].label = other.classes.front();
  EXPECT_NE(settings, search_settings(other, split(), request(3)));
  // the test part does not count
  auto test = manifest_;
  test.utterances[split().test.front()].id = "other";
  EXPECT_EQ(settings, search_settings(test, split(), request(3)));
}

TEST(TrialScores, AreReadAsTheyAreWrittenAndNothingElse) {
  for (const TrialScore& score :
       {TrialScore{3, 1, 0.25, ""}, TrialScore{0, 0, std::nullopt, "E_TRAIN_DIVERGED so"}}) {
    const auto read = trial_score_from_json(to_json(score), "here");
    EXPECT_EQ(read.trial, score.trial);
    EXPECT_EQ(read.fold, score.fold);
    EXPECT_EQ(read.uar, score.uar);
    EXPECT_EQ(read.error, score.error);
  }
  for (const char* json :
       {"[]", "{}", "3", R"({"trial": 1, "fold": 0})", R"({"trial": -1, "fold": 0, "uar": 0.5})",
        R"({"trial": 1, "fold": 0.5, "uar": 0.5})", R"({"trial": 1, "fold": 0, "uar": 1.5})",
        R"({"trial": 1, "fold": 0, "uar": null})", R"({"trial": 1, "fold": 0, "error": ""})",
        R"({"trial": 1, "fold": 0, "uar": 0.5, "more": 1})",
        R"({"trial": 1, "folds": 0, "uar": 0.5})"}) {
    try {
      trial_score_from_json(core::Json::parse(json), "here");
      ADD_FAILURE() << json;
    } catch (const core::ConfigError& error) {
      EXPECT_EQ(error.code(), "E_SEARCH_RESULT");
      EXPECT_EQ(std::string(error.what()).find("here is no score"), 0U);
    }
  }
}

}  // namespace
}  // namespace ser::train
