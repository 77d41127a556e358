#include "corpus/text_lines.h"

#include "ser/core/error.h"
#include "ser/core/file.h"
#include "ser/corpus/display_name.h"

namespace ser::corpus {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

}  // namespace

void TextLines::add(std::string_view piece) {
  for (std::size_t end = piece.find('\n'); end != std::string_view::npos; end = piece.find('\n')) {
    check_length(begun_.size() + end);
    if (begun_.empty()) {
      take(piece.substr(0, end));
    } else {
      begun_.append(piece.substr(0, end));
      take(begun_);
      begun_.clear();
    }
    piece.remove_prefix(end + 1);
  }
  check_length(begun_.size() + piece.size());
  begun_.append(piece);
}

void TextLines::finish() {
  if (!begun_.empty()) take(begun_);
  begun_.clear();
}

void TextLines::take(std::string_view line) {
  if (++number_ == 1 && line.starts_with(kByteOrderMark)) {
    line.remove_prefix(kByteOrderMark.size());
  }
  if (line.ends_with('\r')) line.remove_suffix(1);
  on_line_(number_, line);
}

void TextLines::check_length(std::size_t length) const {
  if (length <= kMaxLineBytes) return;
  throw core::CorpusError(code_, line_name(where_, number_ + 1) + ": the line is longer than " +
                                     std::to_string(kMaxLineBytes) +
                                     " bytes; is this a list of recordings?");
}

void read_lines(const std::filesystem::path& path, const OnLine& on_line,
                std::uint64_t most_bytes) {
  TextLines lines(path.string(), on_line);
  std::uint64_t bytes = 0;
  try {
    core::read_file_pieces(path, [&](std::string_view piece) {
      bytes += piece.size();
      if (bytes > most_bytes) {
        throw core::CorpusError("E_MANIFEST_FORMAT",
                                display_name(path.native()) + " has more than the " +
                                    std::to_string(most_bytes) +
                                    " bytes that a list may have; cut it into several, which can "
                                    "be named together");
      }
      lines.add(piece);
    });
  } catch (const core::ConfigError& error) {
    if (!error.code().starts_with("E_FILE_")) throw;
    throw core::CorpusError("E_CORPUS_READ", display_name(error.what()));
  }
  lines.finish();
}

std::string line_name(std::string_view where, std::size_t number) {
  return display_name(where) + ":" + std::to_string(number);
}

}  // namespace ser::corpus
