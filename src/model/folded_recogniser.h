#pragma once

#include "ser/core/thread_pool.h"
#include "ser/dataset/normalizer.h"
#include "ser/nn/network.h"
#include "ser/nn/prepared_parameters.h"

namespace ser::model {

// A normaliser and a network as they are executed: with as few layers as possible, see
// ser/nn/folding.h, and without the normaliser where the first layer can do its work.
class FoldedRecogniser {
 public:
  // `parameters` [network.num_parameters()].
  FoldedRecogniser(const nn::Network& network, const nn::Vector& parameters,
                   const dataset::Normalizer& normalizer);
  // The prepared parameters refer to the network.
  FoldedRecogniser(const FoldedRecogniser&) = delete;
  FoldedRecogniser& operator=(const FoldedRecogniser&) = delete;

  bool normalizer_is_folded() const { return normalizer_is_folded_; }
  std::size_t num_layers() const { return network_.size(); }

  // [outputs x clips] for feature vectors [features x clips] as the extractor gives them; finite
  // parameters of usual size give finite logits whatever the features.
  nn::Matrix logits(const Eigen::MatrixXf& clip_vectors, core::ThreadPool& pool) const;

 private:
  struct Parts;
  explicit FoldedRecogniser(Parts parts);

  dataset::Normalizer normalizer_;
  nn::Network network_;
  nn::Vector parameters_;
  bool normalizer_is_folded_;
  nn::PreparedParameters prepared_;
};

}  // namespace ser::model
