#include "ser/train/train_classifier.h"

#include <cmath>
#include <numbers>
#include <set>

#include <gtest/gtest.h>

#include "ser/audio/load.h"
#include "ser/audio/write.h"
#include "ser/core/checksum.h"
#include "ser/core/error.h"
#include "ser/eval/evaluate.h"
#include "ser/model/model_file.h"
#include "ser/train/report.h"

#include "support/synthetic_corpus.h"
#include "support/temporary_folder.h"

namespace ser::train {
namespace {

Recipe small_recipe() {
  Recipe recipe;
  recipe.name = "small";
  recipe.clip.offset_s = 0.05;
  recipe.features.descriptors = {"zero_crossing_rate", "mfcc"};
  recipe.network = core::Json::parse(
      R"([{"layer": "conv1d", "channels": 8, "kernel": 5}, {"layer": "relu"}, {"layer": "flatten"}])");
  recipe.augment = core::Json::parse(R"([[], [{"noise": {}}]])");
  recipe.training.epochs = 12;
  recipe.training.batch_size = 16;
  recipe.training.optimizer.learning_rate = 0.01;
  recipe.split.test_share = 0.25;
  recipe.split.validation_share = 0.25;
  return recipe;
}

TrainingResult train(const std::filesystem::path& root, const Recipe& recipe, int jobs = 2) {
  core::ThreadPool pool(jobs);
  TrainingObserver silent;
  return train_classifier(root, corpus::read_corpus(root, recipe.corpus), recipe, pool, silent);
}

TEST(TrainClassifier, LearnsAndScoresTheTestPart) {
  const test::SyntheticCorpus corpus(16);
  const auto result = train(corpus.root(), small_recipe());
  ASSERT_TRUE(result.report.test);
  EXPECT_EQ(result.report.test->clips, 12);
  EXPECT_EQ(result.report.test->uar, 1.0);
  EXPECT_EQ(result.report.training_examples, 2 * result.report.split.train.size());
  EXPECT_EQ(result.report.split.protocol, "random");  // no speakers are known here
}

TEST(TrainClassifier, FitsTheTemperatureOnTheValidationPart) {
  const test::SyntheticCorpus corpus(16);
  Recipe recipe = small_recipe();
  recipe.training.epochs = 3;
  const auto result = train(corpus.root(), recipe);
  const auto& calibration = result.report.calibration;
  EXPECT_EQ(calibration.clips, result.report.split.validation.size());
  EXPECT_EQ(result.classifier.parts().temperature, calibration.temperature);
  EXPECT_NE(calibration.temperature, 1.0);
  ASSERT_TRUE(calibration.validation_ece_before && calibration.test_ece_before);
  recipe.calibration = "none";
  const auto as_is = train(corpus.root(), recipe);
  EXPECT_EQ(as_is.classifier.parts().parameters, result.classifier.parts().parameters);
  EXPECT_EQ(as_is.classifier.parts().temperature, 1.0);
  EXPECT_EQ(as_is.report.calibration.clips, 0U);
  EXPECT_EQ(as_is.report.test->of_probabilities->ece, calibration.test_ece_before);
  EXPECT_EQ(as_is.report.validation->of_probabilities->ece, calibration.validation_ece_before);
  EXPECT_EQ(as_is.report.test->confusion, result.report.test->confusion);

  recipe.calibration = "temperature";
  recipe.split.validation_share = 0.0;
  EXPECT_EQ(train(corpus.root(), recipe).classifier.parts().temperature, 1.0);
}

TEST(TrainClassifier, FoldersOfAugmentationsAreForTrainingOnly) {
  const test::SyntheticCorpus corpus(8);
  const test::TemporaryFolder noises;
  audio::write_wav(noises / "hum.wav", {{0.1F, 0.2F, -0.1F, -0.2F}, 8000});
  auto recipe = small_recipe();
  const std::string folder = noises.path().string();
  recipe.augment = {core::Json::array(), {{{"recorded_noise", {{"folder", folder}}}}}};
  const auto trained = train(corpus.root(), recipe);
  EXPECT_EQ(trained.report.training_examples, 2 * trained.report.split.train.size());
  // The model tells what it was trained with, and needs none of it.
  EXPECT_NE(trained.classifier.parts().provenance.dump().find(folder), std::string::npos);
  const std::string bytes = model::serialize(trained.classifier);
  std::filesystem::remove_all(noises.path());
  const auto loaded = model::deserialize(bytes, "test");
  const auto& recording = trained.report.manifest.utterances[0].path;
  EXPECT_EQ(loaded.probabilities(recording), trained.classifier.probabilities(recording));
}

TEST(TrainClassifier, BadRecordingsForAugmentationAreFoundBeforeAnythingIsRead) {
  const test::SyntheticCorpus corpus(8);
  const test::TemporaryFolder noises;
  audio::write_wav(noises / "a.wav", {{0.1F, 0.2F}, 8000});
  noises.write("b.wav", "RIFF");
  auto recipe = small_recipe();
  recipe.augment = {{{{"recorded_noise", {{"folder", noises.path().string()}}}}}};
  struct Observer : TrainingObserver {
    void on_split(const corpus::Manifest&, const corpus::Split&) override { began = true; }
    bool began = false;
  } observer;
  core::ThreadPool pool(2);
  try {
    train_classifier(corpus.root(), corpus::read_corpus(corpus.root()), recipe, pool, observer);
    ADD_FAILURE() << "trained";
  } catch (const core::ConfigError& error) {
    EXPECT_EQ(error.code(), "E_AUGMENT_RECORDING");
    EXPECT_NE(std::string(error.what()).find("b.wav"), std::string::npos) << error.what();
  }
  EXPECT_FALSE(observer.began);
}

TEST(TrainClassifier, NormalisesByTheTrainingPartOnly) {
  const test::SyntheticCorpus corpus(12);
  const auto first = train(corpus.root(), small_recipe());
  // Other sound in the validation and test part must change neither the normaliser nor what is
  // learnt.
  for (const auto* part : {&first.report.split.validation, &first.report.split.test}) {
    for (const std::size_t i : *part) {
      audio::Waveform noise{std::vector<float>(8000), 16000};
      auto random = core::RandomStream(2).fork(i);
      for (float& sample : noise.samples) sample = static_cast<float>(0.3 * random.normal());
      audio::write_wav(first.report.manifest.utterances[i].path, noise);
    }
  }
  auto recipe = small_recipe();
  recipe.training.early_stopping_patience = 100;
  const auto second = train(corpus.root(), recipe);
  EXPECT_EQ(second.report.split.train, first.report.split.train);
  EXPECT_EQ(second.classifier.parts().normalizer.mean(),
            first.classifier.parts().normalizer.mean());
  EXPECT_EQ(second.report.fit.history[0].loss, first.report.fit.history[0].loss);
}

TEST(TrainClassifier, TheModelKnowsItsPartsByTheirSound) {
  const test::SyntheticCorpus corpus(12);
  const auto result = train(corpus.root(), small_recipe());
  const auto reloaded = model::deserialize(model::serialize(result.classifier), "m");
  core::ThreadPool pool(2);
  const auto evaluation =
      eval::evaluate(reloaded, corpus::read_corpus(corpus.root()), eval::Part::kUnseen, pool);
  EXPECT_EQ(evaluation.in_tree.train, static_cast<std::int64_t>(result.report.split.train.size()));
  EXPECT_EQ(evaluation.in_tree.unknown, 0);
  EXPECT_EQ(evaluation.scored.test, 9);
  EXPECT_FALSE(evaluation.contaminated());
  EXPECT_EQ(evaluation.protocol, "random");
  EXPECT_EQ(eval::to_json(evaluation.metrics), eval::to_json(*result.report.test));
  const auto all =
      eval::evaluate(reloaded, corpus::read_corpus(corpus.root()), eval::Part::kAll, pool);
  EXPECT_TRUE(all.contaminated());
  EXPECT_EQ(all.protocol, "contaminated");
}

TEST(TrainClassifier, ACopyOfATestClipIsNotTrainedOn) {
  const test::SyntheticCorpus corpus(12);
  // every clip of one class twice: some pairs are bound to fall on both sides
  for (int i = 0; i < 12; ++i) {
    const auto name = std::to_string(i) + ".wav";
    std::filesystem::copy_file(corpus.root() / "low" / name,
                               corpus.root() / "low" / ("copy" + name));
  }
  const auto result = train(corpus.root(), small_recipe());
  EXPECT_FALSE(result.report.leaks.removed.empty());
  const auto& checksums = result.report.sounds.checksums;
  std::set<std::string> judging;
  for (const std::size_t i : result.report.split.test) judging.insert(checksums[i]);
  for (const std::size_t i : result.report.split.validation) {
    EXPECT_FALSE(judging.contains(checksums[i]));
  }
  for (const std::size_t i : result.report.split.validation) {
    judging.insert(checksums[i]);
  }
  for (const std::size_t i : result.report.split.train) {
    EXPECT_FALSE(judging.contains(checksums[i]));
  }
}

TEST(TrainClassifier, TheModelKnowsATrainingClipThatWasMadeSofter) {
  const test::SyntheticCorpus corpus(12);
  const auto result = train(corpus.root(), small_recipe());
  const auto& clip = result.report.manifest.utterances[result.report.split.train.front()];
  auto softer = audio::load_audio(clip.path).waveform;
  for (float& sample : softer.samples) sample *= 0.5F;
  const test::TemporaryFolder folder;
  std::filesystem::create_directories(folder / clip.label);
  audio::write_wav(folder / clip.label / "stranger.wav", softer);
  const auto reloaded = model::deserialize(model::serialize(result.classifier), "m");
  core::ThreadPool pool(2);
  const auto evaluation =
      eval::evaluate(reloaded, corpus::read_corpus(folder.path()), eval::Part::kAll, pool);
  EXPECT_EQ(evaluation.in_tree.train, 1);
  EXPECT_EQ(evaluation.near_copies, 1);
  EXPECT_TRUE(evaluation.contaminated());
}

TEST(TrainClassifier, AModelOfOlderProgramsKnowsItsPartsByTheirBytes) {
  const test::SyntheticCorpus corpus(12);
  const auto result = train(corpus.root(), small_recipe());
  auto parts = result.classifier.parts();
  const auto& clip = result.report.manifest.utterances[0];
  parts.provenance.erase("sounds");
  parts.provenance["contents"]["train"] = {core::checksum64_file_hex(clip.path)};
  core::ThreadPool pool(2);
  const auto evaluation =
      eval::evaluate(model::EmotionClassifier(std::move(parts)), corpus::read_corpus(corpus.root()),
                     eval::Part::kUnseen, pool);
  EXPECT_EQ(evaluation.in_tree.train, 1);
  EXPECT_EQ(evaluation.in_tree.unknown, 35);
}

// Tones of two classes by four speakers, whose names are the first letters of the files'. Each
// speaker is offset far more than the classes are apart, which only their own statistics take out.
corpus::Manifest write_speakers(const std::filesystem::path& folder) {
  const std::pair<const char*, double> speakers[] = {
      {"A", 200.0}, {"B", 500.0}, {"C", 1100.0}, {"D", 2500.0}};
  for (const auto& [label, factor] : {std::pair{"angry", 1.3}, std::pair{"sad", 1.0}}) {
    std::filesystem::create_directories(folder / label);
    for (const auto& [speaker, base_hz] : speakers) {
      for (int clip = 0; clip < 12; ++clip) {
        const std::string name = speaker + std::to_string(clip) + ".wav";
        auto random = core::RandomStream(3).fork(label).fork(name);
        const double pitch_hz = base_hz * factor * random.uniform(0.97, 1.03);
        audio::Waveform waveform{std::vector<float>(8000), 16000};
        for (std::size_t i = 0; i < waveform.samples.size(); ++i) {
          const double turns = pitch_hz * static_cast<double>(i) / 16000.0;
          waveform.samples[i] = static_cast<float>(0.2 * std::sin(2.0 * std::numbers::pi * turns) +
                                                   0.02 * random.normal());
        }
        audio::write_wav(folder / label / name, waveform);
      }
    }
  }
  auto manifest = corpus::read_corpus(folder);
  for (auto& utterance : manifest.utterances) {
    utterance.speaker = std::filesystem::path(utterance.path).filename().string().substr(0, 1);
  }
  return manifest;
}

TEST(TrainClassifier, NormalisesEachSpeakerByTheirOwnClips) {
  const test::TemporaryFolder folder;
  const auto manifest = write_speakers(folder.path());
  core::ThreadPool pool(2);
  TrainingObserver silent;
  auto recipe = small_recipe();
  recipe.features.descriptors = {"zero_crossing_rate"};
  recipe.network = core::Json::parse(
      R"([{"layer": "flatten"}, {"layer": "dense", "units": 8}, {"layer": "relu"}])");
  recipe.training.epochs = 60;
  recipe.split.test_speakers = {"D"};
  recipe.normalization = "speaker";
  const auto own = train_classifier(folder.path(), manifest, recipe, pool, silent);
  ASSERT_TRUE(own.report.test);
  EXPECT_EQ(own.report.test->accuracy, 1.0);
  EXPECT_EQ(own.report.without_own_statistics, 0U);
  recipe.normalization = "training";
  const auto general = train_classifier(folder.path(), manifest, recipe, pool, silent);
  EXPECT_LT(general.report.test->accuracy, 0.75);

  // Whoever evaluates gets the score of training, and is told what kind it is.
  const auto reloaded = model::deserialize(model::serialize(own.classifier), "m");
  const auto evaluation = eval::evaluate(reloaded, manifest, eval::Part::kUnseen, pool);
  EXPECT_EQ(eval::to_json(evaluation.metrics), eval::to_json(*own.report.test));
  EXPECT_EQ(evaluation.statement.find("TRANSDUCTIVE: normalised by speaker"), 0U);
  EXPECT_EQ(to_json(own.report)["result"]["transductive"], true);
}

TEST(TrainClassifier, FindsAWrongRecipeBeforeItReadsSound) {
  const test::SyntheticCorpus corpus(4);
  std::filesystem::resize_file(corpus.root() / "low" / "0.wav", 3);
  auto recipe = small_recipe();
  recipe.network.push_back({{"layer", "conv1d"}, {"channels", 0}, {"kernel", 5}});
  EXPECT_THROW(train(corpus.root(), recipe), core::ConfigError);
  recipe = small_recipe();
  recipe.network = 3;
  EXPECT_THROW(train(corpus.root(), recipe), core::ConfigError);
}

}  // namespace
}  // namespace ser::train
