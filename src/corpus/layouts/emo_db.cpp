// Berlin database of emotional speech (Burkhardt et al., 2005): ten actors, ten sentences, seven
// emotions. In 03a01Fa.wav, 03 is the speaker, a01 the sentence, F the emotion (its German
// initial), a the version.
#include <array>

#include "corpus/ascii.h"
#include "corpus/layouts.h"
#include "corpus/recording_name.h"

namespace ser::corpus {
namespace {

constexpr std::string_view kEmotions = "WLEAFTN";

class EmoDbLayout final : public Layout {
 public:
  std::string_view name() const override { return "emo_db"; }

  std::string_view description() const override {
    return "Berlin database of emotional speech: speaker, text, emotion, version, as in "
           "03a01Fa.wav";
  }

  std::optional<Utterance> parse(std::string_view relative_path) const override {
    const auto name = split_recording_name(relative_path);
    if (!name || name->stem.size() != 7) return std::nullopt;
    const std::string_view stem = name->stem;
    const char series = lower_case(stem[2]);
    const char emotion = upper_case(stem[5]);
    if (!is_digit(stem[0]) || !is_digit(stem[1]) || (series != 'a' && series != 'b') ||
        !is_digit(stem[3]) || !is_digit(stem[4]) ||
        kEmotions.find(emotion) == std::string_view::npos || !is_letter(stem[6])) {
      return std::nullopt;
    }
    Utterance utterance;
    utterance.id = relative_path;
    utterance.corpus = "EmoDB";
    utterance.speaker = stem.substr(0, 2);
    utterance.text = lower_case(stem.substr(2, 3));
    utterance.label = std::string(1, emotion);
    return utterance;
  }

  std::vector<Example> examples() const override {
    const auto fits = [](const std::string& path, std::string speaker, std::string text,
                         std::string label) {
      return Example{
          path,
          Utterance{path, {}, "EmoDB", std::move(speaker), std::move(text), std::move(label)}};
    };
    return {
        fits("wav/03a01Fa.wav", "03", "a01", "F"), fits("wav/16b10Wb.wav", "16", "b10", "W"),
        fits("08a07La.wav", "08", "a07", "L"),     fits("x/y/10b03Ec.flac", "10", "b03", "E"),
        fits("11b02Af.wav", "11", "b02", "A"),     fits("12a05Td.aiff", "12", "a05", "T"),
        fits("03A01NA.WAV", "03", "a01", "N"),     {"wav/03a01Xa.wav", std::nullopt},
        {"wav/03a01F.wav", std::nullopt},          {"wav/03c01Fa.wav", std::nullopt},
        {"wav/3a01Fa.wav", std::nullopt},          {"wav/03a01Fa1.wav", std::nullopt},
        {"wav/03a01Fa.lab", std::nullopt},
    };
  }
};

}  // namespace

const Layout& emo_db_layout() {
  static const EmoDbLayout layout;
  return layout;
}

}  // namespace ser::corpus
