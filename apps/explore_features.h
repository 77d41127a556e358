#pragma once

#include <functional>

#include <CLI/CLI.hpp>

namespace ser::apps {

// A subcommand and what it does; the result is the program's exit code.
struct Subcommand {
  CLI::App* app;
  std::function<int()> run;
};

// `features`: writes the features of recordings to a file.
Subcommand add_features_command(CLI::App& parent);

}  // namespace ser::apps
