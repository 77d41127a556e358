#include "model/folded_recogniser.h"

#include "ser/nn/batch.h"

namespace ser::model {

namespace {

nn::AffineMap map_of(const dataset::Normalizer& normalizer) {
  const Eigen::VectorXd scale = normalizer.scale().cast<double>().cwiseInverse();
  return {scale, -normalizer.mean().cast<double>().cwiseProduct(scale)};
}

}  // namespace

FoldedRecogniser::FoldedRecogniser(std::shared_ptr<const nn::Network> network,
                                   std::shared_ptr<const ClassifierParts> parts)
    : network_(std::move(network)),
      parts_(std::move(parts)),
      folded_(nn::fold(*network_, parts_->parameters, map_of(parts_->normalizer))),
      prepared_(this->network(), parameters()) {}

nn::Matrix FoldedRecogniser::logits(const Eigen::MatrixXf& clip_vectors,
                                    core::ThreadPool& pool) const {
  Eigen::MatrixXf values = clip_vectors;
  if (normalizer_is_folded()) {
    parts_->normalizer.limit(values);
  } else {
    parts_->normalizer.apply(values);
  }
  return nn::predict_logits(network(), parameters(), prepared_, values, pool);
}

}  // namespace ser::model
