#include "ser/dataset/examples.h"

#include <algorithm>
#include <mutex>
#include <numeric>
#include <set>

#include "ser/core/error.h"
#include "ser/dataset/clip_loader.h"

namespace ser::dataset {
namespace {

// The features of copy number `copy` of a clip: each stage of the plan in its turn.
Eigen::VectorXf copy_vector(const ExampleRequest& request, std::size_t copy,
                            const audio::Waveform& clip, const core::RandomStream& random,
                            features::FeatureExtractor::Workspace& workspace) {
  const auto& plan = request.plan;
  const auto& extractor = request.extractor;
  return extractor.clip_vector(plan.apply(copy, clip, random), workspace,
                               {plan.frequency_warp(copy, random), [&](Eigen::MatrixXf& values) {
                                  plan.apply_to_features(copy, values, extractor.spectra(), random);
                                }});
}

}  // namespace

void add_remarks(std::vector<Remark>& remarks, std::vector<Remark> more) {
  std::set<std::size_t> known;
  for (const auto& remark : remarks) known.insert(remark.utterance);
  for (auto& remark : more) {
    if (!known.contains(remark.utterance)) remarks.push_back(std::move(remark));
  }
  std::ranges::stable_sort(remarks, {}, &Remark::utterance);
}

BuiltExamples build_examples(const ExampleRequest& request, core::ThreadPool& pool,
                             const std::function<void(std::size_t)>& progress,
                             const core::StopRequested& stop_requested) {
  const auto& manifest = request.manifest;
  std::vector<std::size_t> wanted = request.copies;
  if (wanted.empty()) {
    wanted.resize(request.plan.copies());
    std::iota(wanted.begin(), wanted.end(), std::size_t{0});
  }
  const std::size_t copies = wanted.size();
  const std::size_t count = request.utterances.size();

  // Every utterance has its own columns, so workers never meet; the columns of failures are closed
  // up afterwards.
  ClipFeaturesBuilder features(request.extractor, request.clip, count * copies);
  std::vector<Remark> failure(count);
  std::vector<std::vector<std::string>> warnings(count);
  std::mutex progress_mutex;
  std::size_t finished = 0;

  std::vector<features::FeatureExtractor::Workspace> workspaces(
      static_cast<std::size_t>(pool.jobs()));

  pool.parallel_for(count, [&](std::size_t i, int worker) {
    if (stop_requested && stop_requested()) throw core::Interrupted();
    const auto& utterance = manifest.utterances[request.utterances[i]];
    try {
      auto loaded = load_clip(utterance, request.clip, request.extractor.config().sample_rate_hz);
      warnings[i] = std::move(loaded.warnings);
      const auto random = request.random.fork(utterance.id);
      for (std::size_t copy = 0; copy < copies; ++copy) {
        features.set(i * copies + copy, copy_vector(request, wanted[copy], loaded.waveform, random,
                                                    workspaces[static_cast<std::size_t>(worker)]));
      }
    } catch (const core::AudioError& error) {
      failure[i] = {request.utterances[i], error.code(), error.what()};
    }
    if (progress) {
      const std::scoped_lock lock(progress_mutex);
      progress(++finished);
    }
  });

  BuiltExamples built;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < count; ++i) {
    for (auto& warning : warnings[i]) {
      built.warnings.push_back({request.utterances[i], "", std::move(warning)});
    }
    if (!failure[i].code.empty()) {
      built.failures.push_back(std::move(failure[i]));
      continue;
    }
    for (std::size_t copy = 0; copy < copies; ++copy) {
      features.move(i * copies + copy, kept++);
      built.examples.labels.push_back(manifest.label_index(request.utterances[i]));
      built.examples.utterances.push_back(request.utterances[i]);
    }
  }
  static_cast<ClipFeatures&>(built.examples) = features.finish(kept);
  return built;
}

}  // namespace ser::dataset
