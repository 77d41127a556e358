#include <algorithm>

#include <gtest/gtest.h>

#include "support/npy.h"
#include "system/demo.h"

namespace ser::test {
namespace {

class ExploreFeatures : public testing::Test {
 protected:
  ProgramResult explore(std::vector<std::string> arguments, const RunOptions& options = {}) const {
    arguments.insert(arguments.begin(), "features");
    return run_program("ser-explore", arguments, options);
  }

  std::string out(const std::string& name) const { return (folder_ / name).string(); }

  TemporaryFolder folder_;
  std::vector<std::filesystem::path> recordings_ = demo_recordings();
  std::string first_ = recordings_.front().string();
};

TEST_F(ExploreFeatures, GivesOneRowARecordingInTheOrderOfTheInputForAnyNumberOfJobs) {
  const auto run = explore(
      {kDemo, "--out", out("a.csv"), "--recipe", "classic", "--clip.offset_s", "0", "--jobs", "3"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(run.out, "");
  const auto lines = lines_of(read_text(out("a.csv")));
  ASSERT_EQ(lines.size(), recordings_.size() + 1);
  EXPECT_EQ(std::count(lines[0].begin(), lines[0].end(), ','), 162 + 2);
  EXPECT_EQ(lines[0].find("path,zero_crossing_rate_mean,chroma_0_mean,"), 0U);
  for (std::size_t i = 0; i < recordings_.size(); ++i) {
    EXPECT_EQ(lines[i + 1].find(recordings_[i].string() + ","), 0U);
  }
  explore(
      {kDemo, "--out", out("b.csv"), "--recipe", "classic", "--clip.offset_s", "0", "--jobs", "1"});
  EXPECT_TRUE(read_text(out("b.csv")) == read_text(out("a.csv")));
}

TEST_F(ExploreFeatures, FormatsAgree) {
  const std::vector<std::string> what = {first_, "--features.descriptors", "rms,f0_semitones",
                                         "--features.functionals", "prosody"};
  const auto write = [&](const std::string& name, std::vector<std::string> more) {
    more.insert(more.end(), what.begin(), what.end());
    more.insert(more.end(), {"--out", out(name)});
    const auto run = explore(more);
    EXPECT_EQ(run.exit_code, 0) << run.err;
  };
  write("a.npy", {});
  write("a.jsonl", {});
  const auto row = core::parse_json(read_text(out("a.jsonl")), "row");
  const auto names = core::parse_json(read_text(out("a.npy.json")), "names")["names"];
  const auto array = read_npy(out("a.npy"));
  ASSERT_EQ(array.shape, (std::vector<std::size_t>{1, names.size()}));
  ASSERT_EQ(row["features"].size(), names.size());
  for (std::size_t i = 0; i < names.size(); ++i) {
    EXPECT_EQ(row["features"][names[i].get<std::string>()].get<float>(),
              static_cast<float>(array.values[i]))
        << names[i];
  }

  write("f.npy", {"--frames"});
  write("f.jsonl", {"--frames"});
  write("f.csv", {"--frames"});
  const auto frames = read_npy(out("f.npy"));
  const auto series = core::parse_json(read_text(out("f.jsonl")), "row");
  const auto lines = lines_of(read_text(out("f.csv")));
  ASSERT_EQ(frames.shape[1], 2U);
  ASSERT_EQ(series["features"]["rms"].size(), frames.shape[0]);
  EXPECT_EQ(lines.size(), frames.shape[0] + 1);
  EXPECT_EQ(lines[0], "path,time_s,rms,f0_semitones,error_code,error\r");
  for (std::size_t i = 0; i < frames.shape[0]; ++i) {
    EXPECT_EQ(series["features"]["rms"][i].get<float>(), static_cast<float>(frames.values[2 * i]));
  }
}

TEST_F(ExploreFeatures, ABadFileGetsARowWithItsErrorAndTheRestGoesOn) {
  const auto bad = folder_.write("bad.wav", "this is no recording").string();
  std::filesystem::create_directories(folder_ / "empty");
  const auto run = explore({bad, first_, out("missing.wav"), out("empty"), first_, "--out",
                            out("a.jsonl"), "--features.descriptors", "rms"});
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_NE(run.err.find("3 of 5 recordings could not be used"), std::string::npos) << run.err;
  const auto rows = lines_of(read_text(out("a.jsonl")));
  const char* codes[] = {"E_AUDIO_FORMAT", "", "E_AUDIO_MISSING", "E_CORPUS_EMPTY", ""};
  ASSERT_EQ(rows.size(), 5U);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto row = core::parse_json(rows[i], "row");
    EXPECT_EQ(row.contains("error") ? row["error"]["code"] : core::Json(""), codes[i]) << rows[i];
  }
  EXPECT_EQ(explore({bad, "--out", out("none.csv")}).exit_code, 3);
  EXPECT_FALSE(std::filesystem::exists(out("none.csv")));
}

TEST_F(ExploreFeatures, ReadsListsOfFiles) {
  RunOptions options;
  options.input = recordings_[3].string() + "\n\n" + first_ + "\r\n";
  const auto run = explore(
      {"--files-from", "-", "--out", out("a.csv"), "--features.descriptors", "rms"}, options);
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(lines_of(read_text(out("a.csv"))).size(), 3U);
}

TEST_F(ExploreFeatures, WrongUseIsFoundBeforeTheWork) {
  const auto expect = [&](std::vector<std::string> arguments, int exit_code,
                          const std::string& said) {
    const auto run = explore(std::move(arguments));
    EXPECT_EQ(run.exit_code, exit_code) << run.err;
    EXPECT_NE(run.err.find(said), std::string::npos) << run.err;
  };
  expect({"--out", out("a.csv")}, 2, "which recordings");
  expect({first_}, 2, "--out");
  expect({first_, "--out", out("a.txt")}, 2, ".jsonl");
  expect({first_, "--out", out("a.csv"), "--features.descriptors", "charm"}, 2, "charm");
  expect({first_, "--out", out("a.csv"), "--training.epochs", "3"}, 2, "--training.epochs");
  expect({first_, "--out", out("a.csv"), "--clip.silence", "cut"}, 2, "clip.silence");
  expect({first_, "--out", out("a.csv"), "--frames", "--features.descriptors", "[]",
          "--features.functionals", "prosody"},
         2, "features.descriptors");
  expect({first_, "--out", out("none/a.csv")}, 5, "E_OUTPUT_OPEN");
  EXPECT_TRUE(std::filesystem::is_empty(folder_.path()));
  EXPECT_EQ(run_program("ser-explore", {}).exit_code, 2);
  EXPECT_EQ(run_program("ser-explore", {"paint"}).exit_code, 2);
  const auto help = explore({"--help"});
  EXPECT_EQ(help.exit_code, 0);
  EXPECT_NE(help.out.find("--features.descriptors"), std::string::npos);
}

// What stands in the model is what is done in use.
TEST_F(ExploreFeatures, DescriptorsFunctionalsAndSilenceTravelWithTheModel) {
  const auto run = run_program(
      "ser-train",
      {kDemo, "--out", out("m.ser"), "--split", "random", "--epochs", "2", "--features.descriptors",
       "f0_semitones,harmonics_to_noise,spectral_centroid", "--features.functionals", "prosody",
       "--features.delta_order", "1", "--clip.silence", "remove", "--clip.silence_top_db", "40"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const auto predicted = run_program("ser-predict", {"--model", out("m.ser"), first_});
  EXPECT_EQ(predicted.exit_code, 0) << predicted.err;
  const auto model = read_text(out("m.ser"));
  EXPECT_NE(model.find(R"("silence":"remove")"), std::string::npos);
  EXPECT_NE(model.find(R"("functionals":["prosody"])"), std::string::npos);
}

}  // namespace
}  // namespace ser::test
