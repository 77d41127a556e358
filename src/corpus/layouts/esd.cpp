// Emotional speech database (Zhou et al., 2021): ten speakers of Mandarin (0001 to 0010) and ten of
// English (0011 to 0020) say 350 sentences in five emotions.
// 0011/Angry/train/0011_000351.wav: speaker, emotion, part (train, evaluation, test; not in every
// distribution), and a number that counts the sentences of one emotion after those of another.
#include <algorithm>
#include <array>

#include "corpus/ascii.h"
#include "corpus/layouts.h"
#include "corpus/recording_name.h"

namespace ser::corpus {
namespace {

// In the order of the numbers.
constexpr std::array<std::string_view, 5> kEmotions = {"Neutral", "Angry", "Happy", "Sad",
                                                       "Surprise"};
constexpr int kSentences = 350;
constexpr int kSpeakers = 20;
constexpr int kMandarinSpeakers = 10;

// Empty if it is none.
std::string part_named(std::string_view folder) {
  if (folder == "train" || folder == "test") return std::string(folder);
  return folder == "evaluation" ? "validation" : "";
}

// The name of the folder that holds the file's own; empty if there is none.
std::string_view outer_folder(std::string_view relative_path) {
  const auto parts = split_fields(relative_path, '/');
  return parts.size() < 3 ? std::string_view() : parts[parts.size() - 3];
}

class EsdLayout final : public Layout {
 public:
  std::string_view name() const override { return "esd"; }

  std::string_view description() const override {
    return "Emotional speech database, Mandarin and English: speaker, emotion, part, as in "
           "0011/Angry/train/0011_000351.wav";
  }

  std::vector<std::string> attribute_names() const override { return {"language"}; }

  std::optional<Utterance> parse(std::string_view relative_path) const override {
    const auto name = split_recording_name(relative_path);
    if (!name || name->stem.size() != 11 || name->stem[4] != '_') return std::nullopt;
    const std::string_view speaker = name->stem.substr(0, 4);
    const std::string_view number = name->stem.substr(5);
    if (!is_number_between(speaker, 1, kSpeakers) ||
        !is_number_between(number, 1, kSentences * static_cast<int>(kEmotions.size()))) {
      return std::nullopt;
    }
    Utterance utterance;
    utterance.part = part_named(name->folder);
    const auto emotion = std::ranges::find(
        kEmotions, utterance.part.empty() ? name->folder : outer_folder(relative_path));
    if (emotion == kEmotions.end()) return std::nullopt;
    const bool mandarin = number_of(speaker) <= kMandarinSpeakers;
    const int sentence = number_of(number) - 1;
    utterance.id = relative_path;
    utterance.corpus = "ESD";
    utterance.speaker = speaker;
    utterance.label = *emotion;
    // a number out of its emotion's turn says nothing about the sentence
    if (sentence / kSentences == static_cast<int>(emotion - kEmotions.begin())) {
      utterance.text = (mandarin ? "zh" : "en") + std::to_string(sentence % kSentences + 1);
    }
    utterance.attributes = {mandarin ? "Mandarin" : "English"};
    return utterance;
  }

  std::vector<Example> examples() const override {
    const auto fits = [](std::string path, std::string speaker, std::string text, std::string label,
                         std::string part, std::string language) {
      Utterance expected{"", "", "ESD", std::move(speaker), std::move(text), std::move(label)};
      expected.part = std::move(part);
      expected.attributes = {std::move(language)};
      return fitting(std::move(path), std::move(expected));
    };
    return {
        fits("0011/Angry/train/0011_000351.wav", "0011", "en1", "Angry", "train", "English"),
        fits("0011/Angry/0011_000351.wav", "0011", "en1", "Angry", "", "English"),
        fits("ESD/0001/Neutral/evaluation/0001_000350.wav", "0001", "zh350", "Neutral",
             "validation", "Mandarin"),
        fits("0020/Surprise/test/0020_001750.wav", "0020", "en350", "Surprise", "test", "English"),
        fits("0010/Sad/0010_000001.flac", "0010", "", "Sad", "", "Mandarin"),
        {"0011/Angry/train/0021_000351.wav", std::nullopt},
        {"0011/Angry/train/0011_001751.wav", std::nullopt},
        {"0011/Angry/train/0011_00351.wav", std::nullopt},
        {"0011/Anger/train/0011_000351.wav", std::nullopt},
        {"train/0011_000351.wav", std::nullopt},
        {"0011_000351.wav", std::nullopt},
    };
  }
};

}  // namespace

const Layout& esd_layout() {
  static const EsdLayout layout;
  return layout;
}

}  // namespace ser::corpus
