#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "ser/core/json.h"
#include "ser/train/leaks.h"
#include "ser/train/train_classifier.h"

namespace ser::train {

// What the reports of one run and of many have in common.

// Name, layout, classes, speakers, mapping of labels.
core::Json corpus_json(const corpus::Manifest& manifest);

// The same with where it is (of several corpora each has its own `sources[].path`), what was left
// out, and what the survey says, if there is one.
core::Json sources_json(const corpus::Manifest& manifest, const std::filesystem::path& root,
                        const std::optional<dataset::Survey>& survey);

core::Json removed_json(const corpus::Manifest& manifest, const std::vector<RemovedClip>& removed);

core::Json leaks_allowed_json(const std::vector<AllowedLeak>& leaks);

// Pairs that sound nearly the same, and sounds with several labels.
core::Json found_in_sounds_json(const corpus::Manifest& manifest, const ClipSounds& sounds,
                                const std::vector<LabelConflict>& conflicts);

core::Json remarks_json(const corpus::Manifest& manifest,
                        const std::vector<dataset::Remark>& remarks);

// Sizes, best epoch and every epoch.
core::Json training_json(const FitResult& fit, std::size_t examples, std::int64_t parameters);

// The same of each member, with its name and scores.
core::Json members_json(const std::vector<MemberRecord>& members);

struct ScoredRun {
  const corpus::Manifest& manifest;
  const corpus::Split& split;
  std::uint64_t seed;
  const std::string& normalization;
  const LeakFindings& leaks;
  const std::optional<eval::Metrics>& validation;
  const std::optional<eval::Metrics>& test;
  const eval::Calibration& calibration;
};

// Scores with the protocol that they are of, and what has to be known beside them.
core::Json result_json(const ScoredRun& result);

}  // namespace ser::train
