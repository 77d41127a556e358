#include <cmath>
#include <numbers>

#include <gtest/gtest.h>

#include "ser/audio/write.h"

#include "system/demo.h"

namespace ser::test {
namespace {

// Runs ser-train on what must fail, and checks that it says how and leaves nothing behind.
class WrongUse : public testing::Test {
 protected:
  void expect_failure(std::vector<std::string> arguments, int exit_code, const std::string& said,
                      const std::string& program = "ser-train") {
    const auto run = run_program(program, arguments);
    EXPECT_EQ(run.exit_code, exit_code) << run.err;
    EXPECT_NE(run.err.find(said), std::string::npos) << "expected \"" << said << "\" in\n"
                                                     << run.err;
    EXPECT_FALSE(std::filesystem::exists(out_));
    EXPECT_EQ(run.err.find("epoch 1/"), std::string::npos) << "it began to train";
  }

  // A tone; each has a pitch of its own, since louder and softer copies would not be trained on.
  void write_clip(const std::string& name, double seconds, double amplitude = 0.1) {
    const double pitch_hz = 200.0 + 10.0 * clips_++;
    audio::Waveform waveform;
    waveform.sample_rate_hz = 16000;
    waveform.samples.resize(static_cast<std::size_t>(seconds * 16000));
    for (std::size_t i = 0; i < waveform.samples.size(); ++i) {
      waveform.samples[i] = static_cast<float>(
          amplitude * std::sin(2 * std::numbers::pi * pitch_hz * static_cast<double>(i) / 16000));
    }
    const auto path = folder_ / "tree" / name;
    std::filesystem::create_directories(path.parent_path());
    audio::write_wav(path, waveform);
  }

  int clips_ = 0;
  TemporaryFolder folder_;
  std::string tree_ = (folder_ / "tree").string();
  std::string out_ = (folder_ / "m.ser").string();
};

TEST_F(WrongUse, OfOptionsAndKeys) {
  expect_failure({kDemo, "--out", out_, "--sedd", "1"}, 2, "--sedd");
  expect_failure({kDemo, "--out", out_, "--seed", "-1"}, 2, "seed");
  expect_failure({kDemo, "--out", out_, "--epochs", "2.5"}, 2, "training.epochs");
  expect_failure({kDemo, "--out", out_, "--epochs", "0"}, 2, "between 1 and");
  expect_failure({kDemo, "--out", out_, "--test", "nan"}, 2, "split.test_share");
  expect_failure({kDemo, "--out", out_, "--split", "magic"}, 2,
                 "one of auto, speaker, loso, speaker-kfold");
  expect_failure({kDemo, "--out", out_, "--jobs", "0"}, 2, "jobs");
  expect_failure({kDemo, "--out", out_, "--recipe", "clasic"}, 2, "classic");
  expect_failure({kDemo, "--out", out_, "--recipe", "none.json"}, 2, "none.json");
  expect_failure({kDemo, "--out", out_, "--features.descriptors", "charm"}, 2, "charm");
  expect_failure({kDemo, "--out", out_, "--augment", R"([[{"echo": {}}]])"}, 2, "echo");
  expect_failure(
      {kDemo, "--out", out_, "--augment", R"([[{"recorded_noise": {"folder": "nowhere"}}]])"}, 2,
      "nowhere");
  expect_failure({kDemo, "--out", out_, "--network", R"([{"layer": "convolve"}])"}, 2, "convolve");
  expect_failure({kDemo, "--out", out_, "--test-speakers", "XYZ"}, 2, "XYZ");
  expect_failure({"--out", out_}, 2, "CORPUS");
  const auto config = folder_.write("c.json", R"({"training": {"epohcs": 3}})").string();
  expect_failure({kDemo, "--out", out_, "--config", config}, 2, "training.epohcs");
  const auto broken = folder_.write("b.json", R"({"training": )").string();
  expect_failure({kDemo, "--out", out_, "--config", broken}, 2, "b.json");
  expect_failure({kDemo}, 2, "--model", "ser-eval");
  expect_failure({kDemo}, 2, "--model", "ser-predict");
}

// Whatever a file has for names, no message steers the terminal that shows it.
TEST_F(WrongUse, MessagesShowControlCharactersAndDoNotObeyThem) {
  const std::vector<std::string> keys = {R"("\u001b[2J")",
                                         "\"\xC2\x9B"
                                         "2J\"",
                                         "\"\xE2\x80\xAE"
                                         "a\""};
  for (const std::string& key : keys) {
    for (const std::string& text : {"{" + key + ": 1}", "{" + key + ": 1, " + key + ": 2}"}) {
      const auto config = folder_.write("c.json", text).string();
      const auto run = run_program("ser-train", {kDemo, "--out", out_, "--config", config});
      EXPECT_EQ(run.exit_code, 2) << run.err;
      EXPECT_NE(run.err.find("\\x"), std::string::npos) << run.err;
      for (const char* raw : {"\x1B", "\xC2\x9B", "\xE2\x80\xAE"}) {
        EXPECT_EQ(run.err.find(raw), std::string::npos) << run.err;
      }
    }
  }
}

TEST_F(WrongUse, OfFolders) {
  expect_failure({(folder_ / "none").string(), "--out", out_}, 3, "E_CORPUS_MISSING");
  std::filesystem::create_directories(tree_);
  expect_failure({tree_, "--out", out_}, 3, "E_CORPUS_EMPTY");
  folder_.write("tree/notes.txt", "no recording");
  expect_failure({tree_, "--out", out_}, 3, "E_CORPUS_EMPTY");
}

TEST_F(WrongUse, OfClasses) {
  for (int i = 0; i < 6; ++i) write_clip("happy/" + std::to_string(i) + ".wav", 1.0);
  expect_failure({tree_, "--out", out_}, 3, "E_SPLIT_CLASSES");
  write_clip("sad/0.wav", 1.0);
  expect_failure({tree_, "--out", out_}, 3, "E_SPLIT_CLASS_SIZE");
  expect_failure({tree_, "--out", out_}, 3, "sad");
}

TEST_F(WrongUse, ClipsShorterThanTheOffset) {
  for (int i = 0; i < 10; ++i) {
    write_clip("happy/" + std::to_string(i) + ".wav", 0.5);
    write_clip("sad/" + std::to_string(i) + ".wav", 0.5);
  }
  expect_failure({tree_, "--out", out_, "--recipe", "classic"}, 3, "E_AUDIO_TOO_SHORT");
  expect_failure({tree_, "--out", out_, "--recipe", "classic"}, 3, "0.6");
}

TEST_F(WrongUse, OneClipShorterThanTheOffsetIsLeftOutAndCounted) {
  for (int i = 0; i < 10; ++i) {
    write_clip("happy/" + std::to_string(i) + ".wav", 1.0, 0.1 + 0.01 * i);
    write_clip("sad/" + std::to_string(i) + ".wav", 1.0, 0.01 + 0.001 * i);
  }
  write_clip("sad/short.wav", 0.3);
  const auto run =
      run_program("ser-train", {tree_, "--out", out_, "--epochs", "1", "--clip.offset_s", "0.6"});
  ASSERT_EQ(run.exit_code, 1) << run.err;
  EXPECT_NE(run.err.find("left out sad/short.wav: E_AUDIO_TOO_SHORT"), std::string::npos)
      << run.err;
  const auto report = core::parse_json(read_text(folder_ / "m.report.json"), "report");
  ASSERT_EQ(report["failures"].size(), 1U);
  EXPECT_EQ(report["failures"][0]["id"], "sad/short.wav");
}

TEST_F(WrongUse, SilenceIsTrainedOnAndPredictedWithoutHarm) {
  for (int i = 0; i < 10; ++i) {
    write_clip("loud/" + std::to_string(i) + ".wav", 1.0 + 0.01 * i, 0.5);
    write_clip("silent/" + std::to_string(i) + ".wav", 1.0 + 0.01 * i, 0.0);
  }
  const auto run = run_program("ser-train", {tree_, "--out", out_, "--epochs", "30"});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  const auto predicted =
      run_program("ser-predict", {"--model", out_, tree_ + "/silent/3.wav", tree_ + "/loud/3.wav"});
  EXPECT_EQ(predicted.exit_code, 0);
  EXPECT_NE(predicted.out.find("silent/3.wav\tsilent\t"), std::string::npos) << predicted.out;
  EXPECT_NE(predicted.out.find("loud/3.wav\tloud\t"), std::string::npos) << predicted.out;
}

TEST_F(WrongUse, OfOutputsIsFoundBeforeTraining) {
  expect_failure({kDemo, "--out", (folder_ / "none" / "m.ser").string()}, 5, "E_OUTPUT_OPEN");
  expect_failure({kDemo, "--out", folder_.path().string()}, 5, "E_OUTPUT_OPEN");
  expect_failure({kDemo, "--out", out_, "--report", (folder_ / "none" / "r.json").string()}, 5,
                 "E_OUTPUT_OPEN");
  expect_failure({kDemo, "--out", "/proc/m.ser"}, 5, "E_OUTPUT_OPEN");
  expect_failure({kDemo, "--out", out_, "--report", out_}, 2, "cannot both be");
}

// What a run is to write, all in one folder.
class Outputs : public testing::Test {
 protected:
  ProgramResult train(const std::string& report, const std::string& onnx, const std::string& split,
                      const RunOptions& options = {}) const {
    return run_program(
        "ser-train",
        {kDemo, "--out", (folder_ / "m.ser").string(), "--report", report, "--export-onnx", onnx,
         "--write-split", split, "--epochs", "1", "--split", "random", "--checkpoint-every", "0"},
        options);
  }

  TemporaryFolder folder_;
  std::string report_ = (folder_ / "m.report.json").string();
  std::string onnx_ = (folder_ / "m.onnx").string();
  std::string split_ = (folder_ / "m.split.json").string();
};

TEST_F(Outputs, WhereOneCannotBeWrittenNoneIs) {
  const auto expect_nothing = [&](const ProgramResult& run) {
    EXPECT_EQ(run.exit_code, 5) << run.err;
    EXPECT_NE(run.err.find("E_OUTPUT_OPEN"), std::string::npos) << run.err;
    EXPECT_EQ(run.err.find("epoch 1/"), std::string::npos) << "it began to train";
    EXPECT_TRUE(std::filesystem::is_empty(folder_.path()));
  };
  expect_nothing(train("/proc/r.json", onnx_, split_));
  expect_nothing(train(report_, "/proc/m.onnx", split_));
  expect_nothing(train(report_, onnx_, "/proc/s.json"));
}

TEST_F(Outputs, AFullDiskLeavesNothingBehind) {
  ASSERT_EQ(train(report_, onnx_, split_).exit_code, 0);
  std::vector<std::uintmax_t> sizes;
  for (const auto& entry : std::filesystem::directory_iterator(folder_.path())) {
    sizes.push_back(entry.file_size());
    std::filesystem::remove(entry.path());
  }
  ASSERT_EQ(sizes.size(), 4U);
  // Room for three of the four, and for none.
  RunOptions full;
  std::ranges::sort(sizes);
  for (const std::uintmax_t room : {sizes[2], sizes[0] / 2}) {
    full.largest_file = room;
    const auto run = train(report_, onnx_, split_, full);
    EXPECT_EQ(run.exit_code, 5) << run.err;
    EXPECT_NE(run.err.find("E_OUTPUT_WRITE"), std::string::npos) << run.err;
    EXPECT_TRUE(std::filesystem::is_empty(folder_.path()));
  }
}

TEST_F(Outputs, OneFileUnderTwoNamesIsSeenThroughLinks) {
  std::filesystem::create_directory(folder_ / "real");
  std::filesystem::create_directory_symlink(folder_ / "real", folder_ / "linked");
  const auto at = [&](const char* name) { return (folder_ / name).string(); };
  const auto run = train(at("real/x"), at("linked/x"), split_);
  EXPECT_EQ(run.exit_code, 2) << run.err;
  EXPECT_NE(run.err.find("cannot both be"), std::string::npos) << run.err;
  const auto exported = run_program("ser-export", {"--model", DemoModel::get().path(), "--onnx",
                                                   at("real/x"), "--safetensors", at("linked/x")});
  EXPECT_EQ(exported.exit_code, 2) << exported.err;
  EXPECT_TRUE(std::filesystem::is_empty(folder_ / "real"));
}

TEST_F(Outputs, AManifestIsNotOverwritten) {
  const auto list = folder_.write("clips.csv", "path,label\n").string();
  const auto run = run_program("ser-train", {list, "--out", list});
  EXPECT_EQ(run.exit_code, 2) << run.err;
  EXPECT_EQ(read_text(list), "path,label\n");
}

TEST_F(Outputs, WhatIsEvaluatedIsNotOverwritten) {
  const auto model = folder_.write("m.ser", "a model").string();
  const auto list = folder_.write("clips.csv", "path,label\n").string();
  for (const char* option : {"--out", "--junit", "--markdown"}) {
    for (const auto& input : {model, list}) {
      EXPECT_EQ(run_program("ser-eval", {"--model", model, list, option, input}).exit_code, 2);
    }
  }
  EXPECT_EQ(read_text(model), "a model");
  EXPECT_EQ(read_text(list), "path,label\n");
}

TEST(Help, IsNoMistake) {
  for (const char* program : {"ser-train", "ser-eval", "ser-predict"}) {
    const auto help = run_program(program, {"--help"});
    EXPECT_EQ(help.exit_code, 0);
    EXPECT_NE(help.out.find("--jobs"), std::string::npos);
    EXPECT_EQ(run_program(program, {"--version"}).exit_code, 0);
  }
}

}  // namespace
}  // namespace ser::test
