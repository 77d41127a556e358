#include "prediction_request.h"

#include <algorithm>

#include <spdlog/spdlog.h>

#include "ser/audio/load.h"
#include "ser/core/checksum.h"
#include "ser/core/error.h"
#include "ser/core/version.h"
#include "ser/dataset/group_statistics.h"
#include "ser/model/model_file.h"
#include "ser/report/segment_rows.h"

#include "app_main.h"
#include "output_file.h"

namespace ser::apps {
namespace {

CLI::Validator seconds(double least, double most) {
  return CLI::Validator(
      [least, most](const std::string& text) {
        double value = -1.0;
        // written so that NaN fails
        const bool good = CLI::detail::lexical_cast(text, value) && value >= least && value <= most;
        return good ? std::string() : "expected seconds in the range given, found " + text;
      },
      fmt::format("{} to {} s", least, most));
}

void add_segment_options(CLI::App& app, PredictionRequest& request) {
  app.add_flag("--segments", request.segments,
               "long recordings: the course of emotions over time, and none where nobody speaks");
  // A stream is heard so without being asked, which CLI11's needs() cannot know.
  const auto of_segments = [&request](CLI::Option* option) {
    return option->each([&request, name = option->get_name()](const std::string&) {
      request.segment_option = name;
    });
  };
  auto& window = request.segmentation.window;
  auto& smoothing = request.segmentation.smoothing;
  of_segments(
      app.add_option("--window", window.window_s, "seconds that the recogniser hears at a time")
          ->check(seconds(0.2, 60.0))
          ->capture_default_str());
  of_segments(app.add_option("--hop", window.hop_s, "seconds from one window to the next")
                  ->check(seconds(0.05, 60.0))
                  ->capture_default_str());
  of_segments(
      app.add_option("--stay", smoothing.stay,
                     "probability that the emotion is the same a second later; 0: no smoothing")
          ->check(probability())
          ->capture_default_str());
  of_segments(app.add_option("--max-pause", smoothing.longest_pause_s,
                             "pauses up to this are part of a segment")
                  ->check(seconds(0.0, 3600.0))
                  ->capture_default_str());
  of_segments(app.add_option("--rows", request.rows,
                             "segments: stretches of one label (of files, by default); windows: "
                             "what each window hears beyond those before (of a stream)")
                  ->check(CLI::IsMember({"segments", "windows"})));
  of_segments(app.add_option("--out-dir", request.out_dir,
                             "write a file for each recording, in folders like theirs; with "
                             "--resume only those that are not there")
                  ->excludes("--out"));
  of_segments(app.add_option("--summary", request.summary,
                             "also write a line of JSON for each recording: shares, changes, "
                             "surest moments")
                  ->excludes("--resume"));
  of_segments(app.add_option("--picture", request.picture,
                             "also draw the labels of the one recording over time, as .svg or .png "
                             "by the name's ending")
                  ->excludes("--resume"));
  app.add_option("--raw", request.raw,
                 "ENCODING,RATE,CHANNELS of samples on standard input that have no header: "
                 "s16le,16000,1")
      ->type_name("FORMAT");
}

void check_stream(const PredictionRequest& request) {
  const auto fail = [](const std::string& what) { throw core::ConfigError("E_USAGE", what); };
  if (!request.inputs.is_stream()) {
    if (request.raw) fail("--raw is for samples on standard input: name - as the input");
    return;
  }
  if (!request.out.empty() || !request.out_dir.empty() || !request.summary.empty() ||
      !request.picture.empty() || request.resume) {
    fail(
        "rows of a stream go to standard output as they come: use > FILE in place of --out, "
        "--out-dir, --resume, --summary and --picture");
  }
  if (request.inputs.shard.count > 1) fail("a stream has no --shard");
}

void check_segments(const PredictionRequest& request) {
  const auto fail = [](const std::string& what) { throw core::ConfigError("E_USAGE", what); };
  if (request.resume && request.out.empty() && request.out_dir.empty()) {
    fail("--resume goes on with the file of --out, or with the folder of --out-dir");
  }
  const auto* const format = report::find_segment_format(request.format);
  if (!request.in_segments()) {
    if (!request.segment_option.empty()) {
      fail(request.segment_option + " is for --segments, or for a stream");
    }
    if (format->name != "text" && format->name != "csv" && format->name != "jsonl") {
      fail("--format " + request.format + " is for --segments, or for a stream");
    }
    return;
  }
  if (request.segmentation.window.hop_s > request.segmentation.window.window_s) {
    fail("--hop must not exceed --window: nobody would hear what lies between");
  }
  if (request.top != 1 || request.all_probabilities || request.find_silence ||
      !request.together().empty() || request.explain.wanted()) {
    fail(
        "--top, --probabilities, --find-silence, --one-speaker, --one-corpus and --explain are not "
        "for --segments or a stream");
  }
}

}  // namespace

report::RowOptions PredictionRequest::row_options() const {
  report::RowOptions options;
  if (format != "text") {
    options.format = format == "csv" ? report::RowFormat::kCsv : report::RowFormat::kJsonLines;
  }
  options.top = top;
  options.threshold = threshold;
  if (all_probabilities) options.probabilities = report::RowOptions::Probabilities::kAll;
  return options;
}

core::Json PredictionRequest::settings(const model::Recogniser& recogniser) const {
  const auto reading = audio::load_defaults();
  const auto& limits = reading.limits;
  return {{"version", core::kVersion},
          {"model", core::checksum64_hex(model::serialize(recogniser))},
          {"format", format},
          {"top", top},
          {"threshold", threshold},
          {"probabilities", all_probabilities},
          {"shard", inputs.shard.text()},
          {"together", together()},
          {"find_silence", find_silence},
          {"segments", segments},
          {"rows", rows},
          {"window", segmentation.window.window_s},
          {"hop", segmentation.window.hop_s},
          {"stay", segmentation.smoothing.stay},
          {"max_pause", segmentation.smoothing.longest_pause_s},
          {"strict", reading.truncation == audio::Truncation::kRefuse},
          {"max_channels", limits.max_channels},
          {"min_rate", limits.min_sample_rate_hz},
          {"max_rate", limits.max_sample_rate_hz},
          {"max_duration", segments ? reading.max_streamed_duration_s : limits.max_duration_s},
          {"max_bytes", limits.max_bytes}};
}

void add_options(CLI::App& app, PredictionRequest& request) {
  app.add_option("-m,--model", request.model_path,
                 "the model file, or the name of one that comes with the toolkit")
      ->required();
  add_input_options(app, request.inputs);
  app.add_option("-o,--out", request.out,
                 "write to this file, which appears once it is whole; FILE.partial until then");
  app.add_flag("--resume", request.resume,
               "go on with FILE.partial of a run that was interrupted, if there is one");
  std::vector<std::string> formats;
  for (const auto& format : report::segment_formats()) formats.emplace_back(format.name);
  app.add_option("-f,--format", request.format,
                 "text (tabs between), csv or jsonl; with --segments also rttm, vtt, srt, audacity")
      ->check(CLI::IsMember(formats))
      ->capture_default_str();
  app.add_option("-k,--top", request.top, "classes named in a row, most probable first")
      ->check(CLI::Range(1, 1000000))
      ->capture_default_str();
  app.add_option("--threshold", request.threshold,
                 "abstain where the most probable class has less than this: the label is unknown")
      ->check(probability());
  app.add_flag("-p,--probabilities", request.all_probabilities,
               "add the probability of every class");
  app.add_flag("--find-silence", request.find_silence,
               "recordings in which nobody speaks get the label no_speech");
  add_segment_options(app, request);
  app.add_flag("--one-speaker", request.one_speaker,
               "all inputs are of one speaker; for models that normalise by speaker. Nothing is "
               "printed before all are read, and their features (about 1 KB each) stay in memory");
  app.add_flag("--one-corpus", request.one_corpus, "the same for models that normalise by corpus")
      ->excludes("--one-speaker");
  app.add_option("--max-fail-rate", request.max_fail_rate,
                 "share of recordings that may fail without the exit code being 1")
      ->check(probability())
      ->capture_default_str();
  add_explain_options(app, request.explain);
  add_jobs_option(app, request.jobs);
}

void check_request(const PredictionRequest& request, const model::Recogniser& recogniser) {
  require_distinct_files({{"--model", request.model_path},
                          {"--out", request.out},
                          {"--summary", request.summary},
                          {"--picture", request.picture},
                          {"--explain", request.explain.json},
                          {"--explain-picture", request.explain.picture},
                          {"--files-from", request.inputs.files_from}});
  check_segments(request);
  check_stream(request);
  if (request.inputs.shard.count > 1 && !request.together().empty()) {
    throw core::ConfigError("E_USAGE",
                            "--shard would make statistics of each share of its own, "
                            "and not of the one " +
                                request.together());
  }
  if (request.threshold > 0.0 &&
      std::ranges::count(recogniser.classes(), std::string(report::kUnknown)) > 0) {
    throw core::ConfigError("E_USAGE",
                            "the model has a class \"unknown\", which could not be told from a row "
                            "below the --threshold");
  }
}

Inputs check_inputs(const PredictionRequest& request, const model::Recogniser& recogniser) {
  const std::string& normalization = recogniser.normalization();
  const std::string together = request.together();
  if (together.empty()) {
    if (dataset::is_transductive(normalization)) {
      spdlog::warn(
          "this model normalises by {}, which nothing is known of here: the statistics of "
          "its training part are used, and labels will be worse; where all inputs are of "
          "one {}, say so with --one-{}",
          normalization, normalization, normalization);
    }
    return Inputs::kUnrelated;
  }
  if (together != normalization) {
    throw core::ConfigError(
        "E_USAGE", "--one-" + together +
                       " is of no use: this model normalises "
                       "by " +
                       (normalization == "training" ? "its training part" : normalization));
  }
  spdlog::info("{}", dataset::normalization_statement(normalization));
  return Inputs::kTogether;
}

}  // namespace ser::apps
