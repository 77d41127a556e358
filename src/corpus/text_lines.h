#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace ser::corpus {

// Told each line of a text with its number, from 1; without its end, LF or CRLF, and without the
// byte order mark of the first.
using OnLine = std::function<void(std::size_t number, std::string_view line)>;

// Longest line that is taken; it bounds what a hostile file can make the reader remember.
inline constexpr std::size_t kMaxLineBytes = 1 << 20;

// Largest list that is taken; several can be read together.
inline constexpr std::uint64_t kMaxListBytes = std::uint64_t{1} << 30;

// Cuts a text that comes in pieces into its lines.
class TextLines {
 public:
  // `where` names the text in messages, `code` is that of its errors.
  TextLines(std::string where, OnLine on_line, std::string code = "E_MANIFEST_FORMAT")
      : where_(std::move(where)), code_(std::move(code)), on_line_(std::move(on_line)) {}

  // Throws CorpusError for a line that is too long.
  void add(std::string_view piece);
  void finish();

 private:
  void take(std::string_view line);
  void check_length(std::size_t length) const;

  std::string where_;
  std::string code_;
  OnLine on_line_;
  std::string begun_;  // of the line that the pieces so far end in
  std::size_t number_ = 0;
};

// The lines of a file in bounded memory. Throws CorpusError: E_CORPUS_READ, E_MANIFEST_FORMAT (a
// line that is too long, or a file of more than `most_bytes`).
void read_lines(const std::filesystem::path& path, const OnLine& on_line,
                std::uint64_t most_bytes = kMaxListBytes);

// "corpus.csv:7", harmless to show.
std::string line_name(std::string_view where, std::size_t number);

}  // namespace ser::corpus
