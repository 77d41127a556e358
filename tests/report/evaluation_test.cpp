#include "ser/report/evaluation.h"

#include <algorithm>
#include <sstream>

#include <gtest/gtest.h>

namespace ser::report {
namespace {

eval::Metrics metrics_sample(const std::vector<std::string>& classes) {
  eval::ConfusionMatrix confusion(2, 2);
  confusion << 3, 1, 0, 4;
  return eval::compute_metrics(confusion, classes);
}

TEST(EvaluationText, IsAligned) {
  EXPECT_EQ(evaluation_text(metrics_sample({"angry", "sad"})), R"(Clips             8
Accuracy     0.8750
UAR          0.8750
Macro F1     0.8730
Weighted F1  0.8730

Class  Precision  Recall      F1  Clips
angry     1.0000  0.7500  0.8571      4
sad       0.8000  1.0000  0.8889      4

Confusion matrix (rows: true class, columns: predicted class)
True class  angry  sad
angry           3    1
sad             0    4
)");
}

TEST(EvaluationText, CountsCodePointsNotBytes) {
  const std::string text = evaluation_text(metrics_sample({"\xC3\xA4\xC3\xB6\xC3\xBC", "abc"}));
  EXPECT_NE(text.find("\n\xC3\xA4\xC3\xB6\xC3\xBC       1.0000"), std::string::npos) << text;
  EXPECT_NE(text.find("\nabc       0.8000"), std::string::npos) << text;
}

TEST(EvaluationText, NamesAreHarmless) {
  for (const auto& text : {evaluation_text(metrics_sample({"a\x1B[2Jb\n", "\xFF"})),
                           evaluation_markdown(metrics_sample({"a\x1B[2Jb\n", "\xFF"}), {})}) {
    EXPECT_EQ(text.find('\x1B'), std::string::npos);
    EXPECT_EQ(text.find('\xFF'), std::string::npos);
    EXPECT_NE(text.find("x1B"), std::string::npos);
    EXPECT_NE(text.find("xFF"), std::string::npos);
  }
}

TEST(EvaluationText, ManyClassesGetNumbersForHeadings) {
  std::vector<std::string> classes;
  for (int i = 0; i < 14; ++i) classes.push_back("OAF_Pleasant_surprise" + std::to_string(i));
  const auto metrics = eval::compute_metrics(eval::ConfusionMatrix::Identity(14, 14), classes);
  const std::string text = evaluation_text(metrics);
  EXPECT_NE(text.find("\nTrue class "), std::string::npos);
  EXPECT_NE(text.find("\n14 OAF_Pleasant_surprise13 "), std::string::npos) << text;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 100U) << line;
}

TEST(EvaluationText, OfNothingIsStillAReport) {
  const std::string text = evaluation_text(eval::compute_metrics(eval::ConfusionMatrix(), {}));
  EXPECT_NE(text.find("Accuracy     0.0000"), std::string::npos) << text;
}

TEST(EvaluationMarkdown, HasTables) {
  eval::Intervals intervals;
  intervals.statement = "resampled";
  intervals.metrics = {{"uar", eval::Interval{0.5, 0.9}}, {"recall.angry", eval::Interval{0, 1}}};
  EXPECT_EQ(evaluation_markdown(metrics_sample({"angry", "OAF_sad"}), intervals),
            R"(| Measure | Value | 95 % interval |
|---|---:|---:|
| Clips | 8 | |
| Accuracy | 0.8750 | - |
| UAR | 0.8750 | 0.5000 to 0.9000 |
| Macro F1 | 0.8730 | - |
| Weighted F1 | 0.8730 | - |

resampled

| Class | Precision | Recall | F1 | Clips | Recall, 95 % interval |
|---|---:|---:|---:|---:|---:|
| angry | 1.0000 | 0.7500 | 0.8571 | 4 | 0.0000 to 1.0000 |
| OAF_sad | 0.8000 | 1.0000 | 0.8889 | 4 | - |

Confusion matrix (rows: true class, columns: predicted class)

| True class | angry | OAF_sad |
|---|---:|---:|
| angry | 3 | 1 |
| OAF_sad | 0 | 4 |
)");
}

TEST(EvaluationMarkdown, NamesAreEscaped) {
  const std::string text =
      evaluation_markdown(metrics_sample({"a|b`c`<script>", "*x* _y_ &lt; [l](u) @me \\"}), {});
  EXPECT_NE(text.find("| a\\|b\\`c\\`&lt;script&gt; |"), std::string::npos) << text;
  EXPECT_NE(text.find("| \\*x\\* \\_y\\_ &amp;lt; \\[l\\]\\(u\\) &#64;me \\\\ |"),
            std::string::npos)
      << text;
}

TEST(StatementMarkdown, IsReadAsText) {
  EXPECT_EQ(statement_markdown("speaker\x1B", "<b>LEAK</b> *a|b*"),
            "Protocol: **speaker\\\\x1B**. &lt;b&gt;LEAK&lt;/b&gt; \\*a\\|b\\*\n");
}

}  // namespace
}  // namespace ser::report
