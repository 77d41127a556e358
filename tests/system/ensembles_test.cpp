// Ensembles as a user meets them.
#include <gtest/gtest.h>

#include "system/demo.h"

namespace ser::test {
namespace {

class Ensembles : public testing::Test {
 protected:
  ProgramResult train(std::vector<std::string> options) const {
    options.insert(options.begin(), {kDemo, "--recipe", recipe_, "--out", out_, "--jobs", "2"});
    return run_program("ser-train", options);
  }
  core::Json read_json(const std::string& name) const {
    return core::parse_json(read_text(folder_ / name), name);
  }

  TemporaryFolder folder_;
  std::string recipe_ =
      folder_
          .write(
              "pair.json",
              R"({"name": "pair", "members": [{"recipe": "lda"}, {"recipe": "mlp", "seeds": 2}]})")
          .string();
  std::string out_ = (folder_ / "m.ser").string();
};

TEST_F(Ensembles, AreTrainedScoredAndAskedAsAnyModel) {
  const auto run = train({"--split", "random"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  for (const char* part : {"member lda: ", "member mlp (2): ", "the mean of their probabilities"}) {
    EXPECT_NE(run.out.find(part), std::string::npos) << run.out;
  }
  const auto report = read_json("m.report.json");
  EXPECT_EQ(report["members"].size(), 3U);
  EXPECT_EQ(report["recipe"]["members"][1]["recipe"]["name"], "mlp");
  EXPECT_GT(report["result"]["test"]["uar"].get<double>(), 0.9);

  const auto evaluated = run_program(
      "ser-eval", {"--model", out_, kDemo, "--format", "json", "--stress", "--jobs", "2"});
  ASSERT_EQ(evaluated.exit_code, 0) << evaluated.err;
  const auto scores = core::parse_json(evaluated.out, "scores");
  EXPECT_EQ(scores["metrics"], report["result"]["test"]);
  EXPECT_EQ(scores["stress"]["conditions"][0]["clips"], report["result"]["test"]["clips"]);

  // The labels of the test clips are those of the evaluation.
  const auto& predictions = scores["predictions"];
  std::vector<std::string> options = {"--model", out_, "--format", "jsonl", "--probabilities"};
  for (const auto& prediction : predictions) {
    options.push_back(kDemo + "/" + prediction["id"].get<std::string>());
  }
  const auto predicted = run_program("ser-predict", options);
  ASSERT_EQ(predicted.exit_code, 0) << predicted.err;
  const auto rows = lines_of(predicted.out);
  ASSERT_EQ(rows.size(), predictions.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto row = core::parse_json(rows[i], "row");
    const auto& classes = scores["metrics"]["confusion"]["classes"];
    for (std::size_t c = 0; c < classes.size(); ++c) {
      EXPECT_NEAR(row["probabilities"][classes[c].get<std::string>()].get<double>(),
                  predictions[i]["probabilities"][c].get<double>(), 6e-5);  // four digits
    }
  }
}

TEST_F(Ensembles, AreFoldedWithSeedsAndTrainedOnEverything) {
  const auto run = train({"--protocol", "loso", "--seeds", "1..2", "--final"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_NE(run.out.find("Members of the ensemble"), std::string::npos) << run.out;
  const auto folds = read_json("m.folds.json");
  ASSERT_EQ(folds["folds"].size(), 4U);
  for (const auto& fold : folds["folds"]) EXPECT_EQ(fold["members"].size(), 3U);
  EXPECT_EQ(read_json("m.report.json")["cross_validation"], folds["summary"]);
  EXPECT_EQ(
      run_program("ser-predict", {"--model", out_, demo_recordings().front().string()}).exit_code,
      0);
}

TEST_F(Ensembles, HaveNoFormInOtherPrograms) {
  const auto onnx = (folder_ / "m.onnx").string();
  const auto early = train({"--split", "random", "--export-onnx", onnx});
  EXPECT_EQ(early.exit_code, 2);
  EXPECT_NE(early.err.find("an ensemble has several networks"), std::string::npos) << early.err;
  ASSERT_EQ(train({"--split", "random"}).exit_code, 0);
  for (const char* format : {"--onnx", "--safetensors"}) {
    const auto late = run_program("ser-export", {"--model", out_, format, onnx});
    EXPECT_EQ(late.exit_code, 4);
    EXPECT_NE(late.err.find("E_MODEL_ENSEMBLE"), std::string::npos) << late.err;
    EXPECT_FALSE(std::filesystem::exists(onnx));
  }
}

TEST_F(Ensembles, AreAskedOfLongRecordingsAndOfOneSpeaker) {
  ASSERT_EQ(train({"--split", "random", "--normalize", "speaker"}).exit_code, 0);
  const auto recordings = demo_recordings();
  std::vector<std::string> options = {"--model", out_, "--one-speaker", "--format", "csv"};
  for (const auto& recording : recordings) options.push_back(recording.string());
  const auto together = run_program("ser-predict", options);
  EXPECT_EQ(together.exit_code, 0) << together.err;
  EXPECT_EQ(lines_of(together.out).size(), recordings.size() + 1);
  const auto segments =
      run_program("ser-predict", {"--model", out_, "--segments", recordings[0].string()});
  EXPECT_EQ(segments.exit_code, 0) << segments.err;
  EXPECT_FALSE(segments.out.empty());
}

TEST_F(Ensembles, AreNotExplainedAndSaySoBeforeAnyWork) {
  const auto picture = (folder_ / "p.svg").string();
  const auto early = train({"--split", "random", "--picture", picture});
  EXPECT_EQ(early.exit_code, 2);
  EXPECT_NE(early.err.find("an ensemble has several networks"), std::string::npos) << early.err;
  ASSERT_EQ(train({"--split", "random"}).exit_code, 0);
  const auto refused = [&](const ProgramResult& run) {
    EXPECT_EQ(run.exit_code, 4);
    EXPECT_NE(run.err.find("E_MODEL_ENSEMBLE"), std::string::npos) << run.err;
    EXPECT_EQ(run.out, "");
  };
  const auto explanation = (folder_ / "e.json").string();
  refused(run_program("ser-predict",
                      {"--model", out_, "--explain", explanation, demo_recordings()[0].string()}));
  EXPECT_FALSE(std::filesystem::exists(explanation));
  refused(run_program("ser-eval", {"--model", out_, kDemo, "--importance"}));
}

TEST_F(Ensembles, AreAConfigurationToo) {
  const auto run = run_program("ser-train", {"--config", recipe_, "--seed", "7", "--print-config"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const auto config = core::parse_json(run.out, "config");
  EXPECT_EQ(config["members"].size(), 2U);
  EXPECT_EQ(config["seed"], 7);
  const auto trained = run_program(
      "ser-train", {kDemo, "--config", recipe_, "--split", "random", "--out", out_, "--jobs", "2"});
  EXPECT_EQ(trained.exit_code, 0) << trained.err;
}

TEST_F(Ensembles, TakeNoOptionThatTheirMembersDecide) {
  const auto run = train({"--epochs", "2"});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_NE(run.err.find("training: has no effect on an ensemble"), std::string::npos) << run.err;
}

}  // namespace
}  // namespace ser::test
