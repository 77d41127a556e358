#include "train/inner_folds.h"

#include <algorithm>
#include <utility>

#include "ser/corpus/fold_list.h"

#include "train/fold_training.h"

namespace ser::train {
namespace {

constexpr int kMostInnerFolds = 5;
constexpr double kAlteredShare = 0.2;  // of the clips, where altered voices judge

// Nothing of the others, not even their names, is in the result.
corpus::Manifest only(corpus::Manifest manifest, const std::vector<std::size_t>& clips) {
  auto& utterances = manifest.utterances;
  for (std::size_t i = 0; i < clips.size(); ++i) {
    if (clips[i] != i) utterances[i] = std::move(utterances[clips[i]]);
  }
  utterances.resize(clips.size());
  std::erase_if(manifest.classes, [&](const std::string& name) {
    return std::ranges::find(utterances, name, &corpus::Utterance::label) == utterances.end();
  });
  return manifest;
}

InnerFold inner_fold(const corpus::Manifest& clips, corpus::Split split) {
  auto classes = trained_classes(clips, split);
  return {std::move(split), std::move(classes)};
}

void make_speaker_folds(InnerFolds& inner, std::size_t speakers, const Recipe& recipe,
                        const core::RandomStream& random) {
  corpus::SplitConfig config;
  config.protocol = "speaker-kfold";
  config.folds = static_cast<int>(std::min<std::size_t>(speakers, kMostInnerFolds));
  config.validation_share = recipe.split.validation_share;
  const auto list = corpus::list_folds(inner.clips, config, random);
  corpus::FoldBudget budget;
  for (std::size_t f = 0; f < list->size(); ++f) {
    inner.folds.push_back(inner_fold(inner.clips, list->make(f)));
    budget.add(inner.folds.back().split);
  }
  inner.statement = std::to_string(inner.folds.size()) + " inner folds by speaker, of " +
                    std::to_string(speakers) + " speakers, choose";
}

void make_altered_voice_folds(InnerFolds& inner, bool speakers_known,
                              const core::RandomStream& random) {
  corpus::SplitConfig config;
  config.protocol = inner.clips.texts().size() >= 2 ? "text" : "random";
  config.validation_share = kAlteredShare;
  config.test_share = 0.0;
  inner.altered_voices = true;
  corpus::FoldBudget budget;
  for (int f = 0; f < kMostInnerFolds; ++f) {
    const auto list =
        corpus::list_folds(inner.clips, config, random.fork(static_cast<std::uint64_t>(f)));
    inner.folds.push_back(inner_fold(inner.clips, list->make(0)));
    budget.add(inner.folds.back().split);
  }
  inner.statement =
      std::string(speakers_known ? "there is one speaker to train on" : "speakers are not known") +
      ", so that no other voice can choose: " + std::to_string(kMostInnerFolds) +
      " drawings of a fifth of the " + (config.protocol == "text" ? "texts" : "clips") +
      ", said by altered voices, choose";
}

}  // namespace

std::vector<std::size_t> choosing_clips(const corpus::Split& split) {
  std::vector<std::size_t> clips;
  std::ranges::merge(split.train, split.validation, std::back_inserter(clips));
  return clips;
}

InnerFolds inner_folds(const corpus::Manifest& manifest, const corpus::Split& split,
                       const Recipe& recipe) {
  InnerFolds inner;
  inner.clips = only(manifest, choosing_clips(split));
  const auto random = core::RandomStream(recipe.seed).fork("search").fork("folds");
  const bool all_known = std::ranges::none_of(inner.clips.utterances, &std::string::empty,
                                              &corpus::Utterance::speaker);
  const std::size_t speakers = inner.clips.speakers().size();
  if (all_known && speakers >= 2) {
    make_speaker_folds(inner, speakers, recipe, random);
  } else {
    make_altered_voice_folds(inner, all_known, random);
  }
  return inner;
}

}  // namespace ser::train
