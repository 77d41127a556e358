#include <algorithm>
#include <cmath>
#include <csignal>
#include <cstdlib>

#include <gtest/gtest.h>

#include "ser/audio/load.h"
#include "ser/audio/silence.h"
#include "ser/audio/write.h"

#include "system/call.h"
#include "system/demo.h"

namespace ser::test {
namespace {

ProgramResult segments(std::vector<std::string> arguments, const RunOptions& options = {}) {
  arguments.insert(arguments.begin(), {"--model", DemoModel::get().path(), "--segments"});
  return run_program("ser-predict", arguments, options);
}

TEST(Segments, LieWhereSomebodySpeaks) {
  const TemporaryFolder folder;
  const auto call = make_call({"angry", "sad", "happy", "neutral", "fear"});
  const auto path = (folder / "call.wav").string();
  audio::write_wav(path, call.waveform);
  const auto run = segments({path, "--format", "jsonl", "--max-pause", "0", "--jobs", "2"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const auto rows = lines_of(run.out);
  ASSERT_GE(rows.size(), call.turns.size());
  std::size_t near = 0;
  double last_end_s = 0.0;
  for (const auto& line : rows) {
    const auto row = core::parse_json(line, "row");
    const double start_s = row["start_s"].get<double>();
    const double end_s = row["end_s"].get<double>();
    EXPECT_GE(start_s, last_end_s);
    EXPECT_GT(end_s, start_s);
    last_end_s = end_s;
    // every segment touches a turn
    EXPECT_TRUE(std::ranges::any_of(call.turns, [&](const Turn& turn) {
      return start_s < turn.end_s && end_s > turn.start_s;
    })) << line;
    near += static_cast<std::size_t>(std::ranges::count_if(
        call.turns, [&](const Turn& turn) { return std::abs(turn.end_s - end_s) < 0.3; }));
  }
  EXPECT_GE(near, call.turns.size() - 1);
  EXPECT_EQ(segments({path, "--format", "jsonl", "--max-pause", "0", "--jobs", "1"}).out, run.out);
}

// The clips of TESS that a model was not trained on, one after the other, with silence between.
TEST(Segments, AgreeWithTheTruthOnRealSpeech) {
  const char* const corpora = std::getenv("SER_CORPORA");
  if (corpora == nullptr) GTEST_SKIP() << "needs SER_CORPORA, the folder of TESS";
  const std::string tess = std::string(corpora) + "/TESS";
  const TemporaryFolder folder;
  const auto model = (folder / "m.ser").string();
  ASSERT_EQ(run_program("ser-train",
                        {tess, "--split", "random", "--test", "0.5", "--clip.offset_s", "0",
                         "--clip.silence", "trim", "--clip.silence_top_db", "40", "--out", model})
                .exit_code,
            0);
  const auto evaluation = core::parse_json(
      run_program("ser-eval", {"--model", model, tess, "--part", "test", "--format", "json"}).out,
      "evaluation");
  audio::Waveform call{{}, 24414};
  std::vector<Turn> turns;
  for (std::size_t i = 0; i < evaluation["predictions"].size(); i += 3) {
    // of one emotion after the other
    const auto& clip = evaluation["predictions"][i * 331 % evaluation["predictions"].size()];
    audio::LoadOptions options;
    options.sample_rate_hz = call.sample_rate_hz;
    const auto sound = audio::trim_silence(
        audio::load_audio(tess + "/" + clip["id"].get<std::string>(), options).waveform, 40.0);
    call.samples.resize(call.samples.size() + std::size_t{20000}, 0.0F);
    const double start_s = call.duration_s();
    call.samples.insert(call.samples.end(), sound.samples.begin(), sound.samples.end());
    turns.push_back({start_s, call.duration_s(), clip["label"].get<std::string>()});
  }
  audio::write_wav(folder / "call.wav", call);
  const auto run = run_program("ser-predict", {"--model", model, (folder / "call.wav").string(),
                                               "--segments", "--format", "jsonl"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const auto rows = lines_of(run.out);
  double speech_s = 0.0;
  double agreeing_s = 0.0;
  double heard_s = 0.0;
  std::vector<double> end_errors_s;
  for (const auto& turn : turns) {
    speech_s += turn.end_s - turn.start_s;
    end_errors_s.push_back(1e9);
  }
  double of_speech_s = 0.0;
  for (const auto& line : rows) {
    const auto row = core::parse_json(line, "row");
    const double start_s = row["start_s"].get<double>();
    const double end_s = row["end_s"].get<double>();
    heard_s += end_s - start_s;
    for (std::size_t i = 0; i < turns.size(); ++i) {
      const double both_s = std::min(end_s, turns[i].end_s) - std::max(start_s, turns[i].start_s);
      end_errors_s[i] = std::min(end_errors_s[i], std::abs(end_s - turns[i].end_s));
      if (both_s <= 0.0) continue;
      of_speech_s += both_s;
      if (row["label"] == turns[i].label) agreeing_s += both_s;
    }
  }
  std::ranges::sort(end_errors_s);
  EXPECT_GT(turns.size(), 200U);
  EXPECT_GT(agreeing_s / speech_s, 0.9);
  EXPECT_LT(end_errors_s[end_errors_s.size() / 2], 0.3);
  // what lies outside speech is the margin of 0.05 s on either side
  EXPECT_LT((heard_s - of_speech_s) / static_cast<double>(rows.size()), 0.12);
}

TEST(Segments, EveryFormatAndTheSummaryAreWritten) {
  const TemporaryFolder folder;
  const auto bad = folder.write("calls/x.wav", "no sound").string();
  std::filesystem::create_directories(folder / "calls" / "b");
  audio::write_wav(folder / "calls/a.wav", make_call({"angry", "sad"}).waveform);
  audio::write_wav(folder / "calls/b/c.wav", make_call({"happy"}, 1).waveform);
  audio::write_wav(folder / "calls/silent.wav",
                   {std::vector<float>(std::size_t{48000}, 0.0F), 16000});
  const auto calls = (folder / "calls").string();
  const auto summary = (folder / "summary.jsonl").string();
  auto run = segments({calls, "--format", "csv", "--summary", summary});
  EXPECT_EQ(run.exit_code, 1) << run.err;
  EXPECT_NE(run.out.find(calls + "/silent.wav,0.000,3.000,no_speech,,0.000,,"), std::string::npos)
      << run.out;
  EXPECT_NE(run.out.find(bad + ",,,,,,E_AUDIO_FORMAT,"), std::string::npos) << run.out;
  EXPECT_NE(run.err.find("no speech in 1 of 4 recordings"), std::string::npos) << run.err;
  const auto summaries = lines_of(read_text(summary));
  ASSERT_EQ(summaries.size(), 4U);
  EXPECT_NEAR(core::parse_json(summaries[2], "summary")["duration_s"].get<double>(), 3.0, 0.01);
  EXPECT_GE(core::parse_json(summaries[0], "summary")["speech_s"].get<double>(), 2.0);

  const auto a = calls + "/a.wav";
  for (const char* format : {"text", "jsonl", "rttm", "vtt", "srt", "audacity"}) {
    EXPECT_EQ(segments({a, "--format", format}).exit_code, 0) << format;
  }
  EXPECT_TRUE(segments({a, "--format", "vtt"}).out.starts_with("WEBVTT\n\n00:00:"));
  run = segments({calls, "--format", "vtt"});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_NE(run.err.find("--out-dir"), std::string::npos) << run.err;
  const auto out = folder / "subtitles";
  run = segments({calls, "--format", "vtt", "--out-dir", out.string()});
  EXPECT_EQ(run.exit_code, 1) << run.err;
  const auto written = out / std::filesystem::path(calls).relative_path() / "b" / "c.wav.vtt";
  EXPECT_TRUE(read_text(written).starts_with("WEBVTT\n")) << written;
  for (const std::vector<std::string>& wrong : {std::vector<std::string>{"--hop", "3"},
                                                {"--window", "nan"},
                                                {"--stay", "2"},
                                                {"--top", "2"},
                                                {"--out-dir", "x", "--out", "y"},
                                                {"--resume"}}) {
    auto arguments = wrong;
    arguments.push_back(a);
    EXPECT_EQ(segments(arguments).exit_code, 2) << wrong.front();
  }
  EXPECT_EQ(run_program("ser-predict", {"--model", DemoModel::get().path(), a, "--format", "srt"})
                .exit_code,
            2);
}

TEST(Segments, OfOneRecordingAreDrawnOverTime) {
  const TemporaryFolder folder;
  const auto call = (folder / "call.wav").string();
  audio::write_wav(call, make_call({"angry", "sad"}).waveform);
  const auto picture = (folder / "call.svg").string();
  EXPECT_EQ(segments({call, "--picture", picture}).exit_code, 0);
  EXPECT_NE(read_text(picture).find("<title>Emotions over time</title>"), std::string::npos);
  std::filesystem::remove(picture);
  auto run = segments({call, call, "--picture", picture});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_NE(run.err.find("--picture"), std::string::npos) << run.err;
  const auto bad = folder.write("bad.wav", "no sound").string();
  EXPECT_EQ(segments({bad, "--picture", picture}).exit_code, 3);
  EXPECT_EQ(segments({call, "--picture", (folder / "call.jpg").string()}).exit_code, 2);
  EXPECT_FALSE(std::filesystem::exists(picture));
}

TEST(Segments, AreResumedRecordingByRecording) {
  const TemporaryFolder folder;
  const auto call = (folder / "call.wav").string();
  audio::write_wav(call, make_call({"angry", "sad", "happy"}).waveform);
  auto bytes = read_text(call);
  bytes.resize(bytes.size() - 1000);
  const auto cut = folder.write("cut.wav", bytes).string();
  std::string list;
  for (int i = 0; i < 60; ++i) list += (i == 10 ? cut : call) + "\n";
  const auto listed = folder.write("list", list).string();
  const auto whole = segments({"--files-from", listed, "--format", "csv"});
  ASSERT_EQ(whole.exit_code, 0) << whole.err;
  const auto out = (folder / "rows.csv").string();
  std::vector<std::string> arguments = {"--files-from", listed, "--format", "csv", "--out", out};
  RunOptions options;
  options.signal = SIGKILL;
  options.signal_after = "truncated";
  ASSERT_EQ(segments(arguments, options).exit_code, 128 + SIGKILL);
  arguments.emplace_back("--resume");
  EXPECT_EQ(segments(arguments).exit_code, 0);
  EXPECT_EQ(read_text(out), whole.out);
}

TEST(Segments, ClipsWithoutSpeechCanBeFoundToo) {
  const TemporaryFolder folder;
  audio::write_wav(folder / "silent.wav", {std::vector<float>(std::size_t{48000}, 0.0F), 16000});
  const auto silent = (folder / "silent.wav").string();
  const auto good = demo_recordings().front().string();
  const auto predict = [&](std::vector<std::string> more) {
    more.insert(more.begin(), {"--model", DemoModel::get().path(), silent, good});
    return run_program("ser-predict", more);
  };
  EXPECT_EQ(predict({}).out.find("no_speech"), std::string::npos);
  const auto run = predict({"--find-silence", "--format", "csv", "--top", "2", "-p"});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  const auto rows = lines_of(run.out);
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[1], silent + ",no_speech,,,,,,,,,,,,\r");
  EXPECT_EQ(std::ranges::count(rows[1], ','), std::ranges::count(rows[2], ','));
  EXPECT_EQ(rows[2].find("no_speech"), std::string::npos);
  const auto json = lines_of(predict({"--find-silence", "--format", "jsonl"}).out);
  EXPECT_EQ(core::parse_json(json[0], "row")["label"], "no_speech");
  EXPECT_NE(predict({"--find-silence"}).err.find("no speech in 1 of 2"), std::string::npos);
}

}  // namespace
}  // namespace ser::test
