#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace ser::corpus {

// Puts the lines of a text together to records of fields (RFC 4180): a separator between fields; a
// field may stand in quotes, in which it holds separators, line ends and, doubled, quotes. A quote
// within a field that does not begin with one is a character like others. Empty lines are passed
// over. Fields are UTF-8 without NUL.
class DelimitedRecords {
 public:
  // Told each record with the number of its first line. The fields may be moved from.
  using OnRecord = std::function<void(std::size_t line, std::vector<std::string>& fields)>;

  // `where` names the text in messages, `code` is that of its errors.
  DelimitedRecords(std::string where, char separator, OnRecord on_record,
                   std::string code = "E_MANIFEST_FORMAT")
      : where_(std::move(where)),
        code_(std::move(code)),
        separator_(separator),
        on_record_(std::move(on_record)) {}

  // Throws CorpusError: an end of quotes that is followed by something else,
  // more than 1,024 fields, a record of more than kMaxLineBytes bytes, a byte that is not UTF-8.
  void add(std::size_t number, std::string_view line);
  // Throws likewise where quotes are not closed.
  void finish();

 private:
  void begin_field();
  void end_field();
  void end_record();
  [[noreturn]] void fail(const std::string& what) const;

  std::string where_;
  std::string code_;
  char separator_;
  OnRecord on_record_;
  std::vector<std::string> fields_;
  std::size_t first_line_ = 0;
  std::size_t bytes_ = 0;
  bool in_quotes_ = false;  // the record goes on in the next line
};

}  // namespace ser::corpus
