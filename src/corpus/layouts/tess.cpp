// Toronto emotional speech set (Dupuis and Pichora-Fuller, 2010): two actresses say "Say the word
// ..." with 200 words in seven emotions. The file's own name says everything, OAF_back_angry.wav;
// the folders' names come in several spellings, and one distribution holds the whole tree twice,
// one in the other.
#include <algorithm>
#include <array>

#include "corpus/ascii.h"
#include "corpus/layouts.h"
#include "corpus/recording_name.h"

namespace ser::corpus {
namespace {

constexpr std::array<std::string_view, 7> kEmotions = {"angry",   "disgust", "fear", "happy",
                                                       "neutral", "ps",      "sad"};

// Empty if there is no such speaker. OA is a slip in the name of one file of the original,
// OA_bite_neutral.wav.
std::string speaker_named(std::string_view code) {
  const std::string lower = lower_case(code);
  if (lower == "oaf" || lower == "oa") return "OAF";
  if (lower == "yaf") return "YAF";
  return "";
}

class TessLayout final : public Layout {
 public:
  std::string_view name() const override { return "tess"; }

  std::string_view description() const override {
    return "Toronto emotional speech set: speaker_word_emotion, as in OAF_back_angry.wav";
  }

  std::optional<Utterance> parse(std::string_view relative_path) const override {
    const auto name = split_recording_name(relative_path);
    if (!name) return std::nullopt;
    const std::size_t first = name->stem.find('_');
    const std::size_t last = name->stem.rfind('_');
    if (first == last) return std::nullopt;  // fewer than two of them
    const std::string_view word = name->stem.substr(first + 1, last - first - 1);
    const std::string_view emotion = name->stem.substr(last + 1);
    Utterance utterance;
    utterance.speaker = speaker_named(name->stem.substr(0, first));
    if (utterance.speaker.empty() || word.empty() || !std::ranges::all_of(word, is_letter) ||
        std::ranges::find(kEmotions, lower_case(emotion)) == kEmotions.end()) {
      return std::nullopt;
    }
    utterance.id = relative_path;
    utterance.corpus = "TESS";
    utterance.text = lower_case(word);
    utterance.label = emotion;
    return utterance;
  }

  std::vector<Example> examples() const override {
    const auto fits = [](const std::string& path, std::string speaker, std::string text,
                         std::string label) {
      return Example{
          path, Utterance{path, {}, "TESS", std::move(speaker), std::move(text), std::move(label)}};
    };
    return {
        fits("OAF_Fear/OAF_back_fear.wav", "OAF", "back", "fear"),
        fits("OAF_fear/OAF_back_fear.wav", "OAF", "back", "fear"),
        fits("OAF_Pleasant_surprise/OAF_youth_ps.wav", "OAF", "youth", "ps"),
        fits("YAF_pleasant_surprised/YAF_youth_ps.wav", "YAF", "youth", "ps"),
        fits("OAF_neutral/OA_bite_neutral.wav", "OAF", "bite", "neutral"),
        fits("TESS Toronto emotional speech set data/YAF_sad/YAF_pearl_sad.wav", "YAF", "pearl",
             "sad"),
        fits("oaf_back_angry.WAV", "OAF", "back", "angry"),
        fits("converted/YAF_Back_Happy.flac", "YAF", "back", "Happy"),
        {"OAF_angry/OAF_angry.wav", std::nullopt},
        {"OAF_angry/OAF__angry.wav", std::nullopt},
        {"OAF_angry/OAF_back_angry.txt", std::nullopt},
        {"OAF_angry/OAF_back_angry (1).wav", std::nullopt},
        {"OAF_angry/XAF_back_angry.wav", std::nullopt},
        {"OAF_angry/OAF_back_furious.wav", std::nullopt},
        {"OAF_angry/OAF_back_door_angry.wav", std::nullopt},
    };
  }
};

}  // namespace

const Layout& tess_layout() {
  static const TessLayout layout;
  return layout;
}

}  // namespace ser::corpus
