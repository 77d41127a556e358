#include "ser/dataset/group_statistics.h"

#include <algorithm>

namespace ser::dataset {

bool is_normalization(const std::string& name) {
  return std::ranges::find(kNormalizations, name) != kNormalizations.end();
}

bool is_transductive(const std::string& normalization) { return normalization != "training"; }

std::string normalization_statement(const std::string& normalization) {
  if (!is_transductive(normalization)) return "";
  return "TRANSDUCTIVE: normalised by " + normalization +
         ", that is by the unlabelled recordings of each " + normalization + " that is judged";
}

std::vector<std::string> statistics_groups(const corpus::Manifest& manifest,
                                           std::span<const std::size_t> utterances,
                                           const std::string& normalization) {
  std::vector<std::string> groups;
  groups.reserve(utterances.size());
  for (const std::size_t i : utterances) {
    const auto& utterance = manifest.utterances[i];
    if (normalization == "corpus") {
      groups.push_back(utterance.corpus);
    } else if (normalization == "speaker" && !utterance.speaker.empty()) {
      groups.push_back(utterance.corpus + "/" + utterance.speaker);
    } else {
      groups.emplace_back();
    }
  }
  return groups;
}

GroupNormalizers fit_groups(const ClipFeatures& clips, Eigen::Index features,
                            std::span<const std::string> groups) {
  std::map<std::string, std::vector<Eigen::Index>> members;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (!groups[i].empty()) members[groups[i]].push_back(static_cast<Eigen::Index>(i));
  }
  GroupNormalizers normalizers;
  for (const auto& [name, columns] : members) {
    if (static_cast<Eigen::Index>(columns.size()) < kLeastGroupSize) continue;
    std::vector<Eigen::Index> lengths;
    if (!clips.lengths.empty()) {
      for (const Eigen::Index c : columns) {
        lengths.push_back(clips.lengths[static_cast<std::size_t>(c)]);
      }
    }
    normalizers.emplace(name,
                        Normalizer::fit(clips.values(Eigen::all, columns), features, lengths));
  }
  return normalizers;
}

std::size_t apply_groups(ClipFeatures& clips, std::span<const std::string> groups,
                         const GroupNormalizers& normalizers, const Normalizer& otherwise) {
  std::size_t others = 0;
  const std::span<const Eigen::Index> lengths(clips.lengths);
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const auto own = normalizers.find(groups[i]);
    if (own == normalizers.end()) ++others;
    (own == normalizers.end() ? otherwise : own->second)
        .apply(clips.values.col(static_cast<Eigen::Index>(i)),
               lengths.empty() ? lengths : lengths.subspan(i, 1));
  }
  return others;
}

std::size_t normalize_by_group(ClipFeatures& clips, std::span<const std::string> groups,
                               const Normalizer& otherwise) {
  return apply_groups(clips, groups, fit_groups(clips, otherwise.mean().size(), groups), otherwise);
}

}  // namespace ser::dataset
