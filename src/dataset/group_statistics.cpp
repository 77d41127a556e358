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

GroupNormalizers fit_groups(const Eigen::MatrixXf& values, std::span<const std::string> groups) {
  std::map<std::string, std::vector<Eigen::Index>> members;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (!groups[i].empty()) members[groups[i]].push_back(static_cast<Eigen::Index>(i));
  }
  GroupNormalizers normalizers;
  for (const auto& [name, columns] : members) {
    if (static_cast<Eigen::Index>(columns.size()) < kLeastGroupSize) continue;
    normalizers.emplace(name, Normalizer::fit(values(Eigen::all, columns)));
  }
  return normalizers;
}

std::size_t apply_groups(Eigen::MatrixXf& values, std::span<const std::string> groups,
                         const GroupNormalizers& normalizers, const Normalizer& otherwise) {
  std::size_t others = 0;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const auto own = normalizers.find(groups[i]);
    if (own == normalizers.end()) ++others;
    (own == normalizers.end() ? otherwise : own->second)
        .apply(values.col(static_cast<Eigen::Index>(i)));
  }
  return others;
}

std::size_t normalize_by_group(Eigen::MatrixXf& values, std::span<const std::string> groups,
                               const Normalizer& otherwise) {
  return apply_groups(values, groups, fit_groups(values, groups), otherwise);
}

}  // namespace ser::dataset
