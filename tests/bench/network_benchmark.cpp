#include <benchmark/benchmark.h>

#include "ser/nn/batch.h"
#include "ser/nn/folding.h"
#include "ser/nn/optimizer.h"
#include "ser/nn/prepared_parameters.h"

// The classic network on vectors of 162 features. Wall times: what counts is how long a user waits.
namespace ser::nn {
namespace {

constexpr Index kFeatures = 162;
constexpr Index kBatch = 64;
constexpr Index kShard = 16;

Network classic() {
  return Network(core::parse_json(R"([
      {"layer": "conv1d", "channels": 256, "kernel": 5}, {"layer": "relu"},
      {"layer": "max_pool", "size": 5, "stride": 2},
      {"layer": "conv1d", "channels": 256, "kernel": 5}, {"layer": "relu"},
      {"layer": "max_pool", "size": 5, "stride": 2},
      {"layer": "conv1d", "channels": 128, "kernel": 5}, {"layer": "relu"},
      {"layer": "max_pool", "size": 5, "stride": 2}, {"layer": "dropout", "rate": 0.2},
      {"layer": "conv1d", "channels": 64, "kernel": 5}, {"layer": "relu"},
      {"layer": "max_pool", "size": 5, "stride": 2}, {"layer": "flatten"},
      {"layer": "dense", "units": 32}, {"layer": "relu"}, {"layer": "dropout", "rate": 0.3},
      {"layer": "dense", "units": 7}])",
                                  "benchmark"),
                 {1, kFeatures});
}

Matrix random_examples(Index count, core::RandomStream random) {
  Matrix x(kFeatures, count);
  for (Index i = 0; i < x.size(); ++i) x.data()[i] = static_cast<Scalar>(random.normal());
  return x;
}

// One step of training: gradient of a batch and update. Argument: number of workers.
void BM_TrainingStep(benchmark::State& state) {
  const Network network = classic();
  core::ThreadPool pool(static_cast<int>(state.range(0)));
  const core::RandomStream random(1);
  Vector parameters = network.initialize(random);
  const Matrix x = random_examples(kBatch, random);
  std::vector<int> labels;
  std::vector<Index> examples;
  for (int i = 0; i < kBatch; ++i) {
    labels.push_back(i % 7);
    examples.push_back(i);
  }
  BatchGradient batch(network, kBatch, kShard, pool);
  Adam adam({}, network.num_parameters());
  Vector gradient;
  for (std::uint64_t step = 0; state.KeepRunning(); ++step) {
    batch.compute(parameters, x, labels, examples, {}, random.fork(step), gradient);
    adam.step(parameters, gradient, pool);
  }
}
BENCHMARK(BM_TrainingStep)->Arg(1)->Arg(2)->UseRealTime()->Unit(benchmark::kMillisecond);

// The logits of one vector at a time.
void BM_Inference(benchmark::State& state) {
  const Network network = classic();
  const core::RandomStream random(1);
  const Vector parameters = network.initialize(random);
  const Matrix x = random_examples(1, random);
  const PreparedParameters prepared(network, parameters);
  Workspace workspace(network, 1, Mode::kInference);
  for (auto _ : state) {
    benchmark::DoNotOptimize(network
                                 .forward(parameters, prepared, ConstBlock(x.data(), kFeatures, 1),
                                          Mode::kInference, {}, workspace)
                                 .data());
  }
}
BENCHMARK(BM_Inference)->UseRealTime()->Unit(benchmark::kMillisecond);

// As BM_Inference, of a network with batch normalisation and a residual block. Argument: whether it
// is folded.
void BM_FoldedInference(benchmark::State& state) {
  const auto block = [](int channels) {
    return R"({"layer": "conv1d", "bias": false, "channels": )" + std::to_string(channels) +
           R"(}, {"layer": "batch_norm"}, {"layer": "relu"},
              {"layer": "max_pool", "size": 5, "stride": 2}, )";
  };
  Network network(core::parse_json("[" + block(128) + block(128) + R"(
      {"layer": "residual", "layers": [
          {"layer": "depthwise_conv1d"}, {"layer": "batch_norm"},
          {"layer": "conv1d", "channels": 128, "kernel": 1}, {"layer": "batch_norm"},
          {"layer": "relu"}, {"layer": "dropout"}]}, )" +
                                       block(64) + R"({"layer": "global_average_pool"},
      {"layer": "batch_norm"}, {"layer": "dense", "units": 7}])",
                                   "benchmark"),
                  {1, kFeatures});
  const core::RandomStream random(1);
  Vector parameters = network.initialize(random);
  if (state.range(0) == 1) {
    auto folded = fold(network, parameters);
    network = std::move(folded->network);
    parameters = std::move(folded->parameters);
  }
  const Matrix x = random_examples(1, random);
  const PreparedParameters prepared(network, parameters);
  Workspace workspace(network, 1, Mode::kInference);
  for (auto _ : state) {
    benchmark::DoNotOptimize(network
                                 .forward(parameters, prepared, ConstBlock(x.data(), kFeatures, 1),
                                          Mode::kInference, {}, workspace)
                                 .data());
  }
}
BENCHMARK(BM_FoldedInference)->Arg(0)->Arg(1)->UseRealTime()->Unit(benchmark::kMicrosecond);

// Forward and backward of a convolution of 64 channels in groups over 162 steps, for a shard; 0
// stands for depthwise_conv1d. Argument: number of groups.
void BM_Groups(benchmark::State& state) {
  const auto groups = state.range(0);
  const Shape shape{64, kFeatures};
  const auto layer = groups == 0
                         ? make_layer({{"layer", "depthwise_conv1d"}})
                         : make_layer({{"layer", "conv1d"}, {"channels", 64}, {"groups", groups}});
  const Matrix x = Matrix::Random(shape.size(), kShard);
  Matrix y(shape.size(), kShard);
  Matrix dx(shape.size(), kShard);
  const Vector all = Vector::Random(layer->num_parameters(shape));
  const ConstParameters parameters(all.data(), all.size());
  Vector gradient = Vector::Zero(all.size());
  Vector scratch(layer->scratch_size(shape, kShard));
  Vector prepared(layer->prepared_size(shape, Mode::kTraining));
  const auto span_of = [](Vector& vector) {
    return std::span<Scalar>(vector.data(), static_cast<std::size_t>(vector.size()));
  };
  layer->prepare(shape, parameters, Mode::kTraining, span_of(prepared));
  const Pass pass{Mode::kTraining, shape, 0, {}, span_of(prepared)};
  const ConstBlock x_block(x.data(), x.rows(), kShard);
  for (auto _ : state) {
    layer->forward(pass, parameters, x_block, Block(y.data(), y.rows(), kShard), span_of(scratch));
    layer->backward(
        pass,
        {parameters, x_block, ConstBlock(y.data(), y.rows(), kShard), x_block,
         Block(dx.data(), dx.rows(), kShard), Parameters(gradient.data(), gradient.size())},
        span_of(scratch));
    benchmark::ClobberMemory();
  }
}
BENCHMARK(BM_Groups)->Arg(0)->Arg(1)->Arg(2)->Arg(4)->Arg(16)->Arg(64)->Unit(
    benchmark::kMicrosecond);

// One layer of the network, forward and backward, for the examples of a shard. Argument: its place.
void BM_Layer(benchmark::State& state) {
  const Network network = classic();
  const auto index = static_cast<std::size_t>(state.range(0));
  const Layer& layer = network.layer(index);
  const Shape shape = network.shape_before(index);
  const core::RandomStream random(1);
  const Vector all = network.initialize(random);
  const ConstParameters parameters(all.data() + network.parameter_offset(index),
                                   layer.num_parameters(shape));
  const Index outputs = layer.output_shape(shape).size();
  const Matrix x = Matrix::Random(shape.size(), kShard);
  const Matrix dy = Matrix::Random(outputs, kShard);
  Matrix y(outputs, kShard);
  Matrix dx(shape.size(), kShard);
  Vector gradient = Vector::Zero(parameters.size());
  Vector scratch(layer.scratch_size(shape, kShard));
  Vector prepared(layer.prepared_size(shape, Mode::kTraining));
  const std::vector<core::RandomStream> streams(kShard, random);
  const auto span_of = [](Vector& vector) {
    return std::span<Scalar>(vector.data(), static_cast<std::size_t>(vector.size()));
  };
  layer.prepare(shape, parameters, Mode::kTraining, span_of(prepared));
  const Pass pass{Mode::kTraining, shape, 0, streams, span_of(prepared)};
  const bool backward = state.range(1) == 1;
  const ConstBlock x_block(x.data(), x.rows(), kShard);
  const Block y_block(y.data(), outputs, kShard);
  layer.forward(pass, parameters, x_block, y_block, span_of(scratch));
  for (auto _ : state) {
    if (backward) {
      layer.backward(pass,
                     {parameters, x_block, ConstBlock(y.data(), outputs, kShard),
                      ConstBlock(dy.data(), outputs, kShard),
                      Block(dx.data(), shape.size(), index == 0 ? 0 : kShard),
                      Parameters(gradient.data(), gradient.size())},
                     span_of(scratch));
    } else {
      layer.forward(pass, parameters, x_block, y_block, span_of(scratch));
    }
    benchmark::ClobberMemory();
  }
  state.SetLabel(std::string(layer.kind()) + (backward ? " backward" : " forward"));
}
BENCHMARK(BM_Layer)
    ->ArgsProduct({{0, 1, 2, 3, 5, 6, 8, 9, 10, 14}, {0, 1}})
    ->Unit(benchmark::kMicrosecond);

// What is made of the parameters once a step.
void BM_PrepareParameters(benchmark::State& state) {
  const Network network = classic();
  const Vector parameters = network.initialize(core::RandomStream(1));
  core::ThreadPool pool(1);
  PreparedParameters prepared(network, Mode::kTraining);
  for (auto _ : state) prepared.update(parameters, pool);
}
BENCHMARK(BM_PrepareParameters)->Unit(benchmark::kMicrosecond);

void BM_Adam(benchmark::State& state) {
  const Network network = classic();
  Vector parameters = network.initialize(core::RandomStream(1));
  const Vector gradient = parameters;
  core::ThreadPool pool(1);
  Adam adam({}, network.num_parameters());
  for (auto _ : state) adam.step(parameters, gradient, pool);
}
BENCHMARK(BM_Adam)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace ser::nn
