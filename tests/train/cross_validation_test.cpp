#include "ser/train/cross_validation.h"

#include <atomic>
#include <cmath>
#include <fstream>
#include <set>

#include <gtest/gtest.h>

#include "ser/audio/load.h"
#include "ser/audio/write.h"
#include "ser/core/error.h"
#include "ser/model/model_file.h"
#include "ser/report/cross_validation.h"

#include "support/synthetic_corpus.h"

namespace ser::train {
namespace {

Recipe small_recipe(const std::string& protocol) {
  Recipe recipe;
  recipe.name = "small";
  recipe.clip.offset_s = 0.05;
  recipe.features.descriptors = {"zero_crossing_rate", "mfcc"};
  recipe.network = core::Json::parse(
      R"([{"layer": "flatten"}, {"layer": "dense", "units": 8}, {"layer": "relu"}, {"layer": "dropout", "rate": 0.2}])");
  // an altered copy between two that are not, so that their order counts
  recipe.augment = core::Json::parse(R"([[], [{"noise": {}}], []])");
  recipe.training.epochs = 6;
  recipe.training.batch_size = 8;
  recipe.training.optimizer.learning_rate = 0.01;
  recipe.split.protocol = protocol;
  recipe.split.test_share = 0.25;
  recipe.split.validation_share = 0.2;
  return recipe;
}

// Four speakers of two corpora, twelve clips of each of three classes.
corpus::Manifest read_manifest(const test::SyntheticCorpus& corpus) {
  auto manifest = corpus::read_corpus(corpus.root());
  for (std::size_t i = 0; i < manifest.utterances.size(); ++i) {
    auto& utterance = manifest.utterances[i];
    utterance.speaker = "s" + std::to_string(i % 4);
    utterance.corpus = i % 4 < 2 ? "A" : "B";
  }
  return manifest;
}

class CrossValidation : public testing::Test {
 protected:
  CrossValidationReport validate(const Recipe& recipe,
                                 const std::vector<std::uint64_t>& seeds = {1}, int jobs = 2) {
    CrossValidationObserver silent;
    return cross_validate(corpus_.root(), manifest_, recipe, seeds, jobs, silent);
  }

  test::SyntheticCorpus corpus_{12};
  corpus::Manifest manifest_ = read_manifest(corpus_);
};

core::Json without_times(const CrossValidationReport& report) {
  auto json = to_json(report);
  json.erase("timing");
  return json;
}

TEST_F(CrossValidation, IsTheSameForAnyNumberOfJobs) {
  const auto recipe = small_recipe("loso");
  const auto alone = without_times(validate(recipe, {1, 2}, 1));
  EXPECT_EQ(without_times(validate(recipe, {1, 2}, 2)), alone);
  EXPECT_EQ(without_times(validate(recipe, {1, 2}, 7)), alone);
  EXPECT_NE(without_times(validate(recipe, {1, 3}, 2)), alone);
}

// A fold is what train_classifier() makes of the same split and seed, to the last bit, although it
// shares its features with the others.
TEST_F(CrossValidation, AFoldOfLosoIsTheSingleRunThatNamesItsSpeaker) {
  auto recipe = small_recipe("loso");
  const auto report = validate(recipe, {5, 7});
  recipe.normalization = "speaker";
  const auto transductive = validate(recipe, {5, 7});
  ASSERT_EQ(report.runs.size(), 8U);
  EXPECT_NE(report.runs[1].fit.history[0].loss, transductive.runs[1].fit.history[0].loss);
  EXPECT_NE(report::cross_validation_text(transductive).find("TRANSDUCTIVE"), std::string::npos);
  EXPECT_EQ(report::cross_validation_text(report).find("TRANSDUCTIVE"), std::string::npos);
  core::ThreadPool pool(2);
  TrainingObserver silent;
  for (const auto& [of, at] : {std::pair(&report, 1U), {&report, 6U}, {&transductive, 6U}}) {
    const auto& run = of->runs[at];
    recipe.split = small_recipe("loso").split;
    recipe.normalization = of->recipe.normalization;
    recipe.split.protocol = "speaker";
    recipe.split.test_speakers = {run.split.fold};
    recipe.seed = run.seed;
    const auto single = train_classifier(corpus_.root(), manifest_, recipe, pool, silent).report;
    EXPECT_EQ(run.split.train, single.split.train);
    EXPECT_EQ(run.training_examples, single.training_examples);
    ASSERT_EQ(run.fit.history.size(), single.fit.history.size());
    for (std::size_t e = 0; e < run.fit.history.size(); ++e) {
      EXPECT_EQ(run.fit.history[e].loss, single.fit.history[e].loss);
      EXPECT_EQ(run.fit.history[e].validation_loss, single.fit.history[e].validation_loss);
    }
    EXPECT_EQ(eval::to_json(*run.test), eval::to_json(*single.test));
  }
}

TEST_F(CrossValidation, ACopyOnTwoSidesIsFoundInEveryFold) {
  // s1 has a softer copy of a clip by s0.
  auto copy = audio::load_audio(manifest_.utterances[0].path).waveform;
  for (float& sample : copy.samples) sample *= 0.25F;
  audio::write_wav(manifest_.utterances[1].path, copy);
  auto recipe = small_recipe("loso");
  try {
    validate(recipe);
    ADD_FAILURE() << "trained";
  } catch (const core::CorpusError& error) {
    EXPECT_EQ(error.code(), "E_SPLIT_LEAK");
    EXPECT_EQ(std::string(error.what()).find("fold s0, seed 1: the split leaks: 1 clips have a "),
              0U)
        << error.what();
  }
  recipe.leaks.allow = {"near-identical"};
  const auto allowed = validate(recipe);
  EXPECT_NE(report::cross_validation_text(allowed).find("\nLEAK ALLOWED: near-identical: "),
            std::string::npos);
  EXPECT_GE(summary_json(allowed)["leaks_allowed"].size(), 2U);  // both folds that test one of them
  recipe.leaks = {};
  recipe.leaks.remove = {"near-identical"};
  const auto removed = validate(recipe);
  EXPECT_TRUE(summary_json(removed)["leaks_allowed"].empty());
  EXPECT_EQ(removed.runs[0].leaks.removed.size(), 1U);
  EXPECT_EQ(removed.runs[0].leaks.removed[0].clip, 1U);
  EXPECT_NE(removed.runs[0].split.statement.find("; 1 copy was taken out"), std::string::npos);
  EXPECT_EQ(removed.runs[1].leaks.removed[0].clip, 0U);
}

TEST_F(CrossValidation, CountsEveryTestPredictionOnce) {
  const auto report = validate(small_recipe("loso"), {1, 2});
  EXPECT_EQ(report.pooled->clips, 72);
  ASSERT_EQ(report.speakers.size(), 4U);
  std::int64_t clips = 0;
  for (const auto& [speaker, metrics] : report.speakers) clips += metrics.clips;
  EXPECT_EQ(clips, 72);
  // Folds of one size: the mean of their accuracies is that of all clips.
  EXPECT_NEAR(report.spreads->accuracy.mean, report.pooled->accuracy, 1e-12);
  EXPECT_GT(report.pooled->accuracy, 0.5);  // three tones are easy
  // With one fold a speaker, what the fold reports is what the speaker gets, seed by seed.
  const auto one = validate(small_recipe("loso"), {1});
  for (std::size_t f = 0; f < 4; ++f) {
    EXPECT_EQ(one.runs[f].split.fold, one.speakers[f].speaker);
    EXPECT_EQ(one.runs[f].test->accuracy, one.speakers[f].metrics.accuracy);
  }
}

TEST_F(CrossValidation, RepeatsASingleSplitOverSeeds) {
  const auto report = validate(small_recipe("random"), {1, 2, 3});
  ASSERT_EQ(report.runs.size(), 3U);
  EXPECT_NE(report.runs[0].split.test, report.runs[1].split.test);
  EXPECT_EQ(report.spreads->uar.mean, report.spreads_of_seeds->uar.mean);
  EXPECT_EQ(report.spreads->uar.deviation, report.spreads_of_seeds->uar.deviation);
}

TEST_F(CrossValidation, WithoutTestClipsThereAreNoScores) {
  auto recipe = small_recipe("random");
  recipe.split.test_share = 0.0;
  const auto report = validate(recipe, {1, 2});
  EXPECT_FALSE(report.pooled);
  EXPECT_FALSE(report.spreads);
  const auto summary = summary_json(report);
  EXPECT_TRUE(summary["uar"].is_null());
  EXPECT_TRUE(summary["over_seeds"]["uar"].is_null());
  EXPECT_TRUE(summary["pooled"].is_null());
  EXPECT_TRUE(summary["speakers"].empty());
  const std::string text = report::cross_validation_text(report);
  EXPECT_NE(text.find("no test clips"), std::string::npos) << text;
  EXPECT_EQ(text.find("0.0"), std::string::npos) << text;
}

TEST_F(CrossValidation, OfCorporaCountsSharedClassesByName) {
  // B has no "high"; the classes of its folds are the other two.
  std::erase_if(manifest_.utterances, [](const corpus::Utterance& one) {
    return one.corpus == "B" && one.label == "high";
  });
  const auto report = validate(small_recipe("cross-corpus"));
  ASSERT_EQ(report.runs.size(), 2U);
  EXPECT_EQ(report.runs[0].classes, (std::vector<std::string>{"low", "middle"}));
  EXPECT_EQ(report.pooled->classes, (std::vector<std::string>{"high", "low", "middle"}));
  EXPECT_EQ(report.pooled->clips, 24);
  EXPECT_EQ(report.pooled->confusion.row(0).sum(), 0);
  EXPECT_GT(report.pooled->accuracy, 0.5);
  const std::string text = report::cross_validation_text(report);
  EXPECT_NE(text.find("Trained on       A       B\nA                -  "), std::string::npos)
      << text;
  EXPECT_NE(text.find("protocol cross-corpus (speaker-independent), 2 folds, seed 1"),
            std::string::npos)
      << text;
}

TEST_F(CrossValidation, AFoldThatFailsIsNamed) {
  // All clips of one class that speakers other than s2 have cannot be read.
  for (const auto& utterance : manifest_.utterances) {
    if (utterance.label == "low" && utterance.speaker != "s2") {
      std::ofstream(utterance.path, std::ios::trunc) << "no sound " << utterance.id;
    }
  }
  try {
    validate(small_recipe("loso"), {4});
    ADD_FAILURE() << "trained";
  } catch (const core::CorpusError& error) {
    EXPECT_EQ(error.code(), "E_TRAIN_NO_CLIPS");
    const std::string what = error.what();
    EXPECT_NE(what.find("fold s"), std::string::npos) << what;
    EXPECT_NE(what.find(", seed 4: no clip of the class \"low\""), std::string::npos) << what;
  }
}

TEST_F(CrossValidation, AnUnreadableClipIsLeftOutAndListedOnce) {
  std::ofstream(manifest_.utterances[3].path, std::ios::trunc) << "no sound";
  const auto report = validate(small_recipe("loso"), {1, 2});
  ASSERT_EQ(report.failures.size(), 1U);
  EXPECT_EQ(report.failures[0].utterance, 3U);
  EXPECT_EQ(report.pooled->clips, 70);
}

TEST_F(CrossValidation, StopsWhenAsked) {
  struct Observer : CrossValidationObserver {
    void on_run(const FoldRun&, std::size_t, std::size_t) override { stop = true; }
    bool stop_requested() override { return stop; }
    std::atomic<bool> stop = false;
  } observer;
  EXPECT_THROW(cross_validate(corpus_.root(), manifest_, small_recipe("loso"), {1, 2}, 2, observer),
               core::Interrupted);
}

TEST_F(CrossValidation, SeedsAreCheckedFirst) {
  EXPECT_THROW(validate(small_recipe("loso"), {}), core::ConfigError);
  EXPECT_THROW(validate(small_recipe("loso"), {3, 3}), core::ConfigError);
}

TEST_F(CrossValidation, TheFinalModelIsTrainedOnEverythingForTheMedianOfTheEpochs) {
  const auto report = validate(small_recipe("loso"), {2});
  core::ThreadPool pool(2);
  TrainingObserver silent;
  const auto result = train_final(report, pool, silent);
  EXPECT_EQ(result.report.split.train.size(), 36U);
  EXPECT_FALSE(result.report.test);
  std::multiset<int> epochs;
  for (const auto& run : report.runs) epochs.insert(run.fit.best_epoch);
  EXPECT_EQ(result.report.fit.best_epoch, *std::next(epochs.begin(), 2));
  const auto& provenance = result.classifier.only().parts().provenance;
  EXPECT_EQ(provenance["cross_validation"], summary_json(report));
  EXPECT_EQ(provenance["cross_validation"]["protocol"], "loso");
  // Its recipe repeats it.
  const auto again =
      train_classifier(corpus_.root(), manifest_, result.report.recipe, pool, silent);
  EXPECT_EQ(again.classifier.only().parts().parameters,
            result.classifier.only().parts().parameters);
}

TEST(Spread, OfValues) {
  const auto some = spread({1.0, 2.0, 3.0, 6.0});
  EXPECT_EQ(some.mean, 3.0);
  EXPECT_NEAR(some.deviation, std::sqrt(14.0 / 3.0), 1e-15);
  EXPECT_EQ(some.least, 1.0);
  EXPECT_EQ(some.most, 6.0);
  EXPECT_EQ(spread({0.5}).deviation, 0.0);
}

}  // namespace
}  // namespace ser::train
