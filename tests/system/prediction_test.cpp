#include <gtest/gtest.h>

#include "system/demo.h"

namespace ser::test {
namespace {

ProgramResult predict(std::vector<std::string> arguments, const RunOptions& options = {}) {
  arguments.insert(arguments.begin(), {"--model", DemoModel::get().path()});
  return run_program("ser-predict", arguments, options);
}

TEST(Prediction, GivesOneRowAFileInTheOrderOfTheInputForAnyNumberOfJobs) {
  const auto recordings = demo_recordings();
  const auto folder_run = predict({kDemo, "--jobs", "3"});
  ASSERT_EQ(folder_run.exit_code, 0) << folder_run.err;
  const auto rows = lines_of(folder_run.out);
  ASSERT_EQ(rows.size(), recordings.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(rows[i].find(recordings[i].string() + "\t"), 0U) << rows[i];
  }
  EXPECT_EQ(predict({kDemo, "--jobs", "1"}).out, folder_run.out);

  const auto last = recordings.back().string();
  const auto first = recordings.front().string();
  const auto two = lines_of(predict({last, first}).out);
  ASSERT_EQ(two.size(), 2U);
  EXPECT_EQ(two[0], rows.back());
  EXPECT_EQ(two[1], rows.front());
}

TEST(Prediction, MostRowsAreRight) {
  std::size_t right = 0;
  const auto recordings = demo_recordings();
  for (const auto& line : lines_of(predict({kDemo, "--format", "jsonl"}).out)) {
    const auto row = core::parse_json(line, "row");
    auto truth = std::filesystem::path(row["path"].get<std::string>()).stem().string();
    truth = truth.substr(truth.rfind('_') + 1);
    if (truth == "ps") truth = "surprise";
    right += row["label"] == truth ? 1 : 0;
  }
  EXPECT_GT(right, recordings.size() * 9 / 10);
}

TEST(Prediction, RowsParseInEveryFormat) {
  const auto file = demo_recordings().front().string();
  const auto json = core::parse_json(
      predict({file, "--format", "jsonl", "--top", "3", "--probabilities"}).out, "row");
  EXPECT_EQ(json["path"], file);
  EXPECT_EQ(json["top"].size(), 3U);
  EXPECT_EQ(json["top"][0]["label"], json["label"]);
  double sum = 0;
  for (const auto& [label, probability] : json["probabilities"].items()) {
    sum += probability.get<double>();
  }
  EXPECT_NEAR(sum, 1.0, 7 * 0.5e-4);
  const auto csv = predict({file, "--format", "csv", "--top", "2"}).out;
  EXPECT_EQ(csv.find("path,label,probability,label_2,probability_2,error_code,error\r\n"), 0U);
  EXPECT_EQ(lines_of(csv).size(), 2U);
}

TEST(Prediction, AbstainsBelowTheThresholdAndSaysHowOften) {
  const auto file = demo_recordings().front().string();
  const auto sure = core::parse_json(predict({file, "--format", "jsonl"}).out, "row");
  EXPECT_FALSE(sure.contains("abstained"));
  const auto answered =
      core::parse_json(predict({file, "--format", "jsonl", "--threshold", "0.01"}).out, "row");
  EXPECT_EQ(answered["label"], sure["label"]);
  EXPECT_EQ(answered["abstained"], false);
  // where nothing but certainty is enough
  const auto run = predict({kDemo, "--format", "jsonl", "--threshold", "1"});
  EXPECT_EQ(run.exit_code, 0);
  std::size_t abstained = 0;
  std::string unsure;
  for (const auto& line : lines_of(run.out)) {
    const auto row = core::parse_json(line, "row");
    EXPECT_EQ(row["label"] == "unknown", row["abstained"].get<bool>());
    if (row["abstained"] == true) ++abstained;
    if (row["probability"].get<double>() > 0.9999) continue;
    EXPECT_EQ(row["abstained"], true);
    unsure = row["path"].get<std::string>();
  }
  ASSERT_FALSE(unsure.empty());
  EXPECT_NE(run.err.find("abstained from " + std::to_string(abstained) + " (coverage 0."),
            std::string::npos)
      << run.err;
  EXPECT_NE(predict({unsure, "--threshold", "1"}).out.find("\tunknown\t0."), std::string::npos);
  EXPECT_NE(predict({unsure, "--format", "csv", "--threshold", "1"}).out.find(",unknown,0."),
            std::string::npos);
  for (const char* bad : {"1.5", "-0.1", "nan", "x"}) {
    EXPECT_EQ(predict({file, "--threshold", bad}).exit_code, 2) << bad;
  }
}

TEST(Prediction, ABadFileGetsARowWithItsErrorAndTheRestGoesOn) {
  const TemporaryFolder folder;
  const auto good = demo_recordings().front().string();
  const auto bad = folder.write("bad.wav", "this is no recording").string();
  const auto missing = (folder / "missing.wav").string();
  const auto odd = folder.write("a\"b,c'\n.wav", "").string();
  const auto run =
      predict({bad, good, missing, odd, folder.path().string(), good, "--format", "jsonl"});
  EXPECT_EQ(run.exit_code, 1);
  const auto rows = lines_of(run.out);
  ASSERT_EQ(rows.size(), 7U);
  const char* codes[] = {"E_AUDIO_FORMAT", "", "E_AUDIO_MISSING", "E_AUDIO_EMPTY", "E_AUDIO_EMPTY",
                         "E_AUDIO_FORMAT", ""};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto row = core::parse_json(rows[i], "row");
    EXPECT_EQ(row.contains("error") ? row["error"]["code"] : core::Json(""), codes[i]) << rows[i];
  }
  EXPECT_EQ(core::parse_json(rows[3], "row")["path"], odd);
  EXPECT_EQ(lines_of(predict({odd, good}).out).size(), 2U);  // a newline in a name ends no row
  EXPECT_EQ(predict({bad, missing}).exit_code, 3);
}

TEST(Prediction, ReadsListsOfFiles) {
  const TemporaryFolder folder;
  const auto recordings = demo_recordings();
  const std::string list = recordings[3].string() + "\n\n" + recordings[1].string() + "\r\n";
  const auto path = folder.write("list.txt", list).string();
  const auto rows = lines_of(predict({"--files-from", path}).out);
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].find(recordings[3].string()), 0U);
  RunOptions options;
  options.input = list;
  EXPECT_EQ(lines_of(predict({"--files-from", "-"}, options).out), rows);
  EXPECT_EQ(predict({"--files-from", (folder / "none").string()}).exit_code, 2);
  EXPECT_EQ(predict({"--files-from", "/dev/null"}).exit_code, 3);
}

TEST(Prediction, AFullDiskIsAnErrorOfItsOwn) {
  RunOptions options;
  options.stdout_path = "/dev/full";
  const auto run = predict({kDemo}, options);
  EXPECT_EQ(run.exit_code, 5);
  EXPECT_NE(run.err.find("E_OUTPUT_WRITE"), std::string::npos);
}

TEST(Prediction, RefusesBadModels) {
  const TemporaryFolder folder;
  const auto good = demo_recordings().front().string();
  const auto code = [&](const std::string& bytes) {
    const auto path = folder.write("m.ser", bytes).string();
    const auto run = run_program("ser-predict", {"--model", path, good});
    EXPECT_EQ(run.exit_code, 4);
    EXPECT_EQ(run.out, "");
    return run.err;
  };
  auto bytes = read_text(DemoModel::get().path());
  EXPECT_NE(code("").find("E_MODEL_FORMAT"), std::string::npos);
  EXPECT_NE(code("RIFF....WAVE").find("E_MODEL_FORMAT"), std::string::npos);
  EXPECT_NE(code(bytes.substr(0, 20)).find("E_MODEL_TRUNCATED"), std::string::npos);
  EXPECT_NE(code(bytes.substr(0, bytes.size() / 2)).find("E_MODEL_CHECKSUM"), std::string::npos);
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
  EXPECT_NE(code(bytes).find("E_MODEL_CHECKSUM"), std::string::npos);
  bytes[8] = 9;
  EXPECT_NE(code(bytes).find("E_MODEL_VERSION"), std::string::npos);
  EXPECT_EQ(run_program("ser-predict", {"--model", (folder / "no.ser").string(), good}).exit_code,
            4);
}

TEST(Prediction, NormalisesBySpeakerOnlyWhereToldThatThereIsOne) {
  const TemporaryFolder folder;
  const auto model = (folder / "m.ser").string();
  const auto trained = run_program("ser-train", {kDemo, "--out", model, "--normalize", "speaker",
                                                 "--test-speakers", "YAF", "--epochs", "3"});
  ASSERT_EQ(trained.exit_code, 0) << trained.err;
  EXPECT_NE(trained.out.find("TRANSDUCTIVE: normalised by speaker"), std::string::npos);

  std::vector<std::string> inputs;
  for (const auto& path : demo_recordings()) {
    if (path.filename().string().starts_with("YAF")) inputs.push_back(path.string());
  }
  inputs.insert(inputs.begin() + 3, (folder / "missing.wav").string());
  std::vector<std::string> arguments = {"--model", model, "--jobs", "2"};
  arguments.insert(arguments.end(), inputs.begin(), inputs.end());
  const auto alone = run_program("ser-predict", arguments);
  EXPECT_NE(alone.err.find("--one-speaker"), std::string::npos) << alone.err;
  arguments.emplace_back("--one-speaker");
  const auto together = run_program("ser-predict", arguments);
  EXPECT_EQ(together.exit_code, 1) << together.err;
  EXPECT_NE(together.err.find("TRANSDUCTIVE"), std::string::npos) << together.err;
  EXPECT_NE(together.out, alone.out);
  const auto rows = lines_of(together.out);
  ASSERT_EQ(rows.size(), inputs.size());
  for (std::size_t i = 0; i < rows.size(); ++i) EXPECT_EQ(rows[i].find(inputs[i] + "\t"), 0U);

  EXPECT_EQ(predict({kDemo, "--one-speaker"}).exit_code, 2);  // that model has no use for it
}

}  // namespace
}  // namespace ser::test
