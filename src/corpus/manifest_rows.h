#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ser/corpus/manifest.h"

#include "corpus/manifest_paths.h"
#include "corpus/row_budget.h"

namespace ser::corpus {

// Turns the rows of a manifest file into utterances. What is wrong with a row is an error that
// names the file and the row's line.
class ManifestRows {
 public:
  // What a column means.
  struct Column {
    enum class Kind {
      kPath,
      kLabel,
      kSpeaker,
      kText,
      kCorpus,
      kSplit,
      kStart,
      kEnd,
      kAttribute,
      kUnnamed
    };
    Kind kind = Kind::kUnnamed;
    std::size_t attribute = 0;  // index of its name among the manifest's attributes
  };

  // `format` becomes the manifest's layout.
  ManifestRows(const std::filesystem::path& file, std::string format,
               RowBudget budget = RowBudget());

  // Decides by the columns of the first row what paths and labels stand in: path and label, or, as
  // audformat has them, file and emotion. Throws CorpusError (E_MANIFEST_COLUMNS).
  void choose_columns(std::size_t line, std::span<const std::string> names);

  // Names that mean nothing else are those of attributes. Throws CorpusError (E_MANIFEST_COLUMNS)
  // for more than 128 of them.
  Column column_named(std::size_t line, const std::string& name);

  // `values` belong to `columns` and are used up. Throws CorpusError: E_MANIFEST_VALUE,
  // E_MANIFEST_PATH, E_MANIFEST_COLUMNS (no path or no label), E_MANIFEST_FORMAT (rows that take
  // more memory than the budget has).
  void add(std::size_t line, std::span<const Column> columns, std::span<std::string> values);

  // Throws CorpusError: E_MANIFEST_DUPLICATE, E_CORPUS_EMPTY.
  Manifest finish();

  [[noreturn]] void fail(const std::string& code, std::size_t line, const std::string& what) const;

 private:
  void set(Utterance& utterance, std::size_t line, Column column, std::string& value);
  std::optional<double> seconds(std::size_t line, const char* column, std::string_view value) const;
  std::string part_named(std::size_t line, const std::string& value) const;
  // Sets path and id from what stands in the path column.
  void locate(Utterance& utterance, std::size_t line, const std::string& written);
  void refuse_duplicates() const;
  void sort_by_id();

  std::filesystem::path file_;
  ManifestPaths paths_;
  RowBudget budget_;
  std::string path_column_ = "path";
  std::string label_column_ = "label";
  std::map<std::string, std::size_t> attributes_;
  std::set<std::string> labels_;
  std::string last_path_;  // was found to be a file
  std::vector<std::size_t> lines_;
  Manifest manifest_;
};

}  // namespace ser::corpus
