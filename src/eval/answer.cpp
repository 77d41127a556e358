#include "eval/answer.h"

#include <algorithm>
#include <iterator>
#include <set>

#include "ser/core/config.h"
#include "ser/dataset/group_statistics.h"

namespace ser::eval {
namespace {

// Adds those of utterances that have none yet.
void add_remarks(std::vector<dataset::Remark>& remarks, std::vector<dataset::Remark> more) {
  std::set<std::size_t> known;
  for (const auto& remark : remarks) known.insert(remark.utterance);
  for (auto& remark : more) {
    if (!known.contains(remark.utterance)) remarks.push_back(std::move(remark));
  }
  std::ranges::stable_sort(remarks, {}, &dataset::Remark::utterance);
}

bool same_input(const model::EmotionClassifier& one, const model::EmotionClassifier& other) {
  return core::config_to_json(one.parts().clip) == core::config_to_json(other.parts().clip) &&
         core::config_to_json(one.parts().features) == core::config_to_json(other.parts().features);
}

// Leaves the columns of these of the utterances; both are sorted.
Eigen::MatrixXf columns_of(const Eigen::MatrixXf& probabilities,
                           const std::vector<std::size_t>& utterances,
                           const std::vector<std::size_t>& wanted) {
  Eigen::MatrixXf chosen(probabilities.rows(), static_cast<Eigen::Index>(wanted.size()));
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const auto found = std::ranges::lower_bound(utterances, wanted[i]);
    chosen.col(static_cast<Eigen::Index>(i)) = probabilities.col(found - utterances.begin());
  }
  return chosen;
}

}  // namespace

Answer answer_of(const model::Recogniser& recogniser, const corpus::Manifest& manifest,
                 const std::vector<std::size_t>& chosen, core::ThreadPool& pool,
                 const std::function<void(std::size_t, std::size_t)>& progress,
                 const core::StopRequested& stop_requested) {
  const auto members = recogniser.members();
  // The first member of those that take the same.
  std::vector<std::size_t> read_for;
  for (std::size_t m = 0; m < members.size(); ++m) {
    std::size_t first = 0;
    while (!same_input(members[first], members[m])) ++first;
    read_for.push_back(first);
  }
  const std::set<std::size_t> readings(read_for.begin(), read_for.end());

  Answer answer;
  answer.utterances = chosen;
  std::vector<std::vector<std::size_t>> utterances(members.size());
  std::vector<Eigen::MatrixXf> probabilities(members.size());
  std::size_t clips_before = 0;
  for (const std::size_t reading : readings) {
    auto built = dataset::build_examples(
        {manifest, chosen, members[reading].parts().clip, members[reading].extractor(),
         augment::AugmentationPlan(), core::RandomStream(0)},
        pool,
        [&](std::size_t done) { progress(clips_before + done, chosen.size() * readings.size()); },
        stop_requested);
    clips_before += chosen.size();
    add_remarks(answer.failures, std::move(built.failures));
    add_remarks(answer.warnings, std::move(built.warnings));
    const auto& examples = built.examples;
    std::vector<std::size_t> common;
    std::ranges::set_intersection(answer.utterances, examples.utterances,
                                  std::back_inserter(common));
    answer.utterances = std::move(common);
    if (examples.size() == 0) return answer;
    const auto groups =
        dataset::statistics_groups(manifest, examples.utterances, recogniser.normalization());
    for (std::size_t m = reading; m < members.size(); ++m) {
      if (read_for[m] != reading) continue;
      Eigen::MatrixXf values = examples.values;
      answer.by_training =
          dataset::normalize_by_group(values, groups, members[m].parts().normalizer);
      utterances[m] = examples.utterances;
      probabilities[m] = members[m].probabilities_of_normalized(values, pool);
    }
  }
  for (std::size_t m = 0; m < members.size(); ++m) {
    probabilities[m] = columns_of(probabilities[m], utterances[m], answer.utterances);
  }
  answer.probabilities = recogniser.combine(probabilities);
  return answer;
}

}  // namespace ser::eval
