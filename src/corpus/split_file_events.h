#pragma once

#include <string>
#include <string_view>

namespace ser::corpus {

// What stands in a split file, in its order. Texts are as they are in the file; no value of a
// member comes twice.
class SplitFileEvents {
 public:
  virtual ~SplitFileEvents() = default;
  // A text of the file: "schema", "protocol" or "checksum".
  virtual void text(const std::string& key, const std::string& value) = 0;
  virtual void begin_ids() = 0;
  virtual void id(const std::string& value) = 0;
  virtual void begin_folds() = 0;
  virtual void begin_fold() = 0;
  // A text of the fold: "fold", "statement" or "parts".
  virtual void fold_text(const std::string& key, const std::string& value) = 0;
  // A list of ids of the fold, of the first form: "train", "validation", "test" or "left_out".
  virtual void begin_list(const std::string& key) = 0;
  virtual void list_id(const std::string& value) = 0;
  virtual void end_fold() = 0;
  // What is wrong with the form.
  [[noreturn]] virtual void fail(const std::string& what) const = 0;
};

// Parses the text of a split file without keeping it in memory as a document, whose size would be a
// multiple of the file's. Members that are not known are passed over. Throws ConfigError (E_JSON)
// naming `where` if it is no JSON.
void parse_split_file(std::string_view text, const std::string& where, SplitFileEvents& events);

}  // namespace ser::corpus
