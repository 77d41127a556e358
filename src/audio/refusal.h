#pragma once

#include <filesystem>
#include <string>

#include "ser/core/error.h"

namespace ser::audio {

// The error of a recording that is not read: its path, then the reason and how to mend it.
inline core::AudioError refusal(std::string code, const std::filesystem::path& path,
                                const std::string& reason) {
  return core::AudioError(std::move(code), path.string() + ": " + reason);
}

}  // namespace ser::audio
