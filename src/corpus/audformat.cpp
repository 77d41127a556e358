#include "corpus/audformat.h"

#include <algorithm>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "ser/core/checksum.h"
#include "ser/core/error.h"
#include "ser/corpus/display_name.h"

#include "corpus/ascii.h"
#include "corpus/delimited_table.h"
#include "corpus/manifest_paths.h"
#include "corpus/text_lines.h"

namespace ser::corpus {
namespace {

namespace fs = std::filesystem;

// Reads a table of files into the manifest of the table beside it. Nothing is remembered of files
// that the manifest does not have.
class FilesTable {
 public:
  FilesTable(Manifest& manifest, const fs::path& table, const fs::path& files)
      : manifest_(manifest),
        table_(table),
        files_(files),
        paths_(files),
        lines_(manifest.utterances.size()) {
    for (std::size_t i = 0; i < manifest.utterances.size(); ++i) {
      by_path_.emplace_back(core::checksum64(manifest.utterances[i].path), i);
    }
    std::ranges::sort(by_path_);
  }

  void read() {
    const bool has_header = read_delimited_table(
        files_, ',',
        [&](std::size_t line, const std::vector<std::string>& names) { take_header(line, names); },
        [&](std::size_t line, const std::vector<std::string>& fields) { take_row(line, fields); });
    if (!has_header) fail("E_MANIFEST_COLUMNS", 1, "there is no column file");
    if (has_rows_ && !has_known_files_) {
      fail("E_MANIFEST_VALUE", 1,
           "none of its files is one of " + display_name(table_.native()) +
               "; mend the column file, or move the table elsewhere");
    }
  }

 private:
  // Lines in which the facts of an utterance stand; 0 for those that the manifest's own row tells.
  struct Lines {
    std::size_t speaker = 0;
    std::size_t text = 0;
  };

  [[noreturn]] void fail(const std::string& code, std::size_t line, const std::string& what) const {
    throw core::CorpusError(code, line_name(files_.native(), line) + ": " + what);
  }

  void take_header(std::size_t line, const std::vector<std::string>& names) {
    header_ = names;
    for (const char* column : {"file", "speaker", "text", "transcription"}) {
      if (std::ranges::count(header_, column) > 1) {
        fail("E_MANIFEST_COLUMNS", line, "the column \"" + std::string(column) + "\" stands twice");
      }
    }
    if (std::ranges::count(header_, "file") == 0) {
      fail("E_MANIFEST_COLUMNS", line,
           "there is no column file, by which audformat's table of files tells of which file a row "
           "is; add it, or move the table elsewhere");
    }
  }

  void take_row(std::size_t line, const std::vector<std::string>& fields) {
    const auto value = [&](const char* column) {
      const auto found = std::ranges::find(header_, column);
      return found == header_.end()
                 ? std::string()
                 : std::string(
                       without_blanks(fields[static_cast<std::size_t>(found - header_.begin())]));
    };
    const auto file =
        static_cast<std::size_t>(std::ranges::find(header_, "file") - header_.begin());
    if (fields[file].empty()) fail("E_MANIFEST_VALUE", line, "the file is empty");
    const std::string speaker = value("speaker");
    std::string text = value("text");
    if (text.empty()) text = value("transcription");
    has_rows_ = true;

    const std::string path = paths_.place_of(fields[file]).path;
    const std::uint64_t checksum = core::checksum64(path);
    for (auto same = std::ranges::lower_bound(by_path_, checksum, {},
                                              &std::pair<std::uint64_t, std::size_t>::first);
         same != by_path_.end() && same->first == checksum; ++same) {
      const std::size_t index = same->second;
      Utterance& utterance = manifest_.utterances[index];
      if (utterance.path != path) continue;
      has_known_files_ = true;
      settle("speaker", utterance.speaker, speaker, lines_[index].speaker, utterance, line);
      // What is said in a segment is not what is said in its file.
      const bool segment = utterance.start_s || utterance.end_s;
      if (segment && !utterance.text.empty() && lines_[index].text == 0) continue;
      settle("text", utterance.text, text, lines_[index].text, utterance, line);
    }
  }

  void settle(const std::string& what, std::string& known, const std::string& told,
              std::size_t& known_line, const Utterance& utterance, std::size_t line) const {
    if (told.empty() || told == known) return;
    if (known.empty()) {
      known = told;
      known_line = line;
      return;
    }
    fail("E_MANIFEST_VALUE", line,
         "the " + what + " of " + display_name(utterance.id) + " is \"" + display_name(told) +
             "\" here, but \"" + display_name(known) + "\" in " +
             (known_line == 0 ? display_name(table_.native())
                              : "line " + std::to_string(known_line)) +
             "; make them agree, or take the column out of one table");
  }

  Manifest& manifest_;
  const fs::path& table_;
  const fs::path& files_;
  ManifestPaths paths_;
  std::vector<Lines> lines_;                                    // of each utterance
  std::vector<std::pair<std::uint64_t, std::size_t>> by_path_;  // checksum and utterance
  std::vector<std::string> header_;
  bool has_rows_ = false;
  bool has_known_files_ = false;
};

}  // namespace

void complete_by_files_table(Manifest& manifest, const fs::path& table) {
  const std::string name = table.filename().native();
  const fs::path files = table.parent_path() / (name.substr(0, name.find('.')) + ".files.csv");
  std::error_code error;
  if (files == table || !fs::is_regular_file(files, error)) return;
  FilesTable(manifest, table, files).read();
}

}  // namespace ser::corpus
