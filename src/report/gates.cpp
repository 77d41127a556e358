#include "ser/report/gates.h"

#include <algorithm>
#include <string_view>

#include "ser/corpus/display_name.h"

#include "report/text_table.h"
#include "report/xml.h"

namespace ser::report {
namespace {

using corpus::display_name;
using eval::GateResult;

// GitHub shows ten annotations of a kind for a step: these, what is to be said of the score, and
// how many there are.
constexpr std::size_t kAnnotationsShown = 8;

bool is_missed(const GateResult& result) { return result.outcome == GateResult::Outcome::kMissed; }

std::string of_all(const GateReport& report) {
  const auto missed = static_cast<std::size_t>(std::ranges::count_if(report.gates, is_missed));
  return std::to_string(report.gates.size() - missed) + " of " +
         std::to_string(report.gates.size());
}

std::string count_unusable(const GateReport& report) {
  const std::size_t count = report.unusable.size();
  return std::to_string(count) + (count == 1 ? " recording" : " recordings") + " could not be used";
}

// The data of a workflow command, as @actions/core escapes it.
std::string command_data(std::string_view text) {
  std::string escaped;
  for (const char c : display_name(text)) {
    if (c == '%') {
      escaped += "%25";
    } else {
      escaped += c;
    }
  }
  return escaped;
}

std::string annotation(std::string_view level, std::string_view title, std::string_view message) {
  return "::" + std::string(level) + " title=" + std::string(title) + "::" + command_data(message) +
         "\n";
}

}  // namespace

bool GateReport::passed() const {
  return unusable.empty() && std::ranges::none_of(gates, is_missed);
}

std::string verdict(const GateReport& report) {
  std::string missed;
  for (const auto& result : report.gates) {
    if (is_missed(result)) missed += (missed.empty() ? "" : "; ") + result.statement;
  }
  if (!missed.empty()) return "GATE MISSED: " + missed;
  if (!report.unusable.empty()) {
    return "INCOMPLETE: " + count_unusable(report) +
           (report.gates.empty() ? "" : "; gates passed: " + of_all(report));
  }
  return report.gates.empty() ? "" : "GATE PASSED: " + of_all(report);
}

std::string junit_xml(const GateReport& report) {
  const auto missed = std::ranges::count_if(report.gates, is_missed);
  const std::string counts = " tests=\"" + std::to_string(report.gates.size() + 1) +
                             "\" failures=\"" + std::to_string(missed) + "\" errors=\"" +
                             (report.unusable.empty() ? "0" : "1") + "\"";
  std::string text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites" + counts +
                     ">\n  <testsuite name=\"ser-eval\"" + counts + ">\n";
  for (const auto& result : report.gates) {
    text += "    <testcase classname=\"ser-eval.gates\" name=\"" +
            escape_xml(to_text(result.gate)) + "\"";
    text += is_missed(result) ? ">\n      <failure message=\"" + escape_xml(result.statement) +
                                    "\"/>\n    </testcase>\n"
                              : "/>\n";
  }
  text += "    <testcase classname=\"ser-eval\" name=\"recordings\"";
  if (report.unusable.empty()) {
    text += "/>\n";
  } else {
    text += ">\n      <error message=\"" + escape_xml(count_unusable(report)) + "\">";
    for (const auto& line : report.unusable) text += escape_xml(line) + "\n";
    text += "</error>\n    </testcase>\n";
  }
  return text + "  </testsuite>\n</testsuites>\n";
}

std::string github_annotations(const GateReport& report) {
  std::string text;
  for (const auto& result : report.gates) {
    text += is_missed(result) ? annotation("error", "Gate missed", result.statement)
                              : annotation("notice", "Gate passed", result.statement);
  }
  if (!report.reservation.empty()) text += annotation("warning", "Score", report.reservation);
  for (std::size_t i = 0; i < std::min(report.unusable.size(), kAnnotationsShown); ++i) {
    text += annotation("warning", "Recording not scored", report.unusable[i]);
  }
  if (report.unusable.size() > kAnnotationsShown) {
    text += annotation("warning", "Recordings not scored", count_unusable(report));
  }
  return text;
}

std::string gates_markdown(const GateReport& report) {
  const std::string line = verdict(report);
  if (line.empty()) return "";
  std::string text = "**" + line.substr(0, line.find(':')) + "**\n";
  if (!report.gates.empty()) {
    Table table = {{"Gate", "Outcome", "Measured"}};
    for (const auto& result : report.gates) {
      table.push_back(
          {to_text(result.gate), is_missed(result) ? "missed" : "passed", result.statement});
    }
    text += "\n" + markdown(table);
  }
  if (!report.unusable.empty()) text += "\n" + count_unusable(report) + "\n";
  return text;
}

}  // namespace ser::report
