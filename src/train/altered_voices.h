#pragma once

#include <cstddef>
#include <span>

#include "ser/augment/plan.h"
#include "ser/corpus/manifest.h"
#include "ser/corpus/split.h"
#include "ser/train/recipe.h"

namespace ser::train {

// Copies of a clip as if others had said it: pitch and formants, and with them the tempo, up to a
// quarter higher or lower, which is as far as voices lie apart.
augment::AugmentationPlan altered_voices();

// Whether the temperature is fitted to copies of the validation part by altered voices: if the
// recipe's calibration is "voices", and the part has voices that are trained on too, or that nobody
// knows. Of these every clip is labelled right, and nothing tells how unsure to be of another.
bool needs_altered_voices(const Recipe& recipe, const corpus::Manifest& manifest,
                          const corpus::Split& split);

// How many independent clips copies by altered voices are worth to the temperature: few for each
// voice, since they are of one voice, and easier than those of another. Utterances without a
// speaker are one voice together.
double worth_of_altered(const corpus::Manifest& manifest, std::span<const std::size_t> utterances);

}  // namespace ser::train
