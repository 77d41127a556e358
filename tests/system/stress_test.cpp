#include "system/demo.h"

namespace ser::test {
namespace {

ProgramResult evaluate_under_stress(std::vector<std::string> options) {
  options.insert(options.begin(), {"--model", DemoModel::get().path(), kDemo, "--stress"});
  return run_program("ser-eval", options);
}

TEST(Stress, IsReportedInJsonAndGatesHoldTheSameNumbers) {
  const auto run = evaluate_under_stress({"--format", "json", "--jobs", "2"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const auto json = core::parse_json(run.out, "stdout");
  const auto& conditions = json["stress"]["conditions"];
  ASSERT_GT(conditions.size(), 20U);
  double uar = -1.0;
  for (const auto& condition : conditions) {
    EXPECT_EQ(condition["clips"], json["metrics"]["clips"]);
    EXPECT_NEAR(condition["values"]["uar"].get<double>() - condition["uar_change"].get<double>(),
                json["metrics"]["uar"].get<double>(), 1e-12);
    if (condition["name"] == "white10") uar = condition["values"]["uar"];
  }
  ASSERT_GE(uar, 0.0);
  EXPECT_EQ(json["values"]["stress.white10.uar"], uar);

  const TemporaryFolder folder;
  const auto baseline = folder.write("old.json", run.out).string();
  const auto gate = "stress.white10.uar=" + core::Json(uar).dump();
  const auto kept = evaluate_under_stress({"--min", gate, "--baseline", baseline, "--max-drop",
                                           "stress.white10.unchanged=0", "--jobs", "1"});
  EXPECT_EQ(kept.exit_code, 0) << kept.err;
  EXPECT_EQ(last_line(kept.out), "GATE PASSED: 2 of 2");
  EXPECT_NE(kept.out.find("white10: white noise, 10 dB"), std::string::npos);
  const auto missed = evaluate_under_stress({"--min", "stress.white10.precision.nobody=0"});
  EXPECT_EQ(missed.exit_code, 2) << "a class that is not there";
}

TEST(Stress, IsDrawnWithTheEvaluation) {
  const TemporaryFolder folder;
  const auto svg = (folder / "stress.svg").string();
  const auto png = (folder / "evaluation.png").string();
  const auto run = evaluate_under_stress({"--stress-picture", svg, "--picture", png});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_NE(read_text(svg).find("<title>Under stress</title>"), std::string::npos);
  EXPECT_TRUE(read_text(png).starts_with("\x89PNG"));

  const auto unknown =
      evaluate_under_stress({"--stress-picture", (folder / "stress.jpg").string()});
  EXPECT_EQ(unknown.exit_code, 2);
  EXPECT_NE(unknown.err.find(".svg or .png"), std::string::npos) << unknown.err;
  const auto nowhere = evaluate_under_stress({"--stress-picture", "/nowhere/stress.svg"});
  EXPECT_EQ(nowhere.exit_code, 5);
  EXPECT_EQ(evaluate_under_stress({"--stress-picture", svg, "--picture", svg}).exit_code, 2);
  const auto without =
      run_program("ser-eval", {"--model", DemoModel::get().path(), kDemo, "--stress-picture", svg});
  EXPECT_EQ(without.exit_code, 2);
}

TEST(Stress, GatesWithoutItAreWrongUse) {
  const auto run = run_program(
      "ser-eval", {"--model", DemoModel::get().path(), kDemo, "--min", "stress.white20.uar=0.5"});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_NE(run.err.find("needs --stress"), std::string::npos) << run.err;
  EXPECT_EQ(evaluate_under_stress({"--min", "stress.thunder.uar=0.5"}).exit_code, 2);
}

}  // namespace
}  // namespace ser::test
