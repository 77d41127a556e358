// Surrey audio-visual expressed emotion database (Haq and Jackson, 2010): four men, seven emotions,
// 15 sentences each (neutral: 30). DC/a01.wav, or DC_a01.wav where all lie in one folder: speaker,
// emotion by its initials, number of the sentence among those of the emotion. Which of the numbers
// of two emotions are the same sentence, the names do not tell, so that texts are unknown.
#include <algorithm>
#include <array>

#include "corpus/ascii.h"
#include "corpus/layouts.h"
#include "corpus/recording_name.h"

namespace ser::corpus {
namespace {

constexpr std::array<std::string_view, 4> kSpeakers = {"DC", "JE", "JK", "KL"};
constexpr std::array<std::string_view, 7> kEmotions = {"a", "d", "f", "h", "n", "sa", "su"};

class SaveeLayout final : public Layout {
 public:
  std::string_view name() const override { return "savee"; }

  std::string_view description() const override {
    return "Surrey audio-visual expressed emotion: speaker, emotion and number, as in DC/a01.wav "
           "or DC_a01.wav";
  }

  std::optional<Utterance> parse(std::string_view relative_path) const override {
    const auto name = split_recording_name(relative_path);
    if (!name || name->stem.size() < 3 || name->stem.size() > 7) return std::nullopt;
    std::string_view speaker = name->folder;
    std::string_view code = name->stem;
    if (const std::size_t bar = code.find('_'); bar != std::string_view::npos) {
      speaker = code.substr(0, bar);
      code.remove_prefix(bar + 1);
    }
    if (code.size() < 3 || std::ranges::find(kSpeakers, speaker) == kSpeakers.end()) {
      return std::nullopt;
    }
    const std::string_view emotion = code.substr(0, code.size() - 2);
    const std::string_view number = code.substr(code.size() - 2);
    if (std::ranges::find(kEmotions, emotion) == kEmotions.end() ||
        !is_number_between(number, 1, emotion == "n" ? 30 : 15)) {
      return std::nullopt;
    }
    Utterance utterance;
    utterance.id = relative_path;
    utterance.corpus = "SAVEE";
    utterance.speaker = speaker;
    utterance.label = emotion;
    return utterance;
  }

  std::vector<Example> examples() const override {
    const auto fits = [](std::string path, std::string speaker, std::string label) {
      return fitting(std::move(path), {"", "", "SAVEE", std::move(speaker), "", std::move(label)});
    };
    return {
        fits("ALL/DC_a01.wav", "DC", "a"), fits("AudioData/DC/a01.wav", "DC", "a"),
        fits("JE_su15.wav", "JE", "su"),   fits("JK/sa03.wav", "JK", "sa"),
        fits("KL/n30.flac", "KL", "n"),    fits("ALL/KL_d07.wav", "KL", "d"),
        {"ALL/DC_a16.wav", std::nullopt},  {"ALL/DC_n31.wav", std::nullopt},
        {"ALL/DC_a00.wav", std::nullopt},  {"ALL/DC_s01.wav", std::nullopt},
        {"ALL/AB_a01.wav", std::nullopt},  {"ALL/a01.wav", std::nullopt},
        {"DC/a1.wav", std::nullopt},       {"DC/_01.wav", std::nullopt},
    };
  }
};

}  // namespace

const Layout& savee_layout() {
  static const SaveeLayout layout;
  return layout;
}

}  // namespace ser::corpus
