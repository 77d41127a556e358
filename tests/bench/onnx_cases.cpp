// This project's side of scripts/check_onnx: ONNX files with inputs, and the outputs that another
// program should give for them. The folder gets cases.json, a list of {"name", "model", "input",
// "outputs"}; of a tensor {"name", "shape", "file"}, whose file holds raw float32, row-major.
//   ser_onnx_cases layers FOLDER                   each kind of layer on each shape that it takes
//   ser_onnx_cases model MODEL FOLDER RECORDINGS   a recogniser on recordings and made-up numbers
//   ser_onnx_cases network RECIPE FOLDER           the network of ser_network_comparison
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <stdexcept>

#include "ser/core/file.h"
#include "ser/dataset/clip_loader.h"
#include "ser/interchange/onnx.h"
#include "ser/model/model_file.h"
#include "ser/nn/batch.h"

#include "interchange/onnx_model.h"
#include "nn/layer_cases.h"
#include "nn/layer_run.h"

namespace ser::interchange {
namespace {

namespace fs = std::filesystem;
using core::Json;
using nn::Index;
using nn::Matrix;

class CaseWriter {
 public:
  explicit CaseWriter(fs::path folder) : folder_(std::move(folder)) {
    fs::create_directories(folder_);
  }

  std::ofstream open(const std::string& name) const {
    std::ofstream file(folder_ / name, std::ios::binary);
    if (!file) throw std::runtime_error("cannot write " + (folder_ / name).string());
    return file;
  }

  // Of a tensor whose first dimension is the columns of `block`, and what is in one.
  Json tensor(const std::string& name, std::vector<Index> shape, const Matrix& block) {
    const std::string file_name = std::to_string(files_++) + ".f32";
    open(file_name).write(
        reinterpret_cast<const char*>(block.data()),
        static_cast<std::streamsize>(block.size()) * static_cast<std::streamsize>(sizeof(float)));
    shape.insert(shape.begin(), block.cols());
    return {{"name", name}, {"shape", shape}, {"file", file_name}};
  }

  void add(const std::string& name, const std::string& model, Json input, Json outputs) {
    cases_.push_back({{"name", name},
                      {"model", model},
                      {"input", std::move(input)},
                      {"outputs", std::move(outputs)}});
  }

  void finish() const { open("cases.json") << cases_.dump(1) << '\n'; }

 private:
  fs::path folder_;
  int files_ = 0;
  Json cases_ = Json::array();
};

void write_model(const CaseWriter& writer, const std::string& name, const nn::Graph& graph) {
  std::ofstream file = writer.open(name);
  onnx_model(graph, {}).write([&](std::string_view bytes) { file << bytes; });
}

// [channels x time] of each example in the order [channels, time], row-major.
Matrix with_time_last(const Matrix& block, const nn::Shape& shape) {
  Matrix turned(block.rows(), block.cols());
  for (Index example = 0; example < block.cols(); ++example) {
    const nn::ConstBlock steps(block.col(example).data(), shape.channels, shape.time);
    nn::Block(turned.col(example).data(), shape.time, shape.channels) = steps.transpose();
  }
  return turned;
}

void write_layers(CaseWriter& writer) {
  int number = 0;
  for (const auto& layer_case : nn::test::layer_cases()) {
    const nn::Shape& shape = layer_case.input;
    const auto layer = nn::make_layer(layer_case.json);
    const nn::Shape output = layer->output_shape(shape);
    nn::test::LayerRun run(*layer, shape, 5, nn::Mode::kInference);
    run.forward();
    nn::Graph graph;
    const std::vector<Index> dimensions = {shape.channels, shape.time};
    const auto x = add_input(graph, "x", dimensions, nn::GraphValue::Form::kSteps);
    nn::GraphBuilder builder(graph, layer_case.json["layer"].get<std::string>());
    auto y = builder.as_vector(
        layer->to_graph(shape, nn::ConstParameters(run.parameters.data(), run.parameters.size()), x,
                        builder),
        output);
    add_output(graph, y, "y", {output.size()});
    const std::string name = "layer" + std::to_string(number++) + ".onnx";
    write_model(writer, name, graph);
    writer.add(layer_case.name, name, writer.tensor("x", dimensions, with_time_last(run.x, shape)),
               Json::array({writer.tensor("y", {output.size()}, run.y)}));
  }
}

Matrix logits_of(const model::EmotionClassifier& classifier, Matrix vectors,
                 core::ThreadPool& pool) {
  classifier.parts().normalizer.apply(vectors);
  return nn::predict_logits(classifier.network(), classifier.parts().parameters, vectors, pool);
}

// Vectors as they are met: those of the recordings, and as many that are drawn.
Matrix usual_vectors(const model::EmotionClassifier& classifier,
                     const std::vector<fs::path>& recordings) {
  const auto& parts = classifier.parts();
  const Index features = parts.normalizer.mean().size();
  std::vector<Eigen::VectorXf> vectors;
  for (const auto& recording : recordings) {
    try {
      vectors.push_back(classifier.extractor().clip_vector(
          dataset::load_clip(recording, parts.clip, parts.features.sample_rate_hz).waveform));
    } catch (const core::AudioError&) {
      // too short for the recipe
    }
  }
  if (vectors.empty()) throw std::runtime_error("none of the recordings can be used");
  const auto count = static_cast<Index>(vectors.size());
  const Matrix drawn = nn::test::random_matrix(features, count, core::RandomStream(1));
  Matrix all(features, 2 * count);
  for (Index i = 0; i < count; ++i) {
    all.col(i) = vectors[static_cast<std::size_t>(i)];
    all.col(count + i) =
        parts.normalizer.mean() + parts.normalizer.scale().cwiseProduct(drawn.col(i));
  }
  return all;
}

void write_recogniser(CaseWriter& writer, const fs::path& path, const fs::path& folder) {
  const auto recogniser = model::load_model(path);
  const auto& classifier = recogniser.only();
  std::ofstream file = writer.open("model.onnx");
  write_onnx(classifier, [&](std::string_view bytes) { file << bytes; });
  std::vector<fs::path> recordings;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.path().extension() == ".wav") recordings.push_back(entry.path());
  }
  std::sort(recordings.begin(), recordings.end());
  core::ThreadPool pool(1);
  const auto features = classifier.parts().normalizer.mean().size();
  const auto classes = static_cast<Index>(classifier.classes().size());
  const Matrix usual = usual_vectors(classifier, recordings);
  writer.add(path.stem().string(), "model.onnx", writer.tensor("features", {features}, usual),
             Json::array({writer.tensor("logits", {classes}, logits_of(classifier, usual, pool)),
                          writer.tensor("probabilities", {classes},
                                        classifier.probabilities(usual, pool))}));
  // Where the normaliser's limit holds, logits are so far apart that every probability is 0 or 1.
  const Matrix far = 1e8F * nn::test::random_matrix(features, 16, core::RandomStream(2));
  writer.add(path.stem().string() + ", far out", "model.onnx",
             writer.tensor("features", {features}, far),
             Json::array({writer.tensor("logits", {classes}, logits_of(classifier, far, pool))}));
}

void write_network(CaseWriter& writer, const std::string& recipe) {
  constexpr Index kFeatures = 162;
  constexpr Index kClasses = 7;
  Json layers =
      core::parse_json(core::read_file(recipe, std::uint64_t{1} << 20), recipe).at("network");
  layers.push_back({{"layer", "dense"}, {"units", kClasses}});
  const nn::Network network(layers, {1, kFeatures});
  const nn::Vector parameters = network.initialize(core::RandomStream(2));
  nn::Graph graph;
  const auto x = add_input(graph, "x", {1, kFeatures}, nn::GraphValue::Form::kSteps);
  add_output(graph, add_network(graph, network, parameters, x), "y", {kClasses});
  write_model(writer, "network.onnx", graph);
  const Matrix vectors = nn::test::random_matrix(kFeatures, 1024, core::RandomStream(3));
  core::ThreadPool pool(1);
  const Matrix logits = nn::predict_logits(network, parameters, vectors, pool);
  writer.add("network", "network.onnx", writer.tensor("x", {1, kFeatures}, vectors),
             Json::array({writer.tensor("y", {kClasses}, logits)}));
}

int run(const std::vector<std::string>& arguments) {
  const std::string& what = arguments.at(0);
  if (what == "layers") {
    CaseWriter writer(arguments.at(1));
    write_layers(writer);
    writer.finish();
  } else if (what == "model") {
    CaseWriter writer(arguments.at(2));
    write_recogniser(writer, arguments.at(1), arguments.at(3));
    writer.finish();
  } else if (what == "network") {
    CaseWriter writer(arguments.at(2));
    write_network(writer, arguments.at(1));
    writer.finish();
  } else {
    throw std::runtime_error("neither layers, model nor network: " + what);
  }
  return 0;
}

}  // namespace
}  // namespace ser::interchange

int main(int argc, char** argv) {
  try {
    return ser::interchange::run({argv + 1, argv + argc});
  } catch (const std::exception& error) {
    std::cerr << "ser_onnx_cases: " << error.what() << '\n';
    return 2;
  }
}
