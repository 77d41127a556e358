// Corpora of other shapes than the demo's, made of tiny synthetic sound, through the programs.
#include <cmath>
#include <cstdio>
#include <numbers>
#include <set>

#include <gtest/gtest.h>

#include "ser/audio/write.h"

#include "system/demo.h"

namespace ser::test {
namespace {

constexpr int kRateHz = 8000;

std::string number(int value) {
  char text[16];
  std::snprintf(text, sizeof text, "%02d", value);
  return text;
}

// Clips whose pitch is that of their class; no two are the same.
class Corpora : public testing::Test {
 protected:
  void write_clip(const std::string& name, int label, int variation, double seconds = 0.15) const {
    audio::Waveform waveform;
    waveform.sample_rate_hz = kRateHz;
    waveform.samples.resize(static_cast<std::size_t>(seconds * kRateHz));
    const double pitch_hz = 150.0 * (1.0 + label);
    const double phase = 0.004 * variation;
    for (std::size_t i = 0; i < waveform.samples.size(); ++i) {
      waveform.samples[i] = static_cast<float>(
          0.3 *
          std::sin(2 * std::numbers::pi * pitch_hz * static_cast<double>(i) / kRateHz + phase));
    }
    const auto path = folder_ / name;
    std::filesystem::create_directories(path.parent_path());
    audio::write_wav(path, waveform);
  }

  void write_ravdess() const {
    int clip = 0;
    for (int actor = 1; actor <= 24; ++actor) {
      for (int emotion = 1; emotion <= 8; ++emotion) {
        for (int take = 0; take < (emotion == 1 ? 4 : 8); ++take) {
          write_clip("RAVDESS/Actor_" + number(actor) + "/03-01-" + number(emotion) + "-" +
                         number(1 + take / 4) + "-" + number(1 + take / 2 % 2) + "-" +
                         number(1 + take % 2) + "-" + number(actor) + ".wav",
                     emotion, ++clip);
        }
      }
    }
  }

  void write_savee() const {
    int clip = 0;
    for (const char* speaker : {"DC", "JE", "JK", "KL"}) {
      int label = 0;
      for (const char* emotion : {"a", "d", "f", "h", "n", "sa", "su"}) {
        ++label;
        for (int sentence = 1; sentence <= (*emotion == 'n' ? 30 : 15); ++sentence) {
          write_clip(std::string("SAVEE/") + speaker + "/" + emotion + number(sentence) + ".wav",
                     label, ++clip);
        }
      }
    }
  }

  void write_crema_d() const {
    int clip = 1000;  // no clip of another corpus
    for (int actor = 1001; actor <= 1006; ++actor) {
      for (const char* sentence : {"IEO", "DFA", "WSI"}) {
        int label = 0;
        for (const char* emotion : {"ANG", "DIS", "FEA", "HAP", "NEU", "SAD"}) {
          write_clip("CREMA-D/AudioWAV/" + std::to_string(actor) + "_" + sentence + "_" + emotion +
                         "_XX.wav",
                     ++label, ++clip);
        }
      }
    }
  }

  std::string at(const std::string& name) const { return (folder_ / name).string(); }

  // Trains for an epoch and returns the report.
  core::Json train(std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--out", at("m.ser"), "--epochs", "1"});
    run_ = run_program("ser-train", arguments);
    EXPECT_EQ(run_.exit_code, 0) << run_.err;
    return run_.exit_code == 0 ? core::parse_json(read_text(at("m.report.json")), "report")
                               : core::Json();
  }

  void expect_said(const std::string& line) const {
    EXPECT_NE(run_.err.find(line), std::string::npos) << "expected \"" << line << "\" in\n"
                                                      << run_.err;
  }

  static std::size_t members(const core::Json& report) {
    std::size_t count = 0;
    for (const char* part : {"train", "validation", "test"}) count += report["split"][part].size();
    return count;
  }

  TemporaryFolder folder_;
  ProgramResult run_;
};

TEST_F(Corpora, LikeRavdessIsTrainedOnBySpeaker) {
  write_ravdess();
  const auto report = train({at("RAVDESS")});
  expect_said("Layout      ravdess");
  expect_said("Recordings  1440");
  expect_said("Hours        0.06");
  expect_said("Sample rates 8000 Hz (1440)");
  EXPECT_EQ(report["result"]["protocol"], "speaker");
  EXPECT_EQ(report["corpus"]["speakers"].size(), 24U);
  EXPECT_EQ(members(report), 1440U);
  std::set<std::string> testing;
  const auto actor = [](const core::Json& id) { return id.get<std::string>().substr(0, 8); };
  for (const auto& id : report["split"]["test"]) testing.insert(actor(id));
  EXPECT_GE(testing.size(), 2U);
  for (const auto& id : report["split"]["train"]) EXPECT_FALSE(testing.contains(actor(id)));
}

TEST_F(Corpora, LikeSaveeAndCremaDAreTrainedOnTogetherAndScoredByName) {
  write_savee();
  write_crema_d();
  auto report = train({at("SAVEE")});
  expect_said("Recordings  480");
  EXPECT_EQ(report["result"]["protocol"], "speaker");
  report = train({at("CREMA-D")});
  expect_said("Layout      crema_d");
  EXPECT_EQ(report["result"]["protocol"], "speaker");
  EXPECT_EQ(members(report), 108U);

  report = train({at("SAVEE"), at("CREMA-D"), "--map", "surprise=happy", "--map", "disgust=angry",
                  "--drop", "fear", "--test-speakers", "SAVEE/JK,CREMA-D/1003"});
  expect_said("Corpora     2");
  expect_said("Dropped by their labels: 78");
  ASSERT_EQ(report["corpus"]["sources"].size(), 2U);
  EXPECT_EQ(report["corpus"]["sources"][1]["name"], "CREMA-D");
  EXPECT_EQ(report["corpus"]["classes"].size(), 4U);
  EXPECT_EQ(report["corpus"]["dropped"][0]["utterances"], 78);
  EXPECT_EQ(members(report), 588U - 78U);
  EXPECT_EQ(report["split"]["test"].size(), 120U - 15U + 15U);

  // Its own test part is labelled as in training; what the model does not know is not scored.
  const auto score = run_program(
      "ser-eval", {"--model", at("m.ser"), at("SAVEE"), at("CREMA-D"), "--format", "json"});
  ASSERT_EQ(score.exit_code, 0) << score.err;
  const auto json = core::parse_json(score.out, "stdout");
  EXPECT_EQ(json["metrics"], report["result"]["test"]);
  EXPECT_EQ(json["corpus"].size(), 2U);
  EXPECT_NE(score.err.find("labelled \"fear\""), std::string::npos) << score.err;

  const auto wrong =
      run_program("ser-eval", {"--model", at("m.ser"), at("SAVEE"), "--map", "clam=neutral"});
  EXPECT_EQ(wrong.exit_code, 2);
  EXPECT_NE(wrong.err.find("clam"), std::string::npos) << wrong.err;
}

TEST_F(Corpora, ManifestsOfSegmentsAreTrainedOn) {
  // One file of twelve stretches, low and high in turn, and the manifest that says so.
  audio::Waveform all;
  all.sample_rate_hz = kRateHz;
  std::string manifest = "path,label,start,end\n";
  for (int i = 0; i < 24; ++i) {
    const double pitch_hz = i % 2 == 0 ? 200.0 + i : 1500.0 + 3 * i;
    for (int t = 0; t < kRateHz / 2; ++t) {
      all.samples.push_back(
          static_cast<float>(0.3 * std::sin(2 * std::numbers::pi * pitch_hz * t / kRateHz)));
    }
    manifest += std::string("all.wav,") + (i % 2 == 0 ? "low," : "high,") +
                std::to_string(0.5 * i) + "," + std::to_string(0.5 * i + 0.5) + "\n";
  }
  audio::write_wav(folder_ / "all.wav", all);
  folder_.write("list.csv", manifest);
  run_ = run_program("ser-train", {at("list.csv"), "--out", at("m.ser"), "--test", "0.3"});
  ASSERT_EQ(run_.exit_code, 0) << run_.err;
  const auto report = core::parse_json(read_text(at("m.report.json")), "report");
  EXPECT_EQ(members(report), 24U);
  EXPECT_TRUE(report["leaks"]["removed"].empty());
  EXPECT_EQ(report["result"]["test"]["uar"], 1.0);
  const auto score =
      run_program("ser-eval", {"--model", at("m.ser"), at("list.csv"), "--format", "json"});
  ASSERT_EQ(score.exit_code, 0) << score.err;
  EXPECT_EQ(core::parse_json(score.out, "stdout")["metrics"], report["result"]["test"]);

  folder_.write("bad.csv", "path,label\nall.wav,low\nnone.wav,high\n");
  const auto bad = run_program("ser-train", {at("bad.csv"), "--out", at("n.ser")});
  EXPECT_EQ(bad.exit_code, 3);
  EXPECT_NE(bad.err.find("bad.csv:3: there is no file"), std::string::npos) << bad.err;
}

}  // namespace
}  // namespace ser::test
