#include "nn/inner_layers.h"

#include <algorithm>
#include <array>
#include <memory>
#include <new>
#include <optional>

#include "ser/core/config.h"
#include "ser/core/error.h"

#include "nn/limits.h"

namespace ser::nn {
namespace {

// Sums of their parameters must not overflow.
constexpr Index kMostLayers = 100;
constexpr Index kMaxParameters = Index{1} << 28;
// More than a network has layers: streams of inner layers are apart from those of others.
constexpr Index kStreamsOfALayer = 1000;

constexpr Index kNumbersOfALength = (sizeof(Index) + sizeof(Scalar) - 1) / sizeof(Scalar);

}  // namespace

struct InnerLayers::Place {
  const Layer& layer;
  Index number;
  Index source;
  Shape input;
  Shape output;
  Index first_parameter;
  Index parameters;
  Index first_prepared;
  Index prepared;
  // In the scratch: what the layer gives, the derivative by it, and the layer's own.
  Index first_output;
  Index first_derivative;
  Index first_scratch;
  Index scratch;
};

Index InnerLayers::add(const core::Json& layer, const std::string& path, Index source) {
  if (size() >= kMostLayers) {
    throw core::ConfigError("E_CONFIG_VALUE", path + ": a layer holds at most " +
                                                  std::to_string(kMostLayers) + " others");
  }
  if (layer.is_object()) {
    for (const char* kind : {"residual", "multi_level_pool"}) {
      if (layer.value("layer", core::Json()) != kind) continue;
      throw core::ConfigError("E_CONFIG_VALUE", path + ": a layer that holds layers, such as " +
                                                    kind + ", cannot hold another one");
    }
  }
  parts_.push_back({make_layer(layer, path), source});
  return size() - 1;
}

Shape InnerLayers::input_of(Index number, const Shape& input) const {
  const Index source = source_of(number);
  return source == kInput ? input : output_of(source, input);
}

Shape InnerLayers::output_of(Index number, const Shape& input) const {
  return layer(number).output_shape(input_of(number, input));
}

void InnerLayers::check(const Shape& input, const std::function<std::string(Index)>& name) const {
  Index activations = 0;
  for (Index number = 0; number < size(); ++number) {
    const Shape output = output_of(number, input);
    check_activation(output);
    // They are all kept at once.
    activations += output.size();
    check_activation({activations, 1});
    if (layer(number).num_parameters(input_of(number, input)) > kMaxParameters) {
      throw core::ConfigError("E_NETWORK_SIZE", name(number) + " has more than " +
                                                    std::to_string(kMaxParameters) + " parameters");
    }
  }
}

bool InnerLayers::examples_are_independent(Mode mode) const {
  return std::ranges::all_of(
      parts_, [mode](const Part& part) { return part.layer->examples_are_independent(mode); });
}

template <class Body>
void InnerLayers::for_places(const Shape& input, Index examples, Mode prepared_mode,
                             const Body& body) const {
  Index first_parameter = 0;
  Index first_prepared = 0;
  Index next = (size() * examples + 1) * kNumbersOfALength;
  std::array<Shape, kMostLayers> outputs;
  for (Index number = 0; number < size(); ++number) {
    const Layer& one = layer(number);
    const Index source = source_of(number);
    const Shape before = source == kInput ? input : outputs[at(source)];
    const Shape output = outputs[at(number)] = one.output_shape(before);
    const Index numbers = output.size() * examples;
    const Place place = {one,
                         number,
                         source,
                         before,
                         output,
                         first_parameter,
                         one.num_parameters(before),
                         first_prepared,
                         one.prepared_size(before, prepared_mode),
                         next,
                         next + numbers,
                         next + 2 * numbers,
                         one.scratch_size(before, examples)};
    body(place);
    first_parameter += place.parameters;
    first_prepared += place.prepared;
    next = place.first_scratch + place.scratch;
  }
}

InnerLayers::Place InnerLayers::place_of(Index number, const Shape& input, Index examples,
                                         Mode prepared_mode) const {
  std::optional<Place> found;
  for_places(input, examples, prepared_mode, [&](const Place& place) {
    if (place.number == number) found.emplace(place);
  });
  return *found;
}

Index InnerLayers::num_parameters(const Shape& input) const {
  Index count = 0;
  for (Index number = 0; number < size(); ++number) {
    count += layer(number).num_parameters(input_of(number, input));
  }
  return count;
}

std::vector<ParameterRange> InnerLayers::ranges_of(const Shape& input, Ranges ranges) const {
  std::vector<ParameterRange> all;
  for_places(input, 1, Mode::kTraining, [&](const Place& place) {
    for (const ParameterRange& range : (place.layer.*ranges)(place.input)) {
      all.push_back({place.first_parameter + range.begin, range.size});
    }
  });
  return all;
}

std::vector<ParameterRange> InnerLayers::statistics(const Shape& input) const {
  return ranges_of(input, &Layer::statistics);
}

std::vector<ParameterRange> InnerLayers::variances(const Shape& input) const {
  return ranges_of(input, &Layer::variances);
}

void InnerLayers::initialize(const Shape& input, Parameters parameters,
                             const core::RandomStream& random) const {
  for_places(input, 1, Mode::kTraining, [&](const Place& place) {
    place.layer.initialize(place.input,
                           Parameters(parameters.data() + place.first_parameter, place.parameters),
                           random.fork(static_cast<std::uint64_t>(place.number)));
  });
}

Index InnerLayers::prepared_size(const Shape& input, Mode mode) const {
  Index size = 0;
  for_places(input, 1, mode, [&](const Place& place) { size += place.prepared; });
  return size;
}

void InnerLayers::prepare(const Shape& input, ConstParameters parameters, Mode mode,
                          std::span<Scalar> prepared) const {
  for_places(input, 1, mode, [&](const Place& place) {
    place.layer.prepare(
        place.input, ConstParameters(parameters.data() + place.first_parameter, place.parameters),
        mode, prepared.subspan(at(place.first_prepared), at(place.prepared)));
  });
}

// The lengths of all examples behind each layer, then outputs, derivatives and scratch, then one
// derivative more.
Index InnerLayers::scratch_size(const Shape& input, Index examples) const {
  Index size = 0;
  for_places(input, examples, Mode::kTraining,
             [&](const Place& place) { size = place.first_scratch + place.scratch; });
  return size + derivative_size(input, examples);
}

Index InnerLayers::derivative_size(const Shape& input, Index examples) const {
  Index largest = 0;
  for (Index number = 0; number < size(); ++number) {
    largest = std::max(largest, input_of(number, input).size() * examples);
  }
  return largest;
}

ConstParameters InnerLayers::parameters_of(Index number, const Shape& input,
                                           const ConstParameters& parameters) const {
  const Place place = place_of(number, input, 1, Mode::kTraining);
  return {parameters.data() + place.first_parameter, place.parameters};
}

// What was prepared for training may serve inference, so the mode of the pass does not tell.
Mode InnerLayers::prepared_for(const Pass& pass) const {
  return std::ssize(pass.prepared) == prepared_size(pass.input, Mode::kTraining) ? Mode::kTraining
                                                                                 : Mode::kInference;
}

// At the beginning of the scratch, of which one length more than needed is reserved, so that they
// can stand where an Index may.
std::span<Index> InnerLayers::lengths_in(std::span<Scalar> scratch, Index examples) const {
  const auto count = static_cast<std::size_t>(size() * examples);
  void* begin = scratch.data();
  std::size_t room = (count + 1) * kNumbersOfALength * sizeof(Scalar);
  std::align(alignof(Index), count * sizeof(Index), begin, room);
  return {new (begin) Index[count], count};
}

std::span<const Index> InnerLayers::lengths_of(Index number, const Pass& pass, Index examples,
                                               std::span<Index> all) const {
  if (pass.lengths.empty() || number == kInput) return pass.lengths;
  return all.subspan(at(number * examples), at(examples));
}

void InnerLayers::follow_lengths(const Pass& pass, Index examples, std::span<Index> all) const {
  if (pass.lengths.empty()) return;
  for (Index number = 0; number < size(); ++number) {
    const auto before = lengths_of(source_of(number), pass, examples, all);
    const Index channels = input_of(number, pass.input).channels;
    for (std::size_t example = 0; example < at(examples); ++example) {
      all[at(number * examples) + example] =
          layer(number).output_shape({channels, before[example]}).time;
    }
  }
}

Pass InnerLayers::pass_of(const Place& place, const Pass& outer, Index examples,
                          std::span<Index> all) const {
  return {outer.mode,
          place.input,
          (outer.layer_index + 1) * kStreamsOfALayer + place.number,
          outer.streams,
          outer.prepared.subspan(at(place.first_prepared), at(place.prepared)),
          lengths_of(place.source, outer, examples, all)};
}

void InnerLayers::forward(const Pass& pass, ConstParameters parameters, ConstBlock x,
                          std::span<Scalar> scratch) const {
  const Index examples = x.cols();
  const std::span<Index> lengths = lengths_in(scratch, examples);
  follow_lengths(pass, examples, lengths);
  for_places(pass.input, examples, prepared_for(pass), [&](const Place& place) {
    const Scalar* from =
        place.source == kInput ? x.data() : output(place.source, pass, examples, scratch).data();
    place.layer.forward(
        pass_of(place, pass, examples, lengths),
        ConstParameters(parameters.data() + place.first_parameter, place.parameters),
        ConstBlock(from, place.input.size(), examples),
        Block(scratch.data() + place.first_output, place.output.size(), examples),
        scratch.subspan(at(place.first_scratch), at(place.scratch)));
  });
}

Block InnerLayers::output(Index number, const Pass& pass, Index examples,
                          std::span<Scalar> scratch) const {
  const Place place = place_of(number, pass.input, examples, Mode::kTraining);
  return {scratch.data() + place.first_output, place.output.size(), examples};
}

Block InnerLayers::derivative(Index number, const Pass& pass, Index examples,
                              std::span<Scalar> scratch) const {
  const Place place = place_of(number, pass.input, examples, Mode::kTraining);
  return {scratch.data() + place.first_derivative, place.output.size(), examples};
}

void InnerLayers::backward(const Pass& pass, const Layer::Backward& arguments,
                           std::span<Scalar> scratch) const {
  const Index examples = arguments.x.cols();
  const std::span<Index> lengths = lengths_in(scratch, examples);
  follow_lengths(pass, examples, lengths);
  const Mode prepared_mode = prepared_for(pass);
  Scalar* const spare = scratch.data() + scratch.size() - derivative_size(pass.input, examples);
  Block dx = arguments.dx;
  Parameters gradient = arguments.parameter_gradient;
  for (Index number = size(); number-- > 0;) {
    const Place place = place_of(number, pass.input, examples, prepared_mode);
    const bool of_input = place.source == kInput;
    Scalar* const sum =
        of_input ? dx.data() : derivative(place.source, pass, examples, scratch).data();
    // The first to propagate to a source sets its derivative, the others add to it.
    bool is_first = true;
    for (Index later = number + 1; later < size(); ++later) {
      if (source_of(later) == place.source) is_first = false;
    }
    const Index columns = of_input ? dx.cols() : examples;
    const Scalar* const from =
        of_input ? arguments.x.data() : output(place.source, pass, examples, scratch).data();
    Block result(is_first ? sum : spare, place.input.size(), columns);
    place.layer.backward(
        pass_of(place, pass, examples, lengths),
        {ConstParameters(arguments.parameters.data() + place.first_parameter, place.parameters),
         ConstBlock(from, place.input.size(), examples),
         ConstBlock(scratch.data() + place.first_output, place.output.size(), examples),
         ConstBlock(scratch.data() + place.first_derivative, place.output.size(), examples), result,
         Parameters(gradient.data() + place.first_parameter, place.parameters)},
        scratch.subspan(at(place.first_scratch), at(place.scratch)));
    if (!is_first) Block(sum, place.input.size(), columns) += result;
  }
}

}  // namespace ser::nn
