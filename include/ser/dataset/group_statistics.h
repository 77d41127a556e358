#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <Eigen/Core>

#include "ser/corpus/manifest.h"
#include "ser/dataset/clip_features.h"
#include "ser/dataset/normalizer.h"

namespace ser::dataset {

// By whose statistics features are normalised:
//   training : by those of the training part.
//   corpus   : each corpus by its own, without labels (Zhang, Weninger, Wollmer and Schuller,
//              "Unsupervised Learning in Cross-Corpus Acoustic Emotion Recognition", ASRU 2011).
//   speaker  : each speaker by their own, without labels (Busso, Mariooryad, Metallinou and
//              Narayanan, "Iterative Feature Normalization Scheme for Automatic Emotion Detection
//              from Speech", 2013).
// The latter two look at all recordings of whom they judge before they judge one: they are
// transductive, and every score of theirs says so.
inline const std::vector<std::string_view> kNormalizations = {"training", "corpus", "speaker"};

bool is_normalization(const std::string& name);
bool is_transductive(const std::string& normalization);

// "normalised by speaker: TRANSDUCTIVE, ..." for a score; "" for mode training.
std::string normalization_statement(const std::string& normalization);

// Whose statistics each of the utterances is normalised by: one name an entry; "" where the corpus
// does not tell it, and always in mode training.
std::vector<std::string> statistics_groups(const corpus::Manifest& manifest,
                                           std::span<const std::size_t> utterances,
                                           const std::string& normalization);

// A group of fewer columns has no statistics of its own.
inline constexpr Eigen::Index kLeastGroupSize = 5;

using GroupNormalizers = std::map<std::string, Normalizer>;

// Normalisers of the named groups with at least kLeastGroupSize columns. features: of one step;
// groups: one name a clip.
GroupNormalizers fit_groups(const ClipFeatures& clips, Eigen::Index features,
                            std::span<const std::string> groups);

// Normalises each column, in place, by its group's normaliser, or by `otherwise` if that has none.
// Returns how many columns that were.
std::size_t apply_groups(ClipFeatures& clips, std::span<const std::string> groups,
                         const GroupNormalizers& normalizers, const Normalizer& otherwise);

// Both, for a part that is judged: each group by its own columns.
std::size_t normalize_by_group(ClipFeatures& clips, std::span<const std::string> groups,
                               const Normalizer& otherwise);

}  // namespace ser::dataset
