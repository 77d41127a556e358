#pragma once

#include <string>
#include <vector>

#include <Eigen/Core>

#include "ser/corpus/manifest.h"
#include "ser/report/page.h"
#include "ser/train/leaks.h"

namespace ser::report::page {

// What the contents of pages have in common.

// "12,345 clips", "1 clip".
std::string count_of(std::size_t count, const std::string& what);

// Names with their counts, at most some dozens of them.
std::string listed(const std::vector<std::string>& names);

// Corpora, clips, classes, speakers.
std::vector<Fact> data_facts(const corpus::Manifest& manifest);

// Recipe, seed, version of the toolkit.
std::vector<Fact> recipe_facts(const train::Recipe& recipe);

void add_allowed(const std::vector<train::AllowedLeak>& leaks, std::vector<std::string>& texts);

// How many of the copies that the leak check removed are of which kind.
std::string removed_text(const std::vector<train::RemovedClip>& removed);

// Those of the clips whose most probable class is not their own; `probabilities` [classes x clips].
std::vector<WrongClip> wrong_clips(const corpus::Manifest& manifest,
                                   const std::vector<std::size_t>& utterances,
                                   const std::vector<std::string>& classes,
                                   const Eigen::MatrixXf& probabilities);

// The surest first; of equals in the order of the manifest.
void sort_by_confidence(std::vector<WrongClip>& clips);

// By speaker, if any speaker is known and there are not too many.
std::vector<eval::Grouping> by_speaker(const corpus::Manifest& manifest,
                                       const std::vector<std::size_t>& utterances,
                                       const eval::ScoredClips& clips,
                                       const eval::BootstrapConfig& config, core::ThreadPool& pool);

}  // namespace ser::report::page
