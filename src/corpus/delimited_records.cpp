#include "corpus/delimited_records.h"

#include "ser/core/error.h"
#include "ser/corpus/display_name.h"

#include "corpus/text_lines.h"

namespace ser::corpus {
namespace {

constexpr std::size_t kMaxFields = 1024;

}  // namespace

void DelimitedRecords::add(std::size_t number, std::string_view line) {
  if (in_quotes_) {
    fields_.back() += '\n';
  } else {
    if (line.empty()) return;
    first_line_ = number;
    bytes_ = 0;
    begin_field();
  }
  bytes_ += line.size() + 1;
  if (bytes_ > kMaxLineBytes) {
    fail("the record is longer than " + std::to_string(kMaxLineBytes) +
         " bytes; are quotes not closed?");
  }
  bool at_start = !in_quotes_;
  while (true) {
    if (in_quotes_) {
      const std::size_t quote = line.find('"');
      fields_.back() += line.substr(0, quote);
      if (quote == std::string_view::npos) return;  // the next line goes on
      line.remove_prefix(quote + 1);
      if (line.starts_with('"')) {
        fields_.back() += '"';
        line.remove_prefix(1);
        continue;
      }
      in_quotes_ = false;
      if (!line.empty() && line.front() != separator_) {
        fail("after the quotes of field " + std::to_string(fields_.size()) +
             " there is something before the next separator; a quote within quotes is written "
             "twice");
      }
    } else if (at_start && line.starts_with('"')) {
      in_quotes_ = true;
      at_start = false;
      line.remove_prefix(1);
      continue;
    } else {
      const std::size_t end = line.find(separator_);
      fields_.back() += line.substr(0, end);
      line.remove_prefix(end == std::string_view::npos ? line.size() : end);
    }
    end_field();
    if (line.empty()) break;
    line.remove_prefix(1);  // the separator
    begin_field();
    at_start = true;
  }
  end_record();
}

void DelimitedRecords::finish() {
  if (in_quotes_) fail("quotes are opened in this record and not closed");
}

void DelimitedRecords::begin_field() {
  if (fields_.size() == kMaxFields) {
    fail("more than " + std::to_string(kMaxFields) + " fields");
  }
  fields_.emplace_back();
}

void DelimitedRecords::end_field() {
  const std::string& field = fields_.back();
  if (field.find('\0') == std::string::npos && is_utf8(field)) return;
  fail("field " + std::to_string(fields_.size()) + " is not UTF-8: " + display_name(field) +
       "; save the file as UTF-8");
}

void DelimitedRecords::end_record() {
  on_record_(first_line_, fields_);
  fields_.clear();
}

void DelimitedRecords::fail(const std::string& what) const {
  throw core::CorpusError(code_, line_name(where_, first_line_) + ": " + what);
}

}  // namespace ser::corpus
