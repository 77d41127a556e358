#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ser/core/json.h"
#include "ser/core/thread_pool.h"
#include "ser/corpus/manifest.h"
#include "ser/eval/bootstrap.h"
#include "ser/eval/scored_clips.h"

namespace ser::eval {

// The clips that have one value in a column of the manifest.
struct GroupResult {
  std::string value;  // empty: unknown
  Metrics metrics;
  Intervals intervals;
};

struct Grouping {
  std::string column;
  std::vector<GroupResult> groups;  // sorted by value
};

// What the manifest says of each of these utterances in a column: "speaker", "text", "corpus",
// "part", "label", or the name of an attribute. Throws ConfigError (E_EVAL_COLUMN), naming the
// columns that there are, for any other.
std::vector<std::string> column_of(const corpus::Manifest& manifest,
                                   const std::vector<std::size_t>& utterances,
                                   const std::string& column);

// Metrics of each group by itself. `utterances` and the columns of `clips` are the same clips.
Grouping group_by(const std::string& column, const corpus::Manifest& manifest,
                  const std::vector<std::size_t>& utterances, const ScoredClips& clips,
                  const BootstrapConfig& config, core::ThreadPool& pool,
                  std::optional<double> threshold = std::nullopt);

// {"column", "groups": [{"value", "clips", "values": {"uar": ...}, "intervals": {"uar": [low,
// high]}, "unit"}]}, with the metrics of all clips of a group.
core::Json to_json(const Grouping& grouping);

}  // namespace ser::eval
