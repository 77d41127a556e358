#include "ser/dataset/survey.h"

#include <algorithm>
#include <cstdio>
#include <optional>

#include "ser/audio/inspect.h"
#include "ser/core/error.h"

namespace ser::dataset {
namespace {

struct Found {
  int sample_rate_hz = 0;
  std::optional<double> seconds;
};

// How long the utterance is, where its file says how long it is.
std::optional<double> duration_of(const corpus::Utterance& utterance,
                                  const audio::AudioFacts& facts) {
  const double start_s = utterance.start_s.value_or(0.0);
  if (!facts.frames) {
    if (!utterance.end_s) return std::nullopt;
    return *utterance.end_s - start_s;
  }
  const double file_s = static_cast<double>(*facts.frames) / facts.sample_rate_hz;
  return std::max(0.0, std::min(utterance.end_s.value_or(file_s), file_s) - start_s);
}

std::string hours(double seconds) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2f", seconds / 3600.0);
  return text;
}

// Of all utterances.
double estimated_seconds(const Survey& survey) {
  if (survey.looked_at == survey.utterances) return survey.seconds;
  return survey.seconds * static_cast<double>(survey.utterances) /
         static_cast<double>(survey.looked_at);
}

}  // namespace

Survey survey_recordings(const corpus::Manifest& manifest, core::ThreadPool& pool,
                         const core::StopRequested& stop_requested) {
  const auto& utterances = manifest.utterances;
  Survey survey;
  survey.utterances = utterances.size();
  survey.looked_at = utterances.size() > kLargestFullSurvey ? kSurveySample : utterances.size();
  std::vector<std::optional<Found>> found(survey.looked_at);
  pool.parallel_for(found.size(), [&](std::size_t i, int) {
    if (stop_requested && stop_requested()) throw core::Interrupted();
    const auto& utterance = utterances[i * utterances.size() / found.size()];
    try {
      const auto facts = audio::inspect_audio(utterance.path);
      found[i] = {facts.sample_rate_hz, duration_of(utterance, facts)};
    } catch (const core::AudioError&) {
      // Reading the recording will fail with a message.
    }
  });
  for (const auto& one : found) {
    if (!one) {
      ++survey.unreadable;
      continue;
    }
    ++survey.sample_rates_hz[one->sample_rate_hz];
    survey.seconds += one->seconds.value_or(0.0);
    if (!one->seconds) ++survey.untold;
  }
  return survey;
}

std::string describe(const Survey& survey) {
  std::string rates;
  for (const auto& [rate, count] : survey.sample_rates_hz) {
    rates +=
        (rates.empty() ? "" : ", ") + std::to_string(rate) + " Hz (" + std::to_string(count) + ")";
  }
  const bool is_sample = survey.looked_at < survey.utterances;
  std::string length = hours(survey.seconds);
  if (is_sample) {
    length = "about " + hours(estimated_seconds(survey)) + ", by the headers of " +
             std::to_string(survey.looked_at) + " of " + std::to_string(survey.utterances) +
             " recordings";
  }
  if (survey.untold > 0) {
    length += ", without " + std::to_string(survey.untold) + " that do not say how long they are";
  }
  std::string text = "Hours        " + length + "\n";
  text += "Sample rates " + (rates.empty() ? "unknown" : rates) +
          (is_sample ? ", of the same\n" : "\n");
  if (survey.unreadable > 0) {
    text += "Unreadable   " + std::to_string(survey.unreadable) + "\n";
  }
  return text;
}

core::Json to_json(const Survey& survey) {
  core::Json json = core::Json::object();
  json["hours"] = estimated_seconds(survey) / 3600.0;
  json["sample_rates"] = core::Json::array();
  for (const auto& [rate, count] : survey.sample_rates_hz) {
    json["sample_rates"].push_back({{"hz", rate}, {"recordings", count}});
  }
  json["headers_read"] = survey.looked_at;
  json["unreadable"] = survey.unreadable;
  json["without_length"] = survey.untold;
  return json;
}

}  // namespace ser::dataset
