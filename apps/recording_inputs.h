#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "ser/core/error.h"

namespace ser::apps {

// One of `count` shares of the inputs. A recording belongs to that which the checksum of its name,
// as it is in the input, says: so programs that never hear of each other work on shares that have
// nothing in common and together are the whole, also while recordings are added.
struct Shard {
  std::uint64_t index = 0;
  std::uint64_t count = 1;

  bool holds(const std::string& path) const;
  // "2/8" for the second of eight.
  std::string text() const;
};

// What a program is to work on: recordings, folders of them (read recursively, sorted), and files
// that list either, one a line or, where names may hold line ends, with a zero byte behind each.
struct RecordingInputs {
  std::vector<std::string> inputs;
  std::string files_from;
  bool null_separated = false;
  Shard shard;

  // "-" alone: no recordings, but one that comes on standard input.
  bool is_stream() const { return inputs == std::vector<std::string>{"-"} && files_from.empty(); }
};

// Adds INPUT, --files-from, --null and --shard, and what recordings are refused
// (reading_options.h).
void add_input_options(CLI::App& app, RecordingInputs& inputs);

// Throws ConfigError (E_USAGE) if none are named, or "-" and others.
void require_inputs(const RecordingInputs& inputs);

// Calls on_recording(path) for each recording of the share, in the order of the inputs, and
// on_failure for a folder in which there is none or that cannot be read. Returns how many there are
// in all shares. Throws ConfigError (E_FILE_READ) for a list that cannot be read or is none.
std::uint64_t for_each_recording(
    const RecordingInputs& inputs, const std::function<void(const std::string&)>& on_recording,
    const std::function<void(const std::string&, const core::Error&)>& on_failure);

}  // namespace ser::apps
