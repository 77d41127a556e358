#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <utility>
#include <vector>

#include "ser/core/json.h"
#include "ser/train/train_classifier.h"

namespace ser::train {

// What the reports of one run and of many have in common.

// Name, layout, classes, speakers, mapping of labels.
core::Json corpus_json(const corpus::Manifest& manifest);

// The same with where it is (of several corpora each has its own `sources[].path`) and what was left
// out.
core::Json sources_json(const corpus::Manifest& manifest, const std::filesystem::path& root);

core::Json duplicates_json(const corpus::Manifest& manifest,
                           const std::vector<std::pair<std::size_t, std::size_t>>& duplicates);

core::Json remarks_json(const corpus::Manifest& manifest,
                        const std::vector<dataset::Remark>& remarks);

// Sizes, best epoch and every epoch.
core::Json training_json(const FitResult& fit, std::size_t examples, std::int64_t parameters);

// Scores with the protocol that they are of.
core::Json result_json(const corpus::Manifest& manifest, const corpus::Split& split,
                       std::uint64_t seed, const std::optional<eval::Metrics>& validation,
                       const std::optional<eval::Metrics>& test);

}  // namespace ser::train
