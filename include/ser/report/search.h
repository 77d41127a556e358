#pragma once

#include <string>

#include "ser/train/search.h"

namespace ser::report {

// Who chose, and a line a trial, best first: in how many inner folds it was scored, mean and
// standard deviation of its UAR, and what was drawn for it.
std::string search_text(const train::SearchReport& report);

// The same as Markdown.
std::string search_markdown(const train::SearchReport& report);

}  // namespace ser::report
