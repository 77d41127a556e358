#pragma once

#include <memory>
#include <optional>
#include <span>

#include "ser/core/thread_pool.h"
#include "ser/model/emotion_classifier.h"
#include "ser/nn/folding.h"
#include "ser/nn/network.h"
#include "ser/nn/prepared_parameters.h"

namespace ser::model {

// A normaliser and a network as they are executed: with as few layers as possible, see
// ser/nn/folding.h, and without the normaliser where the first layer can do its work.
class FoldedRecogniser {
 public:
  // The network that the parts describe. Where there is nothing to fold, it is executed as it is.
  FoldedRecogniser(std::shared_ptr<const nn::Network> network,
                   std::shared_ptr<const ClassifierParts> parts);
  // The prepared parameters refer to the network.
  FoldedRecogniser(const FoldedRecogniser&) = delete;
  FoldedRecogniser& operator=(const FoldedRecogniser&) = delete;

  bool normalizer_is_folded() const { return folded_ && folded_->takes_input_map; }
  std::size_t num_layers() const { return network().size(); }

  // [outputs x clips] for feature vectors [features x clips] as the extractor gives them; finite
  // parameters of usual size give finite logits whatever the features.
  // `lengths` as dataset::ClipFeatures has them.
  nn::Matrix logits(const Eigen::MatrixXf& clip_vectors, core::ThreadPool& pool,
                    std::span<const nn::Index> lengths) const;

 private:
  const nn::Network& network() const { return folded_ ? folded_->network : *network_; }
  const nn::Vector& parameters() const {
    return folded_ ? folded_->parameters : parts_->parameters;
  }

  std::shared_ptr<const nn::Network> network_;
  std::shared_ptr<const ClassifierParts> parts_;
  std::optional<nn::FoldedNetwork> folded_;
  nn::PreparedParameters prepared_;
};

}  // namespace ser::model
