#pragma once

#include "subcommand.h"

namespace ser::apps {

// `clip`: what recordings look like.
Subcommand add_clip_command(CLI::App& parent);

// `augment`: what augmentations make of a recording.
Subcommand add_augment_command(CLI::App& parent);

// `compare`: how the classes of a corpus differ.
Subcommand add_compare_command(CLI::App& parent);

}  // namespace ser::apps
