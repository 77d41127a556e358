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

namespace ser::train {

// When the watched loss has not improved for `patience` epochs, the learning rate is multiplied by
// `factor`, down to `minimum`.
struct PlateauConfig {
  std::string watch = "loss";
  double factor = 0.4;
  int patience = 2;
  double minimum = 1e-7;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor&& visit) {
    using core::Range;
    visit("watch", self.watch,
          "loss: that of the training part; validation_loss: that of the validation part",
          core::OneOf{{"loss", "validation_loss"}});
    visit("factor", self.factor, "the learning rate is multiplied by it; 1: never reduced",
          Range{0.01, 1.0});
    visit("patience", self.patience, "epochs without improvement before that", Range{0, 100000});
    visit("minimum", self.minimum, "the least learning rate", Range{0.0, 1.0});
  }
};

struct FitConfig {
  int epochs = 50;
  int batch_size = 64;
  std::string class_weights = "none";
  std::string select_by = "validation_loss";
  int early_stopping_patience = 10;
  double average_decay = 0.0;
  nn::AdamConfig optimizer;
  PlateauConfig plateau;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor&& visit) {
    using core::Range;
    visit("epochs", self.epochs, "the most epochs", Range{1, 100000});
    visit("batch_size", self.batch_size, "examples in a step", Range{1, 4096});
    visit("class_weights", self.class_weights,
          "none: every example counts alike; balanced: every class does",
          core::OneOf{{"none", "balanced"}});
    visit(
        "select_by", self.select_by,
        "which epoch is kept: validation_loss: the lowest; validation_uar: the highest unweighted "
        "average recall, and of equals the lowest loss",
        core::OneOf{{"validation_loss", "validation_uar"}});
    visit("early_stopping_patience", self.early_stopping_patience,
          "epochs without a better one before training ends", Range{1, 100000});
    visit(
        "average_decay", self.average_decay,
        "validation and result use a moving average of the parameters: this much of it is kept at "
        "each step; 0: no average",
        Range{0.0, 0.99999});
    visit("optimizer", self.optimizer, "Adam");
    visit("plateau", self.plateau, "reduction of the learning rate");
  }
};

struct EpochRecord {
  int epoch = 0;  // from 1
  double learning_rate = 0.0;
  double loss = 0.0;      // mean over the training examples as they were met, dropout on
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

// Trains a network on normalised examples. The result is the same bits for any number of workers.
// Throws ConfigError (E_TRAIN_DIVERGED) if the loss is no longer finite, Interrupted if asked to
// stop.
FitResult fit(const nn::Network& network, const dataset::ExampleSet& training,
              const dataset::ExampleSet& validation, const FitConfig& config,
              const core::RandomStream& random, core::ThreadPool& pool,
              const std::function<void(const EpochRecord&)>& on_epoch = {},
              const core::StopRequested& stop_requested = {});

}  // namespace ser::train
