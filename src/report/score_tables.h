#pragma once

#include "ser/eval/bootstrap.h"
#include "ser/eval/groups.h"
#include "ser/eval/metrics.h"

#include "report/text_table.h"

namespace ser::report {

// The tables of a score, for text, Markdown and pages alike. Names come out as
// corpus::display_name(). `intervals` may be null.

// A row a measure; without a heading.
Table overall_table(const eval::Metrics& metrics, const eval::Intervals* intervals);
Table class_table(const eval::Metrics& metrics, const eval::Intervals* intervals);
Table grouping_table(const eval::Grouping& grouping);

// "95 % interval"
std::string interval_heading(const eval::Intervals& intervals);

}  // namespace ser::report
