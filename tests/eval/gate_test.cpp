#include "ser/eval/gate.h"

#include <limits>

#include <gtest/gtest.h>

#include "ser/core/error.h"

#include "support/temporary_folder.h"

namespace ser::eval {
namespace {

using Outcome = GateResult::Outcome;

Metrics sample() {
  ConfusionMatrix confusion(3, 3);
  confusion << 6, 4, 0, 1, 3, 0, 1, 0, 4;
  auto metrics = compute_metrics(confusion, {"angry", "v1.0=x", "sad"});
  metrics.of_probabilities = ProbabilityMetrics{0.75, 0.5, 0.125, 0.25};
  return metrics;
}

Intervals sample_intervals() {
  Intervals intervals;
  intervals.metrics = {
      {"uar", Interval{0.5, 0.875}}, {"ece", Interval{0.0, 0.25}}, {"recall.sad", std::nullopt}};
  return intervals;
}

Baseline sample_baseline() {
  return {{{"uar", 0.75}, {"log_loss", 0.5}, {"recall.angry", 0.5}}, 19, "random"};
}

GateResult result_of(GateKind kind, const std::string& text) {
  return check_gates(sample(), sample_intervals(), sample_baseline(), {parse_gate(kind, text)})
      .at(0);
}

Outcome outcome(const std::string& gate, GateKind kind = GateKind::kMin) {
  return result_of(kind, gate).outcome;
}

std::string code_of_parsing(const std::string& text, GateKind kind = GateKind::kMin) {
  try {
    parse_gate(kind, text);
  } catch (const core::ConfigError& error) {
    return error.code();
  }
  return "no error";
}

TEST(ParseGate, ReadsMetricAndNumber) {
  const Gate gate = parse_gate(GateKind::kMin, "uar=0.6");
  EXPECT_EQ(gate.metric, "uar");
  EXPECT_EQ(gate.bound, 0.6);
  EXPECT_EQ(to_text(gate), "--min uar=0.6");
  for (const char* text : {"accuracy=0", "macro_f1=1", "recall.happy=.5", "precision.sad=1e-3",
                           "f1.angry=0.25", "recall.a.b=0.5", "recall.a=b=0.5"}) {
    EXPECT_EQ(code_of_parsing(text), "no error") << text;
  }
  EXPECT_EQ(parse_gate(GateKind::kMin, "recall.a.b=0.5").metric, "recall.a.b");
  EXPECT_EQ(parse_gate(GateKind::kMin, "recall.a=b=0.5").metric, "recall.a=b");
}

TEST(ParseGate, RefusesEverythingElse) {
  for (const char* text :
       {"",          "=",        "uar",      "uar=",       "=0.5",        "uar=x",
        "uar=0.5x",  "uar=0.5 ", "uar= 0.5", "uar=0,5",    "uar=+0.5",    "uar=1.01",
        "uar=-0.1",  "uar=60",   "uar=nan",  "uar=NaN",    "uar=inf",     "uar=-inf",
        "uar=1e999", "UAR=0.5",  "war=0.5",  "recall=0.5", "recall.=0.5", "loss.sad=0.5",
        "uar>=0.5",  " uar=0.5"}) {
    EXPECT_EQ(code_of_parsing(text), "E_GATE") << text;
  }
}

TEST(ParseGate, HoldsMetricsToTheirDirection) {
  EXPECT_EQ(code_of_parsing("ece=0.1", GateKind::kMax), "no error");
  EXPECT_EQ(code_of_parsing("log_loss=12", GateKind::kMax), "no error");
  EXPECT_EQ(code_of_parsing("brier=2", GateKind::kMaxInterval), "no error");
  EXPECT_EQ(code_of_parsing("uar=0.1", GateKind::kMaxDrop), "no error");
  EXPECT_EQ(code_of_parsing("ece=0.1", GateKind::kMaxDrop), "no error");
  EXPECT_EQ(code_of_parsing("ece=0.1"), "E_GATE");
  EXPECT_EQ(code_of_parsing("ece=0.1", GateKind::kMinInterval), "E_GATE");
  EXPECT_EQ(code_of_parsing("uar=0.1", GateKind::kMax), "E_GATE");
  EXPECT_EQ(code_of_parsing("recall.sad=0.1", GateKind::kMaxInterval), "E_GATE");
  EXPECT_EQ(code_of_parsing("brier=2.1", GateKind::kMax), "E_GATE");
  EXPECT_EQ(code_of_parsing("log_loss=inf", GateKind::kMax), "E_GATE");
  EXPECT_EQ(code_of_parsing("uar=-0.1", GateKind::kMaxDrop), "E_GATE");
}

TEST(ParseGate, ReadsMetricsUnderStress) {
  for (const char* text : {"stress.white20.uar=0.9", "stress.white20.unchanged=0.9",
                           "stress.gain+6.recall.happy=0.2", "stress.clip0.1.uar=0.5"}) {
    EXPECT_EQ(code_of_parsing(text), "no error") << text;
    EXPECT_EQ(code_of_parsing(text, GateKind::kMaxDrop), "no error") << text;
    // nothing under stress has an interval
    EXPECT_EQ(code_of_parsing(text, GateKind::kMinInterval), "E_GATE") << text;
  }
  EXPECT_EQ(code_of_parsing("stress.white20.ece=0.2", GateKind::kMax), "no error");
  for (const char* text :
       {"stress=0.5", "stress.=0.5", "stress.white20=0.5", "stress.white20.=0.5",
        "stress.white21.uar=0.5", "stress.uar=0.5", "stress.white20.loss=0.5", "unchanged=0.5",
        "stress.white20.stress.white20.uar=0.5", "stress.white20.ece=0.2", "stress.white20.uar=2",
        "stress.white20.coverage=0.5", "stress.white20.answered_uar=0.5"}) {
    EXPECT_EQ(code_of_parsing(text), "E_GATE") << text;
  }
}

TEST(ParseGate, KnowsNoiseAsWhiteNoise) {
  EXPECT_EQ(parse_gate(GateKind::kMin, "stress.noise20.uar=0.9").metric, "stress.white20.uar");
  EXPECT_EQ(parse_gate(GateKind::kMin, "stress.noise10.recall.a=b=0.9").metric,
            "stress.white10.recall.a=b");
  EXPECT_EQ(parse_gate(GateKind::kMin, "recall.noise20.x=0.9").metric, "recall.noise20.x");
  EXPECT_EQ(code_of_parsing("stress.noise25.uar=0.9"), "E_GATE");
}

TEST(CheckGates, HoldStressedMetricsAgainstTheirCondition) {
  Metrics noisy = compute_metrics(ConfusionMatrix{{1, 3}, {0, 4}}, {"angry", "sad"});
  noisy.unchanged = 0.75;
  const auto result = [&](GateKind kind, const std::string& text) {
    const Baseline baseline{{{"stress.white20.uar", 0.75}}, 19, ""};
    return check_gates(sample(), {}, baseline, {parse_gate(kind, text)}, {{"white20", noisy}})
        .at(0);
  };
  EXPECT_EQ(result(GateKind::kMin, "stress.white20.uar=0.625").outcome, Outcome::kPassed);
  EXPECT_EQ(result(GateKind::kMin, "stress.white20.uar=0.626").statement,
            "stress.white20.uar is 0.6250, at least 0.626 was asked for");
  EXPECT_EQ(result(GateKind::kMin, "stress.white20.unchanged=0.75").outcome, Outcome::kPassed);
  EXPECT_EQ(result(GateKind::kMin, "stress.white20.unchanged=0.76").outcome, Outcome::kMissed);
  EXPECT_EQ(result(GateKind::kMin, "stress.white20.recall.angry=0.25").outcome, Outcome::kPassed);
  EXPECT_EQ(result(GateKind::kMaxDrop, "stress.white20.uar=0.125").outcome, Outcome::kPassed);
  EXPECT_EQ(result(GateKind::kMaxDrop, "stress.white20.uar=0.124").outcome, Outcome::kMissed);
  // a condition that was not tried
  EXPECT_EQ(result(GateKind::kMin, "stress.pink20.uar=0").outcome, Outcome::kMissed);
}

TEST(CheckGates, EqualityPasses) {
  EXPECT_EQ(outcome("ece=0.125", GateKind::kMax), Outcome::kPassed);
  EXPECT_EQ(outcome("ece=0.1249", GateKind::kMax), Outcome::kMissed);
  EXPECT_EQ(outcome("uar=0.5", GateKind::kMinInterval), Outcome::kPassed);
  EXPECT_EQ(outcome("uar=0.5001", GateKind::kMinInterval), Outcome::kMissed);
  EXPECT_EQ(outcome("ece=0.25", GateKind::kMaxInterval), Outcome::kPassed);
  EXPECT_EQ(outcome("ece=0.2499", GateKind::kMaxInterval), Outcome::kMissed);
  // uar is 0.7166..., before it was 0.75
  EXPECT_EQ(outcome("uar=0.0334", GateKind::kMaxDrop), Outcome::kPassed);
  EXPECT_EQ(outcome("uar=0.0333", GateKind::kMaxDrop), Outcome::kMissed);
  // log loss is 0.75, before it was 0.5
  EXPECT_EQ(outcome("log_loss=0.25", GateKind::kMaxDrop), Outcome::kPassed);
  EXPECT_EQ(outcome("log_loss=0.24", GateKind::kMaxDrop), Outcome::kMissed);
  // recall of angry rose
  EXPECT_EQ(outcome("recall.angry=0", GateKind::kMaxDrop), Outcome::kPassed);
  EXPECT_EQ(outcome("recall.angry=0.6"), Outcome::kPassed);
  EXPECT_EQ(outcome("recall.angry=0.6001"), Outcome::kMissed);
  EXPECT_EQ(outcome("recall.v1.0=x=0.75"), Outcome::kPassed);
  EXPECT_EQ(outcome("precision.angry=0.75"), Outcome::kPassed);
  EXPECT_EQ(outcome("precision.angry=0.7500001"), Outcome::kMissed);
  EXPECT_EQ(outcome("f1.sad=0.8888"), Outcome::kPassed);
  EXPECT_EQ(outcome("f1.sad=0.8889"), Outcome::kMissed);
  EXPECT_EQ(outcome("accuracy=0.6842"), Outcome::kPassed);
  EXPECT_EQ(outcome("accuracy=0.6843"), Outcome::kMissed);
  EXPECT_EQ(outcome("macro_f1=0.7"), Outcome::kPassed);
  EXPECT_EQ(outcome("macro_f1=0.72"), Outcome::kMissed);
}

// (0.6 + 0.1 + 0.2) / 3 is 0.3, but not in floating point
TEST(CheckGates, RoundingOfAMeanIsNotAMiss) {
  ConfusionMatrix confusion(3, 3);
  confusion << 6, 4, 0, 9, 1, 0, 8, 0, 2;
  Metrics metrics = compute_metrics(confusion, {"a", "b", "c"});
  EXPECT_EQ(check_gates(metrics, {}, {}, {{GateKind::kMin, "uar", 0.3}})[0].outcome,
            Outcome::kPassed);
  metrics.uar = std::nextafter(0.3, 0.0);
  EXPECT_EQ(check_gates(metrics, {}, {}, {{GateKind::kMin, "uar", 0.3}})[0].outcome,
            Outcome::kPassed);
}

TEST(CheckGates, ResultsKeepTheOrderOfTheGates) {
  const auto results = check_gates(
      sample(), {}, {}, {{GateKind::kMin, "uar", 0.9}, {GateKind::kMin, "recall.sad", 0.5}});
  ASSERT_EQ(results.size(), 2U);
  EXPECT_EQ(results[0].gate.metric, "uar");
  EXPECT_DOUBLE_EQ(results[0].value.value(), (0.6 + 0.75 + 0.8) / 3);
  EXPECT_EQ(results[0].outcome, Outcome::kMissed);
  EXPECT_EQ(results[1].outcome, Outcome::kPassed);
  EXPECT_TRUE(check_gates(sample(), {}, {}, {}).empty());
}

TEST(CheckGates, RefusesClassesAndGatesThatCannotBe) {
  const auto message = [](const Gate& gate) -> std::string {
    try {
      check_gates(sample(), {}, {}, {gate});
    } catch (const core::ConfigError& error) {
      return error.code() + " " + error.what();
    }
    return "no error";
  };
  const std::string unknown = message({GateKind::kMin, "recall.happy", 0.5});
  EXPECT_EQ(unknown.find("E_GATE"), 0U);
  EXPECT_NE(unknown.find("angry, v1.0=x, sad"), std::string::npos) << unknown;
  EXPECT_EQ(message({GateKind::kMin, "loss", 0.5}).find("E_GATE"), 0U);
  EXPECT_EQ(
      message({GateKind::kMin, "uar", std::numeric_limits<double>::quiet_NaN()}).find("E_GATE"),
      0U);
  EXPECT_EQ(message({GateKind::kMin, "uar", 1.5}).find("E_GATE"), 0U);
}

TEST(CheckGates, SayWhatWasMeasured) {
  EXPECT_EQ(result_of(GateKind::kMin, "uar=0.9").statement,
            "uar is 0.7167, at least 0.9 was asked for");
  EXPECT_EQ(result_of(GateKind::kMax, "ece=0.15").statement,
            "ece is 0.1250, at most 0.15 was asked for");
  EXPECT_EQ(result_of(GateKind::kMinInterval, "uar=0.55").statement,
            "the interval of uar begins at 0.5000, at least 0.55 was asked for");
  EXPECT_EQ(result_of(GateKind::kMaxDrop, "uar=0.01").statement,
            "uar fell by 0.0333 from 0.7500 to 0.7167, at most 0.01 for the worse was allowed");
  EXPECT_EQ(result_of(GateKind::kMaxDrop, "log_loss=0.1").statement,
            "log_loss rose by 0.2500 from 0.5000 to 0.7500, at most 0.1 for the worse was allowed");
  // four digits would read as if it had been reached
  EXPECT_EQ(result_of(GateKind::kMin, "recall.angry=0.60001").statement,
            "recall.angry is 0.6, at least 0.60001 was asked for");
}

TEST(CheckGates, AMetricThatIsNotDefinedMissesEveryGate) {
  const auto metrics = compute_metrics(ConfusionMatrix{{2, 0}, {0, 0}}, {"a", "b"});
  const auto missed = [&](GateKind kind, const std::string& text) {
    return check_gates(metrics, {}, Baseline{{{"recall.b", 0.0}}, 2, ""}, {parse_gate(kind, text)})
               .at(0)
               .outcome == Outcome::kMissed;
  };
  EXPECT_TRUE(missed(GateKind::kMin, "recall.b=0"));
  EXPECT_TRUE(missed(GateKind::kMax, "ece=1"));
  EXPECT_TRUE(missed(GateKind::kMinInterval, "uar=0"));
  EXPECT_TRUE(missed(GateKind::kMaxDrop, "recall.b=1"));
  EXPECT_EQ(outcome("recall.sad=0", GateKind::kMinInterval), Outcome::kMissed);
}

TEST(Baseline, IsReadFromAnEvaluationAndNothingElse) {
  const test::TemporaryFolder folder;
  const auto code_of = [&](const std::string& content) -> std::string {
    try {
      read_baseline(folder.write("baseline.json", content));
    } catch (const core::ConfigError& error) {
      return error.code();
    }
    return "no error";
  };
  EXPECT_EQ(code_of(R"({"schema": "ser-evaluation/2", "values": {"uar": 0.5, "ece": null}})"),
            "no error");
  for (const char* content :
       {"[]", "3", "{}", R"({"schema": 1})", R"({"schema": "ser-training-report/1"})",
        R"({"schema": "ser-evaluation/1"})", R"({"schema": "ser-evaluation/2", "values": [1]})",
        R"({"schema": "ser-evaluation/2", "values": {"uar": "0.5"}})"}) {
    EXPECT_EQ(code_of(content), "E_GATE_BASELINE") << content;
  }
  EXPECT_EQ(code_of("{"), "E_JSON");
  EXPECT_THROW(read_baseline(folder / "none.json"), core::ConfigError);
  const auto baseline =
      read_baseline(folder.write("x.json", R"({"schema": "ser-evaluation/2", "protocol": "random",
                                 "metrics": {"clips": 7}, "values": {"uar": 0.5, "ece": null}})"));
  EXPECT_EQ(baseline.values, (std::map<std::string, double>{{"uar", 0.5}}));
  EXPECT_EQ(baseline.clips, 7);
  EXPECT_EQ(baseline.protocol, "random");
  try {
    check_gates(sample(), {}, baseline, {parse_gate(GateKind::kMaxDrop, "accuracy=0.1")});
    FAIL() << "the baseline has no accuracy";
  } catch (const core::ConfigError& error) {
    EXPECT_EQ(error.code(), "E_GATE_BASELINE");
  }
}

}  // namespace
}  // namespace ser::eval
