#include "corpus/folder_tree.h"

#include <algorithm>
#include <utility>

#include "ser/core/error.h"
#include "ser/corpus/display_name.h"
#include "ser/corpus/layout.h"

#include "corpus/duplicates.h"
#include "corpus/folder_walk.h"
#include "corpus/labels.h"
#include "corpus/layout_tables.h"
#include "corpus/recording_name.h"

namespace ser::corpus {
namespace {

const Layout& choose_layout(const std::vector<std::string>& names, const CorpusConfig& config) {
  if (config.layout != "auto") return layout_named(config.layout);
  const auto list = layouts();
  const Layout* chosen = list.back();
  std::size_t most = names.size() / 2;  // a specific layout has to fit more than this
  for (std::size_t i = 0; i + 1 < list.size(); ++i) {
    const auto fitting = static_cast<std::size_t>(std::ranges::count_if(
        names, [&](const std::string& name) { return list[i]->parse(name).has_value(); }));
    if (fitting > most) {
      most = fitting;
      chosen = list[i];
    }
  }
  return *chosen;
}

[[noreturn]] void fail_layout(const Manifest& manifest, const std::string& first,
                              std::size_t count) {
  std::string example;
  for (const auto& sample : layout_named(manifest.layout).examples()) {
    if (sample.expected) {
      example = sample.relative_path;
      break;
    }
  }
  std::string why;
  for (const auto& file : manifest.left_out) {
    if (file.relative_path == first) why = " (" + file.reason + ")";
  }
  throw core::CorpusError(
      "E_CORPUS_LAYOUT",
      "of " + std::to_string(count) + " recordings none fits the layout " + manifest.layout +
          ", which expects names such as " + example + "; the first here is " +
          display_name(first) + why +
          ". Name the layout of this corpus, or put each class's files into a folder of its name");
}

// Fills the manifest with what the layout reads in the names, which are used up; labels are the
// layout's own spellings.
void parse_names(const std::filesystem::path& root, std::vector<std::string>& names,
                 const Layout& layout, Manifest& manifest) {
  manifest.layout = layout.name();
  manifest.attribute_names = layout.attribute_names();
  manifest.utterances.reserve(names.size());
  for (auto& name : names) {
    if (auto utterance = layout.parse(name)) {
      utterance->path = (root / name).native();
      manifest.utterances.push_back(std::move(*utterance));
      std::string().swap(name);
    } else {
      manifest.left_out.push_back(
          {std::move(name), "its name does not fit the layout " + manifest.layout});
    }
  }
}

void leave_out_duplicates(Manifest& manifest) {
  const auto duplicates = find_duplicates(manifest.utterances);
  auto next = duplicates.begin();
  for (const auto& duplicate : duplicates) {
    manifest.left_out.push_back({manifest.utterances[duplicate.index].id,
                                 kDuplicateReason + manifest.utterances[duplicate.original].id});
  }
  std::size_t index = 0;
  std::erase_if(manifest.utterances, [&](const Utterance&) {
    const bool is_duplicate = next != duplicates.end() && next->index == index;
    if (is_duplicate) ++next;
    ++index;
    return is_duplicate;
  });
}

// With labels "folder" the folder's name takes the place of the layout's label.
void label_by_folders(Manifest& manifest) {
  if (manifest.labels != "folder") return;
  std::erase_if(manifest.utterances, [&](Utterance& utterance) {
    const auto name = split_recording_name(utterance.id);
    utterance.label = name ? std::string(name->folder) : "";
    if (!utterance.label.empty()) return false;
    manifest.left_out.push_back({utterance.id, "it lies in no folder that names its class"});
    return true;
  });
}

void finish(Manifest& manifest, const std::filesystem::path& root, const std::string& first,
            std::size_t count) {
  label_by_folders(manifest);
  assign_labels(manifest);
  if (manifest.utterances.empty()) fail_layout(manifest, first, count);
  std::ranges::sort(manifest.left_out, {}, &LeftOut::relative_path);
  manifest.sources = {{"", root, manifest.layout, manifest.utterances.size()}};
}

}  // namespace

Manifest read_folder_tree(const std::filesystem::path& root, const CorpusConfig& config) {
  const auto list = layouts();
  FolderWalk walk = walk_folder(root, [&](std::string_view name) {
    return std::ranges::any_of(list, [&](const Layout* one) { return one->is_table(name); });
  });
  const Layout& layout = choose_layout(walk.recordings, config);
  std::erase_if(walk.tables, [&](const std::string& name) { return !layout.is_table(name); });

  Manifest manifest;
  manifest.labels = config.labels;
  manifest.left_out = std::move(walk.left_out);
  const std::string first = walk.recordings.front();
  const std::size_t count = walk.recordings.size();
  parse_names(root, walk.recordings, layout, manifest);
  if (!layout.table_examples().empty()) complete_by_tables(manifest, layout, root, walk.tables);
  leave_out_duplicates(manifest);
  finish(manifest, root, first, count);
  return manifest;
}

Manifest lay_out(const std::filesystem::path& root, std::vector<std::string> names,
                 const CorpusConfig& config) {
  core::check_config(config);
  std::ranges::sort(names);
  Manifest manifest;
  manifest.labels = config.labels;
  const std::string first = names.empty() ? "" : names.front();
  const std::size_t count = names.size();
  const Layout& layout = choose_layout(names, config);
  parse_names(root, names, layout, manifest);
  if (!layout.table_examples().empty()) complete_by_tables(manifest, layout, root, {});
  finish(manifest, root, first, count);
  select_labels(manifest, config);
  return manifest;
}

}  // namespace ser::corpus
