#include "model/folded_recogniser.h"

#include "ser/nn/batch.h"
#include "ser/nn/folding.h"

namespace ser::model {

struct FoldedRecogniser::Parts {
  dataset::Normalizer normalizer;
  nn::FoldedNetwork folded;
};

namespace {

nn::AffineMap map_of(const dataset::Normalizer& normalizer) {
  const Eigen::VectorXd scale = normalizer.scale().cast<double>().cwiseInverse();
  return {scale, -normalizer.mean().cast<double>().cwiseProduct(scale)};
}

nn::FoldedNetwork fold_or_copy(const nn::Network& network, const nn::Vector& parameters,
                               const dataset::Normalizer& normalizer) {
  if (auto folded = nn::fold(network, parameters, map_of(normalizer))) return std::move(*folded);
  return {network, parameters};
}

}  // namespace

FoldedRecogniser::FoldedRecogniser(const nn::Network& network, const nn::Vector& parameters,
                                   const dataset::Normalizer& normalizer)
    : FoldedRecogniser(Parts{normalizer, fold_or_copy(network, parameters, normalizer)}) {}

FoldedRecogniser::FoldedRecogniser(Parts parts)
    : normalizer_(std::move(parts.normalizer)),
      network_(std::move(parts.folded.network)),
      parameters_(std::move(parts.folded.parameters)),
      normalizer_is_folded_(parts.folded.takes_input_map),
      prepared_(network_, parameters_) {}

nn::Matrix FoldedRecogniser::logits(const Eigen::MatrixXf& clip_vectors,
                                    core::ThreadPool& pool) const {
  Eigen::MatrixXf values = clip_vectors;
  if (normalizer_is_folded_) {
    normalizer_.limit(values);
  } else {
    normalizer_.apply(values);
  }
  return nn::predict_logits(network_, parameters_, prepared_, values, pool);
}

}  // namespace ser::model
