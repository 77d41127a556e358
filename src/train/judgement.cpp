#include "train/judgement.h"

#include "ser/eval/metrics.h"
#include "ser/eval/predictions.h"
#include "ser/nn/batch.h"
#include "ser/nn/loss.h"

namespace ser::train {

Judgement judge(const nn::Network& network, const nn::Vector& parameters,
                const dataset::ExampleSet& examples, core::ThreadPool& pool) {
  nn::Matrix logits =
      nn::predict_logits(network, parameters, examples.values, pool, examples.lengths);
  const auto predicted = eval::most_probable(logits);
  nn::Matrix unused(logits.rows(), logits.cols());
  const double sum = nn::softmax_cross_entropy(
      nn::ConstBlock(logits.data(), logits.rows(), logits.cols()), examples.labels, {}, 1,
      nn::Block(unused.data(), unused.rows(), unused.cols()));
  const std::vector<std::string> names(static_cast<std::size_t>(logits.rows()));
  const auto metrics = eval::compute_metrics(
      eval::confusion_matrix(examples.labels, predicted, static_cast<int>(logits.rows())), names);
  return {sum / static_cast<double>(examples.size()), metrics.accuracy, metrics.uar};
}

void validate(const nn::Network& network, const nn::Vector& parameters,
              const dataset::ExampleSet& validation, core::ThreadPool& pool, EpochRecord& record) {
  const auto judged = judge(network, parameters, validation, pool);
  record.validation_loss = judged.loss;
  record.validation_accuracy = judged.accuracy;
  record.validation_uar = judged.uar;
}

}  // namespace ser::train
