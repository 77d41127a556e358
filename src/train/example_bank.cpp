#include "train/example_bank.h"

#include <algorithm>

#include "train/altered_voices.h"

namespace ser::train {

ExampleBank::ExampleBank(const corpus::Manifest& manifest, const TrainingSetup& setup)
    : manifest_(manifest), setup_(setup) {
  for (std::size_t copy = 0; copy < setup.plan.copies(); ++copy) {
    is_altered_.push_back(setup.plan.alters(copy));
    if (is_altered_.back()) altered_copies_.push_back(copy);
  }
}

void ExampleBank::read(const std::vector<std::size_t>& utterances, core::ThreadPool& pool,
                       const std::function<void(std::size_t)>& progress,
                       const core::StopRequested& stop_requested) {
  const augment::AugmentationPlan as_is;
  auto built = dataset::build_examples({manifest_, utterances, setup_.recipe.clip, setup_.extractor,
                                        as_is, core::RandomStream(setup_.recipe.seed)},
                                       pool, progress, stop_requested);
  warnings_.insert(warnings_.end(), built.warnings.begin(), built.warnings.end());
  as_is_ = store(std::move(built));
}

void ExampleBank::read_altered(const std::vector<std::size_t>& utterances,
                               const core::RandomStream& random, core::ThreadPool& pool,
                               const std::function<void(std::size_t)>& progress,
                               const core::StopRequested& stop_requested) {
  if (!alters()) return;
  altered_ = {};
  altered_ =
      store(dataset::build_examples({manifest_, utterances, setup_.recipe.clip, setup_.extractor,
                                     setup_.plan, random.fork("augment"), altered_copies_},
                                    pool, progress, stop_requested));
}

ExampleBank::Store ExampleBank::store(dataset::BuiltExamples built) {
  dataset::add_remarks(failures_, std::move(built.failures));
  Store made{std::move(built.examples), {}};
  made.first_column.assign(manifest_.utterances.size(), -1);
  const auto& utterances = made.examples.utterances;
  for (std::size_t i = utterances.size(); i-- > 0;) {
    made.first_column[utterances[i]] = static_cast<Eigen::Index>(i);
  }
  return made;
}

void ExampleBank::read_voices(const std::vector<std::size_t>& utterances,
                              const core::RandomStream& seed, core::ThreadPool& pool,
                              const std::function<void(std::size_t)>& progress,
                              const core::StopRequested& stop_requested) {
  voices_ = {};
  voices_ = store(dataset::build_examples({manifest_, utterances, setup_.recipe.clip,
                                           setup_.extractor, altered_voices(), seed.fork("voices")},
                                          pool, progress, stop_requested));
}

Parts ExampleBank::take(const corpus::Split& split) const {
  Parts parts{take_part(split.train, is_altered_.size()),
              take_part(split.validation, 0),
              take_part(split.test, 0),
              {}};
  if (needs_altered_voices(setup_.recipe, manifest_, split)) {
    parts.altered = take_voices(split.validation);
  }
  return parts;
}

dataset::ExampleSet ExampleBank::take_voices(const std::vector<std::size_t>& part) const {
  const auto copies = static_cast<Eigen::Index>(altered_voices().copies());
  std::vector<Eigen::Index> first;
  dataset::ExampleSet taken;
  for (const std::size_t i : part) {
    if (as_is_.first_column[i] < 0 || voices_.first_column[i] < 0) continue;
    first.push_back(voices_.first_column[i]);
    taken.labels.insert(taken.labels.end(), static_cast<std::size_t>(copies),
                        manifest_.label_index(i));
    taken.utterances.insert(taken.utterances.end(), static_cast<std::size_t>(copies), i);
    const auto& lengths = voices_.examples.lengths;
    if (lengths.empty()) continue;
    const auto begin = lengths.begin() + voices_.first_column[i];
    taken.lengths.insert(taken.lengths.end(), begin, begin + copies);
  }
  taken.values.resize(voices_.examples.values.rows(),
                      copies * static_cast<Eigen::Index>(first.size()));
  for (std::size_t i = 0; i < first.size(); ++i) {
    taken.values.middleCols(copies * static_cast<Eigen::Index>(i), copies) =
        voices_.examples.values.middleCols(first[i], copies);
  }
  return taken;
}

// With `copies` 0 the clips as they are.
dataset::ExampleSet ExampleBank::take_part(const std::vector<std::size_t>& part,
                                           std::size_t copies) const {
  std::vector<std::size_t> usable;
  for (const std::size_t i : part) {
    const bool is_read = as_is_.first_column[i] >= 0;
    const bool needs_altered = copies > 0 && alters();
    if (is_read && (!needs_altered || altered_.first_column[i] >= 0)) usable.push_back(i);
  }
  const std::size_t each = std::max<std::size_t>(copies, 1);
  dataset::ExampleSet taken;
  const auto rows = std::max(as_is_.examples.values.rows(), altered_.examples.values.rows());
  taken.values.resize(rows, static_cast<Eigen::Index>(usable.size() * each));
  Eigen::Index column = 0;
  for (const std::size_t i : usable) {
    Eigen::Index next_altered = alters() ? altered_.first_column[i] : 0;
    for (std::size_t copy = 0; copy < each; ++copy) {
      const bool altered = copies > 0 && is_altered_[copy];
      const dataset::ExampleSet& from = altered ? altered_.examples : as_is_.examples;
      const Eigen::Index place = altered ? next_altered++ : as_is_.first_column[i];
      taken.values.col(column++).head(from.values.rows()) = from.values.col(place);
      if (!from.lengths.empty()) {
        taken.lengths.push_back(from.lengths[static_cast<std::size_t>(place)]);
      }
      taken.labels.push_back(manifest_.label_index(i));
      taken.utterances.push_back(i);
    }
  }
  return taken;
}

}  // namespace ser::train
