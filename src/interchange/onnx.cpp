#include "ser/interchange/onnx.h"

#include "interchange/exported_model.h"

namespace ser::interchange {

void write_onnx(const model::EmotionClassifier& classifier, const ByteSink& sink) {
  const nn::Graph graph = graph_of(classifier);
  onnx_model(graph, metadata_of(classifier)).write(sink);
}

}  // namespace ser::interchange
