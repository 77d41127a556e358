#include <algorithm>
#include <map>
#include <utility>

#include "ser/corpus/display_name.h"
#include "ser/corpus/manifest.h"

#include "corpus/duplicates.h"

namespace ser::corpus {
namespace {

constexpr std::size_t kMaxSpeakersShown = 20;
constexpr std::size_t kMaxExamplesShown = 5;

using TextRows = std::vector<std::pair<std::string, std::string>>;

// Two columns: the first to the left, the second to the left or, for numbers, to the right.
enum class Alignment { kText, kNumbers };

std::string aligned(const TextRows& rows, const std::string& indent, Alignment values) {
  std::size_t name_width = 0;
  std::size_t value_width = 0;
  for (const auto& [name, value] : rows) {
    name_width = std::max(name_width, display_width(name));
    value_width = std::max(value_width, display_width(value));
  }
  std::string text;
  for (const auto& [name, value] : rows) {
    text += indent + name + std::string(name_width - display_width(name) + 2, ' ');
    if (values == Alignment::kNumbers) text += std::string(value_width - display_width(value), ' ');
    text += value + "\n";
  }
  return text;
}

std::string speakers_with_counts(const Manifest& manifest) {
  std::map<std::string, std::size_t> counts;
  for (const auto& utterance : manifest.utterances) ++counts[utterance.speaker];
  const bool some_unknown = counts.contains("");
  if (some_unknown && counts.size() == 1) return "unknown";
  std::string text = std::to_string(counts.size() - (some_unknown ? 1 : 0)) + ":";
  std::size_t shown = 0;
  for (const auto& [speaker, count] : counts) {
    if (shown == kMaxSpeakersShown) return text + ", ...";
    text += (shown++ == 0 ? " " : ", ") +
            (speaker.empty() ? std::string("unknown") : display_name(speaker)) + " (" +
            std::to_string(count) + ")";
  }
  return text;
}

std::string class_counts(const Manifest& manifest) {
  std::map<std::string, std::size_t> counts;
  for (const auto& name : manifest.classes) counts[name] = 0;
  for (const auto& utterance : manifest.utterances) ++counts[utterance.label];
  TextRows rows;
  for (const auto& [name, count] : counts) {
    rows.emplace_back(display_name(name), std::to_string(count));
  }
  return aligned(rows, "  ", Alignment::kNumbers);
}

std::string mapping_lines(const Manifest& manifest) {
  TextRows rows;
  for (const auto& [spelling, label] : manifest.label_mapping) {
    // of several corpora each spelling follows its corpus's name
    const bool same = spelling == label || spelling.ends_with(": " + label);
    if (!same) rows.emplace_back(display_name(spelling), "-> " + display_name(label));
  }
  if (rows.empty()) return "";
  return "Spellings and what they became:\n" + aligned(rows, "  ", Alignment::kText);
}

// Nothing for one corpus, of which the other lines tell.
std::string corpora_lines(const Manifest& manifest) {
  if (manifest.sources.size() < 2) return "";
  TextRows rows;
  for (const auto& source : manifest.sources) {
    rows.emplace_back(display_name(source.name),
                      "layout " + source.layout + ", " + std::to_string(source.utterances) +
                          " recordings, " + display_name(source.root.native()));
  }
  return "Corpora     " + std::to_string(rows.size()) + "\n" +
         aligned(rows, "  ", Alignment::kText);
}

std::string dropped_lines(const Manifest& manifest) {
  if (manifest.dropped.empty()) return "";
  TextRows rows;
  std::size_t all = 0;
  for (const auto& [label, count] : manifest.dropped) {
    rows.emplace_back(display_name(label), std::to_string(count));
    all += count;
  }
  return "Dropped by their labels: " + std::to_string(all) + "\n" +
         aligned(rows, "  ", Alignment::kNumbers);
}

// Of how many recordings the corpus itself says what part they are for.
std::string parts_line(const Manifest& manifest) {
  std::map<std::string, std::size_t> counts;
  for (const auto& utterance : manifest.utterances) ++counts[utterance.part];
  if (counts.size() == 1 && counts.contains("")) return "";
  std::string list;
  for (const char* part : {"train", "validation", "test", ""}) {
    if (!counts.contains(part)) continue;
    list += (list.empty() ? "" : ", ") + std::string(*part == '\0' ? "none" : part) + " (" +
            std::to_string(counts[part]) + ")";
  }
  return list;
}

std::string left_out_lines(const Manifest& manifest) {
  struct Group {
    std::size_t count = 0;
    std::string examples;
  };
  std::map<std::string, Group> groups;
  for (const auto& file : manifest.left_out) {
    // duplicates have a reason each, which names the file that was kept
    const bool duplicate = file.reason.starts_with(kDuplicateReason);
    auto& group = groups[duplicate ? "duplicate of another recording" : file.reason];
    if (++group.count > kMaxExamplesShown) continue;
    group.examples += "    " + display_name(file.relative_path);
    if (duplicate) {
      group.examples +=
          " = " + display_name(file.reason.substr(std::string_view(kDuplicateReason).size()));
    }
    group.examples += "\n";
  }
  std::string text;
  for (const auto& [reason, group] : groups) {
    text +=
        "  " + display_name(reason) + ": " + std::to_string(group.count) + "\n" + group.examples;
    if (group.count > kMaxExamplesShown) text += "    ...\n";
  }
  return text;
}

}  // namespace

std::string describe(const Manifest& manifest) {
  const std::size_t texts = manifest.texts().size();
  TextRows rows = {
      {"Layout", manifest.layout},
      {"Recordings", std::to_string(manifest.utterances.size())},
      {"Speakers", speakers_with_counts(manifest)},
      {"Texts", texts == 0 ? "unknown" : std::to_string(texts)},
      {"Labels", manifest.labels == "folder" ? "names of the folders, as written"
                                             : "emotions, in canonical names"},
      {"Classes", std::to_string(manifest.classes.size())},
  };
  if (const auto parts = parts_line(manifest); !parts.empty()) {
    rows.insert(rows.end() - 2, {"Parts", parts});
  }
  std::string text = corpora_lines(manifest) + aligned(rows, "", Alignment::kText);
  text += class_counts(manifest) + mapping_lines(manifest) + dropped_lines(manifest);
  if (!manifest.left_out.empty()) {
    text +=
        "Left out: " + std::to_string(manifest.left_out.size()) + "\n" + left_out_lines(manifest);
  }
  return text;
}

}  // namespace ser::corpus
