// URDU (Latif et al., 2018): 400 utterances of 38 speakers from talk shows, four emotions.
// SM1_F10_A010.wav: speaker (SM a man, SF a woman, with a number), number of the speaker's file,
// emotion by its initial with a number. What is said is not the same twice, nor told.
#include "corpus/ascii.h"
#include "corpus/layouts.h"
#include "corpus/recording_name.h"

namespace ser::corpus {
namespace {

constexpr std::string_view kEmotions = "AHNS";

class UrduLayout final : public Layout {
 public:
  std::string_view name() const override { return "urdu"; }

  std::string_view description() const override {
    return "URDU: speaker, file, emotion and number, as in SM1_F10_A010.wav";
  }

  std::vector<std::string> attribute_names() const override { return {"gender"}; }

  std::optional<Utterance> parse(std::string_view relative_path) const override {
    const auto name = split_recording_name(relative_path);
    if (!name || name->stem.size() < 8 || name->stem.front() != 'S') return std::nullopt;
    const auto fields = split_fields(name->stem, '_');
    if (fields.size() != 3 || fields[0].size() < 3 || fields[1].size() < 2 ||
        fields[2].size() < 2 || (fields[0][1] != 'M' && fields[0][1] != 'F') ||
        !is_number_between(fields[0].substr(2), 0, 999) || fields[1][0] != 'F' ||
        !is_number_between(fields[1].substr(1), 0, 999) ||
        kEmotions.find(fields[2][0]) == std::string_view::npos ||
        !is_number_between(fields[2].substr(1), 0, 999)) {
      return std::nullopt;
    }
    Utterance utterance;
    utterance.id = relative_path;
    utterance.corpus = "URDU";
    utterance.speaker = fields[0];
    utterance.label = fields[2].substr(0, 1);
    utterance.attributes = {fields[0][1] == 'F' ? "female" : "male"};
    return utterance;
  }

  std::vector<Example> examples() const override {
    const auto fits = [](std::string path, std::string speaker, std::string label,
                         std::string gender) {
      Utterance expected{"", "", "URDU", std::move(speaker), "", std::move(label)};
      expected.attributes = {std::move(gender)};
      return fitting(std::move(path), std::move(expected));
    };
    return {
        fits("Angry/SM1_F10_A010.wav", "SM1", "A", "male"),
        fits("Sad/SF28_F2_S091.wav", "SF28", "S", "female"),
        fits("SM27_F4_N100.wav", "SM27", "N", "male"),
        fits("x/Happy/SM5_F1_H021.flac", "SM5", "H", "male"),
        {"Angry/SM1_F10_B010.wav", std::nullopt},
        {"Angry/SX1_F10_A010.wav", std::nullopt},
        {"Angry/SM_F10_A010.wav", std::nullopt},
        {"Angry/SM1_G10_A010.wav", std::nullopt},
        {"Angry/SM1_F_A010.wav", std::nullopt},
        {"Angry/SM1_F10_A.wav", std::nullopt},
        {"Angry/SM1_F10.wav", std::nullopt},
    };
  }
};

}  // namespace

const Layout& urdu_layout() {
  static const UrduLayout layout;
  return layout;
}

}  // namespace ser::corpus
