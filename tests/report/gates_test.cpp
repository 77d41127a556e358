#include "ser/report/gates.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace ser::report {
namespace {

using eval::GateKind;
using Outcome = eval::GateResult::Outcome;

eval::GateResult gate(Outcome outcome, const std::string& metric = "uar") {
  return {{GateKind::kMin, metric, 0.5},
          outcome,
          0.25,
          metric + " is 0.2500, at least 0.5 was asked for"};
}

TEST(Verdict, SaysTheSameAsTheExitCode) {
  const std::vector<eval::GateResult> kept = {gate(Outcome::kPassed)};
  const std::vector<eval::GateResult> mixed = {gate(Outcome::kPassed), gate(Outcome::kMissed),
                                               gate(Outcome::kMissed, "f1.sad")};
  const auto expect = [](const GateReport& report, bool passed, const std::string& line) {
    EXPECT_EQ(report.passed(), passed);
    EXPECT_EQ(verdict(report), line);
  };
  expect({{}, {}, {}}, true, "");
  expect({kept, {}, {}}, true, "GATE PASSED: 1 of 1");
  expect({mixed, {}, {}}, false,
         "GATE MISSED: uar is 0.2500, at least 0.5 was asked for; f1.sad is 0.2500, at least 0.5 "
         "was asked for");
  expect({kept, {"a.wav: E_AUDIO"}, {}}, false,
         "INCOMPLETE: 1 recording could not be used; gates passed: 1 of 1");
  expect({{}, {"a.wav: E_AUDIO", "b.wav: E_AUDIO"}, {}}, false,
         "INCOMPLETE: 2 recordings could not be used");
  expect({{gate(Outcome::kMissed)}, {"a.wav: E_AUDIO"}, {}}, false,
         "GATE MISSED: uar is 0.2500, at least 0.5 was asked for");
}

TEST(Junit, HasACaseForEachGateAndOneForTheRecordings) {
  EXPECT_EQ(junit_xml({{gate(Outcome::kPassed), gate(Outcome::kMissed, "recall.a\"<b>&'")},
                       {"x\x01.wav: E_AUDIO <no>\n\xFF\xEF\xBF\xBF"},
                       {}}),
            R"(<?xml version="1.0" encoding="UTF-8"?>
<testsuites tests="3" failures="1" errors="1">
  <testsuite name="ser-eval" tests="3" failures="1" errors="1">
    <testcase classname="ser-eval.gates" name="--min uar=0.5"/>
    <testcase classname="ser-eval.gates" name="--min recall.a&quot;&lt;b&gt;&amp;&apos;=0.5">
      <failure message="recall.a&quot;&lt;b&gt;&amp;&apos; is 0.2500, at least 0.5 was asked for"/>
    </testcase>
    <testcase classname="ser-eval" name="recordings">
      <error message="1 recording could not be used">x\x01.wav: E_AUDIO &lt;no&gt;\x0A\xFF?
</error>
    </testcase>
  </testsuite>
</testsuites>
)");
  EXPECT_EQ(junit_xml({{}, {}, {}}), R"(<?xml version="1.0" encoding="UTF-8"?>
<testsuites tests="1" failures="0" errors="0">
  <testsuite name="ser-eval" tests="1" failures="0" errors="0">
    <testcase classname="ser-eval" name="recordings"/>
  </testsuite>
</testsuites>
)");
}

TEST(GithubAnnotations, CannotBeBrokenOutOf) {
  EXPECT_EQ(github_annotations(
                {{gate(Outcome::kMissed, "recall.100%\n::error::x\r,y:z"), gate(Outcome::kPassed)},
                 {"a\nb.wav: E_AUDIO"},
                 "not honest"}),
            "::error title=Gate missed::recall.100%25\\x0A::error::x\\x0D,y:z is 0.2500, at least "
            "0.5 was asked for\n"
            "::notice title=Gate passed::uar is 0.2500, at least 0.5 was asked for\n"
            "::warning title=Score::not honest\n"
            "::warning title=Recording not scored::a\\x0Ab.wav: E_AUDIO\n");
}

TEST(GithubAnnotations, OfManyRecordingsAreTheFirstAndTheirNumber) {
  const std::string text =
      github_annotations({{}, std::vector<std::string>(30, "a.wav"), "not honest"});
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 10);
  EXPECT_NE(text.find("30 recordings could not be used"), std::string::npos);
}

TEST(GatesMarkdown, IsATableThatNamesCannotBreak) {
  EXPECT_EQ(gates_markdown({{gate(Outcome::kMissed, "recall.a|b")}, {"x"}, {}}),
            R"(**GATE MISSED**

| Gate | Outcome | Measured |
|---|---:|---:|
| --min recall.a\|b=0.5 | missed | recall.a\|b is 0.2500, at least 0.5 was asked for |

1 recording could not be used
)");
  EXPECT_EQ(gates_markdown({{}, {}, {}}), "");
}

}  // namespace
}  // namespace ser::report
