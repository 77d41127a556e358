#pragma once

#include "nn/configured_layer.h"
#include "nn/inner_layers.h"

namespace ser::nn {

// A layer that holds others, which its constructor adds to layers(): their parameters are its own.
template <class Config>
class CompositeLayer : public ConfiguredLayer<Config> {
 public:
  using ConfiguredLayer<Config>::ConfiguredLayer;

  bool examples_are_independent(Mode mode) const override {
    return layers_.examples_are_independent(mode);
  }
  Index num_parameters(const Shape& input) const override { return layers_.num_parameters(input); }
  std::vector<ParameterRange> statistics(const Shape& input) const override {
    return layers_.statistics(input);
  }
  std::vector<ParameterRange> variances(const Shape& input) const override {
    return layers_.variances(input);
  }
  void initialize(const Shape& input, Parameters parameters,
                  core::RandomStream random) const override {
    layers_.initialize(input, parameters, random);
  }
  Index prepared_size(const Shape& input, Mode mode) const override {
    return layers_.prepared_size(input, mode);
  }
  void prepare(const Shape& input, ConstParameters parameters, Mode mode,
               std::span<Scalar> prepared) const override {
    layers_.prepare(input, parameters, mode, prepared);
  }
  Index scratch_size(const Shape& input, Index examples) const override {
    return layers_.scratch_size(input, examples);
  }

 protected:
  using ConfiguredLayer<Config>::config;

  InnerLayers layers_;
};

}  // namespace ser::nn
