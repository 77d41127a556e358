#include "augment/augmentation_table.h"

#include "ser/core/error.h"

namespace ser::augment {
namespace {

constexpr AugmentationTypeFunction kAugmentationTypes[] = {
#define SER_AUGMENTATION(kind) &kind##_augmentation,
#include "augment/augmentations.def"
#undef SER_AUGMENTATION
};

}  // namespace

std::span<const AugmentationTypeFunction> augmentation_types() { return kAugmentationTypes; }

std::vector<std::string> augmentation_kinds() { return core::part_kinds(augmentation_types()); }

std::unique_ptr<Augmentation> make_augmentation(std::string_view kind, const core::Json& parameters,
                                                const std::string& path) {
  if (const auto type = core::find_part_type(augmentation_types(), kind)) {
    return type->make(parameters, path);
  }
  std::string list;
  for (const auto& known : augmentation_kinds()) list += (list.empty() ? "" : ", ") + known;
  throw core::ConfigError("E_CONFIG_KEY", path + ": unknown augmentation \"" + std::string(kind) +
                                              "\"; known here: " + list);
}

audio::Waveform Augmentation::apply(const audio::Waveform& input,
                                    core::RandomStream /*random*/) const {
  return input;
}

dsp::FrequencyWarp Augmentation::frequency_warp(core::RandomStream /*random*/) const { return {}; }

void Augmentation::apply_to_features(Eigen::MatrixXf& /*values*/,
                                     std::span<const dsp::RowRange> /*spectra*/,
                                     core::RandomStream /*random*/) const {}

}  // namespace ser::augment
