#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "ser/core/config.h"
#include "ser/core/interrupted.h"
#include "ser/core/json.h"
#include "ser/core/thread_pool.h"
#include "ser/corpus/manifest.h"
#include "ser/eval/evaluate.h"
#include "ser/model/emotion_classifier.h"

namespace ser::eval {

struct ImportanceConfig {
  int repetitions = 10;
  std::uint64_t seed = 1;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor&& visit) {
    visit("repetitions", self.repetitions, "permutations of each group of features",
          core::Range{1, 1000});
    visit("seed", self.seed, "of the permutations");
  }
};

// What becomes of the UAR when the numbers of one group of features are dealt out among the clips
// anew, each clip getting all those of one clip.
struct GroupImportance {
  std::string name;
  std::size_t features = 0;
  std::vector<double> drops;  // of the UAR, one a repetition; below 0: it rose
  double mean = 0.0;
  double deviation = 0.0;  // of the drops, n - 1 in the denominator; 0 of one
};

struct ImportanceReport {
  ImportanceConfig config;
  std::int64_t clips = 0;
  double uar = 0.0;  // of the clips as they are
  std::vector<GroupImportance> groups;
  std::vector<dataset::Remark> failures;  // clips that could not be read again; left out
};

// Permutation importance (Breiman, "Random Forests", 2001; of groups: Gregorutti, Michel and
// Saint-Pierre, 2015) of every group of features (FeatureExtractor::clip_groups()) for the clips
// that `evaluation` scored. Features are permuted once they are normalised. A group that says what
// another says too may be missed by nobody, and has no importance. The order of a group's
// repetition depends on its name and number alone: the same for any number of jobs. The deviation
// is that of permutations, not of other clips.
//
// Memory is twice the features of all clips. `progress` gets the number of finished and of all
// passes over the clips, reading among them. Throws CorpusError (E_EVAL_NO_CLIPS) if no clip can be
// read again, ConfigError (E_CONFIG_VALUE; E_EVAL_IMPORTANCE for a model that takes frames),
// Interrupted.
ImportanceReport permutation_importance(
    const model::EmotionClassifier& classifier, const corpus::Manifest& manifest,
    const Evaluation& evaluation, const ImportanceConfig& config, core::ThreadPool& pool,
    const std::function<void(std::size_t, std::size_t)>& progress = {},
    const core::StopRequested& stop_requested = {});

// {"repetitions", "seed", "clips", "uar", "groups": [{"name", "features", "uar_drop", "deviation",
// "drops"}], "failures": [{"id", "code", "message"}]}.
core::Json to_json(const ImportanceReport& report, const corpus::Manifest& manifest);

}  // namespace ser::eval
