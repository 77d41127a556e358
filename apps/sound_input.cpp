#include "sound_input.h"

#include <cmath>
#include <filesystem>

#include <spdlog/spdlog.h>

#include "ser/audio/load.h"

namespace ser::apps {
namespace {

constexpr int kMostRate_hz = 48000;

CLI::Validator seconds(double least, double most) {
  return CLI::Validator(
      [least, most](const std::string& text) {
        double value = std::nan("");
        // written so that NaN fails
        const bool good = CLI::detail::lexical_cast(text, value) && value >= least && value <= most;
        return good ? std::string() : "expected seconds within its range, found " + text;
      },
      "SECONDS");
}

}  // namespace

void add_part_options(CLI::App& app, SoundPart& part) {
  app.add_option("--offset", part.offset_s, "seconds that are skipped at the start")
      ->check(seconds(0.0, 86400.0))
      ->capture_default_str();
  app.add_option("--duration", part.duration_s, "seconds that are looked at, 0.01 to 600")
      ->check(seconds(0.01, 600.0))
      ->capture_default_str();
}

report::NamedSound read_sound(const std::string& path, const SoundPart& part) {
  audio::LoadOptions options;
  options.offset_s = part.offset_s;
  options.duration_s = part.duration_s;
  auto loaded = audio::load_audio(path, options);
  for (const auto& warning : loaded.warnings) spdlog::warn("{}: {}", path, warning);
  if (loaded.waveform.sample_rate_hz > kMostRate_hz) {
    options.sample_rate_hz = kMostRate_hz;
    loaded = audio::load_audio(path, options);
  }
  const double whole_s =
      static_cast<double>(loaded.source_frames) / std::max(loaded.source_sample_rate_hz, 1);
  const double end_s = part.offset_s + loaded.waveform.duration_s();
  if (whole_s > end_s + 0.05) {
    spdlog::info("{}: {:.2f} to {:.2f} s of {:.2f}; see --offset and --duration", path,
                 part.offset_s, end_s, whole_s);
  }
  return {std::filesystem::path(path).filename().string(), std::move(loaded.waveform)};
}

}  // namespace ser::apps
