#include "reading_options.h"

#include <cmath>
#include <memory>

namespace ser::apps {
namespace {

// The longest stretch of a recording, in frames, at any rate from this on, so that the duration is
// what limits it at usual ones.
constexpr double kUsualRate_hz = 48000.0;

}  // namespace

void add_reading_options(CLI::App& app) {
  const auto defaults = std::make_shared<audio::LoadDefaults>();
  auto& limits = defaults->limits;
  const auto add = [&](const std::string& name, auto& value, const std::string& help) {
    return app.add_option(name, value, help)->capture_default_str()->group("Reading");
  };
  app.add_flag_callback(
         "--strict", [defaults] { defaults->truncation = audio::Truncation::kRefuse; },
         "refuse recordings of which a part is missing, in place of a warning")
      ->group("Reading");
  add("--max-channels", limits.max_channels, "refuse recordings of more channels")
      ->check(CLI::Range(1, 1024));
  add("--min-rate", limits.min_sample_rate_hz, "refuse recordings of a lower rate, in Hz")
      ->check(CLI::Range(1000, 10000000));
  add("--max-rate", limits.max_sample_rate_hz, "refuse recordings of a higher rate, in Hz")
      ->check(CLI::Range(1000, 10000000));
  auto* const duration =
      add("--max-duration", limits.max_duration_s,
          "refuse recordings of which more seconds would be read at once; with --segments a week, "
          "unless this is given");
  duration->check([](const std::string& text) {
    double value = -1.0;
    // written so that NaN fails
    const bool good = CLI::detail::lexical_cast(text, value) && value >= 0.001 && value <= 1e7;
    return good ? std::string() : "expected 0.001 to 1e7 seconds, found " + text;
  });
  add("--max-bytes", limits.max_bytes, "refuse larger files")
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1} << 62));
  app.parse_complete_callback([defaults, duration] {
    auto& set = defaults->limits;
    if (duration->count() > 0) defaults->max_streamed_duration_s = set.max_duration_s;
    if (set.min_sample_rate_hz > set.max_sample_rate_hz) {
      throw CLI::ValidationError("--min-rate", "must not exceed --max-rate");
    }
    set.max_frames = static_cast<std::int64_t>(std::ceil(set.max_duration_s * kUsualRate_hz));
    audio::set_load_defaults(*defaults);
  });
}

}  // namespace ser::apps
