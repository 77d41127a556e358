#include <cmath>
#include <cstdlib>

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
  EXPECT_EQ(gate("ece=0.5").exit_code, 2) << "the lower the better";
  EXPECT_EQ(gate("coverage=0.5").exit_code, 2) << "without a threshold";
}

ProgramResult evaluate_demo(std::vector<std::string> options) {
  options.insert(options.begin(), {"--model", DemoModel::get().path(), kDemo});
  return run_program("ser-eval", options);
}

TEST(Evaluation, GatesOfEveryKindDecideTheExitCodeAndTheLastLine) {
  const auto json = evaluate({});
  const auto accuracy = json["values"]["accuracy"].get<double>();
  const auto ece = json["values"]["ece"].get<double>();
  const auto low = json["intervals"]["metrics"]["uar"][0].get<double>();
  const auto high = json["intervals"]["metrics"]["ece"][1].get<double>();
  const auto text = [](const char* metric, double bound) {
    return metric + std::string("=") + core::Json(bound).dump();
  };
  // equality passes, whatever the kind
  const auto equal = evaluate_demo({"--min", text("accuracy", accuracy), "--max", text("ece", ece),
                                    "--min-ci", text("uar", low), "--max-ci", text("ece", high)});
  EXPECT_EQ(equal.exit_code, 0) << equal.out;
  EXPECT_EQ(last_line(equal.out), "GATE PASSED: 4 of 4");
  const auto missed = [&](const std::vector<std::string>& options, const std::string& line) {
    const auto run = evaluate_demo(options);
    EXPECT_EQ(run.exit_code, 1) << run.err;
    EXPECT_EQ(last_line(run.out).find(line), 0U) << run.out;
  };
  ASSERT_GT(ece, 0.0);
  missed({"--max", text("ece", ece / 2.0)}, "GATE MISSED: ece is ");
  missed({"--max-ci", text("ece", high / 2.0)}, "GATE MISSED: the interval of ece ends at ");
  if (low < 1.0) {
    missed({"--min-ci", text("uar", low + 0.0005)}, "GATE MISSED: the interval of uar begins at ");
  }
}

TEST(Evaluation, IsHeldAgainstABaseline) {
  const TemporaryFolder folder;
  const auto file = (folder / "old.json").string();
  ASSERT_EQ(evaluate_demo({"--format", "json", "--out", file}).exit_code, 0);
  EXPECT_EQ(
      evaluate_demo({"--baseline", file, "--max-drop", "uar=0", "--max-drop", "ece=0"}).exit_code,
      0);
  auto json = core::parse_json(read_text(file), "old.json");
  json["values"]["log_loss"] = json["values"]["log_loss"].get<double>() - 0.125;
  json["metrics"]["clips"] = 1;
  const auto other = folder.write("other.json", json.dump()).string();
  const auto worse = evaluate_demo({"--baseline", other, "--max-drop", "log_loss=0.1"});
  EXPECT_EQ(worse.exit_code, 1);
  EXPECT_EQ(last_line(worse.out).find("GATE MISSED: log_loss rose by 0.1250 from "), 0U);
  EXPECT_NE(worse.err.find("the baseline is of 1 clips"), std::string::npos) << worse.err;
  EXPECT_EQ(evaluate_demo({"--max-drop", "uar=0.1"}).exit_code, 2);
  EXPECT_EQ(evaluate_demo({"--baseline", (folder / "none.json").string()}).exit_code, 2);
  EXPECT_EQ(evaluate_demo({"--baseline", folder.write("x.json", "{}").string()}).exit_code, 2);
}

TEST(Evaluation, TellsOtherProgramsOfItsGates) {
  const TemporaryFolder folder;
  const auto junit = (folder / "gates.xml").string();
  const auto markdown = (folder / "summary.md").string();
  const auto summary = folder.write("step.md", "before\n").string();
  setenv("GITHUB_STEP_SUMMARY", summary.c_str(), 1);
  const auto run =
      evaluate_demo({"--min", "uar=0.1", "--max", "log_loss=0", "--junit", junit, "--markdown",
                     markdown, "--annotate", "github", "--format", "json"});
  EXPECT_EQ(run.exit_code, 1);
  // what earlier commands of the step wrote stays
  EXPECT_EQ(read_text(summary), "before\n" + read_text(markdown) + "\n");
  setenv("GITHUB_STEP_SUMMARY", (folder / "no" / "step.md").c_str(), 1);
  EXPECT_EQ(evaluate_demo({"--annotate", "github"}).exit_code, 5);
  unsetenv("GITHUB_STEP_SUMMARY");
  const auto json = core::parse_json(run.out, "stdout");
  EXPECT_EQ(json["gates"][0]["passed"], true);
  EXPECT_EQ(json["gates"][1]["passed"], false);
  EXPECT_NE(read_text(junit).find("tests=\"3\" failures=\"1\" errors=\"0\""), std::string::npos);
  EXPECT_EQ(read_text(markdown).find("**GATE MISSED**"), 0U);
  EXPECT_NE(read_text(markdown).find("| UAR |"), std::string::npos);
  const auto lines = lines_of(run.err);
  EXPECT_NE(std::find_if(lines.begin(), lines.end(),
                         [](const std::string& line) {
                           return line.starts_with("::error title=Gate missed::log_loss is ");
                         }),
            lines.end())
      << run.err;
  EXPECT_EQ(last_line(run.err).find("ser-eval: GATE MISSED: log_loss is "), 0U) << run.err;
  EXPECT_EQ(evaluate_demo({"--junit", markdown, "--markdown", markdown}).exit_code, 2);
  EXPECT_EQ(evaluate_demo({"--junit", (folder / "no" / "x.xml").string()}).exit_code, 5);
}

TEST(Evaluation, DoesNotDependOnTheNumberOfThreads) {
  const std::vector<std::string> options = {"--format", "json", "--by", "speaker", "--by", "text"};
  auto one = options;
  one.insert(one.end(), {"--jobs", "1"});
  auto three = options;
  three.insert(three.end(), {"--jobs", "3"});
  const auto run = evaluate_demo(one);
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(run.out, evaluate_demo(three).out);
}

TEST(Evaluation, ScoresEachValueOfAColumn) {
  const auto json = evaluate({"--by", "speaker", "--threshold", "0.5"});
  ASSERT_EQ(json["groupings"].size(), 1U);
  std::int64_t clips = 0;
  for (const auto& group : json["groupings"][0]["groups"]) {
    clips += group["clips"].get<std::int64_t>();
    EXPECT_TRUE(group["values"].contains("coverage"));
  }
  EXPECT_EQ(clips, json["metrics"]["clips"].get<std::int64_t>());
  EXPECT_EQ(json["metrics"]["answered"]["threshold"], 0.5);
  EXPECT_EQ(json["values"]["coverage"], json["metrics"]["answered"]["coverage"]);
  const auto unknown = evaluate_demo({"--by", "mood"});
  EXPECT_EQ(unknown.exit_code, 2);
  EXPECT_NE(unknown.err.find("speaker, text, corpus"), std::string::npos) << unknown.err;
  EXPECT_EQ(evaluate_demo({"--threshold", "nan"}).exit_code, 2);
}

TEST(Evaluation, IsComparedWithAnotherModelOrFile) {
  const TemporaryFolder folder;
  const auto other = (folder / "other.ser").string();
  ASSERT_EQ(run_program("ser-train", {kDemo, "--out", other, "--split", "random", "--epochs", "1"})
                .exit_code,
            0);
  const auto old_file = (folder / "old.json").string();
  const auto new_file = (folder / "new.json").string();
  ASSERT_EQ(run_program("ser-eval", {"--model", other, kDemo, "--part", "test", "--format", "json",
                                     "--out", old_file})
                .exit_code,
            0);
  ASSERT_EQ(evaluate_demo({"--part", "test", "--format", "json", "--out", new_file}).exit_code, 0);
  // a model, a file, and two files: the same clips, so the same comparison
  const auto by_model = evaluate({"--part", "test", "--compare", other})["comparison"];
  const auto by_file = evaluate({"--part", "test", "--compare", old_file})["comparison"];
  const auto files =
      run_program("ser-eval", {"--compare", old_file, "--with", new_file, "--format", "json"});
  ASSERT_EQ(files.exit_code, 0) << files.err;
  const auto of_files = core::parse_json(files.out, "stdout");
  EXPECT_EQ(by_model["clips"], DemoModel::get().report()["split"]["test"].size());
  EXPECT_EQ(by_model["metrics"], by_file["metrics"]);
  EXPECT_EQ(by_model["metrics"], of_files["metrics"]);
  EXPECT_EQ(by_model["changed"], of_files["changed"]);
  EXPECT_GT(of_files["fixed"], 0);
  EXPECT_LT(of_files["metrics"]["uar"]["before"], of_files["metrics"]["uar"]["after"]);
  EXPECT_EQ(run_program("ser-eval", {"--with", new_file}).exit_code, 2);
  // a gate that nothing would check is no gate
  EXPECT_EQ(run_program("ser-eval", {"--compare", old_file, "--with", new_file, "--min", "uar=0.1"})
                .exit_code,
            2);
  EXPECT_EQ(evaluate_demo({"--compare", (folder / "none.json").string()}).exit_code, 2);
  EXPECT_EQ(evaluate_demo({"--compare", (folder / "none.ser").string()}).exit_code, 4);
}

// The README's table of the JSON names every member, and nothing else.
TEST(Evaluation, WritesTheJsonThatTheReadmeDocuments) {
  const auto json =
      evaluate({"--by", "speaker", "--min", "uar=0", "--compare", DemoModel::get().path(),
                "--stress", "--importance", "--repetitions", "1"});
  EXPECT_EQ(members_of(json), documented_members("### Gates for CI"));
  EXPECT_EQ(json["schema"], "ser-evaluation/2");
  EXPECT_TRUE(json["metrics"]["confusion"]["counts"].is_array());
  for (const auto& [name, value] : json["values"].items()) {
    EXPECT_TRUE(value.is_number() || value.is_null()) << name;
    if (name.starts_with("stress.")) continue;  // nothing under stress has an interval
    EXPECT_TRUE(json["intervals"]["metrics"].contains(name)) << name;
  }
}

TEST(Evaluation, OfRecordingsThatFailIsIncompleteAndSaysSo) {
  const TemporaryFolder folder;
  std::filesystem::create_directories(folder / "angry");
  auto random = core::RandomStream(1).fork("noise");
  audio::Waveform noise{std::vector<float>(16000), 16000};
  for (float& sample : noise.samples) sample = static_cast<float>(0.1 * random.normal());
  audio::write_wav(folder / "angry" / "x.wav", noise);
  static_cast<void>(folder.write("angry/broken.wav", "RIFF"));
  const auto run = run_program("ser-eval", {"--model", DemoModel::get().path(),
                                            folder.path().string(), "--min", "accuracy=0"});
  EXPECT_EQ(run.exit_code, 1) << run.err;
  EXPECT_EQ(last_line(run.out), "INCOMPLETE: 1 recording could not be used; gates passed: 1 of 1");
}

// Whether it is of that part nobody can know, so it must not be passed over.
TEST(Evaluation, OfOnePartTellsOfRecordingsThatCannotBeHeard) {
  const TemporaryFolder folder;
  std::filesystem::copy(kDemo, folder / "demo", std::filesystem::copy_options::recursive);
  const auto id = DemoModel::get().report()["split"]["test"][0].get<std::string>();
  static_cast<void>(folder.write("demo/" + id, "RIFF"));
  const auto run = run_program("ser-eval", {"--model", DemoModel::get().path(),
                                            (folder / "demo").string(), "--part", "test"});
  EXPECT_EQ(run.exit_code, 1) << run.err;
  EXPECT_NE(run.err.find(id), std::string::npos) << run.err;
  EXPECT_NE(run.err.find("E_AUDIO_"), std::string::npos) << run.err;
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
