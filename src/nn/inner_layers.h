#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "ser/nn/layer.h"

namespace ser::nn {

// The layers that a layer holds. Each takes the input of the whole, or what one before it gives;
// what several take is propagated back to as their sum. Parameters, and what prepare() makes of
// them, stand in the order of the layers.
class InnerLayers {
 public:
  static constexpr Index kInput = -1;

  // `source`: kInput, or the number of a layer added before. Gives this one's number. Throws
  // ConfigError as make_layer(), and E_CONFIG_VALUE where the layer is of a kind that holds layers,
  // or one too many.
  Index add(const core::Json& layer, const std::string& path, Index source);

  Index size() const { return static_cast<Index>(parts_.size()); }
  const Layer& layer(Index number) const { return *parts_[at(number)].layer; }
  Index source_of(Index number) const { return parts_[at(number)].source; }

  // Of the layer's input and output where the whole has this input.
  Shape input_of(Index number, const Shape& input) const;
  Shape output_of(Index number, const Shape& input) const;
  // Throws ConfigError (E_NETWORK_SHAPE, E_NETWORK_SIZE) where a layer does not fit the one before
  // it or all together are too large; the layer is called as `name(number)` says.
  void check(const Shape& input, const std::function<std::string(Index)>& name) const;

  bool examples_are_independent(Mode mode) const;
  Index num_parameters(const Shape& input) const;
  std::vector<ParameterRange> statistics(const Shape& input) const;
  std::vector<ParameterRange> variances(const Shape& input) const;
  void initialize(const Shape& input, Parameters parameters,
                  const core::RandomStream& random) const;
  Index prepared_size(const Shape& input, Mode mode) const;
  void prepare(const Shape& input, ConstParameters parameters, Mode mode,
               std::span<Scalar> prepared) const;
  Index scratch_size(const Shape& input, Index examples) const;

  // Of one of the layers, among all parameters.
  ConstParameters parameters_of(Index number, const Shape& input,
                                const ConstParameters& parameters) const;

  // Executes all of them.
  void forward(const Pass& pass, ConstParameters parameters, ConstBlock x,
               std::span<Scalar> scratch) const;
  // What a layer gave in forward(), and the place where backward() finds the derivative by it: of
  // layers that no other takes from, the owner puts it there before.
  Block output(Index number, const Pass& pass, Index examples, std::span<Scalar> scratch) const;
  Block derivative(Index number, const Pass& pass, Index examples, std::span<Scalar> scratch) const;
  // As Layer::backward(), but for y and dy, which are those of each layer.
  void backward(const Pass& pass, const Layer::Backward& arguments,
                std::span<Scalar> scratch) const;

 private:
  struct Part {
    std::unique_ptr<Layer> layer;
    Index source;
  };
  // Where the numbers of a layer stand.
  struct Place;

  static std::size_t at(Index number) { return static_cast<std::size_t>(number); }
  template <class Body>
  void for_places(const Shape& input, Index examples, Mode prepared_mode, const Body& body) const;
  Place place_of(Index number, const Shape& input, Index examples, Mode prepared_mode) const;
  Mode prepared_for(const Pass& pass) const;
  Index derivative_size(const Shape& input, Index examples) const;
  std::span<Index> lengths_in(std::span<Scalar> scratch, Index examples) const;
  std::span<const Index> lengths_of(Index number, const Pass& pass, Index examples,
                                    std::span<Index> all) const;
  void follow_lengths(const Pass& pass, Index examples, std::span<Index> all) const;
  Pass pass_of(const Place& place, const Pass& outer, Index examples, std::span<Index> all) const;

  using Ranges = std::vector<ParameterRange> (Layer::*)(const Shape&) const;
  std::vector<ParameterRange> ranges_of(const Shape& input, Ranges ranges) const;

  std::vector<Part> parts_;
};

}  // namespace ser::nn
