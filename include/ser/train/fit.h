#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "ser/core/config.h"
#include "ser/core/interrupted.h"
#include "ser/core/random.h"
#include "ser/core/thread_pool.h"
#include "ser/dataset/examples.h"
#include "ser/nn/network.h"
#include "ser/nn/optimizer.h"
#include "ser/train/discriminant.h"
#include "ser/train/learning_rate.h"

namespace ser::train {

struct NeighboursConfig {
  int count = 5;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor&& visit) {
    visit("count", self.count, "training examples that vote", core::Range{1, 128});
  }
};

struct FitConfig {
  std::string method = "gradient";
  int epochs = 50;
  int batch_size = 64;
  std::string class_weights = "none";
  std::string select_by = "validation_loss";
  int early_stopping_patience = 10;
  double average_decay = 0.0;
  double label_smoothing = 0.0;
  double mixup = 0.0;
  double gradient_norm = 0.0;
  nn::OptimizerConfig optimizer;
  std::string schedule = "plateau";
  PlateauConfig plateau;
  CosineConfig cosine;
  DiscriminantConfig discriminant;
  NeighboursConfig neighbours;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor&& visit) {
    using core::Range;
    visit("method", self.method,
          "gradient: step by step, as the other fields say; discriminant: linear discriminant "
          "analysis; neighbours: by the nearest training examples, which the model then holds",
          core::OneOf{{"gradient", "discriminant", "neighbours"}});
    visit("epochs", self.epochs, "the most epochs", Range{1, 100000});
    visit("batch_size", self.batch_size, "examples in a step", Range{1, 4096});
    visit("class_weights", self.class_weights,
          "none: every example counts alike; balanced: every class does",
          core::OneOf{{"none", "balanced"}});
    visit(
        "select_by", self.select_by,
        "which epoch is kept: validation_loss: the lowest; validation_uar: the highest unweighted "
        "average recall, and of equals the lowest loss; last: the last one, as for voices that are "
        "not in the validation part it may be as good a choice as any",
        core::OneOf{{"validation_loss", "validation_uar", "last"}});
    visit("early_stopping_patience", self.early_stopping_patience,
          "epochs without a better one before training ends", Range{1, 100000});
    visit(
        "average_decay", self.average_decay,
        "validation and result use a moving average of the parameters: this much of it is kept at "
        "each step; 0: no average",
        Range{0.0, 0.99999});
    visit("label_smoothing", self.label_smoothing,
          "share of an example's weight that is spread evenly over all classes", Range{0.0, 0.9});
    visit("mixup", self.mixup,
          "examples of a batch are mixed in pairs with shares from Beta(mixup, mixup); 0: they are "
          "not",
          Range{0.0, 100.0});
    visit("gradient_norm", self.gradient_norm,
          "a longer gradient is scaled down to this norm; 0: no limit", Range{0.0, 1e9});
    visit("optimizer", self.optimizer, "from the gradient to a step");
    visit("schedule", self.schedule, "what becomes of the learning rate",
          core::OneOf{{"plateau", "cosine"}});
    visit("plateau", self.plateau, "reduction of the learning rate when there is no improvement");
    visit("cosine", self.cosine, "rise and fall of the learning rate over all epochs");
    visit("discriminant", self.discriminant, "of method discriminant");
    visit("neighbours", self.neighbours, "of method neighbours");
  }
};

struct EpochRecord {
  int epoch = 0;  // from 1
  double learning_rate = 0.0;
  // Mean over the training examples as they were met, dropout on; NaN where training does not
  // judge them (method neighbours, where each would be its own nearest).
  double loss = 0.0;
  double accuracy = 0.0;  // likewise
  // On the validation part, dropout off; NaN where there is none.
  double validation_loss = 0.0;
  double validation_accuracy = 0.0;
  double validation_uar = 0.0;
};

struct FitResult {
  nn::Vector parameters;  // of the best epoch as select_by says; of the last without validation
  int best_epoch = 0;
  std::vector<EpochRecord> history;
  enum class End { kAllEpochs, kEarlyStopping } end = End::kAllEpochs;
};

// The layers of a recipe and the output layer that the method needs: dense, or for neighbours one
// that holds as many vectors as there are training examples.
core::Json with_output_layer(core::Json layers, const FitConfig& config, std::size_t classes,
                             std::size_t training_examples);

// Throws ConfigError (E_CONFIG_VALUE) where the method cannot train the network, which
// with_output_layer() made: only gradient trains layers before the last.
void require_trainable(const nn::Network& network, const FitConfig& config);

// Sets the second set to the training examples as an epoch meets them, which draw from the stream:
// the same examples with the same labels, changed.
using Renew = std::function<void(const dataset::ExampleSet& training,
                                 const core::RandomStream& random, dataset::ExampleSet& renewed)>;

struct FitCheckpoint;  // checkpoint.h

// Trains a network on normalised examples. The result is the same bits for any number of workers,
// and of a training that was interrupted and went on from its checkpoint.
// Where the method needs no epochs, there is a single record, and nobody is told of it. Throws
// ConfigError (E_TRAIN_DIVERGED) if the loss is no longer finite, and what fit_discriminant()
// throws; (E_CHECKPOINT_EXAMPLES) if the checkpoint is of other examples, and what its folder
// throws; Interrupted if asked to stop.
FitResult fit(const nn::Network& network, const dataset::ExampleSet& training,
              const dataset::ExampleSet& validation, const FitConfig& config,
              const core::RandomStream& random, core::ThreadPool& pool,
              const std::function<void(const EpochRecord&)>& on_epoch = {},
              const core::StopRequested& stop_requested = {}, const Renew& renew = {},
              const FitCheckpoint* checkpoint = nullptr);

}  // namespace ser::train
