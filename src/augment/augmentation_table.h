#pragma once

#include <span>

#include "ser/augment/augmentation.h"
#include "ser/core/configured_part.h"

namespace ser::augment {

// With at least one of a kind's examples, different streams have to give different results. Where
// an example says "<recordings>", the tests put the path of a folder of recordings.
using AugmentationType = core::PartType<Augmentation>;
using AugmentationTypeFunction = core::PartTypeFunction<Augmentation>;

#define SER_AUGMENTATION(kind) AugmentationType kind##_augmentation();
#include "augment/augmentations.def"
#undef SER_AUGMENTATION

// In the order of augmentations.def.
std::span<const AugmentationTypeFunction> augmentation_types();

}  // namespace ser::augment
