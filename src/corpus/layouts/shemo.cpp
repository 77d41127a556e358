// Sharif emotional speech database (Mohamad Nezami et al., 2019): 3,000 Persian utterances of 87
// speakers from radio plays, six emotions. F01A02.wav: a woman (M: a man), number of the speaker,
// emotion by its initial (W: surprise), number of the utterance.
#include "corpus/ascii.h"
#include "corpus/layouts.h"
#include "corpus/recording_name.h"

namespace ser::corpus {
namespace {

constexpr std::string_view kEmotions = "AFHNSW";

class ShemoLayout final : public Layout {
 public:
  std::string_view name() const override { return "shemo"; }

  std::string_view description() const override {
    return "Sharif emotional speech database: gender, speaker, emotion, number, as in F01A02.wav";
  }

  std::vector<std::string> attribute_names() const override { return {"gender"}; }

  std::optional<Utterance> parse(std::string_view relative_path) const override {
    const auto name = split_recording_name(relative_path);
    if (!name || name->stem.size() < 6 || name->stem.size() > 7) return std::nullopt;
    const std::string_view stem = name->stem;
    if ((stem[0] != 'F' && stem[0] != 'M') || !is_number(stem.substr(1, 2)) ||
        kEmotions.find(stem[3]) == std::string_view::npos || !is_number(stem.substr(4))) {
      return std::nullopt;
    }
    Utterance utterance;
    utterance.id = relative_path;
    utterance.corpus = "ShEMO";
    utterance.speaker = stem.substr(0, 3);
    utterance.label = stem.substr(3, 1);
    utterance.attributes = {stem[0] == 'F' ? "female" : "male"};
    return utterance;
  }

  std::vector<Example> examples() const override {
    const auto fits = [](std::string path, std::string speaker, std::string label,
                         std::string gender) {
      Utterance expected{"", "", "ShEMO", std::move(speaker), "", std::move(label)};
      expected.attributes = {std::move(gender)};
      return fitting(std::move(path), std::move(expected));
    };
    return {
        fits("female/F01A02.wav", "F01", "A", "female"),
        fits("male/M56N08.wav", "M56", "N", "male"),
        fits("M10W01.wav", "M10", "W", "male"),
        fits("female/F31F110.flac", "F31", "F", "female"),
        {"female/X01A02.wav", std::nullopt},
        {"female/F01B02.wav", std::nullopt},
        {"female/F1A02.wav", std::nullopt},
        {"female/F01A2.wav", std::nullopt},
        {"female/F01A0002.wav", std::nullopt},
        {"female/f01a02.wav", std::nullopt},
    };
  }
};

}  // namespace

const Layout& shemo_layout() {
  static const ShemoLayout layout;
  return layout;
}

}  // namespace ser::corpus
