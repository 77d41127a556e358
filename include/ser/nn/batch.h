#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "ser/core/random.h"
#include "ser/core/thread_pool.h"
#include "ser/nn/mixup.h"
#include "ser/nn/network.h"

namespace ser::nn {

// The loss and gradient of a batch, computed by any number of workers. The batch is cut into shards
// of a fixed number of examples; each shard has its own gradient, and these are added in the order
// of shards, so the bits do not depend on the number of workers. After construction nothing is
// allocated.
class BatchGradient {
 public:
  // What a batch may have beside its examples.
  struct Options {
    // Steps of each column of x, which may end behind the longest; empty: all have all.
    std::span<const Index> lengths = {};
    double label_smoothing = 0.0;  // as add_target() takes it
    // One an example of the batch, or none. Of examples that differ in length the shorter is
    // followed by zeros. The label's weight is that of its class.
    std::span<const Mixture> mixtures = {};
  };

  struct Result {
    double loss = 0.0;  // sum of weighted losses / number of examples, as Keras has it
    // Examples whose largest logit is their label's; of a mixture, that of its first example.
    std::int64_t correct = 0;
  };

  // `batch_size`: the largest batch; `shard_size`: examples in a shard. The network and the pool
  // have to live longer. Memory: activations of a shard a worker, and a gradient a shard.
  BatchGradient(const Network& network, Index batch_size, Index shard_size, core::ThreadPool& pool);
  ~BatchGradient();

  // examples: columns of `x` (all of the data) that make up the batch, in order; labels has one
  // entry a column of x. Example i of the batch draws from epoch_stream.fork(examples[i]).
  // class_weights: one a class, or empty. gradient: [num_parameters], overwritten; in the place of
  // a parameter that follows the data (Layer::statistics()) stands what the batch changes it by,
  // the mean over its shards. Throws ConfigError (E_NETWORK_SHAPE) where an argument does not fit.
  Result compute(const Vector& parameters, const Matrix& x, std::span<const int> labels,
                 std::span<const Index> examples, std::span<const Scalar> class_weights,
                 const core::RandomStream& epoch_stream, Vector& gradient, const Options& options);
  Result compute(const Vector& parameters, const Matrix& x, std::span<const int> labels,
                 std::span<const Index> examples, std::span<const Scalar> class_weights,
                 const core::RandomStream& epoch_stream, Vector& gradient) {
    return compute(parameters, x, labels, examples, class_weights, epoch_stream, gradient, {});
  }

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

// The network's output (logits) for every column of `x`, in inference mode: [outputs x columns].
// The bits depend neither on the number of workers nor on the other columns. lengths: steps of each
// column, or empty where all have all; with them, x may end behind the longest. Throws as
// BatchGradient::compute().
Matrix predict_logits(const Network& network, const Vector& parameters, const Matrix& x,
                      core::ThreadPool& pool, std::span<const Index> lengths = {});
// The same with parameters that are prepared already, for many calls.
Matrix predict_logits(const Network& network, const Vector& parameters,
                      const PreparedParameters& prepared, const Matrix& x, core::ThreadPool& pool,
                      std::span<const Index> lengths = {});

}  // namespace ser::nn
