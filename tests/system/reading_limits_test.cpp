// What the programs refuse of the recordings that they are pointed at.
#include <gtest/gtest.h>

#include "audio/sound_bytes.h"
#include "system/demo.h"

namespace ser::test {
namespace {

const std::string kHostile = std::string(SER_SOURCE_DIR) + "/tests/audio/hostile";

ProgramResult predict_rows(std::vector<std::string> arguments, const RunOptions& options = {}) {
  arguments.insert(arguments.begin(), {"--model", DemoModel::get().path(), "--format", "jsonl"});
  return run_program("ser-predict", arguments, options);
}

// The names of the recordings that have a row.
std::set<std::string> read_ones(const ProgramResult& result) {
  std::set<std::string> names;
  for (const auto& line : lines_of(result.out)) {
    const auto row = core::parse_json(line, "row");
    if (row.contains("error")) continue;
    names.insert(std::filesystem::path(row["path"].get<std::string>()).filename());
  }
  return names;
}

TEST(ReadingLimits, HostileRecordingsEndWithTheirOutcome) {
  const auto result = predict_rows({kHostile, "--max-fail-rate", "1"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  const std::set<std::string> sound = {"bits_12.wav", "float_nan.wav",     "odd_chunk.wav",
                                       "ok.wav",      "pipe_ffffffff.wav", "truncated.wav"};
  EXPECT_EQ(read_ones(result), sound) << result.out << result.err;
  const std::string talk = result.out + result.err;
  for (const char* code : {"E_AUDIO_DAMAGED", "E_AUDIO_EMPTY", "E_AUDIO_FORMAT", "E_AUDIO_LIMIT"}) {
    EXPECT_NE(talk.find(code), std::string::npos) << code;
  }
}

TEST(ReadingLimits, StrictRefusesWhatIsTruncated) {
  const std::string file = kHostile + "/truncated.wav";
  EXPECT_EQ(predict_rows({file}).exit_code, 0);
  const auto strict = predict_rows({file, kHostile + "/ok.wav", "--strict"});
  EXPECT_EQ(strict.exit_code, 1) << strict.err;
  EXPECT_NE((strict.out + strict.err).find("E_AUDIO_TRUNCATED"), std::string::npos) << strict.err;
  EXPECT_EQ(read_ones(strict), std::set<std::string>{"ok.wav"});
}

// ok.wav has one channel, 16 kHz, 1,000 frames and 2,044 bytes.
TEST(ReadingLimits, EachLimitIsAnOption) {
  const TemporaryFolder folder;
  using namespace audio;
  const auto stereo = folder.write(
      "stereo.wav", riff(chunk("fmt ", pcm_format(2, 16000, 16)) + chunk("data", ramp16(2000))));
  const auto many = folder.write(
      "many.wav", riff(chunk("fmt ", pcm_format(20, 16000, 16)) + chunk("data", ramp16(20000))));
  const auto slow = folder.write(
      "slow.wav", riff(chunk("fmt ", pcm_format(1, 2000, 16)) + chunk("data", ramp16(2000))));
  const std::string ok = kHostile + "/ok.wav";
  const auto refused = [](std::vector<std::string> arguments) {
    const auto result = predict_rows(std::move(arguments));
    return result.exit_code != 0 &&
           (result.out + result.err).find("E_AUDIO_LIMIT") != std::string::npos;
  };
  const auto read = [](std::vector<std::string> arguments) {
    return predict_rows(std::move(arguments)).exit_code == 0;
  };
  EXPECT_TRUE(read({stereo, "--max-channels", "2"}));
  EXPECT_TRUE(refused({stereo, "--max-channels", "1"}));
  EXPECT_TRUE(refused({many}));
  EXPECT_TRUE(read({many, "--max-channels", "20"}));
  EXPECT_TRUE(refused({slow}));
  EXPECT_TRUE(read({slow, "--min-rate", "2000"}));
  EXPECT_TRUE(read({ok, "--min-rate", "16000", "--max-rate", "16000"}));
  EXPECT_TRUE(refused({ok, "--min-rate", "16001"}));
  EXPECT_TRUE(refused({ok, "--max-rate", "15999"}));
  EXPECT_TRUE(read({ok, "--max-bytes", "2044"}));
  EXPECT_TRUE(refused({ok, "--max-bytes", "2043"}));
  EXPECT_TRUE(read({ok, "--max-duration", "0.0625"}));
  EXPECT_TRUE(refused({ok, "--max-duration", "0.06"}));
  EXPECT_TRUE(refused({ok, "--segments", "--max-duration", "0.06"}));
}

TEST(ReadingLimits, AStreamHasThemToo) {
  RunOptions options;
  options.input = read_text(kHostile + "/ok.wav");
  EXPECT_EQ(predict_rows({"-"}, options).exit_code, 0);
  const auto refused = predict_rows({"-", "--max-rate", "8000"}, options);
  EXPECT_NE(refused.exit_code, 0);
  EXPECT_NE((refused.out + refused.err).find("E_AUDIO_LIMIT"), std::string::npos) << refused.err;
}

TEST(ReadingLimits, HoldForEveryProgramThatReads) {
  const TemporaryFolder folder;
  const std::string out = folder / "out.ser";
  const auto expect_none_read = [](const ProgramResult& result) {
    EXPECT_NE(result.exit_code, 0) << result.out;
    EXPECT_NE(result.err.find("bytes; at most 100 are read"), std::string::npos) << result.err;
  };
  expect_none_read(run_program("ser-train", {kDemo, "--out", out, "--max-bytes", "100"}));
  EXPECT_FALSE(std::filesystem::exists(out));
  expect_none_read(
      run_program("ser-eval", {"--model", DemoModel::get().path(), kDemo, "--max-bytes", "100"}));
  expect_none_read(run_program(
      "ser-explore", {"features", kDemo, "--out", folder / "f.csv", "--max-bytes", "100"}));
}

// Of 4 kHz and 8 bits, with a hole in the file in place of sound.
std::filesystem::path five_hours_of_nothing(const TemporaryFolder& folder) {
  constexpr std::uint32_t kSamples = 5 * 3600 * 4000;
  const auto number = [](std::uint32_t value, int bytes) {
    std::string text;
    for (int i = 0; i < bytes; ++i) text += static_cast<char>(value >> (8 * i) & 0xFF);
    return text;
  };
  const auto path =
      folder.write("long.wav", "RIFF" + number(kSamples + 36, 4) + "WAVEfmt " + number(16, 4) +
                                   number(1, 2) + number(1, 2) + number(4000, 4) + number(4000, 4) +
                                   number(1, 2) + number(8, 2) + "data" + number(kSamples, 4));
  std::filesystem::resize_file(path, kSamples + 44);
  return path;
}

// With --segments the usual limit is a week; the value that is the usual one without it is one all
// the same where somebody asks for it.
TEST(ReadingLimits, OfLongRecordingsHoldIfTheyAreAskedFor) {
  const TemporaryFolder folder;
  const std::string path = five_hours_of_nothing(folder).string();
  const auto refused = predict_rows({path, "--segments", "--max-duration", "14400"});
  EXPECT_NE(refused.out.find("E_AUDIO_LIMIT"), std::string::npos) << refused.out << refused.err;
  EXPECT_EQ(predict_rows({path, "--segments"}).out.find("E_AUDIO_LIMIT"), std::string::npos);
}

TEST(ReadingLimits, ImpossibleOnesAreWrongUse) {
  const std::string ok = kHostile + "/ok.wav";
  for (const auto& wrong :
       std::vector<std::vector<std::string>>{{"--max-channels", "0"},
                                             {"--min-rate", "16000", "--max-rate", "8000"},
                                             {"--max-duration", "nan"},
                                             {"--max-duration", "0"},
                                             {"--max-bytes", "0"},
                                             {"--max-bytes", "-1"}}) {
    auto arguments = wrong;
    arguments.push_back(ok);
    const auto result = predict_rows(arguments);
    EXPECT_EQ(result.exit_code, 2) << wrong[0] << " " << wrong[1] << ": " << result.err;
    EXPECT_TRUE(result.out.empty());
  }
}

}  // namespace
}  // namespace ser::test
