#include <cmath>

#include <gtest/gtest.h>

#include "ser/audio/load.h"
#include "ser/audio/write.h"
#include "ser/core/random.h"

#include "system/demo.h"

namespace ser::test {
namespace {

core::Json evaluate(const std::vector<std::string>& options, int expected_exit_code = 0) {
  std::vector<std::string> arguments = {"--model", DemoModel::get().path(), kDemo, "--format",
                                        "json"};
  arguments.insert(arguments.end(), options.begin(), options.end());
  const auto run = run_program("ser-eval", arguments);
  EXPECT_EQ(run.exit_code, expected_exit_code) << run.err;
  return core::parse_json(run.out, "stdout");
}

TEST(Evaluation, OfTheTrainingTreeScoresTheTestPartAndRepeatsItsScore) {
  const auto report = DemoModel::get().report();
  const auto json = evaluate({});
  EXPECT_EQ(json["protocol"], "random");
  EXPECT_EQ(json["contaminated"], false);
  EXPECT_EQ(json["metrics"], report["result"]["test"]);
  EXPECT_EQ(json["scored"]["test"], report["split"]["test"].size());
  EXPECT_EQ(json["scored"]["train"], 0);
  EXPECT_EQ(json["in_tree"]["train"], report["split"]["train"].size());
}

TEST(Evaluation, SaysWhatItFoundInTheTree) {
  const auto run = run_program("ser-eval", {"--model", DemoModel::get().path(), kDemo});
  for (const char* line : {"Recordings", "Speakers", "Hours", "Sample rates"}) {
    EXPECT_NE(run.err.find(line), std::string::npos) << run.err;
    EXPECT_EQ(run.out.find(line), std::string::npos) << run.out;
  }
}

TEST(Evaluation, OfWhatAProtocolLeftOutHasToBeAskedFor) {
  const TemporaryFolder folder;
  const auto path = (folder / "m.ser").string();
  const auto train = run_program(
      "ser-train", {kDemo, "--out", path, "--protocol", "speaker+text", "--epochs", "2"});
  ASSERT_EQ(train.exit_code, 0) << train.err;
  const auto report = core::parse_json(read_text(folder / "m.report.json"), "report");
  const auto& split = report["split"];
  const auto in_parts = split["train"].size() + split["validation"].size() + split["test"].size();
  ASSERT_LT(in_parts, demo_recordings().size());
  const auto run = run_program("ser-eval", {"--model", path, kDemo, "--format", "json"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const auto json = core::parse_json(run.out, "stdout");
  EXPECT_EQ(json["metrics"], report["result"]["test"]);
  EXPECT_EQ(json["protocol"], "speaker+text");
  EXPECT_EQ(json["in_tree"]["left_out"], demo_recordings().size() - in_parts);
  EXPECT_EQ(json["in_tree"]["unknown"], 0);
  const auto left_out =
      run_program("ser-eval", {"--model", path, kDemo, "--format", "json", "--part", "left-out"});
  ASSERT_EQ(left_out.exit_code, 0) << left_out.err;
  EXPECT_EQ(core::parse_json(left_out.out, "stdout")["metrics"]["clips"],
            json["in_tree"]["left_out"]);
}

// Of the folded network to that which training scored.
TEST(Evaluation, IsThatOfThePredictionsThatUsersGet) {
  const auto report = DemoModel::get().report();
  std::vector<std::string> arguments = {"--model", DemoModel::get().path(), "--format", "jsonl"};
  for (const auto& id : report["split"]["test"]) {
    arguments.push_back(kDemo + "/" + id.get<std::string>());
  }
  const auto run = run_program("ser-predict", arguments);
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const auto lines = lines_of(run.out);
  ASSERT_EQ(lines.size(), report["split"]["test"].size());
  std::int64_t right = 0;
  for (const auto& line : lines) {
    const auto row = core::parse_json(line, "row");
    const auto label = row["label"].get<std::string>();
    if (row["path"].get<std::string>().find("_" + label) != std::string::npos) ++right;
  }
  const double accuracy = report["result"]["test"]["accuracy"].get<double>();
  EXPECT_EQ(right, std::lround(accuracy * static_cast<double>(lines.size())));
}

TEST(Evaluation, OfTrainingClipsSaysSoLoudly) {
  const auto json = evaluate({"--part", "all"});
  EXPECT_EQ(json["protocol"], "contaminated");
  EXPECT_EQ(json["contaminated"], true);
  const auto text =
      run_program("ser-eval", {"--model", DemoModel::get().path(), kDemo, "--part", "train"});
  EXPECT_NE(text.out.find("NOT HONEST"), std::string::npos);
  EXPECT_NE(text.err.find("NOT HONEST"), std::string::npos);
}

TEST(Evaluation, KnowsATrainingClipUnderAnotherName) {
  const TemporaryFolder folder;
  const auto report = DemoModel::get().report();
  const auto id = report["split"]["train"][0].get<std::string>();
  const auto label = std::filesystem::path(id).parent_path().string().substr(4);
  std::filesystem::create_directories(folder / label);
  std::filesystem::copy_file(kDemo + "/" + id, folder / label / "stranger.wav");
  const auto run =
      run_program("ser-eval", {"--model", DemoModel::get().path(), folder.path().string()});
  EXPECT_EQ(run.exit_code, 3);
  EXPECT_NE(run.err.find("E_EVAL_NO_CLIPS"), std::string::npos);
  EXPECT_NE(run.err.find("1 it was trained on"), std::string::npos) << run.err;
}

TEST(Evaluation, KnowsATrainingClipThatWasMadeSofter) {
  const TemporaryFolder folder;
  const auto report = DemoModel::get().report();
  const auto id = report["split"]["train"][0].get<std::string>();
  const auto label = std::filesystem::path(id).parent_path().string().substr(4);
  std::filesystem::create_directories(folder / label);
  auto sound = audio::load_audio(kDemo + "/" + id).waveform;
  for (float& sample : sound.samples) sample *= 0.3F;
  audio::write_wav(folder / label / "stranger.wav", sound);
  const auto json = core::parse_json(
      run_program("ser-eval", {"--model", DemoModel::get().path(), folder.path().string(), "--part",
                               "all", "--format", "json"})
          .out,
      "stdout");
  EXPECT_EQ(json["contaminated"], true);
  EXPECT_EQ(json["near_copies"], 1);
}

TEST(Evaluation, GatesDecideTheExitCodeAndTheLastLine) {
  const auto gate = [](const std::string& text) {
    return run_program("ser-eval", {"--model", DemoModel::get().path(), kDemo, "--min", text});
  };
  const auto passed = gate("uar=0.5");
  EXPECT_EQ(passed.exit_code, 0);
  EXPECT_EQ(last_line(passed.out), "GATE PASSED: 1 of 1");
  const auto json = evaluate({});
  if (json["metrics"]["accuracy"].get<double>() < 1.0) {
    const auto missed = gate("accuracy=1");
    EXPECT_EQ(missed.exit_code, 1);
    EXPECT_EQ(last_line(missed.out).find("GATE MISSED: accuracy is"), 0U) << missed.out;
  }
  EXPECT_EQ(gate("charm=0.5").exit_code, 2);
  EXPECT_EQ(gate("recall.nostalgia=0.5").exit_code, 2);
  EXPECT_EQ(gate("uar=1.5").exit_code, 2);
  EXPECT_EQ(gate("uar=nan").exit_code, 2);
  EXPECT_EQ(gate("uar").exit_code, 2);
}

TEST(Evaluation, AMissedGateExitsWithOne) {
  // Swapped labels make every prediction wrong, so the gate cannot be reached.
  const TemporaryFolder folder;
  const auto report = DemoModel::get().report();
  for (const auto& entry : report["split"]["test"]) {
    const std::filesystem::path id = entry.get<std::string>();
    const bool angry = id.string().find("angry") != std::string::npos;
    const bool sad = id.string().find("sad") != std::string::npos;
    if (!angry && !sad) continue;
    const auto to = folder.path() / (angry ? "sad" : "angry") / ("x" + id.filename().string());
    std::filesystem::create_directories(to.parent_path());
    std::filesystem::copy_file(kDemo / id, to);
  }
  const auto run = run_program("ser-eval", {"--model", DemoModel::get().path(),
                                            folder.path().string(), "--min", "accuracy=0.9"});
  EXPECT_EQ(run.exit_code, 1) << run.err;
  EXPECT_EQ(last_line(run.out).find("GATE MISSED: accuracy is"), 0U) << run.out;
}

TEST(Evaluation, LabelsAreComparedByName) {
  const TemporaryFolder folder;
  for (const char* label : {"nostalgia", "anger"}) {
    std::filesystem::create_directories(folder / label);
    auto random = core::RandomStream(1).fork(label);
    audio::Waveform noise{std::vector<float>(16000), 16000};  // a sound that the model has not met
    for (float& sample : noise.samples) sample = static_cast<float>(0.1 * random.normal());
    audio::write_wav(folder / label / "x.wav", noise);
  }
  const auto run = run_program(
      "ser-eval", {"--model", DemoModel::get().path(), folder.path().string(), "--format", "json"});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  const auto json = core::parse_json(run.out, "stdout");
  EXPECT_EQ(json["metrics"]["clips"], 1);
  EXPECT_EQ(json["unknown_labels"][0]["label"], "nostalgia");
  EXPECT_EQ(json["protocol"], "other data");
}

TEST(Evaluation, WritesMarkdownAndFiles) {
  const TemporaryFolder folder;
  const auto path = (folder / "score.md").string();
  const auto run = run_program("ser-eval", {"--model", DemoModel::get().path(), kDemo, "--format",
                                            "markdown", "--out", path});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(run.out, "");
  EXPECT_NE(read_text(path).find("| angry |"), std::string::npos) << read_text(path);
}

}  // namespace
}  // namespace ser::test
