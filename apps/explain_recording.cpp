#include "explain_recording.h"

#include "ser/core/error.h"
#include "ser/corpus/display_name.h"
#include "ser/dataset/clip_loader.h"
#include "ser/report/explanation.h"

#include "app_main.h"
#include "progress.h"

namespace ser::apps {
namespace {

void require_distinct(const ExplainRequest& request, const std::string& what,
                      const std::string& input) {
  require_distinct_files({{what, input},
                          {"the explanation", request.json},
                          {"the picture of the explanation", request.picture}});
}

// Before the first file is opened.
const ExplainRequest& checked_request(const ExplainRequest& request, const std::string& model) {
  require_distinct(request, "the model", model);
  core::check_config(request.occlusion, "--explain");
  return request;
}

}  // namespace

void add_explain_options(CLI::App& app, ExplainRequest& request) {
  app.add_option("--explain", request.json,
                 "also write, as JSON, what the label of the one recording rests on: over time and "
                 "over features");
  app.add_option("--explain-picture", request.picture,
                 "also draw that, as .svg or .png by the name's ending");
  app.add_option("--explain-window", request.occlusion.window_s,
                 "seconds of sound that are hidden at once")
      ->capture_default_str();
  app.add_option(
         "--explain-by", request.occlusion.replacement,
         "what is put in their place: silence, or noise of the recording's own spectrum and "
         "level")
      ->check(CLI::IsMember({"silence", "noise"}))
      ->capture_default_str();
}

Explainer::Explainer(const ExplainRequest& request, const std::string& model)
    : request_(checked_request(request, model)), json_(request.json), picture_(request.picture) {}

void Explainer::add(const std::string& path) {
  if (!request_.wanted()) return;
  if (recording_) {
    throw core::ConfigError(
        "E_USAGE", "--explain and --explain-picture are for one recording; there are " +
                       corpus::display_name(*recording_) + " and " + corpus::display_name(path));
  }
  require_distinct(request_, "the recording", path);
  recording_ = path;
}

void Explainer::explain(const model::Recogniser& recogniser, core::ThreadPool& pool) {
  if (!recording_) return;
  const auto& classifier = recogniser.only();
  const auto clip = dataset::load_clip(*recording_, classifier.parts().clip,
                                       classifier.parts().features.sample_rate_hz)
                        .waveform;
  Progress progress("explaining");
  const auto explanation = eval::explain(
      classifier, clip, request_.occlusion, pool,
      [&](std::size_t done, std::size_t total) {
        if (talks_to_terminal()) progress.update(done, total);
      },
      stop_requested);
  progress.finish();
  auto json = eval::to_json(explanation);
  json["recording"] = corpus::display_name(*recording_);
  json_.write(core::json_text(json, 2) + "\n");
  picture_.write(report::explanation_picture(explanation, clip, *recording_));
  commit({&json_, &picture_});
}

}  // namespace ser::apps
