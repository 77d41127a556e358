#include <algorithm>
#include <set>
#include <system_error>

#include "ser/core/error.h"
#include "ser/corpus/display_name.h"
#include "ser/corpus/layout.h"
#include "ser/corpus/manifest.h"

#include "corpus/ascii.h"
#include "corpus/folder_tree.h"
#include "corpus/labels.h"
#include "corpus/manifest_file.h"

namespace ser::corpus {
namespace {

namespace fs = std::filesystem;

Manifest read_one(const fs::path& root, const CorpusConfig& config) {
  std::error_code error;
  const auto status = fs::status(root, error);
  if (fs::exists(status) && !fs::is_directory(status) && has_manifest_name(root)) {
    return read_manifest_file(root, config);
  }
  return read_folder_tree(root, config);
}

// The one layout for all of them, or one for each.
std::vector<std::string> layouts_for(const CorpusConfig& config, std::size_t corpora) {
  std::vector<std::string> names;
  for (const auto name : split_fields(config.layout, ',')) {
    if (name != "auto") layout_named(name);  // it throws if there is none
    names.emplace_back(name);
  }
  if (names.size() == 1) names.resize(corpora, names.front());
  if (names.size() != corpora) {
    throw core::ConfigError("E_CONFIG_VALUE", "layout: " + std::to_string(names.size()) +
                                                  " layouts are named for " +
                                                  std::to_string(corpora) +
                                                  " corpora; name one for all, or one for each");
  }
  return names;
}

// A recording must not come in by two ways.
void require_apart(const std::vector<fs::path>& roots) {
  std::vector<fs::path> places;
  for (const auto& root : roots) {
    std::error_code error;
    const fs::path place = fs::weakly_canonical(root, error) / "";
    places.push_back(error ? fs::absolute(root, error) : place);
  }
  for (std::size_t a = 0; a < roots.size(); ++a) {
    for (std::size_t b = 0; b < roots.size(); ++b) {
      if (a == b || !places[b].native().starts_with(places[a].native())) continue;
      throw core::ConfigError(
          "E_CONFIG_VALUE",
          display_name(roots[b].native()) +
              (places[a] == places[b] ? " is named twice" : " lies within ") +
              (places[a] == places[b] ? std::string() : display_name(roots[a].native())) +
              "; name every corpus once");
    }
  }
}

// "TESS" where the utterances all say so; otherwise the name of the folder or file.
std::string own_name(const Manifest& manifest) {
  const std::string& corpus = manifest.utterances.front().corpus;
  const bool same = std::ranges::all_of(
      manifest.utterances, [&](const Utterance& utterance) { return utterance.corpus == corpus; });
  if (same && !corpus.empty()) return display_name(corpus);
  const fs::path& root = manifest.sources.front().root;
  std::error_code error;
  const fs::path place = fs::absolute(root, error).lexically_normal();
  const std::string name = (place.has_filename() ? place : place.parent_path()).stem().native();
  return name.empty() ? "corpus" : display_name(name);
}

// The name with a number behind it where it is taken.
std::string free_name(const std::string& name, const std::set<std::string>& taken) {
  std::string free = name;
  for (int i = 2; taken.contains(free); ++i) free = name + "-" + std::to_string(i);
  return free;
}

void append(Manifest& all, Manifest&& one, const std::string& name) {
  std::vector<std::size_t> attribute_at;
  for (const auto& attribute : one.attribute_names) {
    const auto found = std::ranges::find(all.attribute_names, attribute);
    attribute_at.push_back(static_cast<std::size_t>(found - all.attribute_names.begin()));
    if (found == all.attribute_names.end()) all.attribute_names.push_back(attribute);
  }
  for (auto& utterance : one.utterances) {
    utterance.id = name + "/" + utterance.id;
    if (utterance.corpus.empty()) utterance.corpus = name;
    std::vector<std::string> attributes;
    for (std::size_t i = 0; i < utterance.attributes.size(); ++i) {
      if (attributes.size() <= attribute_at[i]) attributes.resize(attribute_at[i] + 1);
      attributes[attribute_at[i]] = std::move(utterance.attributes[i]);
    }
    utterance.attributes = std::move(attributes);
    all.utterances.push_back(std::move(utterance));
  }
  for (auto& file : one.left_out) {
    all.left_out.push_back({name + "/" + file.relative_path, std::move(file.reason)});
  }
  const std::string prefix = name + ": ";
  for (const auto& [spelling, label] : one.label_mapping) {
    all.label_mapping.emplace(prefix + spelling, label);
  }
  all.layout += (all.layout.empty() ? "" : ", ") + one.layout;
  all.sources.push_back(std::move(one.sources.front()));
}

// Speakers of different corpora are different, whatever they are called.
void tell_speakers_apart(Manifest& manifest) {
  const auto& utterances = manifest.utterances;
  const bool several = std::ranges::any_of(utterances, [&](const Utterance& utterance) {
    return utterance.corpus != utterances.front().corpus;
  });
  if (!several) return;
  for (auto& utterance : manifest.utterances) {
    if (!utterance.speaker.empty() && !utterance.corpus.empty()) {
      utterance.speaker = utterance.corpus + "/" + utterance.speaker;
    }
  }
}

Manifest join(std::vector<Manifest> corpora) {
  Manifest all;
  all.labels = corpora.front().labels;
  std::set<std::string> taken;
  for (auto& one : corpora) {
    const std::string name = free_name(own_name(one), taken);
    taken.insert(name);
    one.sources.front().name = name;
    append(all, std::move(one), name);
  }
  std::ranges::sort(all.utterances, {}, &Utterance::id);
  std::ranges::sort(all.left_out, {}, &LeftOut::relative_path);
  collect_classes(all);
  return all;
}

}  // namespace

Manifest read_corpus(const fs::path& root, const CorpusConfig& config) {
  return read_corpora({root}, config);
}

Manifest read_corpora(const std::vector<fs::path>& roots, const CorpusConfig& config) {
  core::check_config(config);
  if (roots.empty()) throw core::ConfigError("E_CONFIG_VALUE", "no corpus is named");
  require_apart(roots);
  const auto names = layouts_for(config, roots.size());
  std::vector<Manifest> corpora;
  for (std::size_t i = 0; i < roots.size(); ++i) {
    CorpusConfig own = config;
    own.layout = names[i];
    corpora.push_back(read_one(roots[i], own));
  }
  Manifest manifest;
  if (corpora.size() == 1) {
    manifest = std::move(corpora.front());
    manifest.sources.front().name = own_name(manifest);
  } else {
    manifest = join(std::move(corpora));
  }
  tell_speakers_apart(manifest);
  select_labels(manifest, config);
  return manifest;
}

}  // namespace ser::corpus
