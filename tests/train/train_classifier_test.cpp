#include "ser/train/train_classifier.h"

#include <cmath>
#include <numbers>
#include <set>

#include <gtest/gtest.h>

#include "ser/audio/load.h"
#include "ser/audio/write.h"
#include "ser/core/checksum.h"
#include "ser/core/error.h"
#include "ser/dataset/clip_loader.h"
#include "ser/eval/evaluate.h"
#include "ser/model/model_file.h"
#include "ser/train/report.h"

#include "support/synthetic_corpus.h"
#include "support/temporary_folder.h"

namespace ser::train {
namespace {

Recipe small_training() {
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
  const auto result = train(corpus.root(), small_training());
  ASSERT_TRUE(result.report.test);
  EXPECT_EQ(result.report.test->clips, 12);
  EXPECT_EQ(result.report.test->uar, 1.0);
  EXPECT_EQ(result.report.training_examples, 2 * result.report.split.train.size());
  EXPECT_EQ(result.report.split.protocol, "random");  // no speakers are known here
}

TEST(TrainClassifier, FitsTheTemperatureOnTheValidationPart) {
  const test::SyntheticCorpus corpus(16);
  Recipe recipe = small_training();
  recipe.training.epochs = 3;
  const auto result = train(corpus.root(), recipe);
  const auto& calibration = result.report.calibration;
  EXPECT_EQ(calibration.clips, result.report.split.validation.size());
  EXPECT_EQ(result.classifier.only().parts().temperature, calibration.temperature);
  EXPECT_NE(calibration.temperature, 1.0);
  ASSERT_TRUE(calibration.validation_ece_before && calibration.test_ece_before);
  recipe.calibration = "none";
  const auto as_is = train(corpus.root(), recipe);
  EXPECT_EQ(as_is.classifier.only().parts().parameters,
            result.classifier.only().parts().parameters);
  EXPECT_EQ(as_is.classifier.only().parts().temperature, 1.0);
  EXPECT_EQ(as_is.report.calibration.clips, 0U);
  EXPECT_EQ(as_is.report.test->of_probabilities->ece, calibration.test_ece_before);
  EXPECT_EQ(as_is.report.validation->of_probabilities->ece, calibration.validation_ece_before);
  EXPECT_EQ(as_is.report.test->confusion, result.report.test->confusion);

  recipe.calibration = "temperature";
  recipe.split.validation_share = 0.0;
  EXPECT_EQ(train(corpus.root(), recipe).classifier.only().parts().temperature, 1.0);
}

TEST(TrainClassifier, FoldersOfAugmentationsAreForTrainingOnly) {
  const test::SyntheticCorpus corpus(8);
  const test::TemporaryFolder noises;
  audio::write_wav(noises / "hum.wav", {{0.1F, 0.2F, -0.1F, -0.2F}, 8000});
  auto recipe = small_training();
  const std::string folder = noises.path().string();
  recipe.augment = {core::Json::array(), {{{"recorded_noise", {{"folder", folder}}}}}};
  const auto trained = train(corpus.root(), recipe);
  EXPECT_EQ(trained.report.training_examples, 2 * trained.report.split.train.size());
  // The model tells what it was trained with, and needs none of it.
  EXPECT_NE(trained.classifier.only().parts().provenance.dump().find(folder), std::string::npos);
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
  auto recipe = small_training();
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
  const auto first = train(corpus.root(), small_training());
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
  auto recipe = small_training();
  recipe.training.early_stopping_patience = 100;
  const auto second = train(corpus.root(), recipe);
  EXPECT_EQ(second.report.split.train, first.report.split.train);
  EXPECT_EQ(second.classifier.only().parts().normalizer.mean(),
            first.classifier.only().parts().normalizer.mean());
  EXPECT_EQ(second.report.fit.history[0].loss, first.report.fit.history[0].loss);
}

TEST(TrainClassifier, TheModelKnowsItsPartsByTheirSound) {
  const test::SyntheticCorpus corpus(12);
  const auto result = train(corpus.root(), small_training());
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
  const auto result = train(corpus.root(), small_training());
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
  const auto result = train(corpus.root(), small_training());
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

TEST(TrainClassifier, WhatTheProtocolLeftOutIsNeitherTestedNorNew) {
  const test::SyntheticCorpus corpus(12);
  auto manifest = corpus::read_corpus(corpus.root());
  const char* parts[] = {"train", "test", "validation", "", "train", "train"};
  for (std::size_t i = 0; i < manifest.utterances.size(); ++i) {
    manifest.utterances[i].part = parts[i % 6];
  }
  auto recipe = small_training();
  recipe.split.protocol = "predefined";
  core::ThreadPool pool(2);
  TrainingObserver silent;
  const auto result = train_classifier(corpus.root(), manifest, recipe, pool, silent);
  auto reloaded = model::deserialize(model::serialize(result.classifier), "m");
  const auto unseen = eval::evaluate(reloaded, manifest, eval::Part::kUnseen, pool);
  EXPECT_EQ(unseen.in_tree.left_out, 6);
  EXPECT_EQ(unseen.in_tree.unknown, 0);
  EXPECT_EQ(unseen.scored.test, 6);
  EXPECT_EQ(unseen.scored.sum(), 6);
  EXPECT_EQ(unseen.protocol, "predefined");
  EXPECT_NE(unseen.statement.find("6 of its corpus that its protocol left out"), std::string::npos)
      << unseen.statement;
  EXPECT_EQ(eval::to_json(unseen.metrics), eval::to_json(*result.report.test));
  const auto left_out = eval::evaluate(reloaded, manifest, eval::Part::kLeftOut, pool);
  EXPECT_EQ(left_out.scored.left_out, 6);
  EXPECT_EQ(left_out.metrics.clips, 6);
  EXPECT_EQ(left_out.protocol, "left-out clips");
  EXPECT_FALSE(left_out.contaminated());
  EXPECT_EQ(eval::to_json(left_out, manifest)["scored"]["left_out"], 6);

  // A model of before such clips were kept has never heard of them.
  auto older = result.classifier.only().parts();
  older.provenance["sounds"].erase("left_out");
  older.provenance["sounds"].erase("removed");
  const auto by_older = eval::evaluate(model::EmotionClassifier(std::move(older)), manifest,
                                       eval::Part::kUnseen, pool);
  EXPECT_EQ(by_older.in_tree.unknown, 6);
  EXPECT_EQ(by_older.scored.sum(), 12);
}

TEST(TrainClassifier, CopiesThatWereTakenOutAreNotTestedOn) {
  const test::SyntheticCorpus corpus(12);
  const auto& root = corpus.root();
  // Of the test clips low/0 to low/2: an identical copy, a softer one, and one with another label,
  // which stands before its original.
  std::filesystem::copy_file(root / "low/0.wav", root / "low/copy.wav");
  auto softer = audio::load_audio(root / "low/1.wav").waveform;
  for (float& sample : softer.samples) sample *= 0.5F;
  audio::write_wav(root / "low/softer.wav", softer);
  std::filesystem::copy_file(root / "low/2.wav", root / "high/other.wav");
  auto manifest = corpus::read_corpus(root);
  std::size_t tested = 0;
  for (auto& utterance : manifest.utterances) {
    const char name = std::filesystem::path(utterance.path).filename().string()[0];
    utterance.part = name >= '0' && name <= '2' ? "test" : name == '5' ? "validation" : "train";
    if (utterance.part == "test") ++tested;
  }
  auto recipe = small_training();
  recipe.split.protocol = "predefined";
  recipe.leaks.remove = {"near-identical"};
  core::ThreadPool pool(2);
  TrainingObserver silent;
  const auto result = train_classifier(root, manifest, recipe, pool, silent);
  ASSERT_EQ(result.report.leaks.removed.size(), 3U);
  EXPECT_NE(result.report.split.statement.find(
                "; 3 copies were taken out of what they are judged by, which leaves " +
                std::to_string(result.report.split.train.size()) + " training, "),
            std::string::npos)
      << result.report.split.statement;
  EXPECT_EQ(result.report.split.test.size(), tested);
  const auto reloaded = model::deserialize(model::serialize(result.classifier), "m");
  const auto evaluation = eval::evaluate(reloaded, manifest, eval::Part::kUnseen, pool);
  EXPECT_EQ(evaluation.in_tree.removed, 3);
  EXPECT_EQ(evaluation.in_tree.unknown, 0);
  EXPECT_EQ(evaluation.near_copies, 0);
  EXPECT_EQ(evaluation.scored.test, static_cast<std::int64_t>(tested));
  EXPECT_EQ(evaluation.scored.sum(), static_cast<std::int64_t>(tested));
  EXPECT_EQ(eval::to_json(evaluation.metrics), eval::to_json(*result.report.test));
  EXPECT_NE(evaluation.statement.find("3 that were taken out of its training as copies"),
            std::string::npos)
      << evaluation.statement;
  // Alone, a copy is the sound that was tested on.
  std::erase_if(manifest.utterances, [](const corpus::Utterance& one) {
    return one.id != "low/copy.wav" && one.label != "high";
  });
  EXPECT_EQ(eval::evaluate(reloaded, manifest, eval::Part::kTest, pool).in_tree.removed, 0);
}

// What users get is folded, what training scores is not.
TEST(TrainClassifier, ATrainedModelWithBatchNormalisationPredictsAsItWasScored) {
  const test::SyntheticCorpus corpus(12);
  auto recipe = small_training();
  for (const char* network :
       {R"([{"layer": "conv1d", "channels": 8, "kernel": 5}, {"layer": "batch_norm"},
            {"layer": "relu"}, {"layer": "flatten"}, {"layer": "dropout"}])",
        R"([{"layer": "flatten"}, {"layer": "batch_norm"}, {"layer": "dense", "units": 8},
            {"layer": "batch_norm"}, {"layer": "relu"}])"}) {
    recipe.network = core::Json::parse(network);
    const auto result = train(corpus.root(), recipe);
    const auto reloaded = model::deserialize(model::serialize(result.classifier), "m");
    core::ThreadPool pool(2);
    for (const auto& utterance : result.report.manifest.utterances) {
      Eigen::MatrixXf vector = reloaded.only().extractor().clip_vector(
          dataset::load_clip(utterance.path, recipe.clip, recipe.features.sample_rate_hz).waveform);
      const Eigen::VectorXf predicted = reloaded.probabilities(utterance.path);
      reloaded.only().parts().normalizer.apply(vector);
      EXPECT_LE((result.classifier.only().probabilities_of_normalized(vector, pool) - predicted)
                    .cwiseAbs()
                    .maxCoeff(),
                1e-6F)
          << utterance.id;
    }
  }
}

TEST(TrainClassifier, AModelOfOlderProgramsKnowsItsPartsByTheirBytes) {
  const test::SyntheticCorpus corpus(12);
  const auto result = train(corpus.root(), small_training());
  auto parts = result.classifier.only().parts();
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
  auto recipe = small_training();
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
  auto recipe = small_training();
  recipe.network.push_back({{"layer", "conv1d"}, {"channels", 0}, {"kernel", 5}});
  EXPECT_THROW(train(corpus.root(), recipe), core::ConfigError);
  recipe = small_training();
  recipe.network = 3;
  EXPECT_THROW(train(corpus.root(), recipe), core::ConfigError);
}

}  // namespace
}  // namespace ser::train
