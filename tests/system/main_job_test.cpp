#include <csignal>
#include <set>

#include <gtest/gtest.h>

#include "ser/core/random.h"

#include "system/demo.h"

namespace ser::test {
namespace {

double test_uar(const core::Json& report) { return report["result"]["test"]["uar"].get<double>(); }

TEST(MainJob, LearnsTheDemoCorpusAndReportsHow) {
  const auto& model = DemoModel::get();
  ASSERT_EQ(model.run().exit_code, 0) << model.run().err;
  const auto report = model.report();
  EXPECT_EQ(report["schema"], "ser-training-report/1");
  EXPECT_EQ(report["result"]["protocol"], "random");
  EXPECT_GT(test_uar(report), 0.9);
  EXPECT_EQ(report["corpus"]["classes"].size(), 7U);
  // every clip is in exactly one part
  std::set<std::string> ids;
  std::size_t members = 0;
  for (const char* part : {"train", "validation", "test"}) {
    for (const auto& id : report["split"][part]) {
      ids.insert(id.get<std::string>());
      ++members;
    }
  }
  EXPECT_EQ(ids.size(), members);
  EXPECT_EQ(members, demo_recordings().size());
  EXPECT_FALSE(report["training"]["history"].empty());
  EXPECT_NE(model.run().out.find("protocol random"), std::string::npos);
  EXPECT_NE(model.run().out.find("UAR"), std::string::npos);
}

TEST(MainJob, KeepsSpeakersApartUnlessAskedOtherwise) {
  const TemporaryFolder folder;
  const auto run =
      run_program("ser-train", {kDemo, "--out", (folder / "m.ser").string(), "--epochs", "2"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const auto report = core::parse_json(read_text(folder / "m.report.json"), "report");
  EXPECT_EQ(report["result"]["protocol"], "speaker");
  const auto speaker = [](const core::Json& id) {
    const auto name = std::filesystem::path(id.get<std::string>()).filename().string();
    return name.substr(0, 3);
  };
  std::set<std::string> training;
  for (const auto& id : report["split"]["train"]) training.insert(speaker(id));
  EXPECT_EQ(training.size(), 1U);
  for (const auto& id : report["split"]["test"]) EXPECT_FALSE(training.contains(speaker(id)));
}

TEST(MainJob, TheSameSeedGivesTheSameBytesForAnyNumberOfJobs) {
  const TemporaryFolder folder;
  const auto train = [&](const std::string& name, const std::string& seed,
                         const std::string& jobs) {
    const auto path = (folder / name).string();
    const auto run = run_program("ser-train", {kDemo, "--out", path, "--split", "random",
                                               "--epochs", "2", "--seed", seed, "--jobs", jobs});
    EXPECT_EQ(run.exit_code, 0) << run.err;
    return read_text(path);
  };
  const auto one = train("one.ser", "5", "1");
  EXPECT_EQ(train("three.ser", "5", "3"), one);
  EXPECT_NE(train("other.ser", "6", "3"), one);
}

TEST(MainJob, TrainingFromThePrintedConfigurationRepeatsTheRun) {
  const TemporaryFolder folder;
  const auto printed =
      run_program("ser-train", {"--print-config", "--split", "random", "--epochs", "2"});
  ASSERT_EQ(printed.exit_code, 0) << printed.err;
  folder.write("effective.json", printed.out);
  const auto train = [&](const std::string& name, std::vector<std::string> options) {
    const auto path = (folder / name).string();
    options.insert(options.begin(), {kDemo, "--out", path});
    const auto run = run_program("ser-train", options);
    EXPECT_EQ(run.exit_code, 0) << run.err;
    return read_text(path);
  };
  EXPECT_EQ(train("a.ser", {"--split", "random", "--epochs", "2"}),
            train("b.ser", {"--config", (folder / "effective.json").string()}));
}

// If shuffled labels could be predicted, something about the test part would leak into training.
TEST(MainJob, ShuffledLabelsCannotBeLearnt) {
  const TemporaryFolder folder;
  auto recordings = demo_recordings();
  core::RandomStream(1).shuffle<std::filesystem::path>(recordings);
  for (std::size_t i = 0; i < recordings.size(); ++i) {
    const auto to = folder.path() / "tree" / ("class" + std::to_string(i % 7)) /
                    ("clip" + std::to_string(i) + ".wav");
    std::filesystem::create_directories(to.parent_path());
    std::filesystem::copy_file(recordings[i], to);
  }
  const std::vector<std::vector<std::string>> recipes = {
      {"--recipe", "functionals"},
      {"--recipe", "lda"},
      {"--recipe", "frames", "--epochs", "12", "--training.cosine.warm_up_epochs", "2"}};
  for (auto options : recipes) {
    SCOPED_TRACE(options[1]);
    options.insert(options.end(), {(folder / "tree").string(), "--out", (folder / "m.ser").string(),
                                   "--test", "0.5", "--split", "random"});
    const auto run = run_program("ser-train", options);
    ASSERT_EQ(run.exit_code, 0) << run.err;
    const auto report = core::parse_json(read_text(folder / "m.report.json"), "report");
    // Chance is 1/7; the bound is five standard errors above it.
    const double clips = report["result"]["test"]["clips"].get<double>();
    EXPECT_LT(test_uar(report), 1.0 / 7 + 5 * std::sqrt(1.0 / 7 * 6 / 7 / clips));
  }
}

TEST(MainJob, AnInterruptedRunLeavesNothingBehind) {
  for (const int signal : {SIGINT, SIGTERM}) {
    const TemporaryFolder folder;
    RunOptions options;
    options.signal = signal;
    options.signal_after = "epoch 2/";
    const auto run = run_program("ser-train",
                                 {kDemo, "--out", (folder / "m.ser").string(), "--recipe",
                                  "classic", "--split", "random", "--checkpoint-every", "0"},
                                 options);
    EXPECT_EQ(run.exit_code, 128 + signal);
    EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
  }
}

TEST(MainJob, IsDrawnOverItsEpochs) {
  const TemporaryFolder folder;
  const auto picture = (folder / "epochs.svg").string();
  const auto train = [&](std::vector<std::string> options) {
    options.insert(options.begin(), {kDemo, "--out", (folder / "m.ser").string(), "--epochs", "3",
                                     "--picture", picture});
    return run_program("ser-train", options);
  };
  const auto folds = train({"--protocol", "loso"});
  EXPECT_EQ(folds.exit_code, 2);
  EXPECT_NE(folds.err.find("--picture"), std::string::npos) << folds.err;
  EXPECT_FALSE(std::filesystem::exists(picture));
  const auto run = train({"--split", "random"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_NE(read_text(picture).find("<title>Training</title>"), std::string::npos);
}

}  // namespace
}  // namespace ser::test
