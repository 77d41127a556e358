#pragma once

#include <string>

#include <CLI/CLI.hpp>

#include "ser/report/sounds.h"

namespace ser::apps {

// Which part of a recording is looked at.
struct SoundPart {
  double offset_s = 0.0;
  double duration_s = 60.0;
};

// Adds --offset and --duration.
void add_part_options(CLI::App& app, SoundPart& part);

// That part at the recording's own rate, or 48 kHz where that is higher. What there is beyond it,
// and what the reader has to say, is told on stderr. Throws AudioError.
report::NamedSound read_sound(const std::string& path, const SoundPart& part);

}  // namespace ser::apps
