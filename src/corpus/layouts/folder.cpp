// Any tree in which the folder that directly holds a file is named after its class.
#include "corpus/layouts.h"
#include "corpus/recording_name.h"

namespace ser::corpus {
namespace {

class FolderLayout final : public Layout {
 public:
  std::string_view name() const override { return "folder"; }

  std::string_view description() const override {
    return "plain tree: the folder that holds a file names its class, as in happy/clip7.wav";
  }

  std::optional<Utterance> parse(std::string_view relative_path) const override {
    const auto name = split_recording_name(relative_path);
    if (!name || name->folder.empty()) return std::nullopt;
    Utterance utterance;
    utterance.id = relative_path;
    utterance.label = name->folder;
    return utterance;
  }

  std::vector<Example> examples() const override {
    const auto fits = [](const std::string& path, std::string label) {
      return Example{path, Utterance{path, {}, "", "", "", std::move(label)}};
    };
    return {
        fits("happy/clip7.wav", "happy"),
        fits("speaker 1/Very Sad/a.b.FLAC", "Very Sad"),
        fits("\xC3\xA4rgerlich/1.aif", "\xC3\xA4rgerlich"),
        fits("caf\xE9/1.wave", "caf\xE9"),
        {"clip7.wav", std::nullopt},
        {"happy/", std::nullopt},
        {"happy/.wav", std::nullopt},
        {"happy/notes.txt", std::nullopt},
        {"/clip7.wav", std::nullopt},
        {"../clip7.wav", std::nullopt},
        {"happy//clip7.wav", std::nullopt},
        {"", std::nullopt},
    };
  }
};

}  // namespace

const Layout& folder_layout() {
  static const FolderLayout layout;
  return layout;
}

}  // namespace ser::corpus
