#include "ser/corpus/split.h"

#include <algorithm>
#include <numeric>

#include "ser/core/error.h"
#include "ser/corpus/display_name.h"

#include "corpus/split_protocols.h"

namespace ser::corpus {
namespace {

SplitInput make_input(const Manifest& manifest) {
  SplitInput input;
  const std::size_t count = manifest.utterances.size();
  input.order.resize(count);
  std::iota(input.order.begin(), input.order.end(), std::size_t{0});
  std::ranges::stable_sort(input.order, {}, [&](std::size_t i) -> const std::string& {
    return manifest.utterances[i].id;
  });
  input.classes = manifest.classes;
  input.class_sizes.resize(manifest.classes.size());
  for (std::size_t i = 0; i < count; ++i) {
    input.labels.push_back(manifest.label_index(i));
    ++input.class_sizes[static_cast<std::size_t>(input.labels.back())];
    input.speakers.push_back(manifest.utterances[i].speaker);
    input.texts.push_back(manifest.utterances[i].text);
  }
  return input;
}

std::string resolve_protocol(const SplitInput& input, const SplitConfig& config) {
  if (config.protocol != "auto") return config.protocol;
  const bool speakers_known = std::ranges::any_of(
      input.speakers, [](const std::string& speaker) { return !speaker.empty(); });
  return speakers_known || !config.test_speakers.empty() ? "speaker" : "random";
}

void require_sound_config(const SplitConfig& config, const std::string& protocol) {
  constexpr double kRounding = 1e-9;
  if (config.validation_share + config.test_share > 1.0 - kRounding) {
    throw core::ConfigError("E_CONFIG_VALUE",
                            "validation_share and test_share leave nothing to train on; together "
                            "they have to stay below 1");
  }
  if (config.test_speakers.empty()) return;
  if (protocol != "speaker") {
    throw core::ConfigError(
        "E_CONFIG_VALUE",
        "test_speakers can be named with protocol speaker only, not with " + protocol);
  }
  if (config.test_share == 0.0) {
    throw core::ConfigError("E_CONFIG_VALUE",
                            "test_speakers are named, but test_share 0 asks for no test part");
  }
}

void require_classes(const SplitInput& input, const SplitConfig& config,
                     const std::string& protocol) {
  if (input.classes.size() < 2) {
    throw core::CorpusError(
        "E_SPLIT_CLASSES",
        (input.classes.empty()
             ? std::string("the corpus has no classes")
             : "the corpus has one class only, " + display_name(input.classes.front())) +
            "; at least two are needed to tell them apart (check layout and labels)");
  }
  // whole speakers test, and one of them may lack a class
  const int least =
      protocol == "speaker" ? (config.validation_share > 0.0 ? 2 : 1) : part_count(config);
  for (std::size_t c = 0; c < input.classes.size(); ++c) {
    if (input.class_sizes[c] >= least) continue;
    throw core::CorpusError("E_SPLIT_CLASS_SIZE",
                            "the class " + display_name(input.classes[c]) + " has " +
                                counted(static_cast<std::size_t>(input.class_sizes[c]), "clip") +
                                ", but every part needs one, which makes " + std::to_string(least) +
                                "; add clips, leave the class out, or set a share to 0");
  }
}

}  // namespace

int part_count(const SplitConfig& config) {
  return 1 + (config.validation_share > 0.0 ? 1 : 0) + (config.test_share > 0.0 ? 1 : 0);
}

std::vector<std::vector<std::size_t>> by_class(const SplitInput& input,
                                               const std::vector<std::size_t>& members) {
  std::vector<std::vector<std::size_t>> lists(input.classes.size());
  for (const std::size_t i : members) lists[static_cast<std::size_t>(input.labels[i])].push_back(i);
  return lists;
}

std::vector<core::RandomStream> class_streams(const SplitInput& input,
                                              const core::RandomStream& random) {
  std::vector<core::RandomStream> streams;
  for (const auto& name : input.classes) streams.push_back(random.fork(name));
  return streams;
}

void require_groups_of_each_class(const SplitInput& input, const std::vector<Group>& groups,
                                  int parts, const std::string& groups_are) {
  std::vector<std::size_t> groups_of_class(input.classes.size());
  for (const auto& group : groups) {
    for (const auto& [label, count] : group.class_counts) {
      ++groups_of_class[static_cast<std::size_t>(label)];
    }
  }
  for (std::size_t c = 0; c < input.classes.size(); ++c) {
    if (groups_of_class[c] >= static_cast<std::size_t>(parts)) continue;
    throw core::CorpusError("E_SPLIT_CLASS_SIZE",
                            "the class " + display_name(input.classes[c]) + " (" +
                                counted(static_cast<std::size_t>(input.class_sizes[c]), "clip") +
                                ") occurs in " + std::to_string(groups_of_class[c]) + " " +
                                groups_are + ", but " + std::to_string(parts) +
                                " parts that share no " + groups_are +
                                " need one each; set a share to 0 or choose another protocol");
  }
}

void fail_draw(const std::string& groups_are) {
  throw core::CorpusError("E_SPLIT_CLASS_SIZE",
                          "no draw of whole " + groups_are +
                              " was found that gives every part every class; set a share to 0 or "
                              "choose another protocol");
}

std::string counted(std::size_t count, const std::string& what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

Split make_split(const Manifest& manifest, const SplitConfig& config, core::RandomStream random) {
  core::check_config(config);
  const SplitInput input = make_input(manifest);
  const std::string protocol = resolve_protocol(input, config);
  require_sound_config(config, protocol);
  require_classes(input, config, protocol);
  const core::RandomStream stream = random.fork(protocol);
  Split split = protocol == "speaker" ? split_by_speaker(input, config, stream)
                : protocol == "text"  ? split_by_text(input, config, stream)
                                      : split_by_clip(input, config, stream);
  split.protocol = protocol;
  for (auto* part : {&split.train, &split.validation, &split.test}) std::ranges::sort(*part);
  return split;
}

core::Json to_json(const Manifest& manifest, const Split& split) {
  const auto ids = [&](const std::vector<std::size_t>& part) {
    core::Json list = core::Json::array();
    for (const std::size_t i : part) list.push_back(display_name(manifest.utterances.at(i).id));
    return list;
  };
  core::Json json;
  json["protocol"] = split.protocol;
  json["statement"] = split.statement;
  json["train"] = ids(split.train);
  json["validation"] = ids(split.validation);
  json["test"] = ids(split.test);
  return json;
}

}  // namespace ser::corpus
