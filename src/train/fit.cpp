#include "ser/train/fit.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>

#include "ser/core/checksum.h"
#include "ser/core/error.h"
#include "ser/nn/batch.h"
#include "ser/nn/gradient_norm.h"
#include "ser/nn/running_statistics.h"
#include "ser/train/checkpoint.h"

#include "train/class_weights.h"
#include "train/direct_fit.h"
#include "train/judgement.h"
#include "train/parameter_average.h"

namespace ser::train {
namespace {

// Examples of a shard: small enough that two workers share a batch evenly and a shard's activations
// stay in the cache. Part of the arithmetic: another number gives other last bits.
constexpr nn::Index kShardSize = 16;

// Of the bytes that training and validation depend on.
std::string checksum_of(const dataset::ExampleSet& training,
                        const dataset::ExampleSet& validation) {
  core::RunningChecksum checksum;
  const auto add = [&](const auto* values, auto count) {
    checksum.update(
        {reinterpret_cast<const char*>(values), static_cast<std::size_t>(count) * sizeof(*values)});
  };
  for (const auto* part : {&training, &validation}) {
    const std::array<std::int64_t, 3> sizes = {part->values.rows(), part->values.cols(),
                                               static_cast<std::int64_t>(part->lengths.size())};
    add(sizes.data(), sizes.size());
    add(part->values.data(), part->values.size());
    add(part->labels.data(), part->labels.size());
    add(part->lengths.data(), part->lengths.size());
  }
  return checksum.hex();
}

}  // namespace

FitResult fit(const nn::Network& network, const dataset::ExampleSet& training,
              const dataset::ExampleSet& validation, const FitConfig& config,
              const core::RandomStream& random, core::ThreadPool& pool,
              const std::function<void(const EpochRecord&)>& on_epoch,
              const core::StopRequested& stop_requested, const Renew& renew,
              const FitCheckpoint* checkpoint) {
  if (config.method != "gradient") {
    return fit_directly(network, training, validation, config, pool, stop_requested);
  }
  std::string examples;
  std::optional<FitState> from;
  if (checkpoint != nullptr) {
    examples = checksum_of(training, validation);
    from = checkpoint->folder.load(checkpoint->fit);
  }
  if (from && from->examples != examples) {
    throw core::ConfigError("E_CHECKPOINT_EXAMPLES",
                            "the recordings are not those that the checkpoint was trained on, or "
                            "are read otherwise; remove it to begin anew");
  }
  const auto require_size = [&](const nn::Vector& vector) {
    if (vector.size() != network.num_parameters()) {
      throw core::ConfigError("E_CHECKPOINT_DAMAGED",
                              "the checkpoint has another number of parameters");
    }
  };
  if (from) require_size(from->result.parameters);
  if (from && from->done) return std::move(from->result);

  FitResult result;
  nn::Vector parameters = network.initialize(random.fork("initialize"));
  nn::Vector gradient(network.num_parameters());
  const auto optimizer = nn::make_optimizer(config.optimizer, network.num_parameters());
  nn::RunningStatistics running(network);
  ParameterAverage average(config.average_decay, parameters);
  nn::BatchGradient batch_gradient(network, config.batch_size, kShardSize, pool);
  const auto weights = class_weights(config, training.labels, network.output_shape().size());
  const bool has_validation = validation.size() > 0;

  BestEpoch best;
  BestEpoch plateau;
  dataset::ExampleSet renewed;
  const dataset::ExampleSet& met = renew ? renewed : training;
  std::vector<nn::Index> order(training.size());
  const auto batch_size = static_cast<std::size_t>(config.batch_size);
  std::vector<nn::Mixture> mixtures(config.mixup > 0.0 ? batch_size : 0);
  const auto batches = static_cast<std::int64_t>((order.size() + batch_size - 1) / batch_size);
  std::int64_t steps = 0;
  const auto follow_schedule = [&] {
    if (config.schedule != "cosine") return;
    const auto warm_up = config.cosine.warm_up_epochs * static_cast<double>(batches);
    optimizer->set_learning_rate(cosine_learning_rate(config.optimizer.learning_rate,
                                                      config.cosine.minimum, steps, warm_up,
                                                      config.epochs * batches));
  };
  const auto state = [&](bool done) {
    FitState now;
    now.examples = examples;
    now.done = done;
    now.result = result;
    if (done) return now;
    now.parameters = parameters;
    now.optimizer = optimizer->state();
    now.average = average.average();
    now.average_steps = average.steps();
    now.steps = steps;
    now.best = best;
    now.plateau = plateau;
    return now;
  };
  if (from) {
    require_size(from->parameters);
    if (config.average_decay > 0.0) require_size(from->average);
    optimizer->restore(from->optimizer);
    parameters = std::move(from->parameters);
    average.restore(from->average_steps, std::move(from->average));
    steps = from->steps;
    best = from->best;
    plateau = from->plateau;
    result = std::move(from->result);
  }
  for (int epoch = static_cast<int>(result.history.size()) + 1; epoch <= config.epochs; ++epoch) {
    std::iota(order.begin(), order.end(), nn::Index{0});
    random.fork("order").fork(static_cast<std::uint64_t>(epoch)).shuffle<nn::Index>(order);
    const auto epoch_stream = random.fork("examples").fork(static_cast<std::uint64_t>(epoch));

    constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
    if (renew) renew(training, epoch_stream.fork("renew"), renewed);
    follow_schedule();
    EpochRecord record{epoch, optimizer->learning_rate(), 0.0, 0.0, kUnknown, kUnknown, kUnknown};
    std::int64_t correct = 0;
    for (std::size_t begin = 0; begin < order.size(); begin += batch_size) {
      if (stop_requested && stop_requested()) throw core::Interrupted();
      const auto batch = std::span<const nn::Index>(order).subspan(
          begin, std::min(batch_size, order.size() - begin));
      nn::BatchGradient::Options options{met.lengths, config.label_smoothing, {}};
      if (config.mixup > 0.0) {
        const auto mixed = std::span(mixtures).first(batch.size());
        nn::draw_mixtures(batch, config.mixup, epoch_stream.fork("mixup").fork(begin), mixed);
        options.mixtures = mixed;
      }
      const auto step = batch_gradient.compute(parameters, met.values, met.labels, batch, weights,
                                               epoch_stream, gradient, options);
      if (!std::isfinite(step.loss)) {
        throw core::ConfigError("E_TRAIN_DIVERGED", "training diverged in epoch " +
                                                        std::to_string(epoch) +
                                                        ": the loss is not finite; lower "
                                                        "training.optimizer.learning_rate");
      }
      running.take(parameters, gradient);
      if (config.gradient_norm > 0.0) nn::limit_norm(gradient, config.gradient_norm);
      follow_schedule();
      optimizer->step(parameters, gradient, pool);
      running.put(parameters);
      ++steps;
      average.update(parameters);
      record.loss += step.loss * static_cast<double>(batch.size());
      correct += step.correct;
    }
    record.loss /= static_cast<double>(order.size());
    record.accuracy = static_cast<double>(correct) / static_cast<double>(order.size());
    if (has_validation) {
      validate(network, average.value(parameters), validation, pool, record);
    }

    const bool by_uar = has_validation && config.select_by == "validation_uar";
    const bool improved = best.update(by_uar ? record.validation_uar : 0.0,
                                      has_validation ? record.validation_loss : record.loss);
    const bool keeps_last = !has_validation || config.select_by == "last";
    if (improved || keeps_last) {
      result.parameters = average.value(parameters);
      result.best_epoch = epoch;
    }
    const bool watches_validation = has_validation && config.plateau.watch == "validation_loss";
    const double watched = watches_validation ? record.validation_loss : record.loss;
    if (config.schedule == "plateau" && !plateau.update(0.0, watched) &&
        plateau.epochs_since > config.plateau.patience) {
      optimizer->set_learning_rate(
          std::max(config.plateau.minimum, optimizer->learning_rate() * config.plateau.factor));
      plateau.epochs_since = 0;
    }
    result.history.push_back(record);
    const bool stops = !keeps_last && best.epochs_since >= config.early_stopping_patience;
    if (stops) result.end = FitResult::End::kEarlyStopping;
    const bool done = stops || epoch == config.epochs;
    if (checkpoint != nullptr && result.best_epoch > 0 &&
        (done || checkpoint->folder.is_due(epoch))) {
      checkpoint->folder.save(checkpoint->fit, state(done));
    }
    if (on_epoch) on_epoch(record);
    if (stops) break;
  }
  if (result.best_epoch == 0) {
    throw core::ConfigError("E_TRAIN_DIVERGED",
                            "training diverged: the validation loss was never finite; lower "
                            "training.optimizer.learning_rate");
  }
  return result;
}

}  // namespace ser::train
