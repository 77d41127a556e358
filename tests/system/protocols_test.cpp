// Folds, seeds and split files, as a user meets them.
#include <csignal>
#include <set>

#include <gtest/gtest.h>

#include "ser/model/model_file.h"

#include "system/demo.h"

namespace ser::test {
namespace {

class Protocols : public testing::Test {
 protected:
  ProgramResult train(std::vector<std::string> options, const RunOptions& run = {}) const {
    options.insert(options.begin(), {kDemo, "--out", out_, "--epochs", "2"});
    return run_program("ser-train", options, run);
  }
  core::Json read_json(const char* name) const {
    return core::parse_json(read_text(folder_ / name), name);
  }
  core::Json report() const { return read_json("m.folds.json"); }

  TemporaryFolder folder_;
  std::string out_ = (folder_ / "m.ser").string();
};

TEST_F(Protocols, LosoTestsEverySpeakerAndWritesNoModel) {
  const auto run = train({"--protocol", "loso", "--seeds", "1..2", "--jobs", "2"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_FALSE(std::filesystem::exists(out_));
  EXPECT_NE(run.err.find("no model"), std::string::npos) << run.err;
  EXPECT_NE(run.out.find("protocol loso (speaker-independent), 2 folds, seeds 1, 2"),
            std::string::npos)
      << run.out;
  EXPECT_NE(run.out.find("By speaker"), std::string::npos);
  auto json = report();
  EXPECT_EQ(json["schema"], "ser-cross-validation/1");
  ASSERT_EQ(json["folds"].size(), 4U);
  std::set<std::string> tested;
  for (std::size_t f = 0; f < 2; ++f) {
    EXPECT_FALSE(json["folds"][f]["training"]["history"].empty());
    for (const auto& id : json["folds"][f]["split"]["test"]) tested.insert(id.get<std::string>());
  }
  EXPECT_EQ(tested.size(), demo_recordings().size());
  EXPECT_EQ(json["summary"]["pooled"]["clips"], 2 * tested.size());
  EXPECT_GT(json["corpus"]["hours"].get<double>(), 0.0);
  EXPECT_FALSE(json["corpus"]["sample_rates"].empty());

  // The same, to the byte, by one thread.
  const auto alone = train({"--protocol", "loso", "--seeds", "1,2", "--jobs", "1"});
  EXPECT_EQ(alone.out, run.out);
  auto other = report();
  json.erase("timing");
  other.erase("timing");
  EXPECT_EQ(other.dump(), json.dump());
}

TEST_F(Protocols, FinalWritesAModelThatKnowsTheScoreOfItsFolds) {
  const auto run = train({"--protocol", "kfold", "--folds", "3", "--final"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_NE(run.out.find("protocol kfold (speaker-dependent), 3 folds"), std::string::npos);
  const auto model_report = read_json("m.report.json");
  EXPECT_EQ(model_report["schema"], "ser-training-report/1");
  EXPECT_EQ(model_report["split"]["train"].size(), demo_recordings().size());
  EXPECT_EQ(model_report["cross_validation"], report()["summary"]);
  const auto predicted =
      run_program("ser-predict", {"--model", out_, demo_recordings().front().string()});
  EXPECT_EQ(predicted.exit_code, 0) << predicted.err;
  // It was trained on all of them, so there is nothing left to score honestly.
  EXPECT_EQ(run_program("ser-eval", {"--model", out_, kDemo}).exit_code, 3);
}

TEST_F(Protocols, AWrittenSplitTrainsTheSameModel) {
  const auto split = (folder_ / "split.json").string();
  ASSERT_EQ(train({"--split", "random", "--write-split", split}).exit_code, 0);
  const auto model = model::deserialize(read_text(out_), "m");
  const auto again = train({"--split-file", split});
  ASSERT_EQ(again.exit_code, 0) << again.err;
  EXPECT_EQ(read_json("m.report.json")["result"]["protocol"], "random");
  EXPECT_EQ(model::deserialize(read_text(out_), "m").only().parts().parameters,
            model.only().parts().parameters);
  const auto wrong = train({"--split-file", split, "--labels", "folder"});
  EXPECT_EQ(wrong.exit_code, 3) << wrong.err;
  EXPECT_NE(wrong.err.find("E_SPLIT_FILE"), std::string::npos) << wrong.err;
}

TEST_F(Protocols, FoldsLeaveTheReportOfAnEarlierModelAlone) {
  folder_.write("m.report.json", "of a model");
  const auto run = train({"--protocol", "loso"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(read_text(folder_ / "m.report.json"), "of a model");
  EXPECT_NE(run.err.find("m.folds.json"), std::string::npos) << run.err;
  const auto named = (folder_ / "named.json").string();
  ASSERT_EQ(train({"--protocol", "loso", "--report", named}).exit_code, 0);
  EXPECT_EQ(read_json("named.json")["schema"], "ser-cross-validation/1");
}

TEST_F(Protocols, WithoutTestClipsFoldsHaveNoScores) {
  const auto run = train({"--split", "random", "--test", "0", "--seeds", "1,2"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_NE(run.out.find("no test clips"), std::string::npos) << run.out;
  EXPECT_EQ(run.out.find("0.0000"), std::string::npos) << run.out;
}

TEST_F(Protocols, ASplitCanBeWrittenWithoutTraining) {
  const auto split = (folder_ / "folds.json").string();
  const auto run = train({"--protocol", "loso", "--write-split", split, "--split-only"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_FALSE(std::filesystem::exists(folder_ / "m.folds.json"));
  EXPECT_EQ(core::parse_json(read_text(split), "split")["folds"].size(), 2U);
  const auto folds = train({"--split-file", split});
  EXPECT_EQ(folds.exit_code, 0) << folds.err;
  EXPECT_EQ(report()["summary"]["folds"], 2);
}

TEST_F(Protocols, WrongUseIsToldBeforeAnythingIsRead) {
  const auto expect = [&](std::vector<std::string> options, int exit_code, const char* said) {
    const auto run = train(std::move(options));
    EXPECT_EQ(run.exit_code, exit_code) << run.err;
    EXPECT_NE(run.err.find(said), std::string::npos) << run.err;
    EXPECT_TRUE(std::filesystem::is_empty(folder_.path()));
  };
  expect({"--seeds", "3..1"}, 2, "counts downwards");
  expect({"--seeds", "1,1"}, 2, "has a seed twice");
  expect({"--seeds", "1..1001"}, 2, "more than 1000");
  expect({"--seeds", "0..18446744073709551615"}, 2, "more than 1000");
  expect({"--seeds", "1..x"}, 2, "no list of seeds");
  expect({"--seeds", "1..2", "--seed", "1"}, 2, "--seed");
  expect({"--split-only"}, 2, "--write-split");
  expect({"--seeds", "1..2", "--write-split", (folder_ / "s").string()}, 2, "goes with one");
  expect({"--protocol", "loso", "--test-speakers", "OAF"}, 2, "test_speakers can be named");
  expect({"--protocol", "cross-corpus"}, 3, "E_SPLIT_CORPORA");
  expect({"--folds", "1"}, 2, "split.folds");
  expect({"--protocol", "loso", "--write-split", out_}, 2, "cannot both be");
}

TEST_F(Protocols, AnInterruptedRunLeavesNothingBehind) {
  for (const int signal : {SIGINT, SIGTERM}) {
    RunOptions options;
    options.signal = signal;
    options.signal_after = "features";
    const auto run = train({"--protocol", "loso", "--seeds", "1..50", "--recipe", "classic",
                            "--final", "--checkpoint-every", "0"},
                           options);
    EXPECT_EQ(run.exit_code, 128 + signal);
    EXPECT_TRUE(std::filesystem::is_empty(folder_.path()));
  }
}

TEST_F(Protocols, AnImpatientUserLeavesNothingBehindEither) {
  for (const char* moment : {"Hours", "features", "1/100 done"}) {
    RunOptions options;
    options.signal = SIGINT;
    options.signals = 3;
    options.signal_after = moment;
    const auto run = train({"--protocol", "loso", "--seeds", "1..50", "--final", "--jobs", "2",
                            "--checkpoint-every", "0"},
                           options);
    EXPECT_EQ(run.exit_code, 130) << moment;
    EXPECT_TRUE(std::filesystem::is_empty(folder_.path())) << moment;
  }
}

}  // namespace
}  // namespace ser::test
