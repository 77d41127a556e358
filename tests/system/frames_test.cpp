#include <gtest/gtest.h>

#include "system/demo.h"

namespace ser::test {
namespace {

class Frames : public testing::Test {
 protected:
  std::string out(const std::string& name) const { return (folder_ / name).string(); }

  ProgramResult train(const std::string& name, std::vector<std::string> options) const {
    options.insert(options.begin(),
                   {kDemo, "--recipe", "frames", "--split", "random", "--out", out(name)});
    return run_program("ser-train", options);
  }

  TemporaryFolder folder_;
};

TEST_F(Frames, AreLearntAndServeEveryProgram) {
  const auto trained =
      train("m.ser", {"--epochs", "12", "--training.cosine.warm_up_epochs", "2", "--jobs", "2"});
  ASSERT_EQ(trained.exit_code, 0) << trained.err;
  const auto report = core::parse_json(read_text(out("m.report.json")), "report");
  EXPECT_GT(report["result"]["test"]["uar"].get<double>(), 0.8);
  EXPECT_EQ(report["recipe"]["renew"].size(), 4U);

  const auto evaluated =
      run_program("ser-eval", {"--model", out("m.ser"), kDemo, "--stress", "--format", "json"});
  ASSERT_EQ(evaluated.exit_code, 0) << evaluated.err;
  const auto evaluation = core::parse_json(evaluated.out, "evaluation");
  EXPECT_EQ(evaluation["metrics"]["uar"], report["result"]["test"]["uar"]);

  const auto recordings = demo_recordings();
  const auto predicted = run_program(
      "ser-predict",
      {"--model", out("m.ser"), recordings[0].string(), out("none.wav"), recordings[1].string()});
  EXPECT_EQ(predicted.exit_code, 1) << predicted.err;
  EXPECT_EQ(lines_of(predicted.out).size(), 3U) << predicted.out;

  const auto numbers =
      run_program("ser-export", {"--model", out("m.ser"), "--safetensors", out("m.safetensors")});
  EXPECT_EQ(numbers.exit_code, 0) << numbers.err;
  EXPECT_NE(read_text(out("m.safetensors")).find("blocks.2.1.conv1d.weight"), std::string::npos);
  const auto graph = run_program("ser-export", {"--model", out("m.ser"), "--onnx", out("m.onnx")});
  EXPECT_EQ(graph.exit_code, 4) << graph.err;
  EXPECT_NE(graph.err.find("E_EXPORT_FORM"), std::string::npos) << graph.err;
}

TEST_F(Frames, TheSameSeedGivesTheSameBytesForAnyNumberOfJobs) {
  for (const char* jobs : {"1", "3"}) {
    const auto run = train(std::string(jobs) + ".ser", {"--epochs", "1", "--jobs", jobs});
    ASSERT_EQ(run.exit_code, 0) << run.err;
  }
  EXPECT_EQ(read_text(out("1.ser")), read_text(out("3.ser")));
}

TEST_F(Frames, WhatDoesNotFitIsSaidBeforeAnythingIsRead) {
  const auto expect = [&](std::vector<std::string> options, const std::string& said) {
    const auto run = train("x.ser", std::move(options));
    EXPECT_EQ(run.exit_code, 2) << run.err;
    EXPECT_NE(run.err.find(said), std::string::npos) << run.err;
  };
  expect({"--clip.duration_s", "null"}, "clip.duration_s");
  expect({"--features.form", "clip", "--features.spectrum_normalization", "none"}, "renew");
  expect({"--training.method", "discriminant"}, "E_CONFIG_VALUE");
  expect({"--network", R"([{"layer": "flatten"}])"}, "takes clips of one length only");
  expect({"--renew", R"([{"noise": {}}])"}, "only steps that act on features");
  expect({"--features.functionals", "prosody"}, "functionals");
}

}  // namespace
}  // namespace ser::test
