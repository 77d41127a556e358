#include "recording_inputs.h"

#include <filesystem>
#include <fstream>
#include <iostream>

#include "ser/corpus/manifest.h"

namespace ser::apps {
namespace {

using OnRecording = std::function<void(const std::string&)>;
using OnFailure = std::function<void(const std::string&, const core::Error&)>;

// A file is itself; a folder is all recordings below it.
void visit_input(const std::string& input, const OnRecording& on_recording,
                 const OnFailure& on_failure) {
  std::error_code error;
  if (!std::filesystem::is_directory(input, error)) {
    on_recording(input);
    return;
  }
  try {
    const auto recordings = corpus::find_recordings(input);
    if (recordings.empty()) {
      throw core::CorpusError("E_CORPUS_EMPTY", "no recordings in the folder " + input);
    }
    for (const auto& recording : recordings) on_recording(recording.string());
  } catch (const core::CorpusError& failure) {
    on_failure(input, failure);
  }
}

void visit_list(std::istream& list, const OnRecording& on_recording, const OnFailure& on_failure) {
  std::string line;
  while (std::getline(list, line)) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (!line.empty()) visit_input(line, on_recording, on_failure);
  }
}

}  // namespace

void add_input_options(CLI::App& app, RecordingInputs& inputs) {
  app.add_option("INPUT", inputs.inputs, "recordings, and folders of them");
  app.add_option("--files-from", inputs.files_from,
                 "file with one input a line; -: standard input");
}

void require_inputs(const RecordingInputs& inputs) {
  if (inputs.inputs.empty() && inputs.files_from.empty()) {
    throw core::ConfigError("E_USAGE",
                            "which recordings? name files or folders, or use --files-from");
  }
}

void for_each_recording(const RecordingInputs& inputs, const OnRecording& on_recording,
                        const OnFailure& on_failure) {
  for (const auto& input : inputs.inputs) visit_input(input, on_recording, on_failure);
  if (inputs.files_from.empty()) return;
  if (inputs.files_from == "-") {
    visit_list(std::cin, on_recording, on_failure);
    return;
  }
  std::ifstream list(inputs.files_from);
  if (!list || std::filesystem::is_directory(inputs.files_from)) {
    throw core::ConfigError("E_FILE_READ", "cannot read the list of files " + inputs.files_from);
  }
  visit_list(list, on_recording, on_failure);
}

}  // namespace ser::apps
