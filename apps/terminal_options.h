#pragma once

#include <string>

#include <CLI/CLI.hpp>

#include "ser/report/terminal.h"

namespace ser::apps {

// Whether to draw on the terminal, and with what.
struct TerminalRequest {
  bool draw = false;
  std::string colour = "auto";
};

// Adds --terminal and --colour.
void add_terminal_options(CLI::App& app, TerminalRequest& request);

// As wide as the terminal that standard output is, with colours if it is one, TERM is not "dumb"
// and NO_COLOR (https://no-color.org) is not set.
report::TerminalStyle terminal_style(const std::string& colour = "auto");

// stdout is a terminal.
bool prints_to_terminal();

}  // namespace ser::apps
