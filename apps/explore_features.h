#pragma once

#include "subcommand.h"

namespace ser::apps {

// `features`: writes the features of recordings to a file.
Subcommand add_features_command(CLI::App& parent);

}  // namespace ser::apps
