#include "ser/corpus/manifest.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <system_error>

#include "ser/core/error.h"
#include "ser/corpus/display_name.h"
#include "ser/corpus/layout.h"
#include "ser/corpus/vocabulary.h"

#include "corpus/duplicates.h"
#include "corpus/folder_walk.h"
#include "corpus/recording_name.h"

namespace ser::corpus {
namespace {

const Layout& choose_layout(const std::vector<FoundFile>& files) {
  const auto list = layouts();
  const Layout* chosen = list.back();
  std::size_t most = files.size() / 2;  // a specific layout has to fit more than this
  for (std::size_t i = 0; i + 1 < list.size(); ++i) {
    const auto fitting = static_cast<std::size_t>(std::ranges::count_if(
        files, [&](const FoundFile& file) { return list[i]->parse(file.id).has_value(); }));
    if (fitting > most) {
      most = fitting;
      chosen = list[i];
    }
  }
  return *chosen;
}

[[noreturn]] void fail_layout(const Layout& layout, const FoundFile& first, std::size_t count) {
  std::string example;
  for (const auto& sample : layout.examples()) {
    if (sample.expected) {
      example = sample.relative_path;
      break;
    }
  }
  throw core::CorpusError(
      "E_CORPUS_LAYOUT",
      "of " + std::to_string(count) + " recordings none fits the layout " +
          std::string(layout.name()) + ", which expects names such as " + example +
          "; the first here is " + display_name(first.id) +
          ". Name the layout of this corpus, or put each class's files into a folder of its name");
}

// Fills the manifest with what the layout reads in the names; labels are the layout's own
// spellings.
void parse_names(const std::vector<FoundFile>& files, const Layout& layout, Manifest& manifest) {
  for (const auto& file : files) {
    auto utterance = layout.parse(file.id);
    if (!utterance) {
      manifest.left_out.push_back(
          {file.id, "its name does not fit the layout " + std::string(layout.name())});
      continue;
    }
    utterance->path = file.path;
    manifest.utterances.push_back(std::move(*utterance));
  }
}

void leave_out_duplicates(Manifest& manifest) {
  const auto duplicates = find_duplicates(manifest.utterances);
  if (duplicates.empty()) return;
  auto next = duplicates.begin();
  std::vector<Utterance> kept;
  for (const auto& duplicate : duplicates) {
    manifest.left_out.push_back({manifest.utterances[duplicate.index].id,
                                 kDuplicateReason + manifest.utterances[duplicate.original].id});
  }
  for (std::size_t i = 0; i < manifest.utterances.size(); ++i) {
    if (next != duplicates.end() && next->index == i) {
      ++next;
    } else {
      kept.push_back(std::move(manifest.utterances[i]));
    }
  }
  manifest.utterances = std::move(kept);
}

// Replaces the layout's spellings by the manifest's labels.
void assign_labels(Manifest& manifest) {
  std::map<std::string, std::string, std::less<>> label_of;
  std::vector<Utterance> kept;
  for (auto& utterance : manifest.utterances) {
    if (manifest.labels == "folder") {
      const auto name = split_recording_name(utterance.id);
      utterance.label = name ? std::string(name->folder) : "";
      if (utterance.label.empty()) {
        manifest.left_out.push_back({utterance.id, "it lies in no folder that names its class"});
        continue;
      }
    }
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
    kept.push_back(std::move(utterance));
  }
  manifest.utterances = std::move(kept);
  std::set<std::string> classes;
  for (const auto& [spelling, label] : label_of) classes.insert(label);
  manifest.classes.assign(classes.begin(), classes.end());
}

std::vector<std::string> distinct(const std::vector<Utterance>& utterances,
                                  std::string Utterance::*member) {
  std::set<std::string> values;
  for (const auto& utterance : utterances) values.insert(utterance.*member);
  values.erase("");
  return {values.begin(), values.end()};
}

}  // namespace

int Manifest::label_index(std::size_t utterance) const {
  const std::string& label = utterances.at(utterance).label;
  const auto found = std::ranges::lower_bound(classes, label);
  if (found == classes.end() || *found != label) {
    throw core::CorpusError("E_CORPUS_LABEL", display_name(utterances[utterance].id) +
                                                  " has the label \"" + display_name(label) +
                                                  "\", which is none of the manifest's classes");
  }
  return static_cast<int>(std::distance(classes.begin(), found));
}

std::vector<std::string> Manifest::speakers() const {
  return distinct(utterances, &Utterance::speaker);
}

std::vector<std::string> Manifest::texts() const { return distinct(utterances, &Utterance::text); }

Manifest read_corpus(const std::filesystem::path& root, const CorpusConfig& config) {
  core::check_config(config);
  const Layout* asked = config.layout == "auto" ? nullptr : &layout_named(config.layout);
  FolderWalk walk = walk_folder(root);
  const Layout& layout = asked != nullptr ? *asked : choose_layout(walk.recordings);

  Manifest manifest;
  manifest.layout = layout.name();
  manifest.labels = config.labels;
  manifest.left_out = std::move(walk.left_out);
  parse_names(walk.recordings, layout, manifest);
  leave_out_duplicates(manifest);
  assign_labels(manifest);
  if (manifest.utterances.empty()) {
    fail_layout(layout, walk.recordings.front(), walk.recordings.size());
  }
  std::ranges::sort(manifest.left_out, {}, &LeftOut::relative_path);
  return manifest;
}

std::vector<std::filesystem::path> find_recordings(const std::filesystem::path& root) {
  std::error_code error;
  const auto status = std::filesystem::status(root, error);
  if (std::filesystem::exists(status) && !std::filesystem::is_directory(status)) return {root};
  std::vector<std::filesystem::path> paths;
  for (auto& file : walk_folder(root).recordings) paths.push_back(std::move(file.path));
  return paths;
}

}  // namespace ser::corpus
