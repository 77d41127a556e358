#include "augment/augmentation_table.h"

#include <vector>

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

std::vector<std::string> augmentation_kinds() {
  std::vector<std::string> kinds;
  for (const auto type : kAugmentationTypes) kinds.emplace_back(type().kind);
  return kinds;
}

std::unique_ptr<Augmentation> make_augmentation(std::string_view kind, const core::Json& parameters,
                                                const std::string& path) {
  std::string list;
  for (const auto type_function : kAugmentationTypes) {
    const AugmentationType type = type_function();
    if (type.kind == kind) return type.make(parameters, path);
    list += (list.empty() ? "" : ", ") + std::string(type.kind);
  }
  throw core::ConfigError("E_CONFIG_KEY", path + ": unknown augmentation \"" + std::string(kind) +
                                              "\"; known here: " + list);
}

}  // namespace ser::augment
