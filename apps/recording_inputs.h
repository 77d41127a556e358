#pragma once

#include <functional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "ser/core/error.h"

namespace ser::apps {

// What a program is to work on: recordings, folders of them (read recursively, sorted), and files
// that list either, one a line.
struct RecordingInputs {
  std::vector<std::string> inputs;
  std::string files_from;
};

// Adds INPUT and --files-from.
void add_input_options(CLI::App& app, RecordingInputs& inputs);

// Throws ConfigError (E_USAGE) if none are named.
void require_inputs(const RecordingInputs& inputs);

// Calls on_recording(path) for each recording, in the order of the inputs, and on_failure for a
// folder in which there is none.
void for_each_recording(
    const RecordingInputs& inputs, const std::function<void(const std::string&)>& on_recording,
    const std::function<void(const std::string&, const core::Error&)>& on_failure);

}  // namespace ser::apps
