#pragma once

#include <functional>
#include <span>

#include "ser/audio/load.h"

#include "audio/byte_source.h"

namespace ser::audio {

// load_audio() and stream_audio() of bytes that need not be those of a file.
LoadedAudio load_audio(const ByteSource& bytes, const LoadOptions& options = {});
LoadedAudio stream_audio(const ByteSource& bytes, const LoadOptions& options,
                         const std::function<void(std::span<const float>, int)>& consume);

}  // namespace ser::audio
