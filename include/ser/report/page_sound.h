#pragma once

#include <filesystem>

#include "ser/core/interrupted.h"

namespace ser::report {

// Where the players of a page have their sound from.
struct PageSound {
  std::filesystem::path folder;  // of the page
  // Linked: by the relative path from the page to the recording, so that both have to move
  // together. Embedded: the page holds the sound, at 16 kHz in 16 bits, of each clip no more than
  // kMostEmbeddedSeconds, and of all no more than kMostEmbeddedBytes; what is beyond is linked.
  enum class Kind { kLinked, kEmbedded } kind = Kind::kLinked;
  core::StopRequested stop_requested{};

  static constexpr double kMostEmbeddedSeconds = 20.0;
  static constexpr std::size_t kMostEmbeddedBytes = 64U << 20U;
};

}  // namespace ser::report
