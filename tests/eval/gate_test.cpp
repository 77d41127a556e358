#include "ser/eval/gate.h"

#include <limits>

#include <gtest/gtest.h>

#include "ser/core/error.h"

namespace ser::eval {
namespace {

using Outcome = GateResult::Outcome;

Metrics sample() {
  ConfusionMatrix confusion(3, 3);
  confusion << 6, 4, 0, 1, 3, 0, 1, 0, 4;
  return compute_metrics(confusion, {"angry", "v1.0=x", "sad"});
}

Outcome outcome(const std::string& gate) {
  return check_gates(sample(), {parse_gate(gate)}).at(0).outcome;
}

std::string code_of_parsing(const std::string& text) {
  try {
    parse_gate(text);
  } catch (const core::ConfigError& error) {
    return error.code();
  }
  return "no error";
}

TEST(ParseGate, ReadsMetricAndNumber) {
  const Gate gate = parse_gate("uar=0.6");
  EXPECT_EQ(gate.metric, "uar");
  EXPECT_EQ(gate.minimum, 0.6);
  for (const char* text : {"accuracy=0", "macro_f1=1", "recall.happy=.5", "precision.sad=1e-3",
                           "f1.angry=0.25", "recall.a.b=0.5", "recall.a=b=0.5"}) {
    EXPECT_EQ(code_of_parsing(text), "no error") << text;
  }
  EXPECT_EQ(parse_gate("recall.a.b=0.5").metric, "recall.a.b");
  EXPECT_EQ(parse_gate("recall.a=b=0.5").metric, "recall.a=b");
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

TEST(CheckGates, EqualityPasses) {
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
  EXPECT_EQ(check_gates(metrics, {{"uar", 0.3}})[0].outcome, Outcome::kPassed);
  metrics.uar = std::nextafter(0.3, 0.0);
  EXPECT_EQ(check_gates(metrics, {{"uar", 0.3}})[0].outcome, Outcome::kPassed);
}

TEST(CheckGates, ResultsKeepTheOrderOfTheGates) {
  const auto results = check_gates(sample(), {{"uar", 0.9}, {"recall.sad", 0.5}});
  ASSERT_EQ(results.size(), 2U);
  EXPECT_EQ(results[0].gate.metric, "uar");
  EXPECT_DOUBLE_EQ(results[0].value, (0.6 + 0.75 + 0.8) / 3);
  EXPECT_EQ(results[0].outcome, Outcome::kMissed);
  EXPECT_EQ(results[1].outcome, Outcome::kPassed);
  EXPECT_TRUE(check_gates(sample(), {}).empty());
}

TEST(CheckGates, RefusesClassesAndGatesThatCannotBe) {
  const auto message = [](const Gate& gate) -> std::string {
    try {
      check_gates(sample(), {gate});
    } catch (const core::ConfigError& error) {
      return error.code() + " " + error.what();
    }
    return "no error";
  };
  const std::string unknown = message({"recall.happy", 0.5});
  EXPECT_EQ(unknown.find("E_GATE"), 0U);
  EXPECT_NE(unknown.find("angry, v1.0=x, sad"), std::string::npos) << unknown;
  EXPECT_EQ(message({"loss", 0.5}).find("E_GATE"), 0U);
  EXPECT_EQ(message({"uar", std::numeric_limits<double>::quiet_NaN()}).find("E_GATE"), 0U);
  EXPECT_EQ(message({"uar", 1.5}).find("E_GATE"), 0U);
}

}  // namespace
}  // namespace ser::eval
