#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ser/core/thread_pool.h"
#include "ser/eval/bootstrap.h"

namespace ser::eval {

// What the bootstrap of one set of clips and that of a pair have in common.

// The clips of each unit that is drawn as a whole.
using Units = std::vector<std::vector<std::size_t>>;

// Speakers where they are many enough, otherwise clips; the unit, their number and the statement go
// to `intervals`, and what the configuration says. Throws ConfigError (E_METRICS_INPUT).
Units draw_units(std::size_t clips, const std::vector<std::string>& speakers, std::size_t classes,
                 const BootstrapConfig& config, Intervals& intervals);

// Values of each of `resamples`, which draw_units() may have made fewer than the configuration
// says; `values` is told how often each clip counts. Throws Interrupted.
using Values = std::vector<std::optional<double>>;
std::vector<Values> resample(const Units& units, std::size_t clips, int resamples,
                             const BootstrapConfig& config, core::ThreadPool& pool,
                             const std::function<Values(std::span<const std::int32_t>)>& values);

// The lower percentile of the expanded interval.
double lower_percentile(double level, std::size_t units);

// The values of one metric in all resamples, sorted; none where too many lack it.
std::optional<std::vector<double>> sorted_values(const std::vector<Values>& resamples,
                                                 std::size_t metric);

}  // namespace ser::eval
