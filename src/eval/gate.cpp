#include "ser/eval/gate.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string_view>
#include <system_error>

#include "ser/core/error.h"
#include "ser/core/file.h"
#include "ser/corpus/display_name.h"
#include "ser/eval/metric_table.h"

namespace ser::eval {
namespace {

using corpus::display_name;

// A mean of exact ratios may miss the decimal that was meant by a unit in the last place; that is
// equality.
constexpr double kRounding = 1e-12;

constexpr std::uint64_t kLargestBaseline = std::uint64_t{1} << 28;

[[noreturn]] void reject_gate(const std::string& why) { throw core::ConfigError("E_GATE", why); }

struct KindEntry {
  GateKind kind;
  std::string_view name;         // of the option, without dashes
  std::optional<Better> better;  // that the metric has to have
  std::string_view opposite;     // what to use where it has not
};

constexpr std::array<KindEntry, 5> kKinds = {
    {{GateKind::kMin, "min", Better::kHigher, "max"},
     {GateKind::kMax, "max", Better::kLower, "min"},
     {GateKind::kMinInterval, "min-ci", Better::kHigher, "max-ci"},
     {GateKind::kMaxInterval, "max-ci", Better::kLower, "min-ci"},
     {GateKind::kMaxDrop, "max-drop", std::nullopt, ""}}};

const KindEntry& entry_of(GateKind kind) {
  return *std::ranges::find(kKinds, kind, &KindEntry::kind);
}

[[noreturn]] void reject_class(const std::string& gate, const std::vector<std::string>& classes) {
  std::string known;
  for (const auto& one : classes) {
    if (!known.empty()) known += ", ";
    known += display_name(one);
  }
  reject_gate("the gate " + gate + " names a class that was not evaluated; classes are " + known);
}

std::string exactly(double value) { return core::json_text(value); }

// With four digits behind the point, unless these would hide on which side of the bound it lies.
std::string number(double value, double bound) {
  if (value != bound && std::abs(value - bound) < 1e-4) return exactly(value);
  std::array<char, 400> text{};
  const auto end =
      std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed, 4).ptr;
  return {text.data(), end};
}

MetricName known_metric(const Gate& gate) {
  const auto metric = find_metric(gate.metric);
  if (!metric) {
    reject_gate("there is no metric \"" + display_name(gate.metric) + "\"; a gate takes " +
                list_metrics());
  }
  const KindEntry& kind = entry_of(gate.kind);
  if (kind.better && *kind.better != metric->better()) {
    reject_gate(display_name(gate.metric) + " is the better the " +
                (metric->better() == Better::kHigher ? "higher" : "lower") + ": --" +
                std::string(kind.opposite) + " and not --" + std::string(kind.name));
  }
  if (!metric->condition.empty() &&
      (gate.kind == GateKind::kMinInterval || gate.kind == GateKind::kMaxInterval)) {
    reject_gate(display_name(gate.metric) +
                " has no interval, as nothing under a stress condition has");
  }
  // written so that NaN fails
  if (!(gate.bound >= 0.0 && gate.bound <= metric->most() && std::isfinite(gate.bound))) {
    reject_gate("the bound of --" + std::string(kind.name) + " " + display_name(gate.metric) +
                (std::isfinite(metric->most())
                     ? " must lie between 0 and " + exactly(metric->most())
                     : " must be a number from 0"));
  }
  return *metric;
}

// What was measured for a gate, and how to say it.
struct Measured {
  std::optional<double> value;
  std::string text;
};

Measured drop(const Gate& gate, const MetricName& metric, double value, const Baseline& baseline) {
  const double before = baseline.values.at(display_name(gate.metric));
  const bool higher = metric.better() == Better::kHigher;
  const double worse = higher ? before - value : value - before;
  const bool rose = higher == (worse < 0.0);
  return {worse, display_name(gate.metric) + (rose ? " rose by " : " fell by ") +
                     number(std::abs(worse), gate.bound) + " from " + number(before, value) +
                     " to " + number(value, before)};
}

// `metrics` are those under the metric's condition; null where this was not tried.
Measured measure(const Gate& gate, const MetricName& metric, const Metrics* metrics,
                 const Intervals& intervals, const std::optional<Baseline>& baseline) {
  const std::string name = display_name(gate.metric);
  if (gate.kind == GateKind::kMinInterval || gate.kind == GateKind::kMaxInterval) {
    const auto interval = intervals.find(gate.metric);
    if (!interval) return {std::nullopt, name + " has no interval"};
    const bool low = gate.kind == GateKind::kMinInterval;
    const double end = low ? interval->low : interval->high;
    return {end, "the interval of " + name + (low ? " begins at " : " ends at ") +
                     number(end, gate.bound)};
  }
  const auto value = metrics != nullptr ? metric.value(*metrics) : std::nullopt;
  if (!value) return {std::nullopt, name + " is not defined for these clips"};
  if (gate.kind == GateKind::kMaxDrop) return drop(gate, metric, *value, *baseline);
  return {*value, name + " is " + number(*value, gate.bound)};
}

bool passes(const Gate& gate, double value) {
  if (gate.kind == GateKind::kMin || gate.kind == GateKind::kMinInterval) {
    return value >= gate.bound - kRounding;
  }
  return value <= gate.bound + kRounding;
}

}  // namespace

std::string to_text(const Gate& gate) {
  return "--" + std::string(entry_of(gate.kind).name) + " " + display_name(gate.metric) + "=" +
         exactly(gate.bound);
}

Gate parse_gate(GateKind kind, const std::string& text) {
  // the last '=', since a class may have one in its name
  const std::size_t equals = text.rfind('=');
  const auto malformed = [&] {
    reject_gate("a gate has the form METRIC=NUMBER, such as uar=0.6; found \"" +
                display_name(text) + "\"");
  };
  if (equals == std::string::npos || equals == 0) malformed();
  Gate gate;
  gate.kind = kind;
  gate.metric = text.substr(0, equals);
  const char* begin = text.data() + equals + 1;
  const char* end = text.data() + text.size();
  const auto read = std::from_chars(begin, end, gate.bound);
  if (read.ec != std::errc() || read.ptr != end) malformed();
  gate.metric = known_metric(gate).name();  // one name for the baseline, whichever was used
  return gate;
}

Baseline read_baseline(const std::filesystem::path& path) {
  const auto json = core::parse_json(core::read_file(path, kLargestBaseline), path.string());
  const auto bad = [&](const std::string& why) {
    return core::ConfigError("E_GATE_BASELINE", path.string() + " is no baseline: " + why +
                                                    "; ser-eval --format json writes one");
  };
  const auto member = [&](const char* key) {
    const auto found = json.find(key);
    return found == json.end() ? core::Json(nullptr) : *found;
  };
  if (!json.is_object() || !member("schema").is_string()) throw bad("it has no \"schema\"");
  const auto schema = member("schema").get<std::string>();
  if (!schema.starts_with("ser-evaluation/")) throw bad("its schema is another");
  const auto values = member("values");
  if (!values.is_object()) throw bad("it has no \"values\" (an older program wrote it)");
  Baseline baseline;
  for (const auto& [name, value] : values.items()) {
    if (value.is_null()) continue;
    if (!value.is_number() || !std::isfinite(value.get<double>())) {
      throw bad("the value of \"" + display_name(name) + "\" is not a number");
    }
    baseline.values.emplace(name, value.get<double>());
  }
  if (const auto protocol = member("protocol"); protocol.is_string()) {
    baseline.protocol = protocol.get<std::string>();
  }
  if (const auto metrics = member("metrics");
      metrics.is_object() && metrics.contains("clips") && metrics["clips"].is_number_unsigned()) {
    baseline.clips = metrics["clips"].get<std::int64_t>();
  }
  return baseline;
}

void require_checkable(const std::vector<Gate>& gates, const std::vector<std::string>& classes,
                       const std::optional<Baseline>& baseline) {
  for (const auto& gate : gates) {
    const MetricName metric = known_metric(gate);
    const std::string name = display_name(gate.metric);
    if (metric.of_class != nullptr &&
        std::ranges::find(classes, metric.class_name) == classes.end()) {
      reject_class(name, classes);
    }
    if (gate.kind != GateKind::kMaxDrop) continue;
    if (!baseline) {
      throw core::ConfigError("E_GATE_BASELINE",
                              "--max-drop needs to know from what: --baseline FILE, the JSON of an "
                              "earlier ser-eval");
    }
    if (!baseline->values.contains(name)) {
      throw core::ConfigError("E_GATE_BASELINE", "the baseline has no value of " + name);
    }
  }
}

std::vector<GateResult> check_gates(const Metrics& metrics, const Intervals& intervals,
                                    const std::optional<Baseline>& baseline,
                                    const std::vector<Gate>& gates,
                                    const std::map<std::string, Metrics>& stressed) {
  require_checkable(gates, metrics.classes, baseline);
  std::vector<GateResult> results;
  for (const auto& gate : gates) {
    const MetricName metric = known_metric(gate);
    const Metrics* of = &metrics;
    if (!metric.condition.empty()) {
      const auto found = stressed.find(metric.condition);
      of = found == stressed.end() ? nullptr : &found->second;
    }
    const Measured measured = measure(gate, metric, of, intervals, baseline);
    GateResult result{gate, GateResult::Outcome::kMissed, measured.value, measured.text};
    const bool least = gate.kind == GateKind::kMin || gate.kind == GateKind::kMinInterval;
    result.statement +=
        std::string(least ? ", at least " : ", at most ") + exactly(gate.bound) +
        (gate.kind == GateKind::kMaxDrop ? " for the worse was allowed" : " was asked for");
    if (measured.value && passes(gate, *measured.value)) {
      result.outcome = GateResult::Outcome::kPassed;
    }
    results.push_back(std::move(result));
  }
  return results;
}

core::Json to_json(const std::vector<GateResult>& results) {
  core::Json list = core::Json::array();
  for (const auto& result : results) {
    list.push_back({{"kind", std::string(entry_of(result.gate.kind).name)},
                    {"metric", display_name(result.gate.metric)},
                    {"bound", result.gate.bound},
                    {"value", result.value ? core::Json(*result.value) : core::Json(nullptr)},
                    {"passed", result.outcome == GateResult::Outcome::kPassed},
                    {"statement", result.statement}});
  }
  return list;
}

}  // namespace ser::eval
