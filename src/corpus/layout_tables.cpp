#include "corpus/layout_tables.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "ser/core/error.h"
#include "ser/core/file.h"
#include "ser/corpus/display_name.h"

#include "corpus/recording_name.h"
#include "corpus/text_lines.h"

namespace ser::corpus {
namespace {

// Of one table, and of all together: a hostile tree may hold any number of them.
constexpr std::uint64_t kMaxTableBytes = 64ULL << 20;
constexpr std::uint64_t kMaxBytes = 256ULL << 20;
constexpr std::size_t kMaxRows = 4'000'000;

struct Row {
  Utterance told;
  const std::string* table = nullptr;
  std::size_t line = 0;
};

// By the name of their recording.
using RowsByName = std::unordered_map<std::string, Row>;

bool say_the_same(const Utterance& a, const Utterance& b) {
  return a.speaker == b.speaker && a.text == b.text && a.label == b.label &&
         a.attributes == b.attributes;
}

std::string read_table(const std::filesystem::path& path, std::uint64_t limit) {
  try {
    return core::read_file(path, limit);
  } catch (const core::ConfigError& error) {
    throw core::CorpusError(error.code() == "E_FILE_TOO_LARGE" ? "E_CORPUS_TABLE" : "E_CORPUS_READ",
                            display_name(error.what()));
  }
}

std::string_view stem_of(const Utterance& utterance) {
  const auto name = split_recording_name(utterance.id);
  return name ? name->stem : std::string_view();
}

// Reads the tables of a corpus one after the other. Of their rows those are kept that a recording
// needs, so that memory is bounded by the recordings and the bytes of a table.
class Tables {
 public:
  Tables(const Layout& layout, const std::filesystem::path& root,
         const std::vector<Utterance>& utterances)
      : layout_(layout), root_(root) {
    for (const auto& utterance : utterances) wanted_.insert(stem_of(utterance));
    wanted_.erase("");
  }

  RowsByName read(const std::vector<std::string>& tables) {
    std::uint64_t left = kMaxBytes;
    for (const auto& table : tables) {
      const auto path = root_ / table;
      const std::string content = read_table(path, std::min(left, kMaxTableBytes));
      left -= content.size();
      layout_.parse_table(content, path.native(), [&](std::size_t line, Utterance& row) {
        if (++count_ > kMaxRows) {
          fail(table, line,
               "the tables of the corpus have more than " + std::to_string(kMaxRows) + " rows");
        }
        if (wanted_.contains(row.id)) keep(table, line, row);
      });
    }
    return std::move(rows_);
  }

 private:
  void keep(const std::string& table, std::size_t line, Utterance& row) {
    std::string id = row.id;
    const auto [found, is_new] = rows_.try_emplace(std::move(id));
    Row& known = found->second;
    if (is_new) {
      known = {std::move(row), &table, line};
    } else if (!say_the_same(known.told, row)) {
      fail(table, line,
           "it says something else of " + display_name(row.id) + " than " +
               (known.table == &table ? "line " + std::to_string(known.line)
                                      : line_name((root_ / *known.table).native(), known.line)) +
               " does");
    }
  }

  [[noreturn]] void fail(const std::string& table, std::size_t line,
                         const std::string& what) const {
    throw core::CorpusError("E_CORPUS_TABLE",
                            line_name((root_ / table).native(), line) + ": " + what);
  }

  const Layout& layout_;
  const std::filesystem::path& root_;
  std::unordered_set<std::string_view> wanted_;  // views into the utterances
  std::size_t count_ = 0;
  RowsByName rows_;
};

// What is said, as names and as tables call it. One sentence must not have two names, or it could
// stand on both sides of a split: where tables tell the text of some recordings only, and each of
// their texts goes with one of the names', all texts are called as the names call them. Returns
// whether they are called as the tables do. Throws E_CORPUS_TABLE where neither is possible.
bool are_texts_of_tables(const std::vector<Utterance>& utterances,
                         const std::vector<const Row*>& row_of) {
  std::unordered_map<std::string_view, std::string_view> by_name;
  std::unordered_map<std::string_view, std::string_view> by_table;
  const Utterance* told = nullptr;
  const Utterance* untold = nullptr;
  bool one_to_one = true;
  for (std::size_t i = 0; i < utterances.size(); ++i) {
    const Utterance& utterance = utterances[i];
    const bool is_told = row_of[i] != nullptr && !row_of[i]->told.text.empty();
    (is_told ? told : untold) = &utterance;
    if (!is_told) continue;
    const std::string_view name = utterance.text;
    const std::string_view text = row_of[i]->told.text;
    one_to_one = one_to_one && !name.empty() &&
                 by_name.try_emplace(name, text).first->second == text &&
                 by_table.try_emplace(text, name).first->second == name;
  }
  if (told == nullptr || untold == nullptr) return told != nullptr;
  if (one_to_one) return false;
  throw core::CorpusError(
      "E_CORPUS_TABLE",
      "the tables of the corpus tell what is said in " + display_name(told->id) + ", but not in " +
          display_name(untold->id) +
          ", and its name does not tell which of their texts it is, so that one text might stand "
          "on "
          "both sides of a split; complete the tables, or take them out of the folder");
}

void take(std::string& value, const std::string& from_table) {
  if (!from_table.empty()) value = display_name(from_table);
}

void complete(Utterance& utterance, const Utterance& row) {
  take(utterance.speaker, row.speaker);
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
  auto& utterances = manifest.utterances;
  RowsByName rows;
  if (!tables.empty()) rows = Tables(layout, root, utterances).read(tables);
  std::vector<const Row*> row_of(utterances.size(), nullptr);
  for (std::size_t i = 0; i < utterances.size() && !rows.empty(); ++i) {
    const auto row = rows.find(std::string(stem_of(utterances[i])));
    if (row != rows.end()) row_of[i] = &row->second;
  }
  const bool texts_of_tables = are_texts_of_tables(utterances, row_of);
  std::size_t next = 0;
  std::erase_if(utterances, [&](Utterance& utterance) {
    const Row* row = row_of[next++];
    if (row != nullptr) complete(utterance, row->told);
    if (row != nullptr && texts_of_tables) take(utterance.text, row->told.text);
    if (!utterance.label.empty()) return false;
    manifest.left_out.push_back(
        {utterance.id, row == nullptr ? "no table of the corpus tells its label"
                                      : "its table gives it no label: no agreement on one"});
    return true;
  });
}

}  // namespace ser::corpus
