#include "ser/train/trial_score.h"

#include "ser/core/error.h"

namespace ser::train {

core::Json to_json(const TrialScore& score) {
  core::Json json = {{"trial", score.trial}, {"fold", score.fold}};
  if (score.uar) {
    json["uar"] = *score.uar;
  } else {
    json["error"] = score.error;
  }
  return json;
}

TrialScore trial_score_from_json(const core::Json& json, std::string_view where) {
  const auto bad = [&](const std::string& why) {
    return core::ConfigError("E_SEARCH_RESULT", std::string(where) + " is no score: " + why);
  };
  if (!json.is_object() || json.size() != 3) throw bad("trial, fold, and uar or error expected");
  const auto count = [&](const char* key) {
    if (!json.contains(key) || !json[key].is_number_unsigned()) {
      throw bad(std::string(key) + " has to be a number from 0");
    }
    return json[key].get<std::size_t>();
  };
  TrialScore score{count("trial"), count("fold"), std::nullopt, ""};
  if (json.contains("uar") && json["uar"].is_number()) {
    score.uar = json["uar"].get<double>();
    // written so that NaN fails
    if (!(*score.uar >= 0.0 && *score.uar <= 1.0)) throw bad("uar has to lie between 0 and 1");
  } else if (json.contains("error") && json["error"].is_string()) {
    score.error = json["error"].get<std::string>();
    if (score.error.empty()) throw bad("an error has to say something");
  } else {
    throw bad("uar or error expected");
  }
  return score;
}

}  // namespace ser::train
