#include "corpus/audformat.h"

#include <algorithm>
#include <optional>
#include <string>
#include <system_error>
#include <unordered_map>
#include <vector>

#include "corpus/delimited_records.h"
#include "corpus/text_lines.h"

namespace ser::corpus {
namespace {

namespace fs = std::filesystem;

struct FileFacts {
  std::string speaker;
  std::string text;
};

// By the paths of the files.
using FactsByPath = std::unordered_map<std::string, FileFacts>;

FactsByPath read_files_table(const fs::path& table) {
  FactsByPath facts;
  std::vector<std::string> header;
  const auto value = [&](std::vector<std::string>& fields, std::string_view column) {
    const auto found = static_cast<std::size_t>(std::ranges::find(header, column) - header.begin());
    return found < std::min(header.size(), fields.size()) ? std::move(fields[found])
                                                          : std::string();
  };
  DelimitedRecords records(table.native(), ',', [&](std::size_t, std::vector<std::string>& fields) {
    if (header.empty()) {
      header = std::move(fields);
      return;
    }
    const fs::path file = table.parent_path() / value(fields, "file");
    std::string text = value(fields, "text");
    if (text.empty()) text = value(fields, "transcription");
    facts[file.lexically_normal().native()] = {value(fields, "speaker"), std::move(text)};
  });
  read_lines(table, [&](std::size_t number, std::string_view line) { records.add(number, line); });
  records.finish();
  return facts;
}

}  // namespace

void complete_by_files_table(Manifest& manifest, const fs::path& table) {
  const std::string name = table.filename().native();
  const fs::path files = table.parent_path() / (name.substr(0, name.find('.')) + ".files.csv");
  std::error_code error;
  if (files == table || !fs::is_regular_file(files, error)) return;
  const FactsByPath facts = read_files_table(files);
  for (auto& utterance : manifest.utterances) {
    const auto found = facts.find(fs::path(utterance.path).lexically_normal().native());
    if (found == facts.end()) continue;
    if (utterance.speaker.empty()) utterance.speaker = found->second.speaker;
    if (utterance.text.empty()) utterance.text = found->second.text;
  }
}

}  // namespace ser::corpus
