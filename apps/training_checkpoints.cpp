#include "training_checkpoints.h"

#include <algorithm>
#include <numeric>

#include <spdlog/spdlog.h>

#include "ser/core/config.h"
#include "ser/core/error.h"
#include "ser/corpus/clips_checksum.h"

namespace ser::apps {
namespace {

using Start = train::CheckpointFolder::Start;

// What tells one training from another.
core::Json settings_of(const train::Recipe& recipe, const std::vector<std::uint64_t>& seeds,
                       const corpus::Manifest& manifest, bool final_model) {
  using corpus::Utterance;
  std::vector<std::size_t> clips(manifest.utterances.size());
  std::iota(clips.begin(), clips.end(), std::size_t{0});
  return {{"recipe", core::config_to_json(recipe)},
          {"seeds", seeds},
          {"final", final_model},
          {"clips", clips.size()},
          {"checksum", corpus::clips_checksum(manifest, clips,
                                              {&Utterance::id, &Utterance::label,
                                               &Utterance::speaker, &Utterance::text})}};
}

Start start_of(const CheckpointRequest& request) {
  if (!request.resume) return Start::kNew;
  if (request.every == 0) {
    throw core::ConfigError("E_USAGE",
                            "--resume goes on from checkpoints, which "
                            "--checkpoint-every 0 does without");
  }
  return Start::kResume;
}

}  // namespace

TrainingCheckpoints::TrainingCheckpoints(const std::string& folder,
                                         const CheckpointRequest& request,
                                         const train::Recipe& recipe,
                                         const std::vector<std::uint64_t>& seeds,
                                         const corpus::Manifest& manifest, bool final_model)
    : wanted_(request.every > 0),
      folder_(folder, settings_of(recipe, seeds, manifest, final_model), start_of(request),
              std::max(request.every, 1)) {
  if (!folder_.locked()) {
    spdlog::warn("this file system has no locks: see to it that no other training writes {}",
                 folder);
  }
  if (!request.resume) return;
  if (folder_.is_empty()) {
    spdlog::info("no checkpoints in {}: training begins anew", folder);
  } else {
    spdlog::info("going on from the checkpoints in {}", folder);
  }
}

void TrainingCheckpoints::tell() const {
  if (folder_.is_empty()) return;
  spdlog::info("{} holds the checkpoints of before; go on with --resume", folder_.path().string());
}

void TrainingCheckpoints::remove() { folder_.remove(); }

}  // namespace ser::apps
