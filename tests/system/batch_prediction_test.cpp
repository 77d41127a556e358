#include <algorithm>
#include <csignal>
#include <fcntl.h>
#include <set>
#include <sys/file.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "system/demo.h"

namespace ser::test {
namespace {

ProgramResult predict_batch(std::vector<std::string> arguments, const RunOptions& options = {}) {
  arguments.insert(arguments.begin(), {"--model", DemoModel::get().path()});
  return run_program("ser-predict", arguments, options);
}

// A list of `count` recordings, one a line.
std::string long_list(std::size_t count) {
  const auto recordings = demo_recordings();
  std::string list;
  for (std::size_t i = 0; i < count; ++i) {
    list += recordings[i % recordings.size()].string() + "\n";
  }
  return list;
}

std::size_t files_in(const TemporaryFolder& folder) {
  return static_cast<std::size_t>(
      std::distance(std::filesystem::directory_iterator(folder.path()), {}));
}

// A WAV that is cut short: its row says so on standard error, which tells how far the program is.
std::string cut_short(const TemporaryFolder& folder) {
  auto bytes = read_text(demo_recordings().front());
  bytes.resize(bytes.size() - 1000);
  return folder.write("cut.wav", bytes).string();
}

TEST(BatchPrediction, AnOutputHasTheBytesThatStandardOutputGets) {
  const TemporaryFolder folder;
  const auto out = (folder / "rows.csv").string();
  const auto run = predict_batch({kDemo, "--format", "csv", "--out", out});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(run.out, "");
  EXPECT_EQ(read_text(out), predict_batch({kDemo, "--format", "csv", "--jobs", "1"}).out);
  EXPECT_EQ(files_in(folder), 1U);
  EXPECT_NE(run.err.find("140 recordings in "), std::string::npos) << run.err;
  EXPECT_NE(run.err.find("real-time factor 0."), std::string::npos) << run.err;

  std::string list = long_list(3);
  std::ranges::replace(list, '\n', '\0');
  RunOptions options;
  options.input = list;
  EXPECT_EQ(lines_of(predict_batch({"--files-from", "-", "-0"}, options).out).size(), 3U);
  const auto odd = folder.write("a\nb.wav", read_text(demo_recordings().front())).string();
  options.input = odd + std::string(1, '\0');
  const auto one = predict_batch({"--files-from", "-", "--null", "--format", "jsonl"}, options);
  EXPECT_EQ(core::parse_json(one.out, "row")["path"], odd);
  options.input = std::string(100000, 'x');
  EXPECT_EQ(predict_batch({"--files-from", "-"}, options).exit_code, 2);
}

TEST(BatchPrediction, GoesOnAfterAKillAsIfNothingHadBeen) {
  const TemporaryFolder folder;
  const TemporaryFolder outputs;
  const auto first = long_list(150);
  const auto list =
      folder.write("list", first + cut_short(folder) + "\n/no/such.wav\n" + long_list(900))
          .string();
  const auto whole = predict_batch({"--files-from", list, "--format", "jsonl", "--jobs", "2"});
  ASSERT_EQ(whole.exit_code, 1) << whole.err;
  EXPECT_NE(whole.err.find("1 of 1052 recordings could not be used: E_AUDIO_MISSING 1"),
            std::string::npos)
      << whole.err;
  for (const int signal : {SIGKILL, SIGINT}) {
    const auto out = (outputs / std::to_string(signal)).string();
    const std::vector<std::string> arguments = {"--files-from", list, "--format", "jsonl",
                                                "--jobs",       "2",  "--out",    out};
    RunOptions options;
    options.signal = signal;
    options.signal_after = "truncated";
    const auto killed = predict_batch(arguments, options);
    ASSERT_EQ(killed.exit_code, 128 + signal) << killed.err;
    EXPECT_FALSE(std::filesystem::exists(out));
    const auto kept = read_text(out + ".partial");
    EXPECT_GE(lines_of(kept).size(), 100U);
    EXPECT_EQ(whole.out.find(kept.substr(0, kept.rfind('\n') + 1)), 0U);

    auto refused = predict_batch(arguments);
    EXPECT_EQ(refused.exit_code, 2);
    EXPECT_NE(refused.err.find("E_OUTPUT_UNFINISHED"), std::string::npos) << refused.err;
    auto resume = arguments;
    resume.insert(resume.end(), {"--resume", "--top", "2"});
    refused = predict_batch(resume);
    EXPECT_EQ(refused.exit_code, 2);
    EXPECT_NE(refused.err.find("top was 1 and is now 2"), std::string::npos) << refused.err;
    resume.resize(resume.size() - 2);
    resume.insert(resume.end(), {"--max-rate", "96000"});
    refused = predict_batch(resume);
    EXPECT_EQ(refused.exit_code, 2);
    EXPECT_NE(refused.err.find("max_rate was 768000 and is now 96000"), std::string::npos)
        << refused.err;
    refused = predict_batch({"/no/such.wav", kDemo, "--format", "jsonl", "--out", out, "--resume"});
    EXPECT_EQ(refused.exit_code, 2);
    EXPECT_NE(refused.err.find("E_RESUME_INPUTS"), std::string::npos) << refused.err;

    resume.resize(resume.size() - 2);
    const auto resumed = predict_batch(resume);
    EXPECT_EQ(resumed.exit_code, 1) << resumed.err;  // the failure of before counts
    EXPECT_NE(resumed.err.find(" of before in "), std::string::npos) << resumed.err;
    EXPECT_TRUE(read_text(out) == whole.out);
    const auto again = predict_batch(resume);
    EXPECT_EQ(again.exit_code, 0);
    EXPECT_NE(again.err.find("is complete"), std::string::npos) << again.err;
  }
  EXPECT_EQ(files_in(outputs), 2U);
}

TEST(BatchPrediction, StopsWithWholeRows) {
  const TemporaryFolder folder;
  const auto list =
      folder.write("list", long_list(100) + cut_short(folder) + "\n" + long_list(3000)).string();
  RunOptions options;
  options.signal = SIGINT;
  options.signal_after = "truncated";
  const auto stopped = predict_batch({"--files-from", list, "--format", "csv"}, options);
  EXPECT_EQ(stopped.exit_code, 130) << stopped.err;
  EXPECT_TRUE(stopped.out.ends_with("\r\n"));
  for (const auto& line : lines_of(stopped.out)) {
    EXPECT_EQ(std::ranges::count(line, ','), 4) << line;
  }
}

TEST(BatchPrediction, TwoRunsDoNotWriteOneOutput) {
  const TemporaryFolder folder;
  const auto out = (folder / "rows").string();
  const int other = open((out + ".partial.state").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  ASSERT_EQ(flock(other, LOCK_EX), 0);
  for (const bool resume : {false, true}) {
    std::vector<std::string> arguments = {kDemo, "--out", out};
    if (resume) arguments.emplace_back("--resume");
    const auto run = predict_batch(arguments);
    EXPECT_EQ(run.exit_code, 5);
    EXPECT_NE(run.err.find("E_OUTPUT_LOCKED"), std::string::npos) << run.err;
  }
  close(other);
  EXPECT_EQ(predict_batch({kDemo, "--out", out}).exit_code, 0);
  EXPECT_EQ(files_in(folder), 1U);
}

TEST(BatchPrediction, SharesHaveNothingInCommonAndTogetherAreTheWhole) {
  const auto whole = lines_of(predict_batch({kDemo}).out);
  std::vector<std::string> together;
  for (const char* shard : {"1/3", "2/3", "3/3"}) {
    const auto rows = lines_of(predict_batch({kDemo, "--shard", shard}).out);
    EXPECT_GT(rows.size(), 20U) << shard;
    EXPECT_TRUE(std::ranges::is_sorted(rows));
    together.insert(together.end(), rows.begin(), rows.end());
  }
  std::ranges::sort(together);
  EXPECT_EQ(together, whole);
  // one recording, many shares: those without it have nothing to do, which is no failure
  std::size_t rows = 0;
  for (int i = 1; i <= 4; ++i) {
    const auto run =
        predict_batch({demo_recordings().front().string(), "--shard", std::to_string(i) + "/4"});
    EXPECT_EQ(run.exit_code, 0) << run.err;
    rows += lines_of(run.out).size();
  }
  EXPECT_EQ(rows, 1U);
  for (const char* bad : {"0/3", "4/3", "1", "1/", "/3", "-1/3", "1/3x", "a/b", ""}) {
    EXPECT_EQ(predict_batch({kDemo, "--shard", bad}).exit_code, 2) << bad;
  }
}

TEST(BatchPrediction, DamagedRecordingsAmongGoodOnesHaveTheirCodes) {
  const std::string hostile = std::string(SER_SOURCE_DIR) + "/tests/audio/hostile";
  const auto run = predict_batch({hostile, kDemo, "--format", "jsonl", "--jobs", "2"});
  EXPECT_EQ(run.exit_code, 1);
  std::size_t bad = 0;
  std::size_t good = 0;
  for (const auto& line : lines_of(run.out)) {
    const auto row = core::parse_json(line, "row");
    if (row.contains("error")) {
      EXPECT_TRUE(row["path"].get<std::string>().starts_with(hostile)) << line;
      EXPECT_TRUE(row["error"]["code"].get<std::string>().starts_with("E_AUDIO_")) << line;
      ++bad;
    } else {
      ++good;
    }
  }
  EXPECT_EQ(bad, 14U);
  EXPECT_EQ(good, 6U + demo_recordings().size());
  EXPECT_NE(run.err.find("E_AUDIO_LIMIT 5"), std::string::npos) << run.err;
}

TEST(BatchPrediction, SomeMayFailIfThatIsAllowed) {
  const TemporaryFolder folder;
  const auto good = demo_recordings().front().string();
  const auto bad = folder.write("bad.wav", "").string();
  const std::vector<std::string> inputs = {good, good, good, bad};
  const auto code = [&](const std::string& rate) {
    auto arguments = inputs;
    arguments.insert(arguments.end(), {"--max-fail-rate", rate});
    return predict_batch(arguments).exit_code;
  };
  EXPECT_EQ(code("0.2"), 1);
  EXPECT_EQ(code("0.25"), 0);
  EXPECT_EQ(code("nan"), 2);
  EXPECT_EQ(predict_batch({bad, "--max-fail-rate", "1"}).exit_code, 3);
}

}  // namespace
}  // namespace ser::test
