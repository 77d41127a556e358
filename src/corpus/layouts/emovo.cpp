// EMOVO (Costantini et al., 2014): six Italian actors, 14 sentences, seven emotions.
// dis-f1-b1.wav: emotion (disgusto, gioia, neutrale, paura, rabbia, sorpresa, tristezza), actor (f1
// to f3 women, m1 to m3 men), sentence (b short, l long, n nonsense, d question, with its number).
#include <algorithm>
#include <array>

#include "corpus/ascii.h"
#include "corpus/layouts.h"
#include "corpus/recording_name.h"

namespace ser::corpus {
namespace {

constexpr std::array<std::string_view, 7> kEmotions = {"dis", "gio", "neu", "pau",
                                                       "rab", "sor", "tri"};
constexpr std::string_view kSentences = "blnd";

class EmovoLayout final : public Layout {
 public:
  std::string_view name() const override { return "emovo"; }

  std::string_view description() const override {
    return "EMOVO, Italian: emotion, actor, sentence, as in dis-f1-b1.wav";
  }

  std::vector<std::string> attribute_names() const override { return {"gender"}; }

  std::optional<Utterance> parse(std::string_view relative_path) const override {
    const auto name = split_recording_name(relative_path);
    if (!name || name->stem.size() != 9) return std::nullopt;
    const std::string stem = lower_case(name->stem);
    const auto fields = split_fields(stem, '-');
    if (fields.size() != 3 || fields[1].size() != 2 || fields[2].size() != 2 ||
        std::ranges::find(kEmotions, fields[0]) == kEmotions.end() ||
        (fields[1][0] != 'f' && fields[1][0] != 'm') ||
        !is_number_between(fields[1].substr(1), 1, 3) ||
        kSentences.find(fields[2][0]) == std::string_view::npos ||
        !is_number_between(fields[2].substr(1), 1, 5)) {
      return std::nullopt;
    }
    Utterance utterance;
    utterance.id = relative_path;
    utterance.corpus = "EMOVO";
    utterance.speaker = fields[1];
    utterance.text = fields[2];
    utterance.label = fields[0];
    utterance.attributes = {fields[1][0] == 'f' ? "female" : "male"};
    return utterance;
  }

  std::vector<Example> examples() const override {
    const auto fits = [](std::string path, std::string speaker, std::string text, std::string label,
                         std::string gender) {
      Utterance expected{"", "", "EMOVO", std::move(speaker), std::move(text), std::move(label)};
      expected.attributes = {std::move(gender)};
      return fitting(std::move(path), std::move(expected));
    };
    return {
        fits("f1/dis-f1-b1.wav", "f1", "b1", "dis", "female"),
        fits("m3/tri-m3-n5.wav", "m3", "n5", "tri", "male"),
        fits("neu-m2-d2.wav", "m2", "d2", "neu", "male"),
        fits("EMOVO/f2/GIO-F2-L4.WAV", "f2", "l4", "gio", "female"),
        {"f1/dis-f4-b1.wav", std::nullopt},
        {"f1/dis-x1-b1.wav", std::nullopt},
        {"f1/ang-f1-b1.wav", std::nullopt},
        {"f1/dis-f1-c1.wav", std::nullopt},
        {"f1/dis-f1-b6.wav", std::nullopt},
        {"f1/dis-f1b-1.wav", std::nullopt},
        {"f1/dis-f1.wav", std::nullopt},
    };
  }
};

}  // namespace

const Layout& emovo_layout() {
  static const EmovoLayout layout;
  return layout;
}

}  // namespace ser::corpus
