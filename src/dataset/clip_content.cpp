#include "ser/dataset/clip_content.h"

#include <algorithm>
#include <vector>

#include "ser/audio/load.h"
#include "ser/core/checksum.h"

namespace ser::dataset {

ClipContent clip_content(const corpus::Utterance& utterance,
                         const core::StopRequested& stop_requested) {
  audio::LoadOptions stretch;
  stretch.offset_s = utterance.start_s.value_or(0.0);
  if (utterance.end_s) stretch.duration_s = *utterance.end_s - stretch.offset_s;
  core::RunningChecksum checksum;
  std::vector<float> beginning;
  std::vector<float> piece;
  const auto sound = audio::stream_audio(
      utterance.path, stretch, [&](std::span<const float> samples, int rate_hz) {
        if (stop_requested && stop_requested()) throw core::Interrupted();
        piece.assign(samples.begin(), samples.end());
        for (float& sample : piece) sample += 0.0F;  // -0 becomes 0, its equal
        checksum.update(
            {reinterpret_cast<const char*>(piece.data()), piece.size() * sizeof(float)});
        const auto most = static_cast<std::size_t>(audio::kFingerprintListens_s * rate_hz);
        const auto wanted = std::min(samples.size(), most - std::min(most, beginning.size()));
        beginning.insert(beginning.end(), samples.begin(),
                         samples.begin() + static_cast<std::ptrdiff_t>(wanted));
      });
  return {checksum.hex(), audio::fingerprint(beginning, sound.source_sample_rate_hz)};
}

}  // namespace ser::dataset
