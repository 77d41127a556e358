#include <algorithm>
#include <cmath>
#include <csignal>

#include <gtest/gtest.h>

#include "ser/audio/write.h"

#include "system/call.h"
#include "system/demo.h"

namespace ser::test {
namespace {

ProgramResult predict(std::vector<std::string> arguments, const RunOptions& options = {}) {
  arguments.insert(arguments.begin(), {"--model", DemoModel::get().path()});
  return run_program("ser-predict", arguments, options);
}

ProgramResult stream(const std::string& bytes, std::vector<std::string> arguments = {},
                     RunOptions options = {}) {
  arguments.emplace_back("-");
  options.input = bytes;
  return predict(arguments, options);
}

// A call as a file and as the bytes of its 16-bit samples.
struct Recording {
  TemporaryFolder folder;
  std::string path;
  std::string wav;
  std::string samples;
  std::string rate;

  explicit Recording(const audio::Waveform& waveform) {
    path = (folder / "call.wav").string();
    audio::write_wav(path, waveform);
    wav = read_text(path);
    samples = wav.substr(44);
    rate = std::to_string(waveform.sample_rate_hz);
  }
};

// Clips close together, so that there are regions longer than a window, and some apart.
audio::Waveform dense_call() {
  auto call = make_call({"angry", "sad", "happy", "neutral", "fear"}).waveform;
  audio::Waveform dense{{}, call.sample_rate_hz};
  const auto half = call.samples.size() / 2;
  std::size_t silent = 0;
  for (std::size_t i = 0; i < call.samples.size(); ++i) {
    silent = std::abs(call.samples[i]) < 1e-4F ? silent + 1 : 0;
    if (i < half && silent > static_cast<std::size_t>(call.sample_rate_hz) / 10) continue;
    dense.samples.push_back(call.samples[i]);
  }
  return dense;
}

std::string with_path(std::string rows, const std::string& from, const std::string& to) {
  for (std::size_t at = rows.find(from); at != std::string::npos; at = rows.find(from, at)) {
    rows.replace(at, from.size(), to);
  }
  return rows;
}

TEST(Streams, WithoutSmoothingRowsAreThoseOfTheFile) {
  const Recording call(dense_call());
  std::string unknown_size = call.wav;
  unknown_size.replace(4, 4, "\xFF\xFF\xFF\xFF");
  unknown_size.replace(40, 4, "\xFF\xFF\xFF\xFF");
  std::string no_size = call.wav;
  no_size.replace(4, 4, 4, '\0');
  no_size.replace(40, 4, 4, '\0');
  for (const std::string rows : {"segments", "windows"}) {
    for (const std::string format : {"csv", "srt", "audacity", "jsonl"}) {
      const std::vector<std::string> options = {"--rows", rows, "--stay", "0", "--format", format};
      auto of_file = options;
      of_file.insert(of_file.end(), {"--segments", call.path});
      const auto expected = predict(of_file);
      ASSERT_EQ(expected.exit_code, 0) << expected.err;
      const auto run = stream(call.wav, options);
      EXPECT_EQ(run.exit_code, 0) << run.err;
      EXPECT_EQ(run.out, with_path(expected.out, call.path, "-")) << rows << " " << format;
      EXPECT_GE(lines_of(run.out).size(), 8U);
      if (format != "csv") continue;
      EXPECT_EQ(stream(unknown_size, options).out, run.out);
      EXPECT_EQ(stream(no_size, options).out, run.out);
      auto raw = options;
      raw.insert(raw.end(), {"--raw", "s16le," + call.rate});
      EXPECT_EQ(stream(call.samples, raw).out, run.out);
    }
  }
}

// By default rows are of windows, smoothed by what came before, so that nothing has to wait.
TEST(Streams, LabelsAreSmoothedByWhatCameBefore) {
  const Recording call(dense_call());
  const auto run = stream(call.wav, {"--format", "jsonl"});
  const auto of_file = predict({"--segments", call.path, "--rows", "windows", "--format", "jsonl"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const auto rows = lines_of(run.out);
  const auto rows_of_file = lines_of(of_file.out);
  ASSERT_EQ(rows.size(), rows_of_file.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto row = core::parse_json(rows[i], "row");
    const auto row_of_file = core::parse_json(rows_of_file[i], "row");
    EXPECT_EQ(row["start_s"], row_of_file["start_s"]);
    EXPECT_EQ(row["end_s"], row_of_file["end_s"]);
    EXPECT_EQ(row["speech_share"], row_of_file["speech_share"]);
  }
  // the last window of a file has nothing behind it either
  EXPECT_EQ(core::parse_json(rows.back(), "row")["label"],
            core::parse_json(rows_of_file.back(), "row")["label"]);
  const auto unsmoothed = stream(call.wav, {"--format", "jsonl", "--stay", "0"});
  EXPECT_EQ(lines_of(unsmoothed.out).size(), rows.size());
  EXPECT_NE(unsmoothed.out, run.out);
  EXPECT_NE(run.err.find("real-time factor"), std::string::npos) << run.err;
}

TEST(Streams, RowsComeWhileTheStreamGoesOnAndAreWholeWhenItIsStopped) {
  const Recording call(dense_call());
  const auto whole = stream(call.wav, {"--format", "csv"});
  const auto rows = lines_of(whole.out);
  ASSERT_GE(rows.size(), 6U);
  // The pipe stays open, and nothing more comes: a pause is no end.
  RunOptions options;
  options.input_stays_open = true;
  options.signal = SIGINT;
  options.signal_after_output = rows[4] + "\n";
  const auto run = stream(call.wav.substr(0, call.wav.size() - 2000), {"--format", "csv"}, options);
  EXPECT_EQ(run.exit_code, 130) << run.err;
  EXPECT_TRUE(run.out.ends_with("\r\n"));
  EXPECT_TRUE(whole.out.starts_with(run.out)) << run.out;
  // What the header promised is there, so that the last row need not wait for the pipe's end.
  options.signal_after_output = rows.back() + "\n";
  const auto complete = stream(call.wav, {"--format", "csv"}, options);
  EXPECT_EQ(complete.exit_code, 130) << complete.err;
  EXPECT_EQ(complete.out, whole.out);
}

// Nothing is written for as long as nobody speaks, which may be for ever.
TEST(Streams, EndWhenNobodyReadsTheirRows) {
  RunOptions options;
  options.input = Recording({std::vector<float>(std::size_t{48000}, 0.0F), 16000}).samples;
  options.input_stays_open = true;
  const auto run =
      run_program("/bin/sh",
                  {"-c", "\"$0\" --model \"$1\" --raw s16le,16000 --format csv - | head -n 1",
                   program_path("ser-predict"), DemoModel::get().path()},
                  options);
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_TRUE(run.out.starts_with("path,start_s,")) << run.out;
  EXPECT_NE(run.err.find("E_OUTPUT_WRITE"), std::string::npos) << run.err;
}

TEST(Streams, SilenceHasTheRowOfAFileOfIt) {
  const Recording silent({std::vector<float>(std::size_t{48000}, 0.0F), 16000});
  const auto run = stream(silent.wav, {"--format", "csv"});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(run.out, with_path(predict({"--segments", silent.path, "--format", "csv"}).out,
                               silent.path, "-"));
  EXPECT_NE(run.out.find("no_speech"), std::string::npos);
}

TEST(Streams, WhatIsNoSoundHasItsErrorRow) {
  const std::string call = Recording(dense_call()).wav;
  std::string one_byte = call;  // and behind it something else
  one_byte.replace(40, 4, std::string("\1\0\0\0", 4));
  for (const auto& [bytes, raw, code] :
       std::vector<std::tuple<std::string, std::string, std::string>>{
           {"", "", "E_AUDIO_EMPTY"},
           {"", "s16le,16000,1", "E_AUDIO_EMPTY"},
           {"x", "s16le,16000,1", "E_AUDIO_EMPTY"},
           {"no sound", "", "E_AUDIO_FORMAT"},
           {std::string(100000, '\xF7'), "", "E_AUDIO_FORMAT"},
           {call.substr(0, 40), "", "E_AUDIO_DAMAGED"},
           {one_byte, "", "E_AUDIO_EMPTY"}}) {
    std::vector<std::string> arguments = {"--format", "csv"};
    if (!raw.empty()) arguments.insert(arguments.end(), {"--raw", raw});
    const auto run = stream(bytes, arguments);
    EXPECT_EQ(run.exit_code, 3) << run.err;
    EXPECT_NE(run.out.find("\r\n-,,,,,," + code + ","), std::string::npos) << run.out;
    EXPECT_EQ(lines_of(run.out).size(), 2U) << run.out;
    EXPECT_NE(run.err.find(code), std::string::npos) << run.err;
  }
  // numbers of any kind are samples
  std::string noise;
  for (int i = 0; i < 200003; ++i) noise += static_cast<char>(i * 7919 % 251 + i / 1000);
  for (const char* raw : {"f32le,16000,1", "f64be,48000,2", "s24be,8000,16", "alaw,8000"}) {
    const auto run = stream(noise, {"--raw", raw});
    EXPECT_EQ(run.exit_code, 0) << run.err;
    EXPECT_FALSE(run.out.empty());
  }
}

TEST(Streams, WrongUseIsToldBeforeAnythingIsRead) {
  const std::string call = demo_recordings().front().string();
  RunOptions waiting;  // for bytes that never come
  waiting.input_stays_open = true;
  for (const std::vector<std::string>& wrong : {std::vector<std::string>{"-", "--raw", "s16le,0,1"},
                                                {"-", "--raw", "s16le,16000,99"},
                                                {"-", "--raw", "s16le"},
                                                {"-", "--raw", ""},
                                                {"-", "--raw", "nonsense,16000"},
                                                {"-", call},
                                                {"-", "-"},
                                                {"-", "--files-from", call},
                                                {"-", "--out", "rows"},
                                                {"-", "--out-dir", "rows"},
                                                {"-", "--summary", "rows"},
                                                {"-", "--picture", "rows.svg"},
                                                {"-", "--shard", "1/2"},
                                                {"-", "--top", "2"},
                                                {"-", "--rows", "clips"},
                                                {call, "--raw", "s16le,16000,1"},
                                                {call, "--rows", "windows"},
                                                {call, "--window", "2"}}) {
    const auto run = predict(wrong, waiting);
    EXPECT_EQ(run.exit_code, 2) << wrong.back() << run.err;
    EXPECT_EQ(run.out, "");
  }
  const Recording recording(dense_call());
  RunOptions full;
  full.stdout_path = "/dev/full";
  EXPECT_EQ(stream(recording.wav, {}, full).exit_code, 5);
}

}  // namespace
}  // namespace ser::test
