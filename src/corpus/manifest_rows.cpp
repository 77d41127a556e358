#include "corpus/manifest_rows.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <system_error>

#include "ser/core/checksum.h"
#include "ser/core/error.h"
#include "ser/core/recording_name.h"
#include "ser/corpus/display_name.h"

#include "corpus/ascii.h"
#include "corpus/text_lines.h"
#include "corpus/time_text.h"

namespace ser::corpus {
namespace {

namespace fs = std::filesystem;
using Kind = ManifestRows::Column::Kind;

// Each takes 32 bytes of every row, however little stands there.
constexpr std::size_t kMaxAttributes = 128;

// Each becomes a class, and takes the more for it.
constexpr std::size_t kMaxLabels = 4096;

struct KnownColumn {
  const char* name;
  Kind kind;
};

constexpr KnownColumn kColumns[] = {{"speaker", Kind::kSpeaker}, {"text", Kind::kText},
                                    {"corpus", Kind::kCorpus},   {"split", Kind::kSplit},
                                    {"start", Kind::kStart},     {"end", Kind::kEnd}};

struct PartName {
  const char* written;
  const char* part;
};

constexpr PartName kParts[] = {
    {"train", "train"},      {"training", "train"},         {"validation", "validation"},
    {"valid", "validation"}, {"val", "validation"},         {"dev", "validation"},
    {"devel", "validation"}, {"development", "validation"}, {"test", "test"},
    {"testing", "test"}};

std::string in_quotes(std::string_view value) {
  constexpr std::size_t kMaxShown = 80;
  return "\"" + display_name(value.substr(0, kMaxShown)) +
         (value.size() > kMaxShown ? "...\"" : "\"");
}

// A time that is not told.
bool is_absent(std::string_view value) {
  const std::string lower = lower_case(value.substr(0, 8));
  return lower.empty() || lower == "nat" || lower == "nan" || lower == "none";
}

// A segment that begins where the file does and has no end is the file; of several ways to write
// one segment, one is left.
void settle_segment(Utterance& utterance) {
  if (utterance.start_s.value_or(0.0) > 0.0) return;
  utterance.start_s.reset();
  if (utterance.end_s) utterance.start_s = 0.0;
}

}  // namespace

ManifestRows::ManifestRows(const fs::path& file, std::string format, RowBudget budget)
    : file_(file), paths_(file), budget_(budget) {
  manifest_.layout = std::move(format);
}

void ManifestRows::fail(const std::string& code, std::size_t line, const std::string& what) const {
  throw core::CorpusError(code, line_name(file_.native(), line) + ": " + what);
}

void ManifestRows::choose_columns(std::size_t line, std::span<const std::string> names) {
  const auto has = [&](std::string_view name) {
    return std::ranges::find(names, name) != names.end();
  };
  const auto require = [&](const std::string& name, const std::string& other) {
    if (has(name)) return name;
    if (has(other)) return other;
    std::string list;
    for (const auto& known : names) list += (list.empty() ? "" : ", ") + in_quotes(known);
    fail("E_MANIFEST_COLUMNS", line,
         "there is no column " + name + "; there are " + list +
             ". A manifest has the columns path and label, and optionally speaker, text, corpus, "
             "split, start and end");
  };
  path_column_ = require("path", "file");
  label_column_ = require("label", "emotion");
  if (path_column_ == "file") manifest_.layout = "audformat";
}

ManifestRows::Column ManifestRows::column_named(std::size_t line, const std::string& name) {
  if (name == path_column_) return {Kind::kPath};
  if (name == label_column_) return {Kind::kLabel};
  for (const auto& known : kColumns) {
    if (name == known.name) return {known.kind};
  }
  if (name.empty()) return {Kind::kUnnamed};
  const auto [found, is_new] = attributes_.try_emplace(name, attributes_.size());
  if (is_new) {
    if (attributes_.size() > kMaxAttributes) {
      fail("E_MANIFEST_COLUMNS", line,
           "more than " + std::to_string(kMaxAttributes) + " columns besides the known ones");
    }
    manifest_.attribute_names.push_back(display_name(name));
  }
  return {Kind::kAttribute, found->second};
}

void ManifestRows::add(std::size_t line, std::span<const Column> columns,
                       std::span<std::string> values) {
  Utterance utterance;
  const std::string* path = nullptr;
  bool has_label = false;
  std::uint64_t written_bytes = 0;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    written_bytes += values[i].size() + 1;
    if (columns[i].kind == Kind::kPath) {
      path = &values[i];
    } else {
      has_label = has_label || columns[i].kind == Kind::kLabel;
      set(utterance, line, columns[i], values[i]);
    }
  }
  if (path == nullptr || !has_label) {
    fail("E_MANIFEST_COLUMNS", line,
         "there is no " + (path == nullptr ? path_column_ : label_column_) + " in this row");
  }
  if (utterance.start_s.value_or(0.0) >= utterance.end_s.value_or(HUGE_VAL)) {
    fail("E_MANIFEST_VALUE", line,
         "the segment ends where it starts or before; end must be after "
         "start");
  }
  settle_segment(utterance);
  locate(utterance, line, *path);
  if (!budget_.add(written_bytes, utterance.attributes.size())) {
    fail("E_MANIFEST_FORMAT", line,
         "the rows up to here would take too much memory for what is written in them; list no "
         "recording twice and leave columns out that are not needed, or cut the list into several "
         "files, which can be named together");
  }
  if (core::is_foreign_recording_name(utterance.path)) {
    manifest_.left_out.push_back(
        {std::move(utterance.id), "this format is not read (convert it to WAV or FLAC)"});
  } else if (utterance.label.empty()) {
    // audformat's tables hold recordings that were not labelled
    if (manifest_.layout != "audformat") {
      fail("E_MANIFEST_VALUE", line, "the label is empty; fill it in, or take the row out");
    }
    manifest_.left_out.push_back({std::move(utterance.id), "its row has no label"});
  } else {
    manifest_.utterances.push_back(std::move(utterance));
    lines_.push_back(line);
  }
}

// "OAF" and " OAF" are one speaker: as two, one voice could stand on both sides of a split.
void ManifestRows::set(Utterance& utterance, std::size_t line, Column column, std::string& value) {
  switch (column.kind) {
    case Kind::kLabel:
      utterance.label = without_blanks(value);
      labels_.insert(utterance.label);
      if (labels_.size() > kMaxLabels) {
        fail("E_MANIFEST_VALUE", line,
             "more than " + std::to_string(kMaxLabels) + " labels; is " + label_column_ +
                 " the column of the emotions?");
      }
      break;
    case Kind::kSpeaker:
      utterance.speaker = without_blanks(value);
      break;
    case Kind::kText:
      utterance.text = without_blanks(value);
      break;
    case Kind::kCorpus:
      utterance.corpus = without_blanks(value);
      break;
    case Kind::kSplit:
      utterance.part = part_named(line, std::string(without_blanks(value)));
      break;
    case Kind::kStart:
      utterance.start_s = seconds(line, "start", without_blanks(value));
      break;
    case Kind::kEnd:
      utterance.end_s = seconds(line, "end", without_blanks(value));
      break;
    case Kind::kAttribute:
      if (value.empty()) break;
      if (utterance.attributes.size() <= column.attribute) {
        utterance.attributes.resize(column.attribute + 1);
      }
      utterance.attributes[column.attribute] = std::move(value);
      break;
    case Kind::kPath:
    case Kind::kUnnamed:
      break;
  }
}

std::optional<double> ManifestRows::seconds(std::size_t line, const char* column,
                                            std::string_view value) const {
  if (is_absent(value)) return std::nullopt;
  const auto parsed = parse_seconds(value);
  if (!parsed) {
    fail("E_MANIFEST_VALUE", line,
         std::string(column) + ": expected seconds, or a time such as 0 days 00:00:01.5, found " +
             in_quotes(value));
  }
  return parsed;
}

std::string ManifestRows::part_named(std::size_t line, const std::string& value) const {
  if (value.empty()) return "";
  const std::string lower = lower_case(std::string_view(value).substr(0, 16));
  for (const auto& known : kParts) {
    if (lower == known.written) return known.part;
  }
  fail("E_MANIFEST_VALUE", line,
       "split: expected train, validation or test, found " + in_quotes(value));
}

void ManifestRows::locate(Utterance& utterance, std::size_t line, const std::string& written) {
  if (written.empty()) fail("E_MANIFEST_VALUE", line, "the path is empty");
  auto place = paths_.place_of(written);
  utterance.id = std::move(place.id);
  utterance.path = std::move(place.path);
  if (utterance.path != last_path_) {
    std::error_code error;
    const auto status = fs::status(utterance.path, error);
    if (!fs::is_regular_file(status)) {
      const bool missing = status.type() == fs::file_type::not_found;
      fail("E_MANIFEST_PATH", line,
           (missing ? "there is no file " : "this is not a file that can be read: ") +
               display_name(utterance.path) +
               (written.starts_with('/') ? std::string()
                                         : "; paths are relative to the manifest's folder"));
    }
    last_path_ = utterance.path;
  }
  utterance.id += segment_suffix(utterance);
}

void ManifestRows::refuse_duplicates() const {
  const auto& utterances = manifest_.utterances;
  const auto name = [&](std::size_t i) {
    return utterances[i].path + segment_suffix(utterances[i]);
  };
  std::vector<std::pair<std::uint64_t, std::size_t>> keyed;
  keyed.reserve(utterances.size());
  for (std::size_t i = 0; i < utterances.size(); ++i) {
    keyed.emplace_back(core::checksum64(name(i)), i);
  }
  std::ranges::sort(keyed);
  for (std::size_t i = 1; i < keyed.size(); ++i) {
    const auto [first, second] = std::pair(keyed[i - 1].second, keyed[i].second);
    if (keyed[i - 1].first != keyed[i].first || name(first) != name(second)) continue;
    fail("E_MANIFEST_DUPLICATE", lines_[second],
         display_name(utterances[second].id) + " stands in line " + std::to_string(lines_[first]) +
             " already; a recording, or segment of one, may be listed once");
  }
}

// By way of the order, since utterances are large to move about.
void ManifestRows::sort_by_id() {
  auto& utterances = manifest_.utterances;
  if (std::ranges::is_sorted(utterances, {}, &Utterance::id)) return;
  std::vector<std::size_t> order(utterances.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {},
                    [&](std::size_t i) -> const std::string& { return utterances[i].id; });
  std::vector<Utterance> sorted;
  sorted.reserve(utterances.size());
  for (const std::size_t i : order) sorted.push_back(std::move(utterances[i]));
  utterances = std::move(sorted);
}

Manifest ManifestRows::finish() {
  if (manifest_.utterances.empty()) {
    std::string message = "there are no recordings in " + display_name(file_.native());
    if (!manifest_.left_out.empty()) {
      message += "; " + std::to_string(manifest_.left_out.size()) + " left out, the first is " +
                 display_name(manifest_.left_out.front().relative_path) + ": " +
                 manifest_.left_out.front().reason;
    }
    throw core::CorpusError("E_CORPUS_EMPTY", message);
  }
  refuse_duplicates();
  sort_by_id();
  std::ranges::sort(manifest_.left_out, {}, &LeftOut::relative_path);
  return std::move(manifest_);
}

}  // namespace ser::corpus
