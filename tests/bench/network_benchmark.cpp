#include <benchmark/benchmark.h>

#include "ser/nn/batch.h"
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

// One layer of the network, forward and backward, for one example. Argument: its place.
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
  const Vector x = Vector::Random(shape.size());
  const Vector dy = Vector::Random(outputs);
  Vector y(outputs);
  Vector dx(shape.size());
  Vector gradient = Vector::Zero(parameters.size());
  Vector scratch(layer.scratch_size(shape, 1));
  const std::vector<core::RandomStream> streams(1, random);
  Vector prepared(layer.prepared_size(shape, Mode::kTraining));
  const std::span<Scalar> prepared_span(prepared.data(), static_cast<std::size_t>(prepared.size()));
  layer.prepare(shape, parameters, Mode::kTraining, prepared_span);
  const Pass pass{Mode::kTraining, shape, 0, streams, prepared_span};
  const std::span<Scalar> scratch_span(scratch.data(), static_cast<std::size_t>(scratch.size()));
  const bool backward = state.range(1) == 1;
  const ConstBlock x_block(x.data(), x.size(), 1);
  layer.forward(pass, parameters, x_block, Block(y.data(), outputs, 1), scratch_span);
  for (auto _ : state) {
    if (backward) {
      layer.backward(
          pass,
          {parameters, x_block, ConstBlock(y.data(), outputs, 1), ConstBlock(dy.data(), outputs, 1),
           Block(dx.data(), shape.size(), index == 0 ? 0 : 1),
           Parameters(gradient.data(), gradient.size())},
          scratch_span);
    } else {
      layer.forward(pass, parameters, x_block, Block(y.data(), outputs, 1), scratch_span);
    }
    benchmark::ClobberMemory();
  }
  state.SetLabel(std::string(layer.kind()) + (backward ? " backward" : " forward"));
}
BENCHMARK(BM_Layer)
    ->ArgsProduct({{0, 1, 2, 3, 6, 9, 10, 14}, {0, 1}})
    ->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace ser::nn
