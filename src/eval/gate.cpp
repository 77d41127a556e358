#include "ser/eval/gate.h"

#include <algorithm>
#include <charconv>
#include <string_view>
#include <system_error>

#include "ser/core/error.h"
#include "ser/corpus/display_name.h"

namespace ser::eval {
namespace {

// A mean of exact ratios may miss the decimal that was meant by a unit in the last place; that is
// equality.
constexpr double kRounding = 1e-12;

[[noreturn]] void reject(const std::string& why) { throw core::ConfigError("E_GATE", why); }

struct ClassMember {
  std::string_view prefix;
  double ClassMetrics::*member;
};

constexpr ClassMember kClassMembers[] = {{"recall.", &ClassMetrics::recall},
                                         {"precision.", &ClassMetrics::precision},
                                         {"f1.", &ClassMetrics::f1}};

// The member that a metric such as "recall.happy" names, and removes its prefix; null if it names
// none.
const ClassMember* class_member(std::string_view& metric) {
  for (const auto& candidate : kClassMembers) {
    if (metric.size() > candidate.prefix.size() && metric.starts_with(candidate.prefix)) {
      metric.remove_prefix(candidate.prefix.size());
      return &candidate;
    }
  }
  return nullptr;
}

void check(const Gate& gate) {
  std::string_view name = gate.metric;
  if (name != "accuracy" && name != "uar" && name != "macro_f1" && class_member(name) == nullptr) {
    reject("there is no metric \"" + corpus::display_name(gate.metric) +
           "\"; a gate takes accuracy, uar, macro_f1, recall.CLASS, precision.CLASS or f1.CLASS");
  }
  // written so that NaN fails
  if (!(gate.minimum >= 0.0 && gate.minimum <= 1.0)) {
    reject("the least value of the gate on " + corpus::display_name(gate.metric) +
           " must lie between 0 and 1");
  }
}

double value_of(const Metrics& metrics, const Gate& gate) {
  if (gate.metric == "accuracy") return metrics.accuracy;
  if (gate.metric == "uar") return metrics.uar;
  if (gate.metric == "macro_f1") return metrics.macro_f1;
  std::string_view name = gate.metric;
  const ClassMember* member = class_member(name);
  const auto found = std::ranges::find(metrics.per_class, name, &ClassMetrics::name);
  if (found == metrics.per_class.end()) {
    std::string known;
    for (const auto& one : metrics.per_class) {
      known += (known.empty() ? "" : ", ") + corpus::display_name(one.name);
    }
    reject("the gate " + corpus::display_name(gate.metric) +
           " names a class that was not evaluated; classes are " + known);
  }
  return (*found).*(member->member);
}

}  // namespace

Gate parse_gate(const std::string& text) {
  // the last '=', since a class may have one in its name
  const std::size_t equals = text.rfind('=');
  const auto malformed = [&] {
    reject("a gate has the form METRIC=NUMBER, such as uar=0.6; found \"" +
           corpus::display_name(text) + "\"");
  };
  if (equals == std::string::npos || equals == 0) malformed();
  Gate gate;
  gate.metric = text.substr(0, equals);
  const char* begin = text.data() + equals + 1;
  const char* end = text.data() + text.size();
  const auto read = std::from_chars(begin, end, gate.minimum);
  if (read.ec != std::errc() || read.ptr != end) malformed();
  check(gate);
  return gate;
}

std::vector<GateResult> check_gates(const Metrics& metrics, const std::vector<Gate>& gates) {
  std::vector<GateResult> results;
  for (const auto& gate : gates) {
    check(gate);
    GateResult result{gate, value_of(metrics, gate)};
    if (result.value >= gate.minimum - kRounding) result.outcome = GateResult::Outcome::kPassed;
    results.push_back(std::move(result));
  }
  return results;
}

}  // namespace ser::eval
