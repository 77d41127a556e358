#include "ser/eval/groups.h"

#include <algorithm>
#include <array>
#include <map>

#include "ser/core/error.h"
#include "ser/corpus/display_name.h"
#include "ser/eval/metric_table.h"

namespace ser::eval {
namespace {

struct Column {
  std::string_view name;
  std::string corpus::Utterance::*member;
};

constexpr std::array<Column, 5> kColumns = {{{"speaker", &corpus::Utterance::speaker},
                                             {"text", &corpus::Utterance::text},
                                             {"corpus", &corpus::Utterance::corpus},
                                             {"part", &corpus::Utterance::part},
                                             {"label", &corpus::Utterance::label}}};

std::vector<std::string> of_utterances(const std::vector<std::string>& column,
                                       std::span<const std::size_t> chosen) {
  std::vector<std::string> values;
  for (const std::size_t i : chosen) values.push_back(column[i]);
  return values;
}

}  // namespace

std::vector<std::string> column_of(const corpus::Manifest& manifest,
                                   const std::vector<std::size_t>& utterances,
                                   const std::string& column) {
  std::vector<std::string> values;
  const auto known = std::ranges::find(kColumns, column, &Column::name);
  if (known != kColumns.end()) {
    for (const std::size_t i : utterances) {
      values.push_back(manifest.utterances[i].*(known->member));
    }
    return values;
  }
  if (std::ranges::find(manifest.attribute_names, column) == manifest.attribute_names.end()) {
    std::string list;
    for (const auto& one : kColumns) list += (list.empty() ? "" : ", ") + std::string(one.name);
    for (const auto& name : manifest.attribute_names) list += ", " + corpus::display_name(name);
    throw core::ConfigError("E_EVAL_COLUMN", "there is no column \"" +
                                                 corpus::display_name(column) +
                                                 "\"; these recordings have " + list);
  }
  for (const std::size_t i : utterances) values.emplace_back(manifest.attribute(i, column));
  return values;
}

Grouping group_by(const std::string& column, const corpus::Manifest& manifest,
                  const std::vector<std::size_t>& utterances, const ScoredClips& clips,
                  const BootstrapConfig& config, core::ThreadPool& pool,
                  std::optional<double> threshold) {
  const auto values = column_of(manifest, utterances, column);
  const auto speakers = column_of(manifest, utterances, "speaker");
  std::map<std::string, std::vector<std::size_t>> members;
  for (std::size_t i = 0; i < values.size(); ++i) members[values[i]].push_back(i);
  Grouping grouping{column, {}};
  for (const auto& [value, chosen] : members) {
    const auto selected = select(clips, chosen);
    grouping.groups.push_back(
        {value, compute_metrics(selected, threshold),
         bootstrap(selected, of_utterances(speakers, chosen), config, pool, threshold)});
  }
  return grouping;
}

core::Json to_json(const Grouping& grouping) {
  core::Json json = core::Json::object();
  json["column"] = corpus::display_name(grouping.column);
  json["groups"] = core::Json::array();
  for (const auto& group : grouping.groups) {
    core::Json values = core::Json::object();
    core::Json intervals = core::Json::object();
    for (const auto& entry : metric_table()) {
      const auto value = entry.value(group.metrics);
      if (!value) continue;
      values[std::string(entry.name)] = *value;
      if (const auto interval = group.intervals.find(entry.name)) {
        intervals[std::string(entry.name)] = {interval->low, interval->high};
      }
    }
    const bool speakers = group.intervals.unit == Intervals::Unit::kSpeakers;
    json["groups"].push_back({{"value", corpus::display_name(group.value)},
                              {"clips", group.metrics.clips},
                              {"values", std::move(values)},
                              {"intervals", std::move(intervals)},
                              {"unit", speakers ? "speakers" : "clips"}});
  }
  return json;
}

}  // namespace ser::eval
