// The network's side of scripts/compare_pytorch: the same network, parameters, examples and batches
// for another implementation to repeat. Numbers are raw Scalars and int32 of this machine.
//   ser_network_comparison data RECIPE FOLDER           writes parameters, examples and labels
//   ser_network_comparison losses RECIPE JOBS STEPS     losses of so many steps of gradient
//   descent, without
//                                                      dropout, then of as many of Adam
//   ser_network_comparison train RECIPE JOBS STEPS      milliseconds of each step
//   ser_network_comparison infer RECIPE JOBS BATCHES    milliseconds of each batch, then of one
//   vector
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

#include "ser/nn/batch.h"
#include "ser/nn/optimizer.h"
#include "ser/nn/prepared_parameters.h"

namespace ser::nn {
namespace {

constexpr Index kFeatures = 162;
constexpr Index kClasses = 7;
constexpr Index kExamples = 1024;
constexpr Index kBatch = 64;
constexpr Index kShard = 16;

enum class Dropout { kAsConfigured, kNone };

Network read_network(const std::string& recipe, Dropout dropout) {
  std::ifstream file(recipe);
  if (!file) throw std::runtime_error("cannot read " + recipe);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  core::Json layers = core::parse_json(text, recipe).at("network");
  for (core::Json& layer : layers) {
    if (dropout == Dropout::kNone && layer.at("layer") == "dropout") layer["rate"] = 0.0;
  }
  layers.push_back({{"layer", "dense"}, {"units", kClasses}});
  return {layers, {1, kFeatures}};
}

// Examples of each class scatter around a centre of its own, so that there is something to learn.
struct Data {
  Matrix x = Matrix(kFeatures, kExamples);
  std::vector<int> labels;

  Data() {
    const core::RandomStream random(1);
    for (Index i = 0; i < kExamples; ++i) {
      const auto label = static_cast<int>(i % kClasses);
      labels.push_back(label);
      auto centre = random.fork("centre").fork(static_cast<std::uint64_t>(label));
      auto noise = random.fork("noise").fork(static_cast<std::uint64_t>(i));
      for (Index row = 0; row < kFeatures; ++row) {
        x(row, i) = static_cast<Scalar>(centre.normal() + noise.normal());
      }
    }
  }
};

Vector initial_parameters(const Network& network) {
  return network.initialize(core::RandomStream(2));
}

template <class Number>
void write(const std::string& path, const Number* numbers, std::size_t count) {
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(numbers),
             static_cast<std::streamsize>(count * sizeof(Number)));
  if (!file.flush()) throw std::runtime_error("cannot write " + path);
}

class Training {
 public:
  Training(const Network& network, int jobs)
      : pool_(jobs),
        parameters_(initial_parameters(network)),
        batch_(network, kBatch, kShard, pool_),
        adam_({}, network.num_parameters()) {}

  enum class Update { kGradientDescent, kAdam };

  double step(Index index, Update update = Update::kAdam) {
    std::vector<Index> examples(kBatch);
    std::iota(examples.begin(), examples.end(), index * kBatch % kExamples);
    const auto result =
        batch_.compute(parameters_, data_.x, data_.labels, examples, {},
                       core::RandomStream(3).fork(static_cast<std::uint64_t>(index)), gradient_);
    if (update == Update::kAdam) {
      adam_.step(parameters_, gradient_, pool_);
    } else {
      parameters_ -= Scalar(0.01) * gradient_;
    }
    return result.loss;
  }

 private:
  core::ThreadPool pool_;
  Data data_;
  Vector parameters_;
  Vector gradient_;
  BatchGradient batch_;
  Adam adam_;
};

// Of this process alone, in KiB; what a parent reads of its children includes its own pages.
void print_peak_memory() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmHWM:")) std::cerr << line << '\n';
  }
}

template <class Body>
void print_milliseconds(Index count, const Body& body) {
  for (Index i = 0; i < count; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    body(i);
    const std::chrono::duration<double, std::milli> time = std::chrono::steady_clock::now() - begin;
    std::printf("%.6f\n", time.count());
  }
}

int run(const std::vector<std::string>& arguments) {
  const std::string& what = arguments.at(0);
  const std::string& recipe = arguments.at(1);
  if (what == "data") {
    const Network network = read_network(recipe, Dropout::kNone);
    const Vector parameters = initial_parameters(network);
    const Data data;
    const std::string& folder = arguments.at(2);
    write(folder + "/parameters", parameters.data(), static_cast<std::size_t>(parameters.size()));
    write(folder + "/examples", data.x.data(), static_cast<std::size_t>(data.x.size()));
    write(folder + "/labels", data.labels.data(), data.labels.size());
    return 0;
  }
  const int jobs = std::stoi(arguments.at(2));
  const Index count = std::stol(arguments.at(3));
  if (what == "losses") {
    const Network network = read_network(recipe, Dropout::kNone);
    for (const auto update : {Training::Update::kGradientDescent, Training::Update::kAdam}) {
      Training training(network, jobs);
      for (Index i = 0; i < count; ++i) std::printf("%.17g\n", training.step(i, update));
    }
  } else if (what == "train") {
    const Network network = read_network(recipe, Dropout::kAsConfigured);
    Training training(network, jobs);
    training.step(0);
    print_milliseconds(count, [&](Index i) { training.step(i); });
    print_peak_memory();
  } else if (what == "infer") {
    const Network network = read_network(recipe, Dropout::kAsConfigured);
    const Vector parameters = initial_parameters(network);
    const PreparedParameters prepared(network, parameters);
    core::ThreadPool pool(jobs);
    const Data data;
    const Matrix one = data.x.leftCols(1);
    print_milliseconds(count,
                       [&](Index) { predict_logits(network, parameters, prepared, data.x, pool); });
    Workspace workspace(network, 1, Mode::kInference);
    print_milliseconds(count, [&](Index) {
      network.forward(parameters, prepared, ConstBlock(one.data(), kFeatures, 1), Mode::kInference,
                      {}, workspace);
    });
  } else {
    throw std::runtime_error("neither data, losses, train nor infer: " + what);
  }
  return 0;
}

}  // namespace
}  // namespace ser::nn

int main(int argc, char** argv) {
  try {
    return ser::nn::run({argv + 1, argv + argc});
  } catch (const std::exception& error) {
    std::cerr << "ser_network_comparison: " << error.what() << '\n';
    return 2;
  }
}
