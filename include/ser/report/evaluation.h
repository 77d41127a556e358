#pragma once

#include <string>

#include "ser/eval/bootstrap.h"
#include "ser/eval/groups.h"
#include "ser/eval/metrics.h"
#include "ser/eval/scored_clips.h"
#include "ser/report/picture.h"

namespace ser::report {

// Overall figures, a table by class and the confusion matrix (rows: true class), as aligned text
// for a terminal. Class names may be any UTF-8 and come out harmless (control characters replaced).
std::string evaluation_text(const eval::Metrics& metrics);

// What a score is of, as a paragraph of Markdown; both may be any text and come out escaped.
std::string statement_markdown(const std::string& protocol, const std::string& statement);

// The same with the interval of every metric of all clips, and of each class's recall; also as
// Markdown tables, in which names are escaped.
std::string evaluation_text(const eval::Metrics& metrics, const eval::Intervals& intervals);
std::string evaluation_markdown(const eval::Metrics& metrics, const eval::Intervals& intervals);
std::string evaluation_markdown(const eval::Metrics& metrics);

// A line for each value of a column: clips, accuracy and UAR with its interval.
std::string grouping_text(const eval::Grouping& grouping);
std::string grouping_markdown(const eval::Grouping& grouping);

// Confusion matrix with the shares of the true class, reliability diagram with the number of clips
// by confidence, and risk against coverage. `statement` says what was scored; it may be any text.
Picture evaluation_picture(const eval::Metrics& metrics, const eval::ScoredClips& clips,
                           const std::string& statement);

}  // namespace ser::report
