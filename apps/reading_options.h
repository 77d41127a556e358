#pragma once

#include <CLI/CLI.hpp>

#include "ser/audio/load.h"

namespace ser::apps {

// --strict, --max-channels ...: what a program refuses of the recordings that it reads. They hold
// for all of them once the command line is parsed (audio::set_load_defaults()).
void add_reading_options(CLI::App& app);

}  // namespace ser::apps
