#include <cstdint>
#include <optional>
#include <span>

#include <spdlog/spdlog.h>

#include "ser/core/error.h"
#include "ser/core/interrupted.h"
#include "ser/core/resumable_file.h"
#include "ser/model/model_file.h"

#include "app_main.h"
#include "named_models.h"
#include "prediction_request.h"
#include "segment_output.h"
#include "standard_input.h"
#include "stream_run.h"

namespace ser::apps {
namespace {

// What the run's end means to whoever started it.
int exit_code(const PredictionSummary& summary, double max_fail_rate) {
  if (summary.failures() == 0) return kDone;
  if (summary.failures() == summary.rows()) return kNoData;
  return summary.failure_rate() > max_fail_rate ? kIncomplete : kDone;
}

// The recordings are handed to `run`; says what is left of a run that a signal ends.
template <class Run>
int carry_out(const PredictionRequest& request, Run& run) {
  std::uint64_t count = 0;
  try {
    count = for_each_recording(
        request.inputs, [&](const std::string& path) { run.add(path); },
        [&](const std::string& path, const core::Error& error) { run.add_failure(path, error); });
    if (count == 0) throw core::CorpusError("E_CORPUS_EMPTY", "the list names no recordings");
    run.finish();
  } catch (const core::Interrupted&) {
    if (!request.out.empty()) {
      spdlog::info("{} holds the rows of before; go on with --resume",
                   core::ResumableFile::partial_path(request.out).string());
    }
    throw;
  }
  run.summary().tell(request.threshold > 0.0);
  if (run.summary().rows() == 0) {
    spdlog::warn("none of the {} recordings is left to do for this share", count);
  }
  return exit_code(run.summary(), request.max_fail_rate);
}

RowOutput open_output(const PredictionRequest& request, const model::Recogniser& recogniser) {
  return RowOutput(
      request.out, request.out.empty() ? core::Json() : request.settings(recogniser),
      request.resume ? core::ResumableFile::Start::kResume : core::ResumableFile::Start::kNew);
}

// Also tells the explainer which recordings there are: it is for one.
class ExplainedRun {
 public:
  ExplainedRun(PredictionRun& run, Explainer& explainer) : run_(run), explainer_(explainer) {}

  void add(const std::string& path) {
    explainer_.add(path);
    run_.add(path);
  }
  void add_failure(const std::string& path, const core::Error& error) {
    run_.add_failure(path, error);
  }
  void finish() { run_.finish(); }
  const PredictionSummary& summary() const { return run_.summary(); }

 private:
  PredictionRun& run_;
  Explainer& explainer_;
};

int predict_clips(const PredictionRequest& request, const model::Recogniser& recogniser,
                  Explainer& explainer) {
  const report::PredictionRowWriter writer(recogniser.classes(), request.row_options());
  const auto together = check_inputs(request, recogniser);
  RowOutput output = open_output(request, recogniser);
  PredictionRun run(recogniser, writer, request.jobs, together,
                    request.find_silence ? Silence::kFound : Silence::kLabelled, output);
  ExplainedRun explained(run, explainer);
  const int code = carry_out(request, explained);
  if (run.summary().failures() == 0) {
    core::ThreadPool pool(request.jobs);
    explainer.explain(recogniser, pool);
  }
  return code;
}

SegmentRequest segmentation_of(const PredictionRequest& request) {
  SegmentRequest segmentation = request.segmentation;
  segmentation.threshold = request.threshold;
  const bool windows =
      request.rows.empty() ? request.inputs.is_stream() : request.rows == "windows";
  segmentation.rows = windows ? SegmentRows::kWindows : SegmentRows::kSegments;
  return segmentation;
}

int predict_stream(const PredictionRequest& request, const model::Recogniser& recogniser) {
  std::optional<audio::RawFormat> raw;
  if (request.raw) raw = audio::read_raw_format(*request.raw);
  check_inputs(request, recogniser);
  const SegmentRequest segmentation = segmentation_of(request);
  StreamRun run(recogniser, segmentation, *report::find_segment_format(request.format), raw);
  try {
    read_standard_input([&](std::span<const unsigned char> bytes) { run.push(bytes); });
    run.finish();
  } catch (const core::AudioError& error) {
    run.fail(error);
  }
  run.tell();
  return exit_code(run.summary(), request.max_fail_rate);
}

int predict_segments(const PredictionRequest& request, const model::Recogniser& recogniser) {
  check_inputs(request, recogniser);
  const SegmentRequest segmentation = segmentation_of(request);
  RowOutput rows = open_output(request, recogniser);
  SegmentOutput output(request, rows);
  SegmentRun run(
      recogniser, segmentation, request.jobs, rows.resumed_from(),
      [&](const std::string& path) { return output.has(path); },
      [&](const report::RecordingSegments& recording, const core::Json& note) {
        output.write(recording, note);
      });
  const int code = carry_out(request, run);
  output.finish();
  return code;
}

int predict(const PredictionRequest& request) {
  require_inputs(request.inputs);
  if (request.resume && !request.out.empty() && core::ResumableFile::is_complete(request.out)) {
    spdlog::warn(
        "{} is complete and stays as it is; leave --resume out, or remove it, to make it anew",
        request.out);
    return kDone;
  }
  Explainer explainer(request.explain, request.model_path);
  const auto recogniser = model::load_model(request.model_path, model::Provenance::kLeftOut);
  check_request(request, recogniser);
  if (request.explain.wanted()) recogniser.only();  // told before the work
  if (request.inputs.is_stream()) return predict_stream(request, recogniser);
  return request.segments ? predict_segments(request, recogniser)
                          : predict_clips(request, recogniser, explainer);
}

}  // namespace
}  // namespace ser::apps

int main(int argc, char** argv) try {
  ser::apps::begin_program("ser-predict");
  CLI::App app("Labels recordings with the emotion that a recogniser hears in them.",
               "ser-predict");
  ser::apps::PredictionRequest request;
  ser::apps::add_options(app, request);
  return ser::apps::run_app(app, argc, argv, [&] {
    request.model_path = ser::apps::find_model(request.model_path);
    return ser::apps::predict(request);
  });
} catch (...) {
  return ser::apps::report_exception();
}
