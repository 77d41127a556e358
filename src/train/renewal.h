#pragma once

#include <string>
#include <vector>

#include "ser/augment/plan.h"
#include "ser/core/random.h"
#include "ser/core/thread_pool.h"
#include "ser/dataset/examples.h"
#include "ser/dsp/row_range.h"
#include "ser/features/extractor.h"

namespace ser::train {

// Changes the frames of training examples anew in every epoch, by the steps of a recipe's field
// `renew`.
class Renewal {
 public:
  // Throws ConfigError (E_CONFIG_KEY, E_CONFIG_VALUE) with the path of the mistake: steps as those
  // of a copy in the augmentation plan, all of which act on features, and none for features that
  // are no frames.
  Renewal(const core::Json& steps, const features::FeatureExtractor& extractor);

  bool changes() const { return plan_.alters(0); }
  core::Json to_json() const { return plan_.to_json()[0]; }

  // Sets the features of `renewed` to those of `examples`, changed; its labels are the same.
  // Example i draws from random.fork(i). What gets longer than all columns are is cut off.
  void renew(const dataset::ExampleSet& examples, const core::RandomStream& random,
             core::ThreadPool& pool, dataset::ExampleSet& renewed) const;

 private:
  augment::AugmentationPlan plan_;
  Eigen::Index features_;
  std::vector<dsp::RowRange> spectra_;
};

}  // namespace ser::train
