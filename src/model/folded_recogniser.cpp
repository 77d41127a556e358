#include "model/folded_recogniser.h"

#include "ser/nn/batch.h"

namespace ser::model {

namespace {

// Of the numbers of the network's input. Frames are normalised as they are: a layer that takes
// several of them at once takes zeros beyond the ends, which no map goes before.
std::optional<nn::AffineMap> map_of(const dataset::Normalizer& normalizer,
                                    const nn::Network& network) {
  if (normalizer.mean().size() != network.input_shape().size()) return std::nullopt;
  const Eigen::VectorXd scale = normalizer.scale().cast<double>().cwiseInverse();
  return nn::AffineMap{scale, -normalizer.mean().cast<double>().cwiseProduct(scale)};
}

}  // namespace

FoldedRecogniser::FoldedRecogniser(std::shared_ptr<const nn::Network> network,
                                   std::shared_ptr<const ClassifierParts> parts)
    : network_(std::move(network)),
      parts_(std::move(parts)),
      folded_(nn::fold(*network_, parts_->parameters, map_of(parts_->normalizer, *network_))),
      prepared_(this->network(), parameters()) {}

nn::Matrix FoldedRecogniser::logits(const Eigen::MatrixXf& clip_vectors, core::ThreadPool& pool,
                                    std::span<const nn::Index> lengths) const {
  Eigen::MatrixXf values = clip_vectors;
  if (normalizer_is_folded()) {
    parts_->normalizer.limit(values);
  } else {
    parts_->normalizer.apply(values, lengths);
  }
  return nn::predict_logits(network(), parameters(), prepared_, values, pool, lengths);
}

}  // namespace ser::model
