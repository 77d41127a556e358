#include "ser/core/error.h"
#include "ser/interchange/onnx.h"
#include "ser/interchange/safetensors.h"
#include "ser/model/model_file.h"

#include "app_main.h"
#include "named_models.h"
#include "output_file.h"

int main(int argc, char** argv) try {
  ser::apps::begin_program("ser-export");
  using namespace ser;
  CLI::App app("Writes a recogniser in formats of other programs.", "ser-export");
  std::string model_path;
  std::string onnx_path;
  std::string safetensors_path;
  app.add_option("-m,--model", model_path,
                 "the model file, or the name of one that comes with the toolkit")
      ->required();
  app.add_option("--onnx", onnx_path,
                 "an ONNX file: normaliser and network, features in, probabilities out");
  app.add_option("--safetensors", safetensors_path, "a safetensors file: the numbers by name");

  return apps::run_app(app, argc, argv, [&]() -> int {
    if (onnx_path.empty() && safetensors_path.empty()) {
      throw core::ConfigError("E_USAGE", "which format? name --onnx FILE or --safetensors FILE");
    }
    model_path = apps::find_model(model_path);
    apps::require_distinct_files({{"the model", model_path},
                                  {"the ONNX file", onnx_path},
                                  {"the safetensors file", safetensors_path}});
    apps::OutputFile onnx(onnx_path);
    apps::OutputFile safetensors(safetensors_path);
    const auto recogniser = model::load_model(model_path);
    const auto& classifier = recogniser.only();
    if (onnx) interchange::write_onnx(classifier, onnx.sink());
    if (safetensors) interchange::write_safetensors(classifier, safetensors.sink());
    apps::commit({&onnx, &safetensors});
    return apps::kDone;
  });
} catch (...) {
  return ser::apps::report_exception();
}
