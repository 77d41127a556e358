#pragma once

#include "subcommand.h"

namespace ser::apps {

// `corpus`: what is in a folder of recordings, or a manifest.
Subcommand add_corpus_command(CLI::App& parent);

}  // namespace ser::apps
