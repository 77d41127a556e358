// IEMOCAP (Busso et al., 2008): five pairs of actors talk, in plays and in improvised scenes.
// Session1/sentences/wav/Ses01F_impro01/Ses01F_impro01_F000.wav: session, scene, who speaks with
// the number of the turn; labels stand in Session1/dialog/EmoEvaluation/Ses01F_impro01.txt, a line
// a turn:
//   [6.2901 - 8.2357]  Ses01F_impro01_F000  neu  [2.5000, 2.5000, 2.5000]
// xxx there: most annotators did not agree. The lines below such a one give the votes, the folders
// beside it those of each annotator; they are passed over. The names do not tell what is said, but
// which scene it is from; that is taken for the text, so that no line of a play stands on two
// sides.
#include <algorithm>

#include "corpus/ascii.h"
#include "corpus/layouts.h"
#include "corpus/recording_name.h"
#include "corpus/text_lines.h"

namespace ser::corpus {
namespace {

constexpr std::string_view kNoAgreement = "xxx";

bool is_gender(char c) { return c == 'F' || c == 'M'; }

// The next part of a text between spaces and tabs, which is taken off it; empty at its end.
std::string_view take_word(std::string_view& text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  text.remove_prefix(std::min(begin, text.size()));
  const std::string_view word = text.substr(0, text.find_first_of(" \t"));
  text.remove_prefix(word.size());
  return word;
}

// "impro01", "script01_1" without the letter that tells takes of a scene apart.
std::string scene_named(std::string_view scene) {
  if (!scene.empty() && is_letter(scene.back())) scene.remove_suffix(1);
  return std::string(scene);
}

class IemocapLayout final : public Layout {
 public:
  std::string_view name() const override { return "iemocap"; }

  std::string_view description() const override {
    return "IEMOCAP: session, scene, speaker and turn, as in sentences/wav/Ses01F_impro01/"
           "Ses01F_impro01_F000.wav, with dialog/EmoEvaluation/*.txt";
  }

  std::vector<std::string> attribute_names() const override {
    return {"gender", "manner", "valence", "activation", "dominance"};
  }

  std::optional<Utterance> parse(std::string_view relative_path) const override {
    const auto name = split_recording_name(relative_path);
    if (!name || name->stem.size() < 17 || !name->stem.starts_with("Ses")) return std::nullopt;
    const std::string_view stem = name->stem;
    const std::size_t last = stem.rfind('_');
    const std::string_view session = stem.substr(3, 2);
    if (!is_number(session) || !is_gender(stem[5]) || stem[6] != '_' || last < 8) {
      return std::nullopt;
    }
    const std::string_view scene = stem.substr(7, last - 7);
    const std::string_view turn = stem.substr(last + 1);
    const bool improvised = scene.starts_with("impro");
    // some turns have letters for their first digits, as in MXX0
    if ((!improvised && !scene.starts_with("script")) || turn.size() != 4 || !is_gender(turn[0]) ||
        !std::ranges::all_of(turn.substr(1), [](char c) { return is_digit(c) || c == 'X'; })) {
      return std::nullopt;
    }
    Utterance utterance;
    utterance.id = relative_path;
    utterance.corpus = "IEMOCAP";
    utterance.speaker = std::string(session) + turn[0];
    utterance.text = scene_named(scene);
    utterance.attributes = {turn[0] == 'F' ? "female" : "male",
                            improvised ? "improvised" : "scripted"};
    return utterance;
  }

  std::vector<Example> examples() const override {
    const auto fits = [](std::string path, std::string speaker, std::string text,
                         std::string gender, std::string manner) {
      Utterance expected{"", "", "IEMOCAP", std::move(speaker), std::move(text), ""};
      expected.attributes = {std::move(gender), std::move(manner)};
      return fitting(std::move(path), std::move(expected));
    };
    return {
        fits("Session1/sentences/wav/Ses01F_impro01/Ses01F_impro01_F000.wav", "01F", "impro01",
             "female", "improvised"),
        fits("Session1/sentences/wav/Ses01F_impro01/Ses01F_impro01_M012.wav", "01M", "impro01",
             "male", "improvised"),
        fits("Session5/sentences/wav/Ses05M_script01_1b/Ses05M_script01_1b_F003.wav", "05F",
             "script01_1", "female", "scripted"),
        fits("Ses03M_script03_2_MXX1.wav", "03M", "script03_2", "male", "scripted"),
        {"Session1/dialog/wav/Ses01F_impro01.wav", std::nullopt},
        {"Session1/sentences/wav/Ses01F_impro01/Ses01X_impro01_F000.wav", std::nullopt},
        {"Session1/sentences/wav/Ses01F_impro01/Ses01F_talk01_F000.wav", std::nullopt},
        {"Session1/sentences/wav/Ses01F_impro01/Ses01F_impro01_X000.wav", std::nullopt},
        {"Session1/sentences/wav/Ses01F_impro01/Ses01F_impro01_F00.wav", std::nullopt},
        {"Session1/dialog/EmoEvaluation/Ses01F_impro01.txt", std::nullopt},
    };
  }

  bool is_table(std::string_view relative_path) const override {
    const auto parts = split_fields(relative_path, '/');
    return parts.size() > 1 && parts[parts.size() - 2] == "EmoEvaluation" &&
           parts.back().ends_with(".txt");
  }

  void parse_table(std::string_view content, std::string_view where,
                   const OnRow& on_row) const override {
    TextLines lines(
        std::string(where),
        [&](std::size_t number, std::string_view line) {
          if (auto row = parse_turn(line)) on_row(number, *row);
        },
        "E_CORPUS_TABLE");
    lines.add(content);
    lines.finish();
  }

  std::vector<TableExample> table_examples() const override {
    const auto row = [](std::string id, std::string label, std::vector<std::string> levels) {
      Utterance expected{std::move(id), "", "", "", "", std::move(label)};
      expected.attributes = {"", ""};
      expected.attributes.insert(expected.attributes.end(), levels.begin(), levels.end());
      return expected;
    };
    return {{"Session1/dialog/EmoEvaluation/Ses01F_impro01.txt",
             "% [START_TIME - END_TIME] TURN_NAME EMOTION [V, A, D]\n\n"
             "[6.2901 - 8.2357]\tSes01F_impro01_F000\tneu\t[2.5000, 2.5000, 2.5000]\n"
             "C-E2:\tNeutral;\t()\n"
             "A-F1:\tval 3; act 2; dom  1;\t()\n\n"
             "[10.0100 - 11.3925]\tSes01F_impro01_F001\txxx\t[2.0000, 3.5000, 1.0000]\r\n"
             "[14.8872 - 18.0175] Ses01F_impro01_F002 ang\n",
             {row("Ses01F_impro01_F000", "neu", {"2.5000", "2.5000", "2.5000"}),
              row("Ses01F_impro01_F001", "", {"2.0000", "3.5000", "1.0000"}),
              row("Ses01F_impro01_F002", "ang", {"", "", ""})}}};
  }

 private:
  // Nothing if it is not the line of a turn.
  static std::optional<Utterance> parse_turn(std::string_view line) {
    const std::size_t times_end = line.find(']');
    if (!line.starts_with('[') || times_end == std::string_view::npos) return std::nullopt;
    line.remove_prefix(times_end + 1);
    Utterance row;
    row.id = take_word(line);
    const std::string_view label = take_word(line);
    if (!row.id.starts_with("Ses") || label.empty()) return std::nullopt;
    if (label != kNoAgreement) row.label = label;
    row.attributes.resize(2);
    for (int i = 0; i < 3; ++i) {
      std::string_view level = take_word(line);
      while (level.starts_with('[')) level.remove_prefix(1);
      while (level.ends_with(',') || level.ends_with(']')) level.remove_suffix(1);
      row.attributes.emplace_back(level);
    }
    return row;
  }
};

}  // namespace

const Layout& iemocap_layout() {
  static const IemocapLayout layout;
  return layout;
}

}  // namespace ser::corpus
