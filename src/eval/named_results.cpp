#include <algorithm>
#include <set>

#include "ser/core/config.h"
#include "ser/core/error.h"
#include "ser/core/file.h"
#include "ser/corpus/display_name.h"
#include "ser/eval/comparison.h"
#include "ser/eval/groups.h"

namespace ser::eval {
namespace {

constexpr std::uint64_t kLargestResults = std::uint64_t{1} << 28;

// Reads one prediction after the other; every mistake is named by its place in the file.
class ResultsReader {
 public:
  ResultsReader(const core::Json& json, std::string where)
      : json_(json), where_(std::move(where)) {}

  NamedResults read() {
    if (text_of(json_, "schema").rfind("ser-evaluation/", 0) != 0) fail("it has another schema");
    NamedResults results;
    results.name = where_;
    results.protocol = protocol_name(text_of(json_, "protocol"), text_of(json_, "speakers"));
    auto& clips = results.clips;
    core::config_detail::read_value(
        member(member(member(json_, "metrics"), "confusion"), "classes"), "classes", clips.classes);
    check_classes(clips.classes);
    const core::Json& list = member(json_, "predictions");
    if (!list.is_array()) fail("\"predictions\" is no list");
    // Of so many classes and clips as a file can name there is only room for what stands in it.
    std::vector<float> all;
    std::set<std::string> seen;
    for (const auto& entry : list) {
      results.ids.push_back(text_of(entry, "id"));
      if (!seen.insert(results.ids.back()).second) {
        fail("the clip \"" + corpus::display_name(results.ids.back()) + "\" stands in it twice");
      }
      results.speakers.push_back(text_of(entry, "speaker"));
      const auto label = std::ranges::find(clips.classes, text_of(entry, "label"));
      if (label == clips.classes.end()) fail("a clip's label is none of its classes");
      clips.truth.push_back(static_cast<int>(label - clips.classes.begin()));
      std::vector<double> probabilities;
      core::config_detail::read_value(member(entry, "probabilities"), "probabilities",
                                      probabilities);
      if (probabilities.size() != clips.classes.size()) {
        fail("a probability is needed for every class");
      }
      for (const double probability : probabilities) all.push_back(static_cast<float>(probability));
    }
    clips.probabilities =
        Eigen::Map<const Eigen::MatrixXf>(all.data(), std::ssize(clips.classes), std::ssize(list));
    return results;
  }

  [[noreturn]] void fail(const std::string& why) const {
    throw core::ConfigError(
        "E_COMPARE_INPUT",
        where_ + " cannot be compared: " + why + "; ser-eval --format json writes what is needed");
  }

 private:
  void check_classes(const std::vector<std::string>& classes) const {
    if (classes.size() > kMaxClasses) {
      fail("it has more than " + std::to_string(kMaxClasses) + " classes");
    }
    std::set<std::string> seen;
    for (const auto& name : classes) {
      if (name.empty()) fail("one of its classes has no name");
      if (!seen.insert(name).second) {
        fail("its class \"" + corpus::display_name(name) + "\" stands twice");
      }
    }
  }

  const core::Json& member(const core::Json& object, const char* key) const {
    if (!object.is_object() || !object.contains(key)) {
      fail("it has no \"" + std::string(key) + "\"");
    }
    return object.find(key).value();
  }

  std::string text_of(const core::Json& object, const char* key) const {
    const core::Json& value = member(object, key);
    if (!value.is_string()) fail("\"" + std::string(key) + "\" is no text");
    return value.get<std::string>();
  }

  const core::Json& json_;
  std::string where_;
};

}  // namespace

NamedResults named_results(std::string name, const Evaluation& evaluation,
                           const corpus::Manifest& manifest) {
  NamedResults results{std::move(name),
                       protocol_name(evaluation.protocol, evaluation.speakers),
                       evaluation.clips,
                       {},
                       {}};
  // As in the file, so that a file and a model can be compared.
  for (auto& one : results.clips.classes) one = corpus::display_name(one);
  for (const std::size_t i : evaluation.utterances) {
    results.ids.push_back(corpus::display_name(manifest.utterances[i].id));
  }
  for (const auto& speaker : column_of(manifest, evaluation.utterances, "speaker")) {
    results.speakers.push_back(corpus::display_name(speaker));
  }
  return results;
}

core::Json predictions_json(const NamedResults& results) {
  core::Json list = core::Json::array();
  for (std::size_t i = 0; i < results.ids.size(); ++i) {
    core::Json probabilities = core::Json::array();
    for (const float p : results.clips.probabilities.col(static_cast<Eigen::Index>(i))) {
      probabilities.push_back(p);
    }
    const auto label = static_cast<std::size_t>(results.clips.truth[i]);
    list.push_back({{"id", results.ids[i]},
                    {"speaker", results.speakers[i]},
                    {"label", results.clips.classes[label]},
                    {"probabilities", std::move(probabilities)}});
  }
  return list;
}

NamedResults read_results(const std::filesystem::path& path) {
  const auto json = core::parse_json(core::read_file(path, kLargestResults), path.string());
  ResultsReader reader(json, path.string());
  try {
    return reader.read();
  } catch (const core::ConfigError& error) {
    if (error.code() == "E_COMPARE_INPUT") throw;
    reader.fail(error.what());
  }
}

}  // namespace ser::eval
