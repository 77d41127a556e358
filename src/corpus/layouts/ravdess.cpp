// Ryerson audio-visual database of emotional speech and song (Livingstone and Russo, 2018): 24
// actors, two statements, eight emotions (six of them sung). 03-01-05-01-02-02-12.wav: modality,
// vocal channel, emotion, intensity, statement, repetition, actor.
#include <array>

#include "corpus/ascii.h"
#include "corpus/layouts.h"
#include "corpus/recording_name.h"

namespace ser::corpus {
namespace {

constexpr std::array<int, 7> kMost = {3, 2, 8, 2, 2, 2, 24};

constexpr std::array kModalities = {"audio-video", "video", "audio"};
constexpr std::array kChannels = {"speech", "song"};
constexpr std::array kIntensities = {"normal", "strong"};
constexpr std::array kStatements = {"Kids are talking by the door", "Dogs are sitting by the door"};

class RavdessLayout final : public Layout {
 public:
  std::string_view name() const override { return "ravdess"; }

  std::string_view description() const override {
    return "Ryerson database of emotional speech and song: modality, channel, emotion, intensity, "
           "statement, repetition, actor, as in 03-01-05-01-02-02-12.wav";
  }

  std::vector<std::string> attribute_names() const override {
    return {"channel", "intensity", "repetition", "gender", "modality"};
  }

  std::optional<Utterance> parse(std::string_view relative_path) const override {
    const auto name = split_recording_name(relative_path);
    if (!name || name->stem.size() != 20) return std::nullopt;
    const auto fields = split_fields(name->stem, '-');
    if (fields.size() != kMost.size()) return std::nullopt;
    std::array<std::size_t, kMost.size()> index{};  // from 0
    for (std::size_t i = 0; i < kMost.size(); ++i) {
      if (fields[i].size() != 2 || !is_number_between(fields[i], 1, kMost[i])) return std::nullopt;
      index[i] = static_cast<std::size_t>(number_of(fields[i]) - 1);
    }
    Utterance utterance;
    utterance.id = relative_path;
    utterance.corpus = "RAVDESS";
    utterance.speaker = fields[6];
    utterance.text = kStatements[index[4]];
    utterance.label = fields[2];
    // actors of odd number are men
    utterance.attributes = {kChannels[index[1]], kIntensities[index[3]],
                            std::to_string(index[5] + 1), index[6] % 2 == 0 ? "male" : "female",
                            kModalities[index[0]]};
    return utterance;
  }

  std::vector<Example> examples() const override {
    const auto fits = [](std::string path, std::string speaker, std::size_t statement,
                         std::string label, std::vector<std::string> attributes) {
      Utterance expected{
          "", "", "RAVDESS", std::move(speaker), kStatements[statement], std::move(label)};
      expected.attributes = std::move(attributes);
      return fitting(std::move(path), std::move(expected));
    };
    return {
        fits("Actor_12/03-01-05-01-02-02-12.wav", "12", 1, "05",
             {"speech", "normal", "2", "female", "audio"}),
        fits("Actor_01/03-01-01-01-01-01-01.wav", "01", 0, "01",
             {"speech", "normal", "1", "male", "audio"}),
        fits("Audio_Song_Actors_01-24/Actor_24/03-02-06-02-01-02-24.wav", "24", 0, "06",
             {"song", "strong", "2", "female", "audio"}),
        fits("01-01-08-02-02-01-23.flac", "23", 1, "08",
             {"speech", "strong", "1", "male", "audio-video"}),
        {"Actor_12/03-01-05-01-02-02-25.wav", std::nullopt},
        {"Actor_12/03-01-09-01-02-02-12.wav", std::nullopt},
        {"Actor_12/03-01-05-01-03-02-12.wav", std::nullopt},
        {"Actor_12/03-03-05-01-02-02-12.wav", std::nullopt},
        {"Actor_12/03-01-05-00-02-02-12.wav", std::nullopt},
        {"Actor_12/03-01-05-01-02-12.wav", std::nullopt},
        {"Actor_12/03-01-05-01-02-02-1a.wav", std::nullopt},
        {"Actor_12/03_01_05_01_02_02_12.wav", std::nullopt},
        {"Actor_12/02-01-05-01-02-02-12.mp4", std::nullopt},
    };
  }
};

}  // namespace

const Layout& ravdess_layout() {
  static const RavdessLayout layout;
  return layout;
}

}  // namespace ser::corpus
