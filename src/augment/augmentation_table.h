#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "ser/augment/augmentation.h"
#include "ser/core/json.h"

namespace ser::augment {

// What the toolkit knows of a kind of augmentation before there is one.
struct AugmentationType {
  std::string_view kind;
  std::unique_ptr<Augmentation> (*make)(const core::Json& parameters, const std::string& path);
  // A JSON list of parameters that the contract tests try beside the defaults. With at least one of
  // them, different streams have to give different results.
  std::string_view examples;
};

#define SER_AUGMENTATION(kind) AugmentationType kind##_augmentation();
#include "augment/augmentations.def"
#undef SER_AUGMENTATION

// In the order of augmentations.def.
using AugmentationTypeFunction = AugmentationType (*)();
std::span<const AugmentationTypeFunction> augmentation_types();

}  // namespace ser::augment
