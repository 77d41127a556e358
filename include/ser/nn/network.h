#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "ser/core/json.h"
#include "ser/core/random.h"
#include "ser/nn/layer.h"
#include "ser/nn/tensor.h"

namespace ser::nn {

class PreparedParameters;
class Workspace;

// A chain of layers for inputs of one shape. Holds no parameters: they are one flat vector, owned
// by whoever trains or uses the network.
class Network {
 public:
  // `layers`: a list of layer objects, e.g. [{"layer": "conv1d", "channels": 256, "kernel": 5},
  // ...]. Throws ConfigError (E_CONFIG_KEY, E_CONFIG_VALUE, E_NETWORK_SHAPE, E_NETWORK_SIZE) with
  // the path of the layer at fault. Nothing large is allocated: at most 1,000 layers, 2^28
  // parameters, 2^26 numbers in any one activation and 2^30 in all are allowed, without overflow.
  Network(const core::Json& layers, const Shape& input, const std::string& path = "network");

  const Shape& input_shape() const { return shapes_.front(); }
  const Shape& output_shape() const { return shapes_.back(); }
  Index num_parameters() const { return num_parameters_; }
  std::size_t size() const { return layers_.size(); }
  const Layer& layer(std::size_t index) const { return *layers_[index]; }
  const Shape& shape_before(std::size_t index) const { return shapes_[index]; }
  Index parameter_offset(std::size_t index) const { return offsets_[index]; }
  // Those parameters that follow the data and not the gradient (Layer::statistics()).
  const std::vector<ParameterRange>& statistics() const { return statistics_; }
  // Those of them that are never below zero (Layer::variances()).
  const std::vector<ParameterRange>& variances() const { return variances_; }
  core::Json to_json() const;

  // Fresh parameters: [num_parameters()].
  Vector initialize(const core::RandomStream& random) const;

  // The output for a block of at most workspace.capacity() examples, [output_shape().size() x n];
  // valid until the workspace is used again. `prepared` was made from the same parameters.
  // `streams` (one an example) is needed in training mode only. `lengths`: the steps of each
  // example, at the beginning of its column, or empty where all have those of input_shape(); the
  // output may not depend on it in shape. Throws ConfigError (E_NETWORK_SHAPE) where an argument
  // does not fit, as does backward().
  ConstBlock forward(const Vector& parameters, const PreparedParameters& prepared, ConstBlock x,
                     Mode mode, std::span<const core::RandomStream> streams, Workspace& workspace,
                     std::span<const Index> lengths = {}) const;

  // Sets `gradient` [num_parameters()] to that of a loss whose derivative by the output of the last
  // forward() is `dy`. x, mode and streams as in that call; the lengths are known.
  void backward(const Vector& parameters, const PreparedParameters& prepared, ConstBlock x,
                ConstBlock dy, Mode mode, std::span<const core::RandomStream> streams,
                Workspace& workspace, Vector& gradient) const;

 private:
  friend class PreparedParameters;
  friend class Workspace;

  // What is executed: a layer of its own, or one that stands for several, [first, last]. Layers
  // that change nothing are left out.
  struct Step {
    std::shared_ptr<const Layer> layer;
    std::size_t first;
    std::size_t last;
    Shape input;
    Shape output;
  };

  std::vector<Step> plan(Mode mode) const;
  void follow_lengths(std::span<const Index> lengths, Index examples, Workspace& workspace) const;
  const std::vector<Step>& steps(Mode mode) const {
    return mode == Mode::kTraining ? training_steps_ : inference_steps_;
  }
  ConstParameters step_parameters(const Step& step, const Vector& all) const;
  void check_call(const Vector& parameters, const PreparedParameters& prepared, const ConstBlock& x,
                  Mode mode, std::span<const core::RandomStream> streams,
                  Workspace& workspace) const;

  std::vector<std::shared_ptr<const Layer>> layers_;
  std::vector<Step> training_steps_;
  std::vector<Step> inference_steps_;
  std::vector<Shape> shapes_;   // before each layer, and behind the last
  std::vector<Index> offsets_;  // of each layer's parameters
  Index num_parameters_ = 0;
  std::vector<ParameterRange> statistics_;
  std::vector<ParameterRange> variances_;
};

// Activations, gradients and scratch for one thread, sized once. One made for training serves
// inference too.
class Workspace {
 public:
  Workspace(const Network& network, Index capacity, Mode mode);

  Index capacity() const { return capacity_; }

 private:
  friend class Network;

  // Of a step; `place` is the step's in the order of execution.
  Vector& activation(const Network::Step& step, std::size_t place);
  Vector& scratch(const Network::Step& step);
  std::span<const Index> lengths(const Network::Step& step, Index examples) const;

  Index capacity_;
  Mode mode_;
  std::vector<Shape> network_;  // its shapes
  // By the last layer of a step; for inference two activations that take turns and one scratch.
  std::vector<Vector> activations_;
  std::vector<Vector> scratch_;
  // Of the examples of the last forward(), before each layer and behind the last, if they
  // differ.
  std::vector<std::vector<Index>> lengths_;
  bool has_lengths_ = false;
  Vector gradient_ping_;
  Vector gradient_pong_;
};

}  // namespace ser::nn
