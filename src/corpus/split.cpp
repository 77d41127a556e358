#include "ser/corpus/split.h"

#include <algorithm>
#include <set>

#include "ser/core/error.h"
#include "ser/corpus/display_name.h"
#include "ser/corpus/fold_list.h"
#include "ser/corpus/protocol.h"
#include "ser/corpus/split_file.h"

#include "corpus/fold_plan.h"
#include "corpus/folds.h"
#include "corpus/split_input.h"

namespace ser::corpus {
namespace {

bool parts_are_told(const Manifest& manifest) {
  return std::ranges::any_of(manifest.utterances,
                             [](const Utterance& one) { return !one.part.empty(); });
}

std::string resolve_protocol(const SplitInput& input, const SplitConfig& config) {
  if (config.protocol != "auto") return config.protocol;
  if (!config.test_corpora.empty() || !config.train_corpora.empty()) return "cross-corpus";
  const bool speakers_known = input.speakers->unknown() < input.labels.size();
  if (speakers_known || !config.test_speakers.empty() || !config.validation_speakers.empty()) {
    return "speaker";
  }
  return parts_are_told(*input.manifest) ? "predefined" : "random";
}

// Names that the protocol would pass over in silence.
void require_no_idle_names(const std::vector<std::string>& names, const std::string& member,
                           const std::vector<std::string_view>& users,
                           const std::string& protocol) {
  if (names.empty() || std::ranges::find(users, protocol) != users.end()) return;
  std::string list;
  for (const auto user : users) list += (list.empty() ? "" : " or ") + std::string(user);
  throw core::ConfigError("E_CONFIG_VALUE", member + " can be named with protocol " + list +
                                                " only, not with " + protocol);
}

void require_sound_config(const SplitConfig& config, const std::string& protocol) {
  constexpr double kRounding = 1e-9;
  if (config.validation_share + config.test_share > 1.0 - kRounding) {
    throw core::ConfigError("E_CONFIG_VALUE",
                            "validation_share and test_share leave nothing to train on; together "
                            "they have to stay below 1");
  }
  require_no_idle_names(config.test_speakers, "test_speakers",
                        {"speaker", "speaker+text", "predefined"}, protocol);
  require_no_idle_names(config.validation_speakers, "validation_speakers",
                        {"speaker", "predefined"}, protocol);
  require_no_idle_names(config.test_corpora, "test_corpora", {"cross-corpus"}, protocol);
  require_no_idle_names(config.train_corpora, "train_corpora", {"cross-corpus"}, protocol);
  if (!config.test_speakers.empty() && config.test_share == 0.0) {
    throw core::ConfigError("E_CONFIG_VALUE",
                            "test_speakers are named, but test_share 0 asks for no test part");
  }
  if (config.validation_speakers.empty()) return;
  if (config.validation_share == 0.0) {
    throw core::ConfigError(
        "E_CONFIG_VALUE",
        "validation_speakers are named, but validation_share 0 asks for no validation part");
  }
  if (config.test_speakers.empty() && config.test_share > 0.0) {
    throw core::ConfigError("E_CONFIG_VALUE",
                            "validation_speakers are named, but nobody in test_speakers: some of "
                            "them might be drawn for the test");
  }
}

void require_classes(const SplitInput& input) {
  if (input.classes.size() >= 2) return;
  throw core::CorpusError(
      "E_SPLIT_CLASSES",
      (input.classes.empty()
           ? std::string("the corpus has no classes")
           : "the corpus has one class only, " + display_name(input.classes.front())) +
          "; at least two are needed to tell them apart (check layout and labels)");
}

// Sorts indices of which most are there, each once, without comparing them.
void sort_indices(std::vector<std::size_t>& indices, std::size_t count) {
  if (std::ranges::is_sorted(indices)) return;
  std::vector<bool> is_there(count);
  for (const std::size_t i : indices) is_there[i] = true;
  std::size_t next = 0;
  std::vector<std::size_t> sorted(indices.size());
  for (std::size_t i = 0; i < count && next < sorted.size(); ++i) {
    if (is_there[i]) sorted[next++] = i;
  }
  if (next == sorted.size()) {
    indices = std::move(sorted);
  } else {
    std::ranges::sort(indices);  // one is there twice, which the leak check will tell
  }
}

// Folds that are drawn.
class DrawnFolds final : public FoldList {
 public:
  DrawnFolds(const Manifest& manifest, const SplitConfig& config, const core::RandomStream& random)
      : input_(make_input(manifest)), protocol_(resolve_protocol(input_, config)) {
    require_sound_config(config, protocol_);
    require_classes(input_);
    if (config.protocol == "auto" && protocol_ != "predefined" && parts_are_told(manifest)) {
      remark_ = "; the parts that the manifest names are not used (protocol predefined)";
    }
    plan_ = protocol_named(protocol_).plan(input_, config, random);
  }

  std::size_t size() const override { return plan_.count; }

  Split make(std::size_t fold) const override {
    Split split = plan_.make(fold);
    split.protocol = protocol_;
    split.statement += remark_;
    for (auto* part : {&split.train, &split.validation, &split.test}) {
      sort_indices(*part, input_.labels.size());
    }
    return split;
  }

 private:
  SplitInput input_;
  std::string protocol_;
  std::string remark_;
  FoldPlan plan_;  // holds on to the input
};

}  // namespace

std::unique_ptr<const FoldList> list_folds(const Manifest& manifest, const SplitConfig& config,
                                           const core::RandomStream& random) {
  core::check_config(config);
  if (!config.file.empty() &&
      !(config.test_speakers.empty() && config.validation_speakers.empty() &&
        config.test_corpora.empty() && config.train_corpora.empty())) {
    throw core::ConfigError("E_CONFIG_VALUE",
                            "a split file says who is tested on; name it or speakers and corpora, "
                            "not both");
  }
  if (!config.file.empty()) return list_split_file(config.file, manifest, config.protocol);
  return std::make_unique<const DrawnFolds>(manifest, config, random);
}

std::vector<Split> make_folds(const Manifest& manifest, const SplitConfig& config,
                              const core::RandomStream& random) {
  return all_of(*list_folds(manifest, config, random));
}

Split make_split(const Manifest& manifest, const SplitConfig& config,
                 const core::RandomStream& random) {
  const auto folds = list_folds(manifest, config, random);
  Split first = folds->make(0);
  if (folds->size() == 1) return first;
  throw core::ConfigError("E_CONFIG_VALUE", "protocol " + first.protocol + " makes " +
                                                std::to_string(folds->size()) +
                                                " splits, but one is needed here");
}

std::string_view speaker_dependence(const Manifest& manifest, const Split& split) {
  if (split.test.empty()) return "no test part";
  std::set<std::string_view> heard;
  for (const auto* part : {&split.train, &split.validation}) {
    for (const std::size_t i : *part) heard.insert(manifest.utterances.at(i).speaker);
  }
  bool known = !heard.contains("");
  for (const std::size_t i : split.test) {
    const std::string_view speaker = manifest.utterances.at(i).speaker;
    if (speaker.empty()) {
      known = false;
    } else if (heard.contains(speaker)) {
      return "speaker-dependent";
    }
  }
  return known ? "speaker-independent" : "speakers unknown";
}

core::Json to_json(const Manifest& manifest, const Split& split) {
  const auto ids = [&](const std::vector<std::size_t>& part) {
    core::Json list = core::Json::array();
    for (const std::size_t i : part) list.push_back(display_name(manifest.utterances.at(i).id));
    return list;
  };
  core::Json json = core::Json::object();
  if (!split.fold.empty()) json["fold"] = split.fold;
  json["protocol"] = split.protocol;
  json["statement"] = split.statement;
  json["train"] = ids(split.train);
  json["validation"] = ids(split.validation);
  json["test"] = ids(split.test);
  return json;
}

}  // namespace ser::corpus
