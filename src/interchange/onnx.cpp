#include "ser/interchange/onnx.h"

#include "ser/core/error.h"

#include "interchange/exported_model.h"

namespace ser::interchange {

void write_onnx(const model::EmotionClassifier& classifier, const ByteSink& sink) {
  if (classifier.extractor().gives_frames()) {
    throw core::ModelError("E_EXPORT_FORM",
                           "this model takes clips of any number of frames, which the ONNX files "
                           "written here cannot say; write it as safetensors");
  }
  const nn::Graph graph = graph_of(classifier);
  onnx_model(graph, metadata_of(classifier)).write(sink);
}

}  // namespace ser::interchange
