// Crowd-sourced emotional multimodal actors dataset (Cao et al., 2014): 91 actors, twelve
// sentences, six emotions. 1001_DFA_ANG_XX.wav: actor, sentence, emotion, intensity; one file of
// the original ends in X alone.
#include <algorithm>
#include <array>

#include "corpus/ascii.h"
#include "corpus/layouts.h"
#include "corpus/recording_name.h"

namespace ser::corpus {
namespace {

constexpr std::array<std::string_view, 6> kEmotions = {"ANG", "DIS", "FEA", "HAP", "NEU", "SAD"};

// Empty if there is no such code.
std::string intensity_named(std::string_view code) {
  if (code == "LO") return "low";
  if (code == "MD") return "medium";
  if (code == "HI") return "high";
  return code == "XX" || code == "X" ? "unspecified" : "";
}

class CremaDLayout final : public Layout {
 public:
  std::string_view name() const override { return "crema_d"; }

  std::string_view description() const override {
    return "CREMA-D: actor, sentence, emotion, intensity, as in 1001_DFA_ANG_XX.wav";
  }

  std::vector<std::string> attribute_names() const override { return {"intensity"}; }

  std::optional<Utterance> parse(std::string_view relative_path) const override {
    const auto name = split_recording_name(relative_path);
    if (!name || name->stem.size() < 14 || name->stem.size() > 15) return std::nullopt;
    const auto fields = split_fields(name->stem, '_');
    if (fields.size() != 4 || !is_number_between(fields[0], 1001, 1091) || fields[1].size() != 3 ||
        !std::ranges::all_of(fields[1],
                             [](char c) { return is_letter(c) && upper_case(c) == c; }) ||
        std::ranges::find(kEmotions, fields[2]) == kEmotions.end()) {
      return std::nullopt;
    }
    const std::string intensity = intensity_named(fields[3]);
    if (intensity.empty()) return std::nullopt;
    Utterance utterance;
    utterance.id = relative_path;
    utterance.corpus = "CREMA-D";
    utterance.speaker = fields[0];
    utterance.text = fields[1];
    utterance.label = fields[2];
    utterance.attributes = {intensity};
    return utterance;
  }

  std::vector<Example> examples() const override {
    const auto fits = [](std::string path, std::string speaker, std::string text, std::string label,
                         std::string intensity) {
      Utterance expected{"", "", "CREMA-D", std::move(speaker), std::move(text), std::move(label)};
      expected.attributes = {std::move(intensity)};
      return fitting(std::move(path), std::move(expected));
    };
    return {
        fits("AudioWAV/1001_DFA_ANG_XX.wav", "1001", "DFA", "ANG", "unspecified"),
        fits("AudioWAV/1091_WSI_SAD_XX.wav", "1091", "WSI", "SAD", "unspecified"),
        fits("1040_ITH_SAD_X.wav", "1040", "ITH", "SAD", "unspecified"),
        fits("x/1002_IEO_HAP_HI.wav", "1002", "IEO", "HAP", "high"),
        fits("1002_IEO_FEA_LO.flac", "1002", "IEO", "FEA", "low"),
        fits("1002_IEO_DIS_MD.wav", "1002", "IEO", "DIS", "medium"),
        {"AudioWAV/1092_DFA_ANG_XX.wav", std::nullopt},
        {"AudioWAV/1000_DFA_ANG_XX.wav", std::nullopt},
        {"AudioWAV/1001_DFA_BOR_XX.wav", std::nullopt},
        {"AudioWAV/1001_dfa_ANG_XX.wav", std::nullopt},
        {"AudioWAV/1001_DFA_ANG_YY.wav", std::nullopt},
        {"AudioWAV/1001_DFA_ANG.wav", std::nullopt},
        {"AudioWAV/1001_DFA_ANG_XX.csv", std::nullopt},
    };
  }
};

}  // namespace

const Layout& crema_d_layout() {
  static const CremaDLayout layout;
  return layout;
}

}  // namespace ser::corpus
