#include "augment/recording_folder.h"

#include <algorithm>
#include <system_error>

#include "ser/audio/load.h"
#include "ser/core/error.h"
#include "ser/core/recording_name.h"

namespace ser::augment {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void reject_folder(const std::string& path, const std::string& why) {
  throw core::ConfigError("E_CONFIG_VALUE", path + ": " + why);
}

[[noreturn]] void reject_recording(const fs::path& file, const std::string& why) {
  throw core::ConfigError("E_AUGMENT_RECORDING", file.string() +
                                                     " cannot be used for augmentation: " + why +
                                                     "; take it out of the folder, or replace it");
}

std::vector<fs::path> list_recordings(const fs::path& folder, const std::string& path) {
  std::vector<fs::path> files;
  std::error_code error;
  std::error_code ignored;  // a link that leads nowhere is refused when it is read
  fs::recursive_directory_iterator entry(folder, error);
  while (!error && entry != fs::recursive_directory_iterator()) {
    const std::string name = entry->path().filename().native();
    if (name.starts_with('.')) {
      entry.disable_recursion_pending();
    } else if (core::is_recording_name(name) && !entry->is_directory(ignored)) {
      files.push_back(entry->path());
    }
    entry.increment(error);
  }
  if (error) {
    reject_folder(path, "cannot read the folder \"" + folder.string() + "\": " + error.message());
  }
  if (files.empty()) {
    reject_folder(path, "there are no recordings in \"" + folder.string() +
                            "\" (files that end in .wav, .wave, .aif, .aiff, .aifc or .flac)");
  }
  std::ranges::sort(files, {}, [](const fs::path& file) { return file.native(); });
  return files;
}

audio::Waveform load(const fs::path& file, const audio::LoadOptions& options) {
  try {
    return audio::load_audio(file, options).waveform;
  } catch (const core::AudioError& error) {
    // Not an AudioError: it is not the clip that is at fault.
    reject_recording(file, error.code() + " " + error.what());
  }
}

}  // namespace

RecordingFolder::RecordingFolder(const fs::path& folder, const std::string& path) {
  if (folder.empty()) reject_folder(path, "must name a folder of recordings");
  audio::LoadOptions options;
  options.limits.max_duration_s = std::min(options.limits.max_duration_s, kLongestRecordingS);
  for (auto& file : list_recordings(folder, path)) {
    const auto waveform = load(file, options);
    if (std::ranges::all_of(waveform.samples, [](float sample) { return sample == 0.0F; })) {
      reject_recording(file, "it is silent");
    }
    recordings_.push_back({std::move(file), waveform.duration_s()});
  }
}

std::vector<float> RecordingFolder::read(std::size_t recording, double offset_s, double duration_s,
                                         int sample_rate_hz) const {
  audio::LoadOptions options;
  options.offset_s = offset_s;
  options.duration_s = duration_s;
  options.sample_rate_hz = sample_rate_hz;
  return load(recordings_[recording].file, options).samples;
}

}  // namespace ser::augment
