#include "corpus/manifest_file.h"

#include <algorithm>

#include "ser/core/error.h"
#include "ser/core/json.h"
#include "ser/corpus/display_name.h"

#include "corpus/ascii.h"
#include "corpus/audformat.h"
#include "corpus/delimited_table.h"
#include "corpus/labels.h"
#include "corpus/manifest_rows.h"
#include "corpus/text_lines.h"

namespace ser::corpus {
namespace {

namespace fs = std::filesystem;

// "csv" for "list.CSV".
std::string format_of(const fs::path& file) {
  const std::string extension = lower_case(file.extension().native());
  return extension.empty() ? "" : extension.substr(1);
}

void read_delimited(const fs::path& file, char separator, ManifestRows& rows) {
  std::vector<ManifestRows::Column> columns;
  const auto take_header = [&](std::size_t line, const std::vector<std::string>& names) {
    rows.choose_columns(line, names);
    for (const auto& name : names) {
      if (!name.empty() && std::ranges::count(names, name) > 1) {
        rows.fail("E_MANIFEST_COLUMNS", line,
                  "the column \"" + display_name(name) + "\" stands twice");
      }
      columns.push_back(rows.column_named(line, name));
    }
  };
  const auto take_row = [&](std::size_t line, std::vector<std::string>& fields) {
    rows.add(line, columns, fields);
  };
  if (!read_delimited_table(file, separator, take_header, take_row)) rows.choose_columns(1, {});
}

std::string text_of(const core::Json& value) {
  if (value.is_string()) return value.get<std::string>();
  return value.is_null() ? "" : core::json_text(value);
}

// An object a line.
void read_json_lines(const fs::path& file, ManifestRows& rows) {
  bool chosen = false;
  read_lines(file, [&](std::size_t number, std::string_view line) {
    if (line.find_first_not_of(" \t") == std::string_view::npos) return;
    core::Json object;
    try {
      object = core::parse_json(line, line_name(file.native(), number));
    } catch (const core::ConfigError& error) {
      throw core::CorpusError("E_MANIFEST_FORMAT", display_name(error.what()));
    }
    if (!object.is_object()) {
      rows.fail("E_MANIFEST_FORMAT", number,
                R"(expected an object such as {"path": "a.wav", "label": "happy"})");
    }
    std::vector<std::string> names;
    std::vector<std::string> values;
    for (const auto& [name, value] : object.items()) {
      if (value.is_structured()) {
        rows.fail("E_MANIFEST_VALUE", number,
                  display_name(name) + ": expected a text or a number, found a list or an object");
      }
      names.push_back(name);
      values.push_back(text_of(value));
      if (values.back().find('\0') != std::string::npos) {
        rows.fail("E_MANIFEST_FORMAT", number, display_name(name) + " holds a NUL character");
      }
    }
    if (!chosen) rows.choose_columns(number, names);
    chosen = true;
    std::vector<ManifestRows::Column> columns;
    columns.reserve(names.size());
    for (const auto& name : names) columns.push_back(rows.column_named(number, name));
    rows.add(number, columns, values);
  });
}

}  // namespace

bool has_manifest_name(const fs::path& file) {
  const std::string format = format_of(file);
  return format == "csv" || format == "tsv" || format == "jsonl";
}

Manifest read_manifest_file(const fs::path& file, const CorpusConfig& config) {
  const std::string format = format_of(file);
  ManifestRows rows(file, format);
  if (format == "jsonl") {
    read_json_lines(file, rows);
  } else {
    read_delimited(file, format == "csv" ? ',' : '\t', rows);
  }
  Manifest manifest = rows.finish();
  if (manifest.layout == "audformat") complete_by_files_table(manifest, file);
  manifest.labels = config.labels;
  assign_labels(manifest);
  manifest.sources = {{"", file, manifest.layout, manifest.utterances.size()}};
  return manifest;
}

}  // namespace ser::corpus
