#pragma once

#include "ser/corpus/manifest.h"

namespace ser::fuzz {

// Twelve clips that need not be there: three speakers, two texts, two classes.
corpus::Manifest small_manifest();

}  // namespace ser::fuzz
