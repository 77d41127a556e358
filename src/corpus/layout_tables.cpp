#include "corpus/layout_tables.h"

#include <unordered_map>

#include "ser/core/error.h"
#include "ser/core/file.h"
#include "ser/corpus/display_name.h"

#include "corpus/recording_name.h"

namespace ser::corpus {
namespace {

// Of one table, and of all together: a hostile tree may hold any number of them.
constexpr std::uint64_t kMaxTableBytes = 64ULL << 20;
constexpr std::uint64_t kMaxBytes = 256ULL << 20;

// Rows by the name of their recording.
using Rows = std::unordered_map<std::string, Utterance>;

bool say_the_same(const Utterance& a, const Utterance& b) {
  return a.speaker == b.speaker && a.text == b.text && a.label == b.label &&
         a.attributes == b.attributes;
}

std::string read_table(const std::filesystem::path& path, std::uint64_t limit) {
  try {
    return core::read_file(path, limit);
  } catch (const core::ConfigError& error) {
    throw core::CorpusError(error.code() == "E_FILE_TOO_LARGE" ? "E_CORPUS_TABLE" : "E_CORPUS_READ",
                            error.what());
  }
}

Rows read_rows(const Layout& layout, const std::filesystem::path& root,
               const std::vector<std::string>& tables) {
  Rows rows;
  std::uint64_t left = kMaxBytes;
  for (const auto& table : tables) {
    const auto path = root / table;
    const std::string content = read_table(path, std::min(left, kMaxTableBytes));
    left -= content.size();
    for (auto& row : layout.parse_table(content, path.native())) {
      std::string id = row.id;
      const auto [found, is_new] = rows.try_emplace(std::move(id), std::move(row));
      if (!is_new && !say_the_same(found->second, row)) {
        throw core::CorpusError("E_CORPUS_TABLE",
                                display_name(path.native()) + " says something else of " +
                                    display_name(row.id) + " than another line or table does");
      }
    }
  }
  return rows;
}

void take(std::string& value, const std::string& from_table) {
  if (!from_table.empty()) value = display_name(from_table);
}

void complete(Utterance& utterance, const Utterance& row) {
  take(utterance.speaker, row.speaker);
  take(utterance.text, row.text);
  if (!row.label.empty()) utterance.label = row.label;
  if (utterance.attributes.size() < row.attributes.size()) {
    utterance.attributes.resize(row.attributes.size());
  }
  for (std::size_t i = 0; i < row.attributes.size(); ++i) {
    take(utterance.attributes[i], row.attributes[i]);
  }
}

}  // namespace

void complete_by_tables(Manifest& manifest, const Layout& layout, const std::filesystem::path& root,
                        const std::vector<std::string>& tables) {
  const Rows rows = read_rows(layout, root, tables);
  std::erase_if(manifest.utterances, [&](Utterance& utterance) {
    const auto name = split_recording_name(utterance.id);
    const auto row = name ? rows.find(std::string(name->stem)) : rows.end();
    if (row != rows.end()) complete(utterance, row->second);
    if (!utterance.label.empty()) return false;
    manifest.left_out.push_back(
        {utterance.id, row == rows.end() ? "no table of the corpus tells its label"
                                         : "its table gives it no label: no agreement on one"});
    return true;
  });
}

}  // namespace ser::corpus
