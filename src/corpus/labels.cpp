#include "corpus/labels.h"

#include <algorithm>
#include <set>
#include <unordered_map>

#include "ser/core/error.h"
#include "ser/corpus/display_name.h"
#include "ser/corpus/vocabulary.h"

namespace ser::corpus {
namespace {

std::string listed(const std::vector<std::string>& names) {
  std::string list;
  for (const auto& name : names) list += (list.empty() ? "" : ", ") + display_name(name);
  return list;
}

void require_known(const Manifest& manifest, const std::string& field, const std::string& label) {
  if (std::ranges::binary_search(manifest.classes, label)) return;
  throw core::ConfigError("E_CONFIG_VALUE", field + ": there is no label \"" + display_name(label) +
                                                "\"; there are " + listed(manifest.classes));
}

// Label -> what it becomes.
std::map<std::string, std::string> parse_map(const Manifest& manifest,
                                             const std::vector<std::string>& entries) {
  std::map<std::string, std::string> map;
  for (const auto& entry : entries) {
    const std::size_t equals = entry.find('=');
    const std::string from = entry.substr(0, equals);
    const std::string to = equals == std::string::npos ? "" : entry.substr(equals + 1);
    if (from.empty() || to.empty()) {
      throw core::ConfigError("E_CONFIG_VALUE",
                              "map: expected LABEL=LABEL, as in calm=neutral, "
                              "found \"" +
                                  display_name(entry) + "\"");
    }
    require_known(manifest, "map", from);
    if (!map.emplace(from, display_name(to)).second) {
      throw core::ConfigError("E_CONFIG_VALUE",
                              "map: the label \"" + display_name(from) + "\" is named twice");
    }
  }
  return map;
}

void apply_map(Manifest& manifest, const std::map<std::string, std::string>& map) {
  if (map.empty()) return;
  const auto rename = [&](std::string& label) {
    if (const auto found = map.find(label); found != map.end()) label = found->second;
  };
  for (auto& utterance : manifest.utterances) rename(utterance.label);
  for (auto& [spelling, label] : manifest.label_mapping) rename(label);
  collect_classes(manifest);
}

void drop_labels(Manifest& manifest, const std::set<std::string>& dropped) {
  if (dropped.empty()) return;
  std::erase_if(manifest.utterances, [&](const Utterance& utterance) {
    if (!dropped.contains(utterance.label)) return false;
    ++manifest.dropped[utterance.label];
    return true;
  });
  std::erase_if(manifest.label_mapping,
                [&](const auto& entry) { return dropped.contains(entry.second); });
  collect_classes(manifest);
}

}  // namespace

void assign_labels(Manifest& manifest) {
  std::unordered_map<std::string, std::string> label_of;
  for (auto& utterance : manifest.utterances) {
    auto found = label_of.find(utterance.label);
    if (found == label_of.end()) {
      const std::string label = manifest.labels == "folder"
                                    ? utterance.label
                                    : canonical_label(utterance.label, manifest.layout);
      // class names go into models, reports and terminals, so they are made harmless here, once
      found = label_of.emplace(utterance.label, display_name(label)).first;
      manifest.label_mapping.emplace(display_name(utterance.label), found->second);
    }
    utterance.label = found->second;
  }
  collect_classes(manifest);
}

void collect_classes(Manifest& manifest) {
  std::set<std::string> classes;
  for (const auto& utterance : manifest.utterances) {
    if (!classes.contains(utterance.label)) classes.insert(utterance.label);
  }
  manifest.classes.assign(classes.begin(), classes.end());
}

void select_labels(Manifest& manifest, const CorpusConfig& config) {
  apply_map(manifest, parse_map(manifest, config.map));
  for (const auto& label : config.keep) require_known(manifest, "keep", label);
  for (const auto& label : config.drop) require_known(manifest, "drop", label);
  std::set<std::string> dropped(config.drop.begin(), config.drop.end());
  if (!config.keep.empty()) {
    const std::set<std::string> kept(config.keep.begin(), config.keep.end());
    for (const auto& label : manifest.classes) {
      if (!kept.contains(label)) dropped.insert(label);
    }
  }
  const std::vector<std::string> all = manifest.classes;
  drop_labels(manifest, dropped);
  if (manifest.utterances.empty() && !all.empty()) {
    throw core::CorpusError("E_CORPUS_EMPTY",
                            "keep and drop leave no recording; the labels are " + listed(all));
  }
}

}  // namespace ser::corpus
