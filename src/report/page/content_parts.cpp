#include "report/page/content_parts.h"

#include <algorithm>
#include <map>

#include "ser/core/version.h"
#include "ser/corpus/display_name.h"
#include "ser/eval/predictions.h"

#include "report/charts/axis.h"

namespace ser::report::page {
namespace {

constexpr std::size_t kNamesListed = 40;
constexpr std::size_t kMostSpeakers = 500;

std::vector<std::string> with_counts(const std::map<std::string, std::size_t>& counts) {
  std::vector<std::string> names;
  names.reserve(counts.size());
  for (const auto& [name, count] : counts) {
    names.push_back((name.empty() ? "unknown" : name) + " (" + std::to_string(count) + ")");
  }
  return names;
}

}  // namespace

std::string count_of(std::size_t count, const std::string& what) {
  return charts::number_text(static_cast<double>(count), 0) + " " + what + (count == 1 ? "" : "s");
}

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), kNamesListed); ++i) {
    text += (i == 0 ? "" : ", ") + names[i];
  }
  if (names.size() > kNamesListed) {
    text += " and " + std::to_string(names.size() - kNamesListed) + " more";
  }
  return text;
}

std::vector<Fact> data_facts(const corpus::Manifest& manifest) {
  std::map<std::string, std::size_t> classes;
  std::map<std::string, std::size_t> speakers;
  for (const auto& utterance : manifest.utterances) {
    ++classes[utterance.label];
    ++speakers[utterance.speaker];
  }
  const bool none_known = speakers.size() == 1 && speakers.contains("");
  const std::size_t known = speakers.size() - speakers.count("");
  std::vector<std::string> sources;
  for (const auto& source : manifest.sources) {
    sources.push_back(source.name + " (layout " + source.layout + ", " +
                      count_of(source.utterances, "clip") + ")");
  }
  std::vector<Fact> facts;
  if (!sources.empty()) {
    facts.push_back({sources.size() == 1 ? "Corpus" : "Corpora", listed(sources)});
  }
  facts.push_back(
      {"Clips", charts::number_text(static_cast<double>(manifest.utterances.size()), 0)});
  facts.push_back(
      {"Classes", std::to_string(classes.size()) + ": " + listed(with_counts(classes))});
  facts.push_back({"Speakers", none_known
                                   ? "unknown"
                                   : std::to_string(known) + ": " + listed(with_counts(speakers))});
  if (!manifest.left_out.empty()) {
    facts.push_back({"Left out", count_of(manifest.left_out.size(), "file")});
  }
  return facts;
}

std::vector<Fact> recipe_facts(const train::Recipe& recipe) {
  return {{"Recipe", recipe.name + (recipe.description.empty() ? "" : ": " + recipe.description)},
          {"Seed", std::to_string(recipe.seed)},
          {"Normalisation", recipe.normalization},
          {"Toolkit", "ser " + std::string(core::kVersion)}};
}

void add_allowed(const std::vector<train::AllowedLeak>& leaks, std::vector<std::string>& texts) {
  for (const auto& leak : leaks) {
    texts.push_back("LEAK ALLOWED: " + leak.kind + ": " + leak.statement);
  }
}

std::string removed_text(const std::vector<train::RemovedClip>& removed) {
  if (removed.empty()) return "none";
  const auto identical = static_cast<std::size_t>(
      std::ranges::count(removed, train::SoundPair::Kind::kIdentical, &train::RemovedClip::kind));
  return count_of(identical, "identical clip") + ", " +
         count_of(removed.size() - identical, "near-identical clip");
}

std::vector<WrongClip> wrong_clips(const corpus::Manifest& manifest,
                                   const std::vector<std::size_t>& utterances,
                                   const std::vector<std::string>& classes,
                                   const Eigen::MatrixXf& probabilities) {
  const auto predicted = eval::most_probable(probabilities);
  std::vector<WrongClip> wrong;
  for (std::size_t i = 0; i < utterances.size(); ++i) {
    const auto& utterance = manifest.utterances[utterances[i]];
    const auto label = static_cast<std::size_t>(predicted[i]);
    if (classes[label] == utterance.label) continue;
    const auto column = static_cast<Eigen::Index>(i);
    WrongClip clip{utterance, utterance.label, classes[label], probabilities(predicted[i], column),
                   0.0};
    const auto truth = std::ranges::find(classes, utterance.label);
    if (truth != classes.end())
      clip.truth_probability = probabilities(truth - classes.begin(), column);
    wrong.push_back(std::move(clip));
  }
  return wrong;
}

void sort_by_confidence(std::vector<WrongClip>& clips) {
  std::ranges::stable_sort(clips, std::ranges::greater{}, &WrongClip::confidence);
}

std::vector<eval::Grouping> by_speaker(const corpus::Manifest& manifest,
                                       const std::vector<std::size_t>& utterances,
                                       const eval::ScoredClips& clips,
                                       const eval::BootstrapConfig& config,
                                       core::ThreadPool& pool) {
  auto speakers = eval::column_of(manifest, utterances, "speaker");
  std::ranges::sort(speakers);
  const auto end = std::unique(speakers.begin(), speakers.end());
  const auto count = static_cast<std::size_t>(end - speakers.begin());
  if (count == 0 || (count == 1 && speakers.front().empty()) || count > kMostSpeakers) return {};
  return {eval::group_by("speaker", manifest, utterances, clips, config, pool)};
}

}  // namespace ser::report::page
