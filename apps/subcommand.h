#pragma once

#include <functional>

#include <CLI/CLI.hpp>

namespace ser::apps {

// A subcommand and what it does; the result is the program's exit code.
struct Subcommand {
  CLI::App* app;
  std::function<int()> run;
};

}  // namespace ser::apps
