#include <algorithm>
#include <memory>

#include <spdlog/spdlog.h>

#include "ser/core/error.h"
#include "ser/dataset/examples.h"
#include "ser/report/sounds.h"

#include "app_main.h"
#include "explore_sound.h"
#include "picture_file.h"
#include "progress.h"

namespace ser::apps {
namespace {

struct CompareRequest {
  std::vector<std::string> arguments;  // classes, and then the corpus
  std::vector<std::string> out;
  corpus::CorpusConfig config;
  int jobs = 1;
};

features::FeatureConfig compared_features() {
  features::FeatureConfig config;
  config.sample_rate_hz = 16000;
  config.fft_size = 1024;
  config.hop_length = 256;
  config.mel_bands = 80;
  config.descriptors = {"mel_db",           "zero_crossing_rate", "spectral_centroid",
                        "spectral_rolloff", "spectral_flatness",  "spectral_slope"};
  config.statistics = {"mean", "std"};
  config.functionals = {"prosody"};
  return config;
}

// Bands of the average spectrum, and the other numbers.
struct Rows {
  std::vector<Eigen::Index> bands;
  std::vector<Eigen::Index> others;
  std::vector<std::string> names;  // of the others
};

Rows rows_of(const features::FeatureExtractor& extractor) {
  Rows rows;
  const auto& names = extractor.clip_names();
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto row = static_cast<Eigen::Index>(i);
    if (!names[i].starts_with("mel_db_")) {
      rows.others.push_back(row);
      rows.names.push_back(names[i]);
    } else if (names[i].ends_with("_mean")) {
      rows.bands.push_back(row);
    }
  }
  return rows;
}

report::ClassComparison compare(const corpus::Manifest& manifest,
                                const std::vector<std::string>& classes, core::ThreadPool& pool,
                                bool& complete) {
  const features::FeatureExtractor extractor(compared_features());
  constexpr double kLongest_s = 60.0;
  const dataset::ClipConfig clip{0.0, kLongest_s};
  std::vector<std::size_t> utterances;
  for (std::size_t i = 0; i < manifest.utterances.size(); ++i) {
    if (std::ranges::find(classes, manifest.utterances[i].label) != classes.end()) {
      utterances.push_back(i);
    }
  }
  Progress progress("clips");
  const augment::AugmentationPlan as_is;
  const auto built = dataset::build_examples(
      {manifest, utterances, clip, extractor, as_is, core::RandomStream(1)}, pool,
      [&](std::size_t done) { progress.update(done, utterances.size()); }, stop_requested);
  progress.finish();
  for (const auto& failure : built.failures) {
    spdlog::warn("not compared: {}: {} {}", manifest.utterances[failure.utterance].id, failure.code,
                 failure.message);
  }
  complete = built.failures.empty();
  if (built.examples.size() == 0) {
    throw core::AudioError("E_AUDIO_NONE_USABLE", "none of the recordings could be used");
  }
  const Rows rows = rows_of(extractor);
  report::ClassComparison comparison{{}, rows.names, extractor.config().sample_rate_hz, ""};
  for (const auto& name : classes) {
    std::vector<Eigen::Index> columns;
    for (std::size_t i = 0; i < built.examples.size(); ++i) {
      if (manifest.utterances[built.examples.utterances[i]].label == name) {
        columns.push_back(static_cast<Eigen::Index>(i));
      }
    }
    comparison.classes.push_back({name, built.examples.values(rows.bands, columns),
                                  built.examples.values(rows.others, columns)});
  }
  for (const auto& source : manifest.sources) {
    comparison.corpus += (comparison.corpus.empty() ? "" : ", ") + source.name;
  }
  return comparison;
}

int explore_compare(const CompareRequest& request) {
  const std::string root = request.arguments.back();
  std::vector<std::pair<std::string, std::string>> places = {{"the corpus", root}};
  for (const auto& out : request.out) places.emplace_back("a picture", out);
  require_distinct_files(places);
  std::vector<std::unique_ptr<PictureFile>> pictures;
  for (const auto& out : request.out) pictures.push_back(std::make_unique<PictureFile>(out));
  const auto manifest = corpus::read_corpora({root}, request.config);
  std::vector<std::string> classes(request.arguments.begin(), request.arguments.end() - 1);
  for (const auto& name : classes) {
    if (std::ranges::find(manifest.classes, name) != manifest.classes.end()) continue;
    std::string list;
    for (const auto& known : manifest.classes) list += (list.empty() ? "" : ", ") + known;
    throw core::ConfigError("E_USAGE", "there is no class \"" + name + "\"; there are " + list);
  }
  if (classes.empty()) classes = manifest.classes;
  core::ThreadPool pool(request.jobs);
  bool complete = true;
  const auto comparison = compare(manifest, classes, pool, complete);
  std::vector<OutputFile*> files;
  if (!pictures.empty()) {
    const auto picture = report::comparison_picture(comparison);
    for (const auto& file : pictures) {
      file->write(picture);
      files.push_back(file.get());
    }
  }
  commit(files);
  print(report::comparison_by_class_text(comparison));
  return complete ? kDone : kIncomplete;
}

}  // namespace

Subcommand add_compare_command(CLI::App& parent) {
  CLI::App* const app = parent.add_subcommand(
      "compare", "Shows how classes differ: average spectra, and features by class.");
  const auto request = std::make_shared<CompareRequest>();
  app->add_option("CLASS... CORPUS", request->arguments,
                  "classes (none: all), and then the folder or manifest that they are of")
      ->required();
  app->add_option("-o,--out", request->out, "a picture, NAME.svg or NAME.png; repeatable")
      ->allow_extra_args(false);
  app->add_option("--layout", request->config.layout,
                  "how files are named; default: found by itself");
  app->add_option("--labels", request->config.labels,
                  "emotion, or folder: the folder's name is the class")
      ->check(CLI::IsMember({"emotion", "folder"}));
  add_jobs_option(*app, request->jobs);
  return {app, [request] { return explore_compare(*request); }};
}

}  // namespace ser::apps
