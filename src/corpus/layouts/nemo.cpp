// nEMO (Christop, 2024): nine Polish actors, 90 sentences, six emotions. samples/EB0_anger_1.wav:
// speaker, emotion, sentence. data.tsv beside the folder of the recordings tells for each of them
// what is said, and the speaker's gender and age.
#include <algorithm>
#include <array>

#include "ser/core/error.h"

#include "corpus/ascii.h"
#include "corpus/delimited_records.h"
#include "corpus/layouts.h"
#include "corpus/recording_name.h"
#include "corpus/text_lines.h"

namespace ser::corpus {
namespace {

constexpr std::array<std::string_view, 7> kEmotions = {
    "anger", "fear", "happiness", "neutral", "sadness", "surprised", "surprise"};

// The columns that are read, and where they stand.
struct Columns {
  std::optional<std::size_t> file_id, emotion, text, speaker, gender, age;

  explicit Columns(const std::vector<std::string>& header) {
    const auto find = [&](std::string_view name) -> std::optional<std::size_t> {
      const auto found = std::ranges::find(header, name);
      if (found == header.end()) return std::nullopt;
      return static_cast<std::size_t>(found - header.begin());
    };
    file_id = find("file_id");
    emotion = find("emotion");
    text = find("normalized_text");
    speaker = find("speaker_id");
    gender = find("gender");
    age = find("age");
  }
};

// Without the spaces that stand before some of the values.
std::string value_at(const std::vector<std::string>& fields, std::optional<std::size_t> column) {
  if (!column || *column >= fields.size()) return "";
  std::string_view value = fields[*column];
  while (value.starts_with(' ')) value.remove_prefix(1);
  while (value.ends_with(' ')) value.remove_suffix(1);
  return std::string(value);
}

class NemoLayout final : public Layout {
 public:
  std::string_view name() const override { return "nemo"; }

  std::string_view description() const override {
    return "nEMO, Polish: speaker_emotion_sentence, as in samples/EB0_anger_1.wav, with data.tsv";
  }

  std::vector<std::string> attribute_names() const override { return {"gender", "age"}; }

  std::optional<Utterance> parse(std::string_view relative_path) const override {
    const auto name = split_recording_name(relative_path);
    if (!name || name->stem.size() < 10) return std::nullopt;
    const auto fields = split_fields(name->stem, '_');
    if (fields.size() != 3 || fields[0].size() != 3 || !is_letter(fields[0][0]) ||
        !is_letter(fields[0][1]) || !is_digit(fields[0][2]) ||
        std::ranges::find(kEmotions, fields[1]) == kEmotions.end() ||
        !is_number_between(fields[2], 1, 999)) {
      return std::nullopt;
    }
    Utterance utterance;
    utterance.id = relative_path;
    utterance.corpus = "nEMO";
    utterance.speaker = fields[0];
    utterance.text = fields[2];
    utterance.label = fields[1];
    return utterance;
  }

  std::vector<Example> examples() const override {
    const auto fits = [](std::string path, std::string speaker, std::string text,
                         std::string label) {
      return fitting(std::move(path),
                     {"", "", "nEMO", std::move(speaker), std::move(text), std::move(label)});
    };
    return {
        fits("samples/EB0_anger_1.wav", "EB0", "1", "anger"),
        fits("samples/WR0_surprised_90.wav", "WR0", "90", "surprised"),
        fits("KD0_neutral_17.flac", "KD0", "17", "neutral"),
        {"samples/EB0_boredom_1.wav", std::nullopt},
        {"samples/EB_anger_1.wav", std::nullopt},
        {"samples/EB0_anger_0.wav", std::nullopt},
        {"samples/EB0_anger_x.wav", std::nullopt},
        {"samples/EB0_anger.wav", std::nullopt},
        {"data.tsv", std::nullopt},
    };
  }

  bool is_table(std::string_view relative_path) const override {
    const std::string_view file = relative_path.substr(relative_path.rfind('/') + 1);
    return file == "data.tsv" || file == "data.csv";
  }

  void parse_table(std::string_view content, std::string_view where,
                   const OnRow& on_row) const override {
    static constexpr const char* kCode = "E_CORPUS_TABLE";
    std::optional<Columns> columns;
    DelimitedRecords records(
        std::string(where), where.ends_with(".csv") ? ',' : '\t',
        [&](std::size_t line, std::vector<std::string>& fields) {
          if (!columns) {
            columns.emplace(fields);
            if (!columns->file_id) {
              throw core::CorpusError(kCode, line_name(where, line) +
                                                 ": there is no column file_id, as "
                                                 "nEMO's table has it");
            }
            return;
          }
          const std::string file = value_at(fields, columns->file_id);
          Utterance row;
          row.id = file.substr(0, file.rfind('.'));
          if (row.id.empty()) return;  // about no recording
          row.speaker = value_at(fields, columns->speaker);
          row.text = value_at(fields, columns->text);
          row.label = value_at(fields, columns->emotion);
          row.attributes = {value_at(fields, columns->gender), value_at(fields, columns->age)};
          on_row(line, row);
        },
        kCode);
    TextLines lines(
        std::string(where),
        [&](std::size_t number, std::string_view line) { records.add(number, line); }, kCode);
    lines.add(content);
    lines.finish();
    records.finish();
  }

  std::vector<TableExample> table_examples() const override {
    const auto row = [](std::string id, std::string speaker, std::string text, std::string label,
                        std::string gender, std::string age) {
      Utterance expected{std::move(id),   "", "", std::move(speaker), std::move(text),
                         std::move(label)};
      expected.attributes = {std::move(gender), std::move(age)};
      return expected;
    };
    return {{"data.tsv",
             "file_id\temotion\traw_text\tnormalized_text\tspeaker_id\tgender\tage\n"
             "WR0_fear_58.wav\tfear\tJest zima.\tjest zima\t        WR0\tmale\t23\n"
             "EB0_anger_1.wav\tanger\tJest \xC5\x82"
             "adnie.\tjest \xC5\x82"
             "adnie\tEB0\tfemale\t27\n",
             {row("WR0_fear_58", "WR0", "jest zima", "fear", "male", "23"),
              row("EB0_anger_1", "EB0",
                  "jest \xC5\x82"
                  "adnie",
                  "anger", "female", "27")}},
            {"nemo/data.csv",
             "file_id,age,emotion\r\n\"KS0_sadness_2.wav\",23,sadness\r\n",
             {row("KS0_sadness_2", "", "", "sadness", "", "23")}}};
  }
};

}  // namespace

const Layout& nemo_layout() {
  static const NemoLayout layout;
  return layout;
}

}  // namespace ser::corpus
