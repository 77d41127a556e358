#include "ser/report/stress.h"

#include <gtest/gtest.h>

namespace ser::report {
namespace {

eval::StressReport stress_sample() {
  eval::StressReport report;
  auto metrics = eval::compute_metrics(eval::ConfusionMatrix{{3, 1}, {1, 3}}, {"a", "b"});
  metrics.unchanged = 0.875;
  report.results.push_back({{"gain+6", "6 dB louder", "[]"}, metrics, -0.125});
  report.results.push_back({{"crop50", "ends cut off", "[]"}, metrics, 0.0});
  return report;
}

TEST(StressReport, HasALineForEachCondition) {
  EXPECT_EQ(stress_text(stress_sample(), 0.875),
            "Under stress\n"
            "Condition             Clips     UAR   Change  Unchanged\n"
            "as they are                  0.8750                    \n"
            "gain+6: 6 dB louder       8  0.7500  -0.1250     0.8750\n"
            "crop50: ends cut off      8  0.7500   0.0000     0.8750\n");
  EXPECT_NE(stress_markdown(stress_sample(), 0.875)
                .find("| gain\\+6\\: 6 dB louder | 8 | 0.7500 | -0.1250 | 0.8750 |\n"),
            std::string::npos);
}

TEST(StressReport, SaysWhatIsMissing) {
  auto report = stress_sample();
  report.left_out = {"babble20"};
  report.failures.resize(2);
  const auto text = stress_text(report, 0.875);
  EXPECT_NE(text.find("too few clips that could be used: babble20\n"), std::string::npos);
  EXPECT_NE(text.find("\n2 times a clip could not be used"), std::string::npos);
}

}  // namespace
}  // namespace ser::report
