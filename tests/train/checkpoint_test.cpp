#include "ser/train/checkpoint.h"

#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "ser/core/checksum.h"
#include "ser/core/error.h"
#include "ser/core/interrupted.h"

#include "support/temporary_folder.h"

namespace ser::train {
namespace {

namespace fs = std::filesystem;
using Start = CheckpointFolder::Start;

nn::Vector numbers(nn::Index size, float first) {
  nn::Vector values(size);
  for (nn::Index i = 0; i < size; ++i) values(i) = first + static_cast<float>(i);
  return values;
}

FitState sample() {
  FitState state;
  state.examples = "0123";
  state.parameters = numbers(5, 1.0F);
  state.optimizer = {0.25, 77, {numbers(5, 10.0F), numbers(5, 20.0F)}};
  state.average = numbers(5, 30.0F);
  state.average_steps = 70;
  state.steps = 76;
  state.best = {0.5, std::nextafter(0.1, 1.0), 3};
  state.result.parameters = numbers(5, 40.0F);
  state.result.best_epoch = 2;
  state.result.history = {{1, 0.1, 2.0, 0.3, NAN, NAN, NAN}, {2, 0.2, 1.0, 0.4, 0.5, 0.6, 0.7}};
  return state;
}

// NaN too is itself.
void expect_equal(const FitState& a, const FitState& b) {
  EXPECT_EQ(serialize(a, "f"), serialize(b, "f"));
  EXPECT_EQ(a.parameters, b.parameters);
  EXPECT_EQ(a.optimizer.moments, b.optimizer.moments);
  EXPECT_EQ(a.best.loss, b.best.loss);
  EXPECT_EQ(a.plateau.score, b.plateau.score);
  EXPECT_EQ(a.result.history.size(), b.result.history.size());
}

std::string code_of_checkpoint(std::string_view bytes, const std::string& fit = "f") {
  try {
    deserialize_fit_state(bytes, fit, "here");
    return "no error";
  } catch (const core::ConfigError& error) {
    EXPECT_EQ(std::string(error.what()).find("here"), 0U) << error.what();
    return error.code();
  }
}

// As whoever forges one would write it.
std::string with_checksum(std::string bytes) {
  const std::string_view content(bytes.data(), bytes.size() - sizeof(std::uint64_t));
  const std::uint64_t checksum = core::checksum64(content);
  std::memcpy(bytes.data() + content.size(), &checksum, sizeof checksum);
  return bytes;
}

TEST(FitStates, AreReadAsTheyWereWritten) {
  const auto state = sample();
  expect_equal(deserialize_fit_state(serialize(state, "f"), "f", "here"), state);
  FitState done;
  done.done = true;
  done.result = state.result;
  done.result.end = FitResult::End::kEarlyStopping;
  const auto read = deserialize_fit_state(serialize(done, "f"), "f", "here");
  expect_equal(read, done);
  EXPECT_TRUE(read.done);
  EXPECT_EQ(read.result.end, FitResult::End::kEarlyStopping);
}

TEST(FitStates, ThatAreDamagedAtAnyByteAreRefused) {
  const auto bytes = serialize(sample(), "f");
  EXPECT_EQ(code_of_checkpoint(bytes, "g"), "E_CHECKPOINT_DAMAGED");
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    EXPECT_EQ(code_of_checkpoint(bytes.substr(0, i)), "E_CHECKPOINT_DAMAGED") << i;
    auto altered = bytes;
    altered[i] = static_cast<char>(altered[i] ^ 0x10);
    EXPECT_EQ(code_of_checkpoint(altered), "E_CHECKPOINT_DAMAGED") << i;
  }
}

// Whoever writes a checksum that fits still gets no memory for sizes that do not.
TEST(FitStates, WhoseHeaderLiesAreRefused) {
  const auto forged = [](const std::string& from, const std::string& to) {
    auto state = sample();
    auto bytes = serialize(state, "f");
    const auto at = bytes.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    EXPECT_EQ(from.size(), to.size());
    bytes.replace(at, from.size(), to);
    return code_of_checkpoint(with_checksum(bytes));
  };
  EXPECT_EQ(forged("\"sizes\":[5,", "\"sizes\":[6,"), "E_CHECKPOINT_DAMAGED");
  EXPECT_EQ(forged("\"records\":2", "\"records\":9"), "E_CHECKPOINT_DAMAGED");
  EXPECT_EQ(forged("\"best_epoch\":2", "\"best_epoch\":3"), "E_CHECKPOINT_DAMAGED");
  EXPECT_EQ(forged("\"best_epoch\":2", "\"best_epoch\":0"), "E_CHECKPOINT_DAMAGED");
  EXPECT_EQ(forged("\"version\":1", "\"version\":2"), "E_CHECKPOINT_DAMAGED");
  EXPECT_EQ(forged("\"steps\":76", "\"steps\":-6"), "E_CHECKPOINT_DAMAGED");
  EXPECT_EQ(forged("\"done\":false", "\"done\":null "), "E_CHECKPOINT_DAMAGED");
  EXPECT_EQ(forged("{\"version\"", "[\"version\""), "E_CHECKPOINT_DAMAGED");
}

TEST(CheckpointFolders, GiveBackTheLastStateThatIsWhole) {
  const test::TemporaryFolder folder;
  const auto path = folder / "m.checkpoints";
  auto state = sample();
  {
    CheckpointFolder checkpoints(path, {{"a", 1}}, Start::kNew);
    EXPECT_TRUE(checkpoints.is_empty());
    for (int epoch = 1; epoch <= 3; ++epoch) {
      state.steps = epoch;
      checkpoints.save("fit", state);
    }
    checkpoints.save("other", sample());
    EXPECT_FALSE(checkpoints.is_empty());
    EXPECT_FALSE(checkpoints.load("fit")) << "a new training begins anew";
  }
  const auto load = [&](const std::string& fit) {
    return CheckpointFolder(path, {{"a", 1}}, Start::kResume).load(fit);
  };
  EXPECT_EQ(load("fit")->steps, 3);
  EXPECT_EQ(load("other")->steps, 76);
  EXPECT_FALSE(load("third"));

  // the newest of "fit" is damaged: the one before is whole
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(path)) {
    if (entry.path().extension() == ".previous") files.push_back(entry.path());
  }
  ASSERT_EQ(files.size(), 1U);
  fs::path newest = files[0];
  newest.replace_extension();
  fs::resize_file(newest, fs::file_size(newest) - 1);
  EXPECT_EQ(load("fit")->steps, 2);
  fs::remove(newest);  // as between its two renames
  EXPECT_EQ(load("fit")->steps, 2);
  std::ofstream(files[0], std::ios::trunc) << "nothing";
  EXPECT_THROW(load("fit"), core::ConfigError);
}

TEST(CheckpointFolders, AreOneTrainingsOwn) {
  const test::TemporaryFolder folder;
  const auto path = folder / "m.checkpoints";
  const auto code = [&](const core::Json& settings, Start start) -> std::string {
    try {
      const CheckpointFolder checkpoints(path, settings, start);
      return "no error";
    } catch (const core::Error& error) {
      return error.code();
    }
  };
  {
    CheckpointFolder first(path, {{"a", 1}}, Start::kNew);
    EXPECT_EQ(code({{"a", 1}}, Start::kNew), "E_OUTPUT_LOCKED");
    EXPECT_EQ(code({{"a", 1}}, Start::kResume), "E_OUTPUT_LOCKED");
    first.save("fit", sample());
  }
  EXPECT_EQ(code({{"a", 1}}, Start::kNew), "E_OUTPUT_UNFINISHED");
  EXPECT_EQ(code({{"a", 2}}, Start::kResume), "E_RESUME_SETTINGS");
  EXPECT_EQ(code({{"a", 1}}, Start::kResume), "no error");
  folder.write("m.checkpoints/.0123.checkpoint.XyZ", "half of one, left by kill -9");
  folder.write("m.checkpoints/notes.txt", "somebody's");
  CheckpointFolder(path, {{"a", 1}}, Start::kResume).remove();
  EXPECT_EQ(code({{"a", 2}}, Start::kNew), "no error");
  EXPECT_EQ(std::distance(fs::directory_iterator(path), fs::directory_iterator()), 1)
      << "only what is its own is removed";
}

// Whoever is done does not take the next training's folder with it.
TEST(CheckpointFolders, AreTheNextTrainingsOnceTheyAreRemoved) {
  const test::TemporaryFolder folder;
  const auto path = folder / "c";
  {
    CheckpointFolder done(path, {{"a", 1}}, Start::kNew);
    done.save("fit", sample());
    done.remove();
    EXPECT_FALSE(fs::exists(path));
    folder.write("c/settings.json", "{}");
  }
  EXPECT_TRUE(fs::exists(path / "settings.json"));
}

TEST(CheckpointFolders, WithoutCheckpointsLeaveNothing) {
  const test::TemporaryFolder folder;
  { const CheckpointFolder checkpoints(folder / "c", core::Json::object(), Start::kNew); }
  EXPECT_TRUE(fs::is_empty(folder.path()));
  folder.write("file", "");
  EXPECT_THROW(CheckpointFolder(folder / "file" / "c", core::Json::object(), Start::kNew),
               core::OutputError);
}

// A training in epochs, with everything that an epoch can depend on.
class ResumedFit : public testing::Test {
 protected:
  ResumedFit() {
    core::RandomStream random(5);
    for (auto* set : {&training_, &validation_}) {
      set->values.resize(6, 24);
      for (Eigen::Index i = 0; i < set->values.size(); ++i) {
        set->values.data()[i] = static_cast<float>(random.normal());
      }
      for (int i = 0; i < 24; ++i) {
        set->labels.push_back(i % 3);
        set->values(i % 3, i) += 1.0F;
      }
    }
  }

  FitResult run(const FitConfig& config, const FitCheckpoint* checkpoint, int stop_after = 0,
                int jobs = 2) {
    const nn::Network network(core::Json::parse(R"([{"layer": "flatten"}, {"layer": "dense",
        "units": 7}, {"layer": "batch_norm"}, {"layer": "relu"}, {"layer": "dropout", "rate": 0.3},
        {"layer": "dense", "units": 3}])"),
                              {6, 1});
    core::ThreadPool pool(jobs);
    int epochs = 0;
    epochs_run_ = 0;
    const auto renew = [](const dataset::ExampleSet& from, const core::RandomStream& stream,
                          dataset::ExampleSet& renewed) {
      renewed = from;
      auto random = stream;
      renewed.values.row(0) *= static_cast<float>(random.uniform(0.5, 1.5));
    };
    return fit(
        network, training_, validation_, config, core::RandomStream(9), pool,
        [&](const EpochRecord&) {
          ++epochs_run_;
          ++epochs;
        },
        [&] { return stop_after > 0 && epochs >= stop_after; }, renew, checkpoint);
  }

  dataset::ExampleSet training_;
  dataset::ExampleSet validation_;
  int epochs_run_ = 0;
};

TEST_F(ResumedFit, IsTheUninterruptedOneToTheBit) {
  for (const char* kind : {"adam", "sgd"}) {
    for (const char* schedule : {"plateau", "cosine"}) {
      SCOPED_TRACE(std::string(kind) + " " + schedule);
      FitConfig config;
      config.epochs = 12;
      config.batch_size = 5;
      config.optimizer.kind = kind;
      config.optimizer.weight_decay = 0.01;
      config.schedule = schedule;
      config.plateau.patience = 0;
      config.average_decay = 0.9;
      config.mixup = 0.3;
      config.early_stopping_patience = 12;
      const auto whole = run(config, nullptr);
      for (const int stop : {1, 4, 11}) {
        const test::TemporaryFolder folder;
        const auto path = folder / "c";
        {
          CheckpointFolder checkpoints(path, core::Json::object(), Start::kNew);
          const FitCheckpoint checkpoint{checkpoints, "fit"};
          EXPECT_THROW(run(config, &checkpoint, stop), core::Interrupted);
        }
        CheckpointFolder checkpoints(path, core::Json::object(), Start::kResume);
        const FitCheckpoint checkpoint{checkpoints, "fit"};
        const auto resumed = run(config, &checkpoint, 0, 1);
        EXPECT_EQ(epochs_run_, 12 - stop);
        EXPECT_EQ(resumed.parameters, whole.parameters);
        EXPECT_EQ(resumed.best_epoch, whole.best_epoch);
        ASSERT_EQ(resumed.history.size(), whole.history.size());
        for (std::size_t e = 0; e < whole.history.size(); ++e) {
          EXPECT_EQ(resumed.history[e].loss, whole.history[e].loss);
          EXPECT_EQ(resumed.history[e].learning_rate, whole.history[e].learning_rate);
          EXPECT_EQ(resumed.history[e].validation_loss, whole.history[e].validation_loss);
        }
        // done: nothing is trained again
        EXPECT_EQ(run(config, &checkpoint).parameters, whole.parameters);
        EXPECT_EQ(epochs_run_, 0);
      }
    }
  }
}

TEST_F(ResumedFit, EndsEarlyWhereItWouldHave) {
  FitConfig config;
  config.epochs = 200;
  config.early_stopping_patience = 3;
  config.optimizer.learning_rate = 0.05;
  const auto whole = run(config, nullptr);
  ASSERT_EQ(whole.end, FitResult::End::kEarlyStopping);
  const int last = static_cast<int>(whole.history.size());
  const test::TemporaryFolder folder;
  {
    CheckpointFolder checkpoints(folder / "c", core::Json::object(), Start::kNew);
    const FitCheckpoint checkpoint{checkpoints, "fit"};
    EXPECT_THROW(run(config, &checkpoint, last - 1), core::Interrupted);
  }
  CheckpointFolder checkpoints(folder / "c", core::Json::object(), Start::kResume);
  const FitCheckpoint checkpoint{checkpoints, "fit"};
  const auto resumed = run(config, &checkpoint);
  EXPECT_EQ(epochs_run_, 1);
  EXPECT_EQ(resumed.parameters, whole.parameters);
  EXPECT_EQ(resumed.end, whole.end);
  EXPECT_EQ(run(config, &checkpoint).end, whole.end);
}

TEST_F(ResumedFit, GoesOnFromAsManyEpochsAsItIsAskedToKeep) {
  FitConfig config;
  config.epochs = 5;
  const auto whole = run(config, nullptr);
  const test::TemporaryFolder folder;
  {
    CheckpointFolder checkpoints(folder / "c", core::Json::object(), Start::kNew, 2);
    const FitCheckpoint checkpoint{checkpoints, "fit"};
    EXPECT_THROW(run(config, &checkpoint, 3), core::Interrupted);
  }
  CheckpointFolder checkpoints(folder / "c", core::Json::object(), Start::kResume, 2);
  const FitCheckpoint checkpoint{checkpoints, "fit"};
  EXPECT_EQ(run(config, &checkpoint).parameters, whole.parameters);
  EXPECT_EQ(epochs_run_, 3);  // the second was the last that was kept
  EXPECT_EQ(run(config, &checkpoint).parameters, whole.parameters);
  EXPECT_EQ(epochs_run_, 0);  // the end always is
}

TEST_F(ResumedFit, RefusesOtherExamples) {
  FitConfig config;
  config.epochs = 3;
  const test::TemporaryFolder folder;
  {
    CheckpointFolder checkpoints(folder / "c", core::Json::object(), Start::kNew);
    const FitCheckpoint checkpoint{checkpoints, "fit"};
    EXPECT_THROW(run(config, &checkpoint, 1), core::Interrupted);
  }
  CheckpointFolder checkpoints(folder / "c", core::Json::object(), Start::kResume);
  const FitCheckpoint checkpoint{checkpoints, "fit"};
  for (auto* set : {&training_, &validation_}) {
    const float before = set->values(2, 2);
    set->values(2, 2) += 0.5F;
    try {
      run(config, &checkpoint);
      ADD_FAILURE();
    } catch (const core::ConfigError& error) {
      EXPECT_EQ(error.code(), "E_CHECKPOINT_EXAMPLES");
    }
    set->values(2, 2) = before;
  }
}

}  // namespace
}  // namespace ser::train
