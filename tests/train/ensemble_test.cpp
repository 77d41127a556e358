#include "train/ensemble.h"

#include <set>

#include <gtest/gtest.h>

#include "ser/core/error.h"
#include "ser/eval/evaluate.h"
#include "ser/model/model_file.h"
#include "ser/train/cross_validation.h"
#include "ser/train/train_classifier.h"

#include "support/synthetic_corpus.h"
#include "train/altered_voices.h"

namespace ser::train {
namespace {

Recipe member_recipe(const std::string& name, const std::string& descriptor) {
  Recipe recipe;
  recipe.name = name;
  recipe.clip.offset_s = 0.05;
  recipe.features.descriptors = {"zero_crossing_rate", descriptor};
  recipe.network = core::Json::parse(
      R"([{"layer": "flatten"}, {"layer": "dense", "units": 4}, {"layer": "dropout", "rate": 0.2}])");
  recipe.augment = core::Json::parse(R"([[], [{"noise": {}}]])");
  recipe.training.epochs = 4;
  recipe.training.batch_size = 8;
  recipe.training.optimizer.learning_rate = 0.01;
  return recipe;
}

// What decides who trains and who is tested.
Recipe judged(Recipe recipe) {
  recipe.split.test_share = 0.25;
  recipe.split.validation_share = 0.2;
  return recipe;
}

core::Json member(const Recipe& recipe, int seeds = 1) {
  return {{"recipe", core::config_to_json(recipe)}, {"seeds", seeds}};
}

Recipe ensemble_of(core::Json members) {
  Recipe recipe;
  recipe.name = "several";
  recipe.members = std::move(members);
  return judged(recipe);
}

const Recipe kMfcc = member_recipe("by_mfcc", "mfcc");
const Recipe kRms = member_recipe("by_rms", "rms");

// Clips of other lengths than their copies by altered voices.
Recipe frames_recipe() {
  Recipe recipe = member_recipe("by_frames", "rms");
  recipe.clip.duration_s = 0.6;
  recipe.features.form = "frames";
  recipe.network =
      core::Json::parse(R"([{"layer": "conv1d", "channels": 4}, {"layer": "statistics_pool"}])");
  return recipe;
}

class Ensemble : public testing::Test {
 protected:
  TrainingResult train(const Recipe& recipe, int jobs = 2) {
    core::ThreadPool pool(jobs);
    TrainingObserver silent;
    return train_classifier(corpus_.root(), manifest_, recipe, pool, silent);
  }
  CrossValidationReport validate(const Recipe& recipe, int jobs = 2) {
    CrossValidationObserver silent;
    return cross_validate(corpus_.root(), manifest_, recipe, {3, 4}, jobs, silent);
  }

  test::SyntheticCorpus corpus_{12};
  corpus::Manifest manifest_ = corpus::read_corpus(corpus_.root());
};

TEST_F(Ensemble, OfOneMemberIsThatMember) {
  const auto alone = train(judged(kMfcc));
  const auto one = train(ensemble_of({member(kMfcc)}));
  ASSERT_FALSE(one.classifier.is_ensemble());
  EXPECT_EQ(one.classifier.only().parts().parameters, alone.classifier.only().parts().parameters);
  EXPECT_EQ(one.classifier.only().parts().temperature, alone.classifier.only().parts().temperature);
  for (const auto& utterance : manifest_.utterances) {
    EXPECT_EQ(one.classifier.probabilities(utterance.path),
              alone.classifier.probabilities(utterance.path));
  }
  EXPECT_EQ(eval::to_json(*one.report.test), eval::to_json(*alone.report.test));
  EXPECT_EQ(eval::to_json(*one.report.validation), eval::to_json(*alone.report.validation));
}

TEST_F(Ensemble, AnswersWithTheMeanOfWhatItsRecipesAnswerAlone) {
  const auto result = train(ensemble_of({member(kMfcc, 2), member(kRms)}));
  const auto members = result.classifier.members();
  ASSERT_EQ(members.size(), 3U);
  ASSERT_EQ(result.report.members.size(), 3U);
  EXPECT_EQ(result.report.members[0].name, "by_mfcc");
  EXPECT_EQ(result.report.members[1].name, "by_mfcc (2)");
  EXPECT_EQ(result.report.members[2].name, "by_rms");
  const auto parameters = [](const model::EmotionClassifier& classifier) {
    return classifier.parts().parameters;
  };
  EXPECT_EQ(parameters(members[0]), parameters(train(judged(kMfcc)).classifier.only()));
  EXPECT_NE(parameters(members[1]), parameters(members[0]));
  EXPECT_EQ(parameters(members[2]), parameters(train(judged(kRms)).classifier.only()));

  const auto& path = manifest_.utterances.front().path;
  std::vector<Eigen::MatrixXf> alone;
  for (const auto& one : members) alone.emplace_back(one.probabilities(path));
  EXPECT_EQ(result.classifier.probabilities(path),
            model::tempered(model::mean_of(alone), result.report.calibration.temperature));
  EXPECT_EQ(result.report.calibration.clips, result.report.split.validation.size());
  EXPECT_EQ(result.report.parameter_count,
            2 * parameters(members[0]).size() + parameters(members[2]).size());
}

TEST_F(Ensemble, IsScoredAsAnotherProgramWillScoreItsFile) {
  const auto result = train(ensemble_of({member(kMfcc), member(kRms, 2)}));
  const auto bytes = model::serialize(result.classifier);
  const auto reloaded = model::deserialize(bytes, "m");
  EXPECT_EQ(model::serialize(reloaded), bytes);
  EXPECT_EQ(model::serialize(train(ensemble_of({member(kMfcc), member(kRms, 2)}), 1).classifier),
            bytes);
  core::ThreadPool pool(2);
  const auto evaluation = eval::evaluate(reloaded, manifest_, eval::Part::kTest, pool);
  EXPECT_EQ(evaluation.scored.test, result.report.test->clips);
  EXPECT_EQ(eval::to_json(evaluation.metrics), eval::to_json(*result.report.test));
}

TEST_F(Ensemble, TrainingFromItsEffectiveRecipeRepeatsIt) {
  const auto result = train(ensemble_of({member(kMfcc), member(kRms, 2)}));
  const auto again = train(result.report.recipe);
  EXPECT_EQ(model::serialize(again.classifier), model::serialize(result.classifier));
}

TEST_F(Ensemble, AFoldIsTheSingleRunOfItsSplit) {
  Recipe recipe = ensemble_of({member(kMfcc, 2), member(frames_recipe())});
  recipe.calibration = "voices";
  recipe.split.protocol = "kfold";
  recipe.split.folds = 2;
  const auto report = validate(recipe);
  ASSERT_EQ(report.runs.size(), 4U);
  core::ThreadPool pool(2);
  TrainingObserver silent;
  recipe.seed = 4;
  for (const auto& run : report.runs) {
    ASSERT_EQ(run.members.size(), 3U);
    if (run.seed != 4) continue;
    const auto single = train_on_split(corpus_.root(), manifest_, run.split, recipe, pool, silent);
    EXPECT_EQ(eval::to_json(*run.test), eval::to_json(*single.report.test));
    EXPECT_EQ(run.calibration.temperature, single.report.calibration.temperature);
    for (std::size_t m = 0; m < run.members.size(); ++m) {
      const auto& calibration = run.members[m].calibration;
      EXPECT_EQ(calibration.altered_copies, 4 * run.split.validation.size());
      EXPECT_EQ(calibration.temperature, single.report.members[m].calibration.temperature);
    }
  }
  ASSERT_TRUE(report.pooled);
  EXPECT_EQ(report.pooled->clips, 72);
  EXPECT_TRUE(report.pooled->of_probabilities);
  auto one = to_json(report);
  auto other = to_json(validate(report.recipe, 1));
  one.erase("timing");
  other.erase("timing");
  EXPECT_EQ(one, other);
}

TEST_F(Ensemble, TheFinalModelHasEveryMember) {
  Recipe recipe = ensemble_of({member(kMfcc), member(kRms)});
  recipe.split.protocol = "kfold";
  recipe.split.folds = 3;
  const auto report = validate(recipe);
  core::ThreadPool pool(2);
  TrainingObserver silent;
  const auto result = train_final(report, pool, silent);
  ASSERT_EQ(result.classifier.members().size(), 2U);
  EXPECT_EQ(result.report.split.train.size(), 36U);
  EXPECT_EQ(result.classifier.provenance()["cross_validation"], summary_json(report));
  std::multiset<double> temperatures;
  std::multiset<double> of_rms;
  for (const auto& run : report.runs) {
    temperatures.insert(run.calibration.temperature);
    of_rms.insert(run.members[1].calibration.temperature);
  }
  EXPECT_EQ(result.classifier.temperature(), *std::next(temperatures.begin(), 3));
  EXPECT_EQ(result.classifier.members()[1].parts().temperature, *std::next(of_rms.begin(), 3));
}

TEST_F(Ensemble, SaysWhatIsWrongWithAMember) {
  const auto message = [&](const Recipe& recipe) -> std::string {
    try {
      train(recipe);
    } catch (const core::ConfigError& error) {
      return error.code() + " " + error.what();
    }
    return "accepted";
  };
  const auto expect = [&](const Recipe& recipe, const std::string& part) {
    EXPECT_NE(message(recipe).find(part), std::string::npos) << message(recipe);
  };
  expect(ensemble_of({{{"recipe", "none"}}}), "E_RECIPE members[0]: there is no recipe");
  expect(ensemble_of({member(kMfcc), {{"recipe", 3}}}), "E_CONFIG_VALUE members[1]: recipe");
  expect(ensemble_of({{{"recipe", "lda"}, {"seed", 3}}}), "E_CONFIG_KEY members[0]: unknown key");
  expect(ensemble_of({member(kMfcc, 0)}), "E_CONFIG_VALUE members[0]: seeds");
  expect(ensemble_of({member(kMfcc, 40), member(kRms, 40)}), "80 trainings");
  expect(ensemble_of(core::Json::object()), "members: expected a list");
  expect(ensemble_of({member(ensemble_of({member(kMfcc)}))}),
         "members[0]: an ensemble cannot be a member of another");
  Recipe beside = ensemble_of({member(kMfcc)});
  beside.training.epochs = 3;
  expect(beside, "training: has no effect on an ensemble");
  beside = ensemble_of({member(kMfcc)});
  beside.renew = core::Json::parse(R"([{"excerpt": {"frames": 10}}])");
  expect(beside, "renew: has no effect on an ensemble");
  Recipe wrong = kRms;
  wrong.network = core::Json::parse(R"([{"layer": "none"}])");
  expect(ensemble_of({member(kMfcc), member(wrong)}), "none");
}

TEST(Ensembles, ThatComeWithTheSourcesCanBeTrained) {
  std::size_t count = 0;
  for (const auto& file :
       std::filesystem::directory_iterator(std::string(SER_SOURCE_DIR) + "/models/ensembles")) {
    ++count;
    const auto recipe = load_recipe(file.path().string());
    EXPECT_EQ(recipe.name, file.path().stem());
    EXPECT_FALSE(recipe.description.empty());
    EXPECT_GE(members_of(recipe).size(), 2U);
    check_trainable(recipe, 7);
  }
  EXPECT_GE(count, 1U);
}

TEST_F(Ensemble, TheTemperatureOfARecipeAloneIsFittedToAlteredVoicesToo) {
  for (Recipe recipe : {judged(kMfcc), judged(frames_recipe())}) {
    const auto plain = train(recipe);
    recipe.calibration = "voices";
    const auto voices = train(recipe);
    EXPECT_EQ(plain.report.calibration.altered_copies, 0U);
    EXPECT_EQ(voices.report.calibration.altered_copies, 4 * voices.report.split.validation.size());
    EXPECT_EQ(voices.classifier.only().parts().parameters,
              plain.classifier.only().parts().parameters);
    EXPECT_NE(voices.report.calibration.temperature, plain.report.calibration.temperature);
  }
}

TEST_F(Ensemble, ARecordingThatIsReadMoreThanOnceIsToldOfOnce) {
  Recipe recipe = ensemble_of({member(kMfcc), member(frames_recipe())});
  recipe.calibration = "voices";
  const auto whole = train(recipe);
  const auto& split = whole.report.split;
  for (const std::size_t i : {split.validation.front(), split.train.front()}) {
    std::filesystem::resize_file(manifest_.utterances[i].path, 20);
  }
  EXPECT_EQ(train(recipe).report.failures.size(), 2U);
}

TEST(AlteredVoices, AreForVoicesThatAreTrainedOnOrUnknown) {
  corpus::Manifest manifest;
  for (const char* speaker : {"ann", "ann", "bob", ""}) {
    manifest.utterances.emplace_back().speaker = speaker;
  }
  corpus::Split split;
  split.train = {0};
  Recipe recipe;
  recipe.calibration = "voices";
  const auto needed = [&](std::vector<std::size_t> validation) {
    split.validation = std::move(validation);
    return needs_altered_voices(recipe, manifest, split);
  };
  EXPECT_TRUE(needed({1}));
  EXPECT_FALSE(needed({2}));
  EXPECT_TRUE(needed({2, 3}));
  EXPECT_FALSE(needed({}));
  recipe.calibration = "temperature";
  EXPECT_FALSE(needed({1}));
}

TEST(AlteredVoices, AreWorthAsMuchForEachVoiceHoweverManyCopiesItHas) {
  corpus::Manifest manifest;
  for (const char* speaker : {"ann", "ann", "bob", "", ""}) {
    manifest.utterances.emplace_back().speaker = speaker;
  }
  const auto worth = [&](std::vector<std::size_t> utterances) {
    return worth_of_altered(manifest, utterances);
  };
  EXPECT_GT(worth({0}), 0.0);
  EXPECT_EQ(worth({0, 0, 0, 1}), worth({0}));
  EXPECT_EQ(worth({0, 2}), 2 * worth({0}));
  EXPECT_EQ(worth({3, 4}), worth({0}));
  EXPECT_EQ(worth({}), 0.0);
}

// Copies of one voice by the hundred tell no more than a few, so that they do not make it sure.
TEST_F(Ensemble, ManyAlteredCopiesOfAVoiceDoNotDriveTheTemperature) {
  for (auto& utterance : manifest_.utterances) utterance.speaker = "ann";
  Recipe alone = judged(kMfcc);
  alone.calibration = "voices";
  for (const auto& recipe : {alone, [] {
                               Recipe several = ensemble_of({member(kMfcc), member(kRms)});
                               several.calibration = "voices";
                               return several;
                             }()}) {
    Recipe one_voice = recipe;
    one_voice.split.protocol = "random";
    one_voice.split.validation_share = 0.5;  // more copies than a voice is worth
    const double of_one = train(one_voice).report.calibration.temperature;
    for (std::size_t i = 0; i < manifest_.utterances.size(); ++i) {
      manifest_.utterances[i].speaker = "s" + std::to_string(i % 6);
    }
    const double of_many = train(one_voice).report.calibration.temperature;
    for (auto& utterance : manifest_.utterances) utterance.speaker = "ann";
    // the same split, networks and copies: of many voices they count for what they are
    EXPECT_GT(std::abs(std::log(of_many)), std::abs(std::log(of_one)));
  }
}

}  // namespace
}  // namespace ser::train
