#include "ser/dataset/clip_content.h"

#include <algorithm>
#include <vector>

#include "ser/audio/load.h"
#include "ser/core/checksum.h"

namespace ser::dataset {

ClipContent clip_content(const std::filesystem::path& path) {
  core::RunningChecksum checksum;
  std::vector<float> beginning;
  std::vector<float> piece;
  const auto sound =
      audio::stream_audio(path, {}, [&](std::span<const float> samples, int rate_hz) {
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
