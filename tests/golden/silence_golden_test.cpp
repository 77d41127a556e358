#include <algorithm>

#include <gtest/gtest.h>

#include "ser/audio/silence.h"

#include "golden/librosa_reference.h"

namespace ser::golden {
namespace {

// with_pauses() of make_descriptors.py
std::vector<float> with_pauses(const std::vector<float>& signal) {
  std::vector<float> result;
  const auto append = [&](float gain, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) result.push_back(signal[i] * gain);
  };
  append(1e-4F, signal.size());
  append(1.0F, signal.size());
  result.resize(result.size() + 5000, 0.0F);
  append(0.01F, signal.size());
  append(1.0F, 10000);
  result.resize(result.size() + 3000, 0.0F);
  return result;
}

class Silence : public testing::TestWithParam<const char*> {};

TEST_P(Silence, IsThatOfLibrosa) {
  const auto signal = with_pauses(reference_signal(std::string(GetParam()) + ".y"));
  const auto references = reference_silence(GetParam());
  ASSERT_EQ(references.size(), 3U);
  for (const auto& reference : references) {
    SCOPED_TRACE(reference.top_db);
    std::vector<std::pair<std::size_t, std::size_t>> parts;
    for (const auto& part : audio::sounding_parts(signal, reference.top_db)) {
      parts.emplace_back(part.begin, part.end);
    }
    EXPECT_EQ(parts, reference.split);
    const auto [begin, end] = reference.trim;
    const auto trimmed = audio::trim_silence({signal, 22050}, reference.top_db).samples;
    ASSERT_EQ(trimmed.size(), end - begin);
    EXPECT_TRUE(std::equal(trimmed.begin(), trimmed.end(),
                           signal.begin() + static_cast<std::ptrdiff_t>(begin)));
  }
}

INSTANTIATE_TEST_SUITE_P(Clips, Silence,
                         testing::Values("speech07_16000", "speech12_24414",
                                         "sweep_24414_s16_mono"),
                         [](const auto& instance) { return std::string(instance.param); });

}  // namespace
}  // namespace ser::golden
