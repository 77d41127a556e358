#include "eval/answer.h"

#include <algorithm>
#include <iterator>

#include "ser/dataset/group_statistics.h"
#include "ser/model/clip_batch.h"

namespace ser::eval {
namespace {

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
  const auto& views = recogniser.views();
  Answer answer;
  answer.utterances = chosen;
  std::vector<std::vector<std::size_t>> utterances(members.size());
  std::vector<Eigen::MatrixXf> probabilities(members.size());
  for (std::size_t v = 0; v < views.size(); ++v) {
    const auto& classifier = recogniser.classifier_of(views[v]);
    auto built = dataset::build_examples(
        {manifest, chosen, classifier.parts().clip, classifier.extractor(),
         augment::AugmentationPlan(), core::RandomStream(0)},
        pool,
        [&](std::size_t done) { progress(v * chosen.size() + done, views.size() * chosen.size()); },
        stop_requested);
    dataset::add_remarks(answer.failures, std::move(built.failures));
    dataset::add_remarks(answer.warnings, std::move(built.warnings));
    const auto read = std::move(built.examples.utterances);
    std::vector<std::size_t> common;
    std::ranges::set_intersection(answer.utterances, read, std::back_inserter(common));
    answer.utterances = std::move(common);
    if (answer.utterances.empty()) return answer;
    const auto groups = dataset::statistics_groups(manifest, read, recogniser.normalization());
    auto of_view =
        model::answer_of_view(recogniser, views[v], std::move(built.examples), groups, pool);
    answer.by_training = of_view.by_training;
    for (std::size_t i = 0; i < views[v].members.size(); ++i) {
      const std::size_t m = views[v].members[i];
      utterances[m] = read;
      probabilities[m] = std::move(of_view.of_members[i]);
    }
  }
  for (std::size_t m = 0; m < members.size(); ++m) {
    probabilities[m] = columns_of(probabilities[m], utterances[m], answer.utterances);
  }
  answer.probabilities = recogniser.combine(probabilities);
  return answer;
}

}  // namespace ser::eval
