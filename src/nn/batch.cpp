#include "ser/nn/batch.h"

#include <algorithm>

#include "ser/core/error.h"
#include "ser/nn/loss.h"
#include "ser/nn/prepared_parameters.h"

#include "nn/parameter_ranges.h"

namespace ser::nn {
namespace {

// The class of the largest logit, the first of equals.
Index predicted_class(const ConstBlock& logits, Index example) {
  Index best = 0;
  for (Index c = 1; c < logits.rows(); ++c) {
    if (logits(c, example) > logits(best, example)) best = c;
  }
  return best;
}

[[noreturn]] void reject_batch(const std::string& why) {
  throw core::ConfigError("E_NETWORK_SHAPE", why);
}

// Of examples that say how long they are, nothing behind the longest needs to be there.
void check_rows(const Network& network, const Matrix& x, std::span<const Index> lengths) {
  const Index size = network.input_shape().size();
  if (x.rows() == size || (!lengths.empty() && x.rows() < size)) return;
  reject_batch("the network takes " + std::to_string(size) + " numbers an example, found " +
               std::to_string(x.rows()));
}

}  // namespace

class BatchGradient::Impl {
 public:
  // The arguments of compute().
  struct Call {
    const Vector& parameters;
    const Matrix& x;
    std::span<const int> labels;
    std::span<const Index> examples;
    std::span<const Scalar> class_weights;
    const core::RandomStream& epoch_stream;
    Vector& gradient;
    const Options& options;

    // Numbers of an example that count.
    Index size_of(Index example, const Shape& input) const {
      if (options.lengths.empty()) return input.size();
      return options.lengths[static_cast<std::size_t>(example)] * input.channels;
    }
  };

  Impl(const Network& network, Index batch_size, Index shard_size, core::ThreadPool& pool)
      : network_(network),
        batch_size_(batch_size),
        pool_(pool),
        prepared_(network, Mode::kTraining) {
    if (batch_size < 1 || shard_size < 1) {
      reject_batch("batch and shard need at least one example, found " +
                   std::to_string(batch_size) + " and " + std::to_string(shard_size));
    }
    shard_size_ = std::min(shard_size, batch_size);
    shards_.resize(num_shards(batch_size));
    for (auto& shard : shards_) shard.gradient.resize(network.num_parameters());
    for (int worker = 0; worker < pool.jobs(); ++worker) {
      workers_.emplace_back(network, shard_size_);
    }
    // Made once: a std::function may allocate.
    shard_body_ = [this](std::size_t shard, int worker) {
      compute_shard(shard, workers_[static_cast<std::size_t>(worker)]);
    };
    sum_body_ = [this](std::size_t range, int) { sum_shards(range); };
  }

  Result compute(const Call& call) {
    check(call);
    call.gradient.resize(network_.num_parameters());
    prepared_.update(call.parameters, pool_);
    call_ = &call;
    active_shards_ = num_shards(std::ssize(call.examples));
    pool_.parallel_for(active_shards_, shard_body_);
    pool_.parallel_for(num_parameter_ranges(network_.num_parameters()), sum_body_);
    call_ = nullptr;
    Result result;
    for (std::size_t shard = 0; shard < active_shards_; ++shard) {
      result.loss += shards_[shard].loss;
      result.correct += shards_[shard].correct;
    }
    result.loss /= static_cast<double>(call.examples.size());
    return result;
  }

 private:
  struct Worker {
    Worker(const Network& network, Index capacity)
        : workspace(network, capacity, Mode::kTraining),
          x(network.input_shape().size(), capacity),
          dlogits(network.output_shape().size() * capacity),
          targets(network.output_shape().size(), capacity),
          lengths(static_cast<std::size_t>(capacity)),
          streams(static_cast<std::size_t>(capacity), core::RandomStream(0)) {}

    Workspace workspace;
    Matrix x;
    Vector dlogits;
    Matrix targets;
    std::vector<Index> lengths;
    std::vector<core::RandomStream> streams;
  };

  struct Shard {
    Vector gradient;
    double loss = 0.0;
    std::int64_t correct = 0;
  };

  std::size_t num_shards(Index examples) const {
    return static_cast<std::size_t>((examples + shard_size_ - 1) / shard_size_);
  }

  void check(const Call& call) const {
    const Index classes = network_.output_shape().size();
    check_rows(network_, call.x, call.options.lengths);
    if (call.parameters.size() != network_.num_parameters()) {
      reject_batch("the network has " + std::to_string(network_.num_parameters()) +
                   " parameters, found " + std::to_string(call.parameters.size()));
    }
    if (call.examples.empty() || std::ssize(call.examples) > batch_size_) {
      reject_batch("a batch has between 1 and " + std::to_string(batch_size_) +
                   " examples, found " + std::to_string(call.examples.size()));
    }
    if (std::ssize(call.labels) != call.x.cols()) {
      reject_batch(std::to_string(call.x.cols()) + " examples, but " +
                   std::to_string(call.labels.size()) + " labels");
    }
    if (!call.class_weights.empty() && std::ssize(call.class_weights) != classes) {
      reject_batch(std::to_string(classes) + " classes, but " +
                   std::to_string(call.class_weights.size()) + " class weights");
    }
    const Options& options = call.options;
    if (!(options.label_smoothing >= 0.0 && options.label_smoothing <= 1.0)) {
      reject_batch("label smoothing must lie between 0 and 1, found " +
                   std::to_string(options.label_smoothing));
    }
    if (!options.lengths.empty() && std::ssize(options.lengths) != call.x.cols()) {
      reject_batch(std::to_string(call.x.cols()) + " examples, but " +
                   std::to_string(options.lengths.size()) + " lengths");
    }
    if (!options.mixtures.empty() && options.mixtures.size() != call.examples.size()) {
      reject_batch("a batch of " + std::to_string(call.examples.size()) + " examples, but " +
                   std::to_string(options.mixtures.size()) + " mixtures");
    }
    for (const Index example : call.examples) check_example(call, example);
    for (const Mixture& mixture : options.mixtures) check_example(call, mixture.partner);
  }

  void check_example(const Call& call, Index example) const {
    const Index classes = network_.output_shape().size();
    if (example < 0 || example >= call.x.cols()) {
      reject_batch("example " + std::to_string(example) + " of " + std::to_string(call.x.cols()));
    }
    const int label = call.labels[static_cast<std::size_t>(example)];
    if (label < 0 || label >= classes) {
      reject_batch("label " + std::to_string(label) + " of " + std::to_string(classes) +
                   " classes");
    }
    const Index size = call.size_of(example, network_.input_shape());
    if (size < 1 || size > call.x.rows()) {
      reject_batch("an example has between 1 and " + std::to_string(network_.input_shape().time) +
                   " steps, found " +
                   std::to_string(call.options.lengths[static_cast<std::size_t>(example)]));
    }
  }

  // An example, or what a mixture makes of it, with its target, as column `column` of a shard.
  void set_example(const Call& call, std::size_t place, Index column, Worker& worker) const {
    const Index example = call.examples[place];
    const Mixture mixture =
        call.options.mixtures.empty() ? Mixture{example, Scalar{1}} : call.options.mixtures[place];
    auto x = worker.x.col(column);
    Index size = call.size_of(example, network_.input_shape());
    x.head(size) = call.x.col(example).head(size);
    if (mixture.share != Scalar{1}) {
      const Index partner_size = call.size_of(mixture.partner, network_.input_shape());
      x.head(size) *= mixture.share;
      if (partner_size > size) x.segment(size, partner_size - size).setZero();
      x.head(partner_size) +=
          (Scalar{1} - mixture.share) * call.x.col(mixture.partner).head(partner_size);
      size = std::max(size, partner_size);
    }
    worker.lengths[static_cast<std::size_t>(column)] = size / network_.input_shape().channels;
    const Block target(worker.targets.col(column).data(), worker.targets.rows(), 1);
    worker.targets.col(column).setZero();
    add_label(call, example, mixture.share, target);
    add_label(call, mixture.partner, Scalar{1} - mixture.share, target);
  }

  static void add_label(const Call& call, Index example, Scalar share, const Block& target) {
    if (share == Scalar{0}) return;
    const int label = call.labels[static_cast<std::size_t>(example)];
    const Scalar weight = call.class_weights.empty()
                              ? Scalar{1}
                              : call.class_weights[static_cast<std::size_t>(label)];
    add_target(label, static_cast<double>(share) * weight, call.options.label_smoothing, target);
  }

  void compute_shard(std::size_t index, Worker& worker) {
    const Call& call = *call_;
    Shard& shard = shards_[index];
    const std::size_t first = index * static_cast<std::size_t>(shard_size_);
    const std::size_t count =
        std::min(static_cast<std::size_t>(shard_size_), call.examples.size() - first);
    for (std::size_t i = 0; i < count; ++i) {
      set_example(call, first + i, static_cast<Index>(i), worker);
      worker.streams[i] =
          call.epoch_stream.fork(static_cast<std::uint64_t>(call.examples[first + i]));
    }
    const auto columns = static_cast<Index>(count);
    const std::span<const core::RandomStream> streams(worker.streams.data(), count);
    std::span<const Index> lengths;
    if (!call.options.lengths.empty()) lengths = std::span(worker.lengths).first(count);
    const ConstBlock x(worker.x.data(), worker.x.rows(), columns);
    const ConstBlock logits = network_.forward(call.parameters, prepared_, x, Mode::kTraining,
                                               streams, worker.workspace, lengths);
    shard.correct = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const int label = call.labels[static_cast<std::size_t>(call.examples[first + i])];
      shard.correct += predicted_class(logits, static_cast<Index>(i)) == label ? 1 : 0;
    }
    const auto scale = static_cast<Scalar>(1.0 / static_cast<double>(call.examples.size()));
    const Block dlogits(worker.dlogits.data(), logits.rows(), columns);
    shard.loss = softmax_cross_entropy(
        logits, ConstBlock(worker.targets.data(), logits.rows(), columns), scale, dlogits);
    network_.backward(call.parameters, prepared_, x,
                      ConstBlock(dlogits.data(), logits.rows(), columns), Mode::kTraining, streams,
                      worker.workspace, shard.gradient);
    // What shards change statistics by is averaged, as losses are.
    const auto share =
        static_cast<Scalar>(static_cast<double>(count) / static_cast<double>(call.examples.size()));
    for (const ParameterRange& range : network_.statistics()) {
      shard.gradient.segment(range.begin, range.size) *= share;
    }
  }

  void sum_shards(std::size_t index) {
    const ParameterRange range = parameter_range(index, network_.num_parameters());
    auto sum = call_->gradient.segment(range.begin, range.size);
    sum = shards_[0].gradient.segment(range.begin, range.size);
    for (std::size_t shard = 1; shard < active_shards_; ++shard) {
      sum += shards_[shard].gradient.segment(range.begin, range.size);
    }
  }

  const Network& network_;
  const Index batch_size_;
  Index shard_size_ = 1;
  core::ThreadPool& pool_;
  PreparedParameters prepared_;
  std::vector<Shard> shards_;
  std::vector<Worker> workers_;
  std::function<void(std::size_t, int)> shard_body_;
  std::function<void(std::size_t, int)> sum_body_;
  const Call* call_ = nullptr;
  std::size_t active_shards_ = 0;
};

BatchGradient::BatchGradient(const Network& network, Index batch_size, Index shard_size,
                             core::ThreadPool& pool)
    : impl_(std::make_unique<Impl>(network, batch_size, shard_size, pool)) {}

BatchGradient::~BatchGradient() = default;

BatchGradient::Result BatchGradient::compute(const Vector& parameters, const Matrix& x,
                                             std::span<const int> labels,
                                             std::span<const Index> examples,
                                             std::span<const Scalar> class_weights,
                                             const core::RandomStream& epoch_stream,
                                             Vector& gradient, const Options& options) {
  return impl_->compute(
      {parameters, x, labels, examples, class_weights, epoch_stream, gradient, options});
}

Matrix predict_logits(const Network& network, const Vector& parameters,
                      const PreparedParameters& prepared, const Matrix& x, core::ThreadPool& pool,
                      std::span<const Index> lengths) {
  if (!lengths.empty() && std::ssize(lengths) != x.cols()) {
    reject_batch(std::to_string(x.cols()) + " examples, but " + std::to_string(lengths.size()) +
                 " lengths");
  }
  check_rows(network, x, lengths);
  for (const Index length : lengths) {
    if (length * network.input_shape().channels <= x.rows()) continue;
    reject_batch("an example of " + std::to_string(length) + " steps in columns of " +
                 std::to_string(x.rows()) + " numbers");
  }
  Matrix logits(network.output_shape().size(), x.cols());
  // Few examples at a time: their activations stay in the cache, and a large network in little
  // memory, whatever its layers need beside.
  constexpr Index kBlock = 8;
  constexpr Index kMostNumbers = Index{1} << 24;
  Index largest = network.output_shape().size();
  for (std::size_t index = 0; index < network.size(); ++index) {
    const Shape& shape = network.shape_before(index);
    largest = std::max({largest, shape.size(), network.layer(index).scratch_size(shape, 1)});
  }
  const Index fits = std::clamp<Index>(kMostNumbers / largest, 1, kBlock);
  const Index block = std::clamp<Index>(x.cols(), 1, fits);
  const Index rows = network.input_shape().size();
  const bool is_short = x.rows() < rows;
  std::vector<Workspace> workspaces;
  std::vector<Matrix> inputs;  // of full length, where those given are not
  for (int worker = 0; worker < pool.jobs(); ++worker) {
    workspaces.emplace_back(network, block, Mode::kInference);
    if (is_short) inputs.emplace_back(rows, block);
  }
  pool.parallel_for(
      static_cast<std::size_t>((x.cols() + block - 1) / block), [&](std::size_t index, int worker) {
        const Index first = static_cast<Index>(index) * block;
        const Index count = std::min(block, x.cols() - first);
        const Scalar* input = x.col(first).data();
        if (is_short) {
          Matrix& own = inputs[static_cast<std::size_t>(worker)];
          own.topLeftCorner(x.rows(), count) = x.middleCols(first, count);
          input = own.data();
        }
        logits.middleCols(first, count) =
            network.forward(parameters, prepared, ConstBlock(input, rows, count), Mode::kInference,
                            {}, workspaces[static_cast<std::size_t>(worker)],
                            lengths.empty() ? lengths
                                            : lengths.subspan(static_cast<std::size_t>(first),
                                                              static_cast<std::size_t>(count)));
      });
  return logits;
}

Matrix predict_logits(const Network& network, const Vector& parameters, const Matrix& x,
                      core::ThreadPool& pool, std::span<const Index> lengths) {
  return predict_logits(network, parameters, PreparedParameters(network, parameters), x, pool,
                        lengths);
}

}  // namespace ser::nn
