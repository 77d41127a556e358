#include "prediction_run.h"

#include <algorithm>
#include <functional>

#include <spdlog/spdlog.h>

#include "ser/audio/voice_activity.h"
#include "ser/core/file.h"
#include "ser/core/interrupted.h"
#include "ser/dataset/group_statistics.h"

#include "app_main.h"

namespace ser::apps {
namespace {

// Recordings that go through the network together, and whose rows are written together. A resumed
// run begins at the start of such a block, so that every recording is in the same company as it
// would have been.
constexpr std::size_t kPredictionBlock = 32;
// Blocks under way: one that is filled, one that is finished, and work for all threads meanwhile.
constexpr std::size_t kPredictionSlots = 4;

bool is_usable(const report::PredictionRow& row) {
  return row.error_code.empty() && row.has_speech;
}

// `probabilities`: a column for each row that is usable.
void set_probabilities(std::vector<report::PredictionRow>& rows,
                       const Eigen::MatrixXf& probabilities) {
  Eigen::Index column = 0;
  for (auto& row : rows) {
    if (is_usable(row)) row.probabilities = probabilities.col(column++);
  }
}

}  // namespace

PredictionRun::PredictionRun(const model::Recogniser& recogniser,
                             const report::PredictionRowWriter& writer, int jobs, Inputs inputs,
                             Silence silence, RowOutput& output)
    : recogniser_(recogniser),
      writer_(writer),
      inputs_(inputs),
      silence_(silence),
      output_(output),
      resumed_(output.resumed_from()),
      workspaces_(static_cast<std::size_t>(jobs)),
      blocks_(kPredictionSlots + static_cast<std::size_t>(jobs) / kPredictionBlock),
      pipeline_(jobs, blocks_.size(),
                {[this](std::size_t slot, std::size_t item, int worker) {
                   compute_features(slot, item, worker);
                 },
                 [this](std::size_t slot, int) { compute_probabilities(slot); },
                 [this](std::size_t slot) { finish_block(slot); }}) {
  summary_.resume(output_.resumed_from());
  if (!resumed_.any()) output_.write(writer_.header());
}

void PredictionRun::add(const std::string& path) {
  if (stop_requested()) throw core::Interrupted();
  if (resumed_.pass_over(path)) return;
  core::read_ahead(path);
  report::PredictionRow row;
  row.path = path;
  add_row(std::move(row));
}

void PredictionRun::add_failure(const std::string& path, const core::Error& error) {
  if (stop_requested()) throw core::Interrupted();
  if (resumed_.pass_over(path)) return;
  report::PredictionRow row;
  row.path = path;
  row.error_code = error.code();
  row.error = error.what();
  add_row(std::move(row));
}

void PredictionRun::add_row(report::PredictionRow row) {
  blocks_[slot_].rows.push_back(std::move(row));
  if (blocks_[slot_].rows.size() == kPredictionBlock) submit();
}

void PredictionRun::submit() {
  Block& block = blocks_[slot_];
  block.inputs = resumed_.checksum();
  block.sound_s.assign(block.rows.size(), 0.0);
  block.clips.emplace(recogniser_, block.rows.size());
  pipeline_.submit(block.rows.size());
  slot_ = pipeline_.next_slot();
}

void PredictionRun::finish() {
  if (stop_requested()) throw core::Interrupted();
  resumed_.finish();
  if (!blocks_[slot_].rows.empty()) submit();
  pipeline_.drain();
  if (inputs_ == Inputs::kTogether) write_together();
  output_.finish();
}

void PredictionRun::compute_features(std::size_t slot, std::size_t item, int worker) {
  if (stop_requested()) throw core::Interrupted();
  Block& block = blocks_[slot];
  report::PredictionRow& row = block.rows[item];
  if (!row.error_code.empty()) return;
  try {
    model::RecordingSound recording(row.path);
    const auto& first = recogniser_.members().front().parts();
    const auto& heard = recording(first.clip, first.features.sample_rate_hz);
    row.warnings = recording.warnings();
    block.sound_s[item] = heard.duration_s();
    row.has_speech = silence_ == Silence::kLabelled || audio::has_speech(heard);
    if (!row.has_speech) return;
    block.clips->set(item, std::ref(recording), workspaces_[static_cast<std::size_t>(worker)]);
    row.warnings = recording.warnings();
  } catch (const core::AudioError& error) {
    row.error_code = error.code();
    row.error = error.what();
  }
}

void PredictionRun::compute_probabilities(std::size_t slot) {
  if (inputs_ == Inputs::kTogether) return;
  Block& block = blocks_[slot];
  const auto input = usable_input(block);
  if (input.front().values.cols() == 0) return;
  core::ThreadPool alone(1);
  set_probabilities(block.rows, model::probabilities_of(recogniser_, input, alone));
}

model::RecogniserInput PredictionRun::usable_input(Block& block) {
  std::size_t usable = 0;
  for (std::size_t i = 0; i < block.rows.size(); ++i) {
    if (is_usable(block.rows[i])) block.clips->move(i, usable++);
  }
  return block.clips->finish(usable);
}

void PredictionRun::finish_block(std::size_t slot) {
  Block& block = blocks_[slot];
  if (inputs_ == Inputs::kTogether) {
    together_.inputs.push_back(usable_input(block));
    std::ranges::move(block.rows, std::back_inserter(together_.rows));
    std::ranges::copy(block.sound_s, std::back_inserter(together_.sound_s));
  } else {
    for (std::size_t i = 0; i < block.rows.size(); ++i) write(block.rows[i], block.sound_s[i]);
    auto note = summary_.note();
    note["inputs"] = block.inputs;
    output_.checkpoint(note);
  }
  block.rows.clear();
}

void PredictionRun::write_together() {
  auto& rows = together_.rows;
  const auto good = static_cast<std::size_t>(std::ranges::count_if(rows, is_usable));
  if (good < dataset::kLeastGroupSize) {
    spdlog::warn(
        "{} usable recordings are too few for statistics of their own; those of the "
        "training part are used",
        good);
  }
  if (good > 0) {
    const auto input = model::joined(recogniser_, std::move(together_.inputs));
    core::ThreadPool pool(static_cast<int>(workspaces_.size()));
    set_probabilities(
        rows, model::probabilities_of(recogniser_, input, std::vector<std::string>(good, "inputs"),
                                      pool));
  }
  for (std::size_t i = 0; i < rows.size(); ++i) write(rows[i], together_.sound_s[i]);
}

void PredictionRun::write(const report::PredictionRow& row, double sound_s) {
  using Outcome = PredictionSummary::Outcome;
  if (!row.error_code.empty()) {
    summary_.add_failure(row.error_code);
  } else if (!row.has_speech) {
    summary_.add(Outcome::kNoSpeech, sound_s);
  } else {
    summary_.add(writer_.abstains(row) ? Outcome::kAbstained : Outcome::kAnswered, sound_s);
  }
  for (const auto& warning : row.warnings) spdlog::warn("{}: {}", row.path, warning);
  output_.write(writer_.row(row));
}

}  // namespace ser::apps
