#include "train/renewal.h"

#include <algorithm>

#include "ser/core/error.h"

namespace ser::train {
namespace {

// The steps as the only copy of a plan.
augment::AugmentationPlan plan_of(const core::Json& steps) {
  if (!steps.is_array()) {
    throw core::ConfigError("E_CONFIG_VALUE",
                            "renew: expected a list of steps, such as [{\"spec_augment\": {}}], "
                            "found " +
                                core::config_detail::excerpt(steps));
  }
  return augment::AugmentationPlan(core::Json::array({steps}), "renew");
}

}  // namespace

Renewal::Renewal(const core::Json& steps, const features::FeatureExtractor& extractor)
    : plan_(plan_of(steps)),
      features_(static_cast<Eigen::Index>(extractor.clip_names().size())),
      spectra_(extractor.spectra()) {
  if (!changes()) return;
  if (!extractor.gives_frames()) {
    throw core::ConfigError("E_CONFIG_VALUE",
                            "renew: it changes frames, and these features have none left; set "
                            "features.form to frames, or use augment");
  }
  if (!plan_.acts_on_features_only(0)) {
    throw core::ConfigError("E_CONFIG_VALUE",
                            "renew: " + plan_.copy_name(0) +
                                ": only steps that act on features, such as "
                                "spec_augment, are taken anew in every epoch; put "
                                "the others into augment");
  }
}

void Renewal::renew(const dataset::ExampleSet& examples, const core::RandomStream& random,
                    core::ThreadPool& pool, dataset::ExampleSet& renewed) const {
  const Eigen::Index most = examples.values.rows() / features_;
  renewed.values.resize(examples.values.rows(), examples.values.cols());
  renewed.lengths.resize(examples.size());
  renewed.labels = examples.labels;
  renewed.utterances = examples.utterances;
  std::vector<Eigen::MatrixXf> frames(static_cast<std::size_t>(pool.jobs()));
  pool.parallel_for(examples.size(), [&](std::size_t i, int worker) {
    const auto column = static_cast<Eigen::Index>(i);
    Eigen::MatrixXf& own = frames[static_cast<std::size_t>(worker)];
    own = Eigen::Map<const Eigen::MatrixXf>(examples.values.col(column).data(), features_,
                                            examples.lengths[i]);
    plan_.apply_to_features(0, own, spectra_, random.fork(i));
    renewed.lengths[i] = std::min(own.cols(), most);
    renewed.values.col(column).head(renewed.lengths[i] * features_) =
        own.leftCols(renewed.lengths[i]).reshaped();
  });
}

}  // namespace ser::train
