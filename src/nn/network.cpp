#include "ser/nn/network.h"

#include <algorithm>

#include "ser/core/config.h"
#include "ser/core/error.h"
#include "ser/nn/prepared_parameters.h"

#include "nn/fusion.h"
#include "nn/limits.h"

namespace ser::nn {
namespace {

constexpr Index kMaxLayers = 1000;
constexpr Index kMaxParameters = Index{1} << 28;
// In all activations together: without it, a small file could ask for an hour of work a clip.
constexpr Index kMaxNumbers = Index{1} << 30;

[[noreturn]] void reject_network(const char* code, const std::string& path,
                                 const std::string& why) {
  throw core::ConfigError(code, path + ": " + why);
}

// Calls what may throw a ConfigError that does not know its path.
template <class Body>
void with_path(const std::string& path, const Body& body) {
  try {
    body();
  } catch (const core::ConfigError& error) {
    reject_network(error.code().c_str(), path, error.what());
  }
}

std::span<Scalar> span_of(Vector& vector) {
  return {vector.data(), static_cast<std::size_t>(vector.size())};
}

}  // namespace

Network::Network(const core::Json& layers, const Shape& input, const std::string& path) {
  if (!layers.is_array() || layers.empty()) {
    reject_network(
        "E_CONFIG_VALUE", path,
        "expected a list of at least one layer, found " + core::config_detail::excerpt(layers));
  }
  if (layers.size() > static_cast<std::size_t>(kMaxLayers)) {
    reject_network("E_NETWORK_SIZE", path,
                   std::to_string(layers.size()) + " layers exceed the limit of " +
                       std::to_string(kMaxLayers));
  }
  with_path(path + " (its input)", [&] { check_activation(input); });
  shapes_.push_back(input);
  Index numbers = 0;
  for (std::size_t index = 0; index < layers.size(); ++index) {
    const std::string layer_path = path + "[" + std::to_string(index) + "]";
    auto layer = make_layer(layers[index], layer_path);
    Shape output;
    with_path(layer_path, [&] {
      output = layer->output_shape(shapes_.back());
      check_activation(output);
    });
    numbers += output.size();
    if (numbers > kMaxNumbers) {
      reject_network("E_NETWORK_SIZE", layer_path,
                     "the outputs of the layers up to here exceed the limit of " +
                         std::to_string(kMaxNumbers) + " numbers");
    }
    const Index parameters = layer->num_parameters(shapes_.back());
    if (parameters > kMaxParameters - num_parameters_) {
      reject_network("E_NETWORK_SIZE", layer_path,
                     "the network's parameters up to here exceed the limit of " +
                         std::to_string(kMaxParameters));
    }
    for (const ParameterRange& range : layer->statistics(shapes_.back())) {
      statistics_.push_back({num_parameters_ + range.begin, range.size});
    }
    for (const ParameterRange& range : layer->variances(shapes_.back())) {
      variances_.push_back({num_parameters_ + range.begin, range.size});
    }
    offsets_.push_back(num_parameters_);
    num_parameters_ += parameters;
    shapes_.push_back(output);
    layers_.push_back(std::move(layer));
  }
  training_steps_ = plan(Mode::kTraining);
  inference_steps_ = plan(Mode::kInference);
}

std::vector<Network::Step> Network::plan(Mode mode) const {
  std::vector<Step> steps;
  for (std::size_t index = 0; index < layers_.size();) {
    Fused fused = fuse_layers(std::span(layers_).subspan(index), shapes_[index]);
    const std::size_t end = index + std::max<std::size_t>(fused.count, 1);
    if (fused.count > 0 || !layers_[index]->is_identity(mode)) {
      steps.push_back({fused.count > 0 ? std::move(fused.layer) : layers_[index], index, end - 1,
                       shapes_[index], shapes_[end]});
    }
    index = end;
  }
  return steps;
}

ConstParameters Network::step_parameters(const Step& step, const Vector& all) const {
  const Index end = step.last + 1 < offsets_.size() ? offsets_[step.last + 1] : num_parameters_;
  return {all.data() + offsets_[step.first], end - offsets_[step.first]};
}

core::Json Network::to_json() const {
  core::Json json = core::Json::array();
  for (const auto& layer : layers_) json.push_back(layer->to_json());
  return json;
}

Vector Network::initialize(const core::RandomStream& random) const {
  Vector parameters = Vector::Zero(num_parameters_);
  for (std::size_t index = 0; index < layers_.size(); ++index) {
    layers_[index]->initialize(shapes_[index],
                               Parameters(parameters.data() + offsets_[index],
                                          layers_[index]->num_parameters(shapes_[index])),
                               random.fork(index));
  }
  return parameters;
}

void Network::check_call(const Vector& parameters, const PreparedParameters& prepared,
                         const ConstBlock& x, Mode mode,
                         std::span<const core::RandomStream> streams, Workspace& workspace) const {
  if (parameters.size() != num_parameters_) {
    reject_network("E_NETWORK_SHAPE", "network",
                   "it has " + std::to_string(num_parameters_) + " parameters, found " +
                       std::to_string(parameters.size()));
  }
  if (x.rows() != input_shape().size()) {
    reject_network("E_NETWORK_SHAPE", "network",
                   "it takes " + std::to_string(input_shape().size()) +
                       " numbers an example, found " + std::to_string(x.rows()));
  }
  const auto serves = [mode](Mode made_for) {
    return made_for == Mode::kTraining || mode == Mode::kInference;
  };
  if (&prepared.network_ != this || !serves(prepared.mode_)) {
    reject_network("E_NETWORK_SHAPE", "network",
                   "the prepared parameters were made for another network or for inference");
  }
  bool fits =
      x.cols() <= workspace.capacity() && workspace.network_ == shapes_ && serves(workspace.mode_);
  for (const Step& step : steps(mode)) {
    fits = fits && workspace.scratch(step).size() >= step.layer->scratch_size(step.input, x.cols());
  }
  if (!fits) {
    reject_network("E_NETWORK_SHAPE", "network",
                   "the workspace was made for another network, for inference, or for fewer than " +
                       std::to_string(x.cols()) + " examples");
  }
  if (mode == Mode::kTraining && std::ssize(streams) != x.cols()) {
    reject_network("E_NETWORK_SHAPE", "network",
                   "training takes a random stream for each of " + std::to_string(x.cols()) +
                       " examples, found " + std::to_string(streams.size()));
  }
}

// Every layer is asked, also those that are not executed: one may give a shorter example another
// number of channels.
void Network::follow_lengths(std::span<const Index> lengths, Index examples,
                             Workspace& workspace) const {
  workspace.has_lengths_ = !lengths.empty();
  if (lengths.empty()) return;
  if (std::ssize(lengths) != examples) {
    reject_network(
        "E_NETWORK_SHAPE", "network",
        std::to_string(examples) + " examples, but " + std::to_string(lengths.size()) + " lengths");
  }
  for (std::size_t example = 0; example < lengths.size(); ++example) {
    Shape shape = {input_shape().channels, lengths[example]};
    if (shape.time < 1 || shape.time > input_shape().time) {
      reject_network("E_NETWORK_SHAPE", "network",
                     "an example has between 1 and " + std::to_string(input_shape().time) +
                         " steps, found " + std::to_string(shape.time));
    }
    workspace.lengths_[0][example] = shape.time;
    for (std::size_t index = 0; index < layers_.size(); ++index) {
      shape = layers_[index]->output_shape(shape);
      workspace.lengths_[index + 1][example] = shape.time;
      if (shape.channels == shapes_[index + 1].channels) continue;
      reject_network(
          "E_NETWORK_SHAPE", "network[" + std::to_string(index) + "]",
          std::string(layers_[index]->kind()) +
              " takes examples of one length only; put a pooling over all steps before it");
    }
    if (shape.time != output_shape().time) {
      reject_network(
          "E_NETWORK_SHAPE", "network",
          "its output has as many steps as its input, so it takes examples of one length only");
    }
  }
}

ConstBlock Network::forward(const Vector& parameters, const PreparedParameters& prepared,
                            ConstBlock x, Mode mode, std::span<const core::RandomStream> streams,
                            Workspace& workspace, std::span<const Index> lengths) const {
  check_call(parameters, prepared, x, mode, streams, workspace);
  const Index examples = x.cols();
  follow_lengths(lengths, examples, workspace);
  const Scalar* input = x.data();
  const std::vector<Step>& all = steps(mode);
  for (std::size_t place = 0; place < all.size(); ++place) {
    const Step& step = all[place];
    const Pass pass{mode,
                    step.input,
                    static_cast<Index>(step.first),
                    streams,
                    prepared.of_layer(step.first),
                    workspace.lengths(step, examples)};
    Vector& output = workspace.activation(step, place);
    step.layer->forward(
        pass, step_parameters(step, parameters), ConstBlock(input, step.input.size(), examples),
        Block(output.data(), step.output.size(), examples), span_of(workspace.scratch(step)));
    input = output.data();
  }
  return {input, output_shape().size(), examples};
}

void Network::backward(const Vector& parameters, const PreparedParameters& prepared, ConstBlock x,
                       ConstBlock dy, Mode mode, std::span<const core::RandomStream> streams,
                       Workspace& workspace, Vector& gradient) const {
  check_call(parameters, prepared, x, mode, streams, workspace);
  const Index examples = x.cols();
  if (workspace.mode_ != Mode::kTraining || prepared.mode_ != Mode::kTraining ||
      gradient.size() != num_parameters_ || dy.rows() != output_shape().size() ||
      dy.cols() != examples) {
    reject_network(
        "E_NETWORK_SHAPE", "network",
        "backward() takes a workspace and prepared parameters for training, a gradient of " +
            std::to_string(num_parameters_) + " numbers and a derivative of " +
            std::to_string(output_shape().size()) + " x " + std::to_string(examples));
  }
  const Scalar* output_gradient = dy.data();
  Vector* next = &workspace.gradient_ping_;
  Vector* other = &workspace.gradient_pong_;
  const std::vector<Step>& all = steps(mode);
  for (std::size_t place = all.size(); place-- > 0;) {
    const Step& step = all[place];
    const Pass pass{mode,
                    step.input,
                    static_cast<Index>(step.first),
                    streams,
                    prepared.of_layer(step.first),
                    workspace.lengths(step, examples)};
    const Scalar* input =
        place == 0 ? x.data() : workspace.activation(all[place - 1], place - 1).data();
    const ConstParameters own = step_parameters(step, parameters);
    // Nobody needs the gradient of the network's input.
    Block dx(next->data(), step.input.size(), place == 0 ? 0 : examples);
    step.layer->backward(
        pass,
        {own, ConstBlock(input, step.input.size(), examples),
         ConstBlock(workspace.activation(step, place).data(), step.output.size(), examples),
         ConstBlock(output_gradient, step.output.size(), examples), dx,
         Parameters(gradient.data() + offsets_[step.first], own.size())},
        span_of(workspace.scratch(step)));
    output_gradient = next->data();
    std::swap(next, other);
  }
}

}  // namespace ser::nn
