#include <filesystem>
#include <optional>

#include <spdlog/spdlog.h>

#include "ser/core/error.h"
#include "ser/core/file.h"
#include "ser/model/model_file.h"
#include "ser/report/evaluation.h"
#include "ser/train/report.h"
#include "ser/train/train_classifier.h"

#include "app_main.h"
#include "progress.h"
#include "recipe_options.h"

namespace ser::apps {
namespace {

constexpr int kRemarksShown = 10;

// Tells on stderr how training goes.
class TerminalObserver : public train::TrainingObserver {
 public:
  void on_split(const corpus::Manifest&, const corpus::Split& split) override {
    spdlog::info("split: {} ({} training, {} validation and {} test clips)", split.statement,
                 split.train.size(), split.validation.size(), split.test.size());
  }

  void on_clips(std::size_t done, std::size_t total) override {
    if (!clips_) clips_.emplace("features");
    clips_->update(done, total);
  }

  void on_epoch(const train::EpochRecord& record, int max_epochs) override {
    clips_.reset();
    std::string note = fmt::format("loss {:.4f}  accuracy {:.4f}", record.loss, record.accuracy);
    if (record.validation_loss == record.validation_loss) {  // not NaN: there is a validation part
      note +=
          fmt::format("  validation loss {:.4f}  accuracy {:.4f}  UAR {:.4f}",
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

  bool stop_requested() override { return apps::stop_requested(); }

  void finish() {
    clips_.reset();
    epochs_.reset();
  }

 private:
  std::optional<Progress> clips_;
  std::optional<Progress> epochs_;
};

void talk_lines(const std::string& text) {
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    spdlog::info("{}", text.substr(begin, end - begin));
    begin = end + 1;
  }
}

void talk_remarks(const train::TrainingReport& report) {
  const auto& utterances = report.manifest.utterances;
  const auto list = [&](const std::vector<dataset::Remark>& remarks, const char* what) {
    int shown = 0;
    for (const auto& remark : remarks) {
      if (shown++ == kRemarksShown) {
        spdlog::warn("... {} {} in all; the report lists them", remarks.size(), what);
        break;
      }
      spdlog::warn("{} {}: {} {}", what, utterances[remark.utterance].id, remark.code,
                   remark.message);
    }
  };
  list(report.failures, "left out");
  list(report.warnings, "warning");
  int shown = 0;
  for (const auto& [clip, twin, kind] : report.leaks.removed) {
    if (shown++ == kRemarksShown) {
      spdlog::warn("... {} copies left out in all; the report lists them",
                   report.leaks.removed.size());
      break;
    }
    spdlog::warn("left out {}: it sounds {} {}, which judges it", utterances[clip].id,
                 kind == train::SoundPair::Kind::kIdentical ? "the same as" : "nearly the same as",
                 utterances[twin].id);
  }
  shown = 0;
  for (const auto& conflict : report.leaks.label_conflicts) {
    if (shown++ == kRemarksShown) {
      spdlog::warn("... {} sounds with several labels; the report lists them",
                   report.leaks.label_conflicts.size());
      break;
    }
    std::string labels;
    for (const std::size_t clip : conflict) {
      labels += fmt::format("{}{} is {}", labels.empty() ? "" : ", ", utterances[clip].id,
                            utterances[clip].label);
    }
    spdlog::warn("one sound, several labels: {}", labels);
  }
  if (report.without_own_statistics > 0) {
    spdlog::warn(
        "{} rows were normalised by the training part's statistics: their {} is unknown "
        "or has fewer than {} clips",
        report.without_own_statistics, report.recipe.normalization, dataset::kLeastGroupSize);
  }
}

// What a reader of the score has to know of it first.
std::string reservations(const train::TrainingReport& report) {
  std::string text;
  for (const auto& leak : report.leaks.allowed) {
    text += "LEAK ALLOWED: " + leak.kind + ": " + leak.statement + "\n";
  }
  const auto statement = dataset::normalization_statement(report.recipe.normalization);
  return statement.empty() ? text : text + statement + "\n";
}

// What stands on stdout at the end: the score, and what it is a score of.
std::string summary(const train::TrainingReport& report) {
  std::string text = fmt::format("recipe {}, seed {}, protocol {}: {}\n", report.recipe.name,
                                 report.recipe.seed, report.split.protocol, report.split.statement);
  text +=
      fmt::format("best epoch {} of {}; {} parameters; {} training rows\n", report.fit.best_epoch,
                  report.fit.history.size(), report.parameter_count, report.training_examples);
  if (report.test) {
    text +=
        "\ntest part, used once:\n" + reservations(report) + report::evaluation_text(*report.test);
  } else if (report.validation) {
    text += "\nno test part; validation part (it chose the epoch, so this is too good):\n" +
            reservations(report) + report::evaluation_text(*report.validation);
  } else {
    text += "\nno test part and no validation part: nothing is known about this model\n";
  }
  return text;
}

std::filesystem::path default_report_path(std::filesystem::path model) {
  return model.replace_extension(".report.json");
}

}  // namespace
}  // namespace ser::apps

int main(int argc, char** argv) {
  using namespace ser;
  CLI::App app("Trains a speech emotion recogniser on a folder tree of recordings.", "ser-train");
  std::string root;
  std::string out = "emotions.ser";
  std::string report_path;
  int jobs = 1;
  app.add_option("CORPUS", root, "folder with the recordings");
  app.add_option("-o,--out", out, "the model file")->capture_default_str();
  app.add_option("--report", report_path,
                 "the report (default: the model's name with .report.json)");
  apps::add_jobs_option(app, jobs);
  bool print_config = false;
  app.add_flag("--print-config", print_config, "print the effective recipe as JSON and leave");
  const apps::RecipeOptions options(app);

  return apps::run_app(app, argc, argv, [&]() -> int {
    const train::Recipe recipe = options.effective();
    if (print_config) {
      apps::print(core::config_to_json(recipe).dump(2) + "\n");
      return apps::kDone;
    }
    if (root.empty()) {
      throw core::ConfigError("E_USAGE", "which recordings? name their folder: ser-train CORPUS");
    }
    if (report_path.empty()) report_path = apps::default_report_path(out).string();
    if (report_path == out) {
      throw core::ConfigError("E_USAGE", "model and report cannot both be " + out);
    }
    auto manifest = corpus::read_corpus(root, recipe.corpus);
    apps::talk_lines(corpus::describe(manifest));
    // Opened now, so that an output that cannot be written is found before hours of work.
    core::AtomicFile model_file(out);
    core::AtomicFile report_file(report_path);

    core::ThreadPool pool(jobs);
    apps::TerminalObserver observer;
    const auto result = train::train_classifier(root, std::move(manifest), recipe, pool, observer);
    observer.finish();
    apps::talk_remarks(result.report);

    report_file.write(
        train::to_json(result.report).dump(2, ' ', false, core::Json::error_handler_t::replace) +
        "\n");
    model_file.write(model::serialize(result.classifier));
    report_file.commit();
    model_file.commit();
    apps::print(apps::summary(result.report));
    spdlog::info(
        "features {:.1f} s, training {:.1f} s ({:.2f} s an epoch), {} jobs",
        result.report.timing.features_s, result.report.timing.training_s,
        result.report.timing.training_s / static_cast<double>(result.report.fit.history.size()),
        jobs);
    spdlog::info("wrote {} and {}", out, report_path);
    return result.report.failures.empty() ? apps::kDone : apps::kIncomplete;
  });
}
