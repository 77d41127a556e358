#include "train/altered_voices.h"

#include <algorithm>
#include <set>
#include <string_view>

namespace ser::train {

augment::AugmentationPlan altered_voices() {
  return augment::AugmentationPlan(core::Json::parse(
      R"([{"copies": 4, "steps": [{"speed": {"rate": 1.0, "rate_spread": 0.25}}]}])"));
}

bool needs_altered_voices(const Recipe& recipe, const corpus::Manifest& manifest,
                          const corpus::Split& split) {
  if (recipe.calibration != "voices") return false;
  std::set<std::string_view> trained;
  for (const std::size_t i : split.train) trained.insert(manifest.utterances[i].speaker);
  return std::ranges::any_of(split.validation, [&](std::size_t i) {
    const auto& speaker = manifest.utterances[i].speaker;
    return speaker.empty() || trained.contains(speaker);
  });
}

}  // namespace ser::train
