#include <filesystem>
#include <optional>

#include <spdlog/spdlog.h>

#include "ser/core/error.h"
#include "ser/core/file.h"
#include "ser/dataset/survey.h"
#include "ser/interchange/onnx.h"
#include "ser/model/model_file.h"
#include "ser/report/evaluation.h"
#include "ser/train/report.h"
#include "ser/train/train_classifier.h"

#include "app_main.h"
#include "export_file.h"
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
  if (!report.duplicates.empty()) {
    const auto& [clip, twin] = report.duplicates.front();
    spdlog::warn("left out {} clips whose bytes stand in a part that judges them, e.g. {} (as {})",
                 report.duplicates.size(), utterances[clip].id, utterances[twin].id);
  }
}

// What stands on stdout at the end: the score, and what it is a score of.
std::string summary(const train::TrainingReport& report) {
  std::string text = fmt::format("recipe {}, seed {}, protocol {}: {}\n", report.recipe.name,
                                 report.recipe.seed, report.split.protocol, report.split.statement);
  text +=
      fmt::format("best epoch {} of {}; {} parameters; {} training rows\n", report.fit.best_epoch,
                  report.fit.history.size(), report.parameter_count, report.training_examples);
  if (report.test) {
    text += "\ntest part, used once:\n" + report::evaluation_text(*report.test);
  } else if (report.validation) {
    text += "\nno test part; validation part (it chose the epoch, so this is too good):\n" +
            report::evaluation_text(*report.validation);
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
  std::vector<std::filesystem::path> roots;
  std::string out = "emotions.ser";
  std::string report_path;
  std::string onnx_path;
  int jobs = 1;
  app.add_option("CORPUS", roots,
                 "folder with the recordings, or manifest (.csv, .tsv, .jsonl); several are one");
  app.add_option("-o,--out", out, "the model file")->capture_default_str();
  app.add_option("--report", report_path,
                 "the report (default: the model's name with .report.json)");
  app.add_option("--export-onnx", onnx_path, "also write the model as ONNX, as ser-export does");
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
    if (roots.empty()) {
      throw core::ConfigError("E_USAGE", "which recordings? name their folder: ser-train CORPUS");
    }
    if (report_path.empty()) report_path = apps::default_report_path(out).string();
    apps::require_distinct_files(
        {{"the model", out}, {"the report", report_path}, {"the ONNX file", onnx_path}});
    core::ThreadPool pool(jobs);
    auto manifest = corpus::read_corpora(roots, recipe.corpus);
    apps::talk_lines(corpus::describe(manifest));
    apps::talk_lines(
        dataset::describe(dataset::survey_recordings(manifest, pool, apps::stop_requested)));
    // Opened now, so that an output that cannot be written is found before hours of work.
    core::AtomicFile model_file(out);
    core::AtomicFile report_file(report_path);
    apps::ExportFile onnx_file(onnx_path, interchange::write_onnx);

    apps::TerminalObserver observer;
    const auto result =
        train::train_classifier(roots.front(), std::move(manifest), recipe, pool, observer);
    observer.finish();
    apps::talk_remarks(result.report);

    report_file.write(
        train::to_json(result.report).dump(2, ' ', false, core::Json::error_handler_t::replace) +
        "\n");
    model_file.write(model::serialize(result.classifier));
    report_file.commit();
    model_file.commit();
    onnx_file.write(result.classifier);
    onnx_file.commit();
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
