#include "training_talk.h"

#include <algorithm>
#include <map>

#include <spdlog/spdlog.h>

#include "ser/corpus/display_name.h"
#include "ser/dataset/group_statistics.h"

namespace ser::apps {
namespace {

constexpr std::size_t kLinesShown = 10;
constexpr std::size_t kFoldsShown = 20;

// Those of all runs, each pair once.
std::vector<train::RemovedClip> copies_removed(const train::CrossValidationReport& report) {
  std::map<std::pair<std::size_t, std::size_t>, train::RemovedClip> pairs;
  for (const auto& run : report.runs) {
    for (const auto& removed : run.leaks.removed) {
      pairs.try_emplace({removed.clip, removed.twin}, removed);
    }
  }
  std::vector<train::RemovedClip> copies;
  for (const auto& [pair, removed] : pairs) copies.push_back(removed);
  return copies;
}

void talk_member(const std::string& name, std::size_t done, std::size_t total) {
  spdlog::info("member {} ({} of {})", corpus::display_name(name), done + 1, total);
}

}  // namespace

void TerminalObserver::on_split(const corpus::Manifest& manifest, const corpus::Split& split) {
  spdlog::info("split by protocol {} ({}): {} ({} training, {} validation and {} test clips)",
               split.protocol, corpus::speaker_dependence(manifest, split), split.statement,
               split.train.size(), split.validation.size(), split.test.size());
}

void TerminalObserver::on_member(const std::string& name, std::size_t done, std::size_t total) {
  finish();
  talk_member(name, done, total);
}

void TerminalObserver::on_clips(std::size_t done, std::size_t total) {
  if (!clips_) clips_.emplace("features");
  clips_->update(done, total);
}

void TerminalObserver::on_epoch(const train::EpochRecord& record, int max_epochs) {
  clips_.reset();
  std::string note = fmt::format("loss {:.4f}  accuracy {:.4f}", record.loss, record.accuracy);
  if (record.validation_loss == record.validation_loss) {  // not NaN: there is a validation part
    note += fmt::format("  validation loss {:.4f}  accuracy {:.4f}  UAR {:.4f}",
                        record.validation_loss, record.validation_accuracy, record.validation_uar);
  }
  if (talks_to_terminal()) {
    if (!epochs_) epochs_.emplace("epoch");
    epochs_->update(static_cast<std::size_t>(record.epoch), static_cast<std::size_t>(max_epochs),
                    note);
  } else {
    spdlog::info("epoch {}/{}  {}", record.epoch, max_epochs, note);
  }
}

void TerminalObserver::finish() {
  clips_.reset();
  epochs_.reset();
}

void FoldObserver::on_recipe(const std::string& name, std::size_t done, std::size_t total) {
  clips_.reset();
  spdlog::info("recipe {} ({} of {})", corpus::display_name(name), done + 1, total);
}

void FoldObserver::on_member(const std::string& name, std::size_t done, std::size_t total) {
  clips_.reset();
  talk_member(name, done, total);
}

void FoldObserver::on_folds(const corpus::Manifest& manifest,
                            const std::vector<train::FoldRun>& runs) {
  for (std::size_t i = 0; i < std::min(runs.size(), kFoldsShown); ++i) {
    const auto& split = runs[i].split;
    spdlog::info("fold {}, seed {} ({}): {}", split.fold.empty() ? split.protocol : split.fold,
                 runs[i].seed, corpus::speaker_dependence(manifest, split), split.statement);
  }
  if (runs.size() > kFoldsShown) {
    spdlog::info("... {} runs in all; the report lists them", runs.size());
  }
}

void FoldObserver::on_clips(std::size_t done, std::size_t total) {
  if (!clips_) clips_.emplace("features");
  clips_->update(done, total);
}

void FoldObserver::on_run(const train::FoldRun& run, std::size_t done, std::size_t total) {
  clips_.reset();
  std::string scores = "no test part";
  if (run.test)
    scores = fmt::format("accuracy {:.4f}  UAR {:.4f}", run.test->accuracy, run.test->uar);
  spdlog::info("{}/{} done: fold {}, seed {}: best epoch {} of {}  {}", done, total,
               run.split.fold.empty() ? run.split.protocol : run.split.fold, run.seed,
               run.fit.best_epoch, run.fit.history.size(), scores);
}

void talk_findings(const train::CrossValidationReport& report) {
  talk_remarks(report.manifest, report.failures, report.warnings);
  talk_removed(report.manifest, copies_removed(report));
  talk_label_conflicts(report.manifest, report.runs.front().leaks.label_conflicts);
  std::size_t by_training = 0;
  for (const auto& run : report.runs) by_training += run.without_own_statistics;
  talk_normalization(report.recipe.normalization, by_training);
}

void talk_remarks(const corpus::Manifest& manifest, const std::vector<dataset::Remark>& failures,
                  const std::vector<dataset::Remark>& warnings) {
  const auto list = [&](const std::vector<dataset::Remark>& remarks, const char* what) {
    std::size_t shown = 0;
    for (const auto& remark : remarks) {
      if (shown++ == kLinesShown) {
        spdlog::warn("... {} {} in all; the report lists them", remarks.size(), what);
        break;
      }
      spdlog::warn("{} {}: {} {}", what, manifest.utterances[remark.utterance].id, remark.code,
                   remark.message);
    }
  };
  list(failures, "left out");
  list(warnings, "warning");
}

void talk_removed(const corpus::Manifest& manifest,
                  const std::vector<train::RemovedClip>& removed) {
  std::size_t shown = 0;
  for (const auto& [clip, twin, kind] : removed) {
    if (shown++ == kLinesShown) {
      spdlog::warn("... {} copies left out in all; the report lists them", removed.size());
      break;
    }
    spdlog::warn("left out {}: it sounds {} {}, which judges it", manifest.utterances[clip].id,
                 kind == train::SoundPair::Kind::kIdentical ? "the same as" : "nearly the same as",
                 manifest.utterances[twin].id);
  }
}

void talk_label_conflicts(const corpus::Manifest& manifest,
                          const std::vector<train::LabelConflict>& conflicts) {
  std::size_t shown = 0;
  for (const auto& conflict : conflicts) {
    if (shown++ == kLinesShown) {
      spdlog::warn("... {} sounds with several labels; the report lists them", conflicts.size());
      break;
    }
    std::string labels;
    for (const std::size_t clip : conflict) {
      const auto& utterance = manifest.utterances[clip];
      labels +=
          fmt::format("{}{} is {}", labels.empty() ? "" : ", ", utterance.id, utterance.label);
    }
    spdlog::warn("one sound, several labels: {}", labels);
  }
}

void talk_normalization(const std::string& normalization, std::size_t without_own_statistics) {
  if (without_own_statistics == 0) return;
  spdlog::warn(
      "{} rows were normalised by the training part's statistics: their {} is unknown "
      "or has fewer than {} clips",
      without_own_statistics, normalization, dataset::kLeastGroupSize);
}

}  // namespace ser::apps
