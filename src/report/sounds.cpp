#include "ser/report/sounds.h"

#include <algorithm>
#include <cmath>

#include "ser/corpus/display_name.h"

#include "report/charts/sound_panels.h"
#include "report/page/html.h"

namespace ser::report {
namespace {

using charts::number_text;

double longest_s(const std::vector<NamedSound>& sounds) {
  double longest = 0.0;
  for (const auto& sound : sounds) longest = std::max(longest, sound.clip.duration_s());
  return longest;
}

std::string stage_text(augment::Stage stage) {
  switch (stage) {
    case augment::Stage::kWaveform:
      return "acts on the samples";
    case augment::Stage::kAnalysis:
      return "acts on how features are computed, and cannot be heard";
    case augment::Stage::kFeatures:
      return "acts on the features, and cannot be heard";
  }
  return "";
}

// What it does behind the samples.
features::Alteration alteration_of(const augment::Augmentation& augmentation,
                                   const core::RandomStream& random) {
  features::Alteration alteration;
  if (augmentation.stage() == augment::Stage::kAnalysis) {
    alteration.warp = augmentation.frequency_warp(random);
  }
  if (augmentation.stage() == augment::Stage::kFeatures) {
    alteration.frames = [&augmentation, random](Eigen::MatrixXf& values) {
      const dsp::RowRange all{0, values.rows()};
      augmentation.apply_to_features(values, {&all, 1}, random);
    };
  }
  return alteration;
}

std::vector<std::shared_ptr<const charts::Panel>> altered_panels(
    const audio::Waveform& clip, const features::Alteration& alteration, double duration_s) {
  return {charts::waveform_panel(clip, charts::time_axis(duration_s), 1.0),
          charts::mel_panel(clip, charts::time_axis(duration_s, "seconds"), alteration)};
}

}  // namespace

Picture sounds_picture(const std::vector<NamedSound>& sounds, std::vector<std::string> remarks) {
  const double duration_s = longest_s(sounds);
  const auto time = [&] { return charts::time_axis(duration_s); };
  double peak = 0.0;
  std::vector<std::vector<charts::Point>> contours;
  for (const auto& sound : sounds) {
    for (const float sample : sound.clip.samples) {
      peak = std::max(peak, std::abs(static_cast<double>(sample)));
    }
    contours.push_back(charts::pitch_contour(sound.clip));
  }
  const auto pitches = charts::pitch_axis(contours);
  std::vector<PictureColumn> columns;
  for (std::size_t i = 0; i < sounds.size(); ++i) {
    const auto& [name, clip] = sounds[i];
    columns.push_back({sounds.size() > 1 ? name : "",
                       {charts::waveform_panel(clip, time(), peak),
                        charts::spectrogram_panel(clip, time()), charts::mel_panel(clip, time()),
                        charts::chroma_panel(clip, time()), charts::mfcc_panel(clip, time()),
                        charts::pitch_panel(std::move(contours[i]),
                                            charts::time_axis(duration_s, "seconds"), pitches)}});
  }
  std::string title =
      sounds.size() == 1 ? sounds.front().name : std::to_string(sounds.size()) + " recordings";
  return Picture::side_by_side(std::move(title), std::move(remarks), std::move(columns));
}

std::string sounds_text(const std::vector<NamedSound>& sounds, const TerminalStyle& style) {
  constexpr std::size_t kWaveRows = 7;
  constexpr std::size_t kMelRows = 16;
  constexpr float kFloor_db = -80.0F;
  std::string text;
  for (const auto& [name, clip] : sounds) {
    const Eigen::MatrixXf mel = charts::mel_bands_db(clip);
    const Eigen::MatrixXf shares = (1.0F - (mel.array() - mel.maxCoeff()) / kFloor_db).matrix();
    text += (text.empty() ? "" : "\n") + corpus::display_name(name) + ": " +
            number_text(clip.duration_s(), 2) + " s, " + std::to_string(clip.sample_rate_hz) +
            " Hz\n" + terminal_wave(clip.samples, kWaveRows, style) + "\nMel spectrogram, 0 to " +
            number_text(clip.sample_rate_hz / 2.0, 0) + " Hz\n" +
            terminal_raster(shares, kMelRows, style);
  }
  return text;
}

AlteredSound alter_sound(const NamedSound& sound, const augment::Augmentation& augmentation,
                         const core::RandomStream& random) {
  const std::string kind(augmentation.kind());
  const auto stream = random.fork(kind);
  auto clip = augmentation.apply(sound.clip, stream);
  const auto alteration = alteration_of(augmentation, stream);
  const double duration_s = std::max(sound.clip.duration_s(), clip.duration_s());
  auto picture = Picture::side_by_side(kind, {stage_text(augmentation.stage())},
                                       {{"as it is", altered_panels(sound.clip, {}, duration_s)},
                                        {kind, altered_panels(clip, alteration, duration_s)}});
  return {kind,
          core::json_text(augmentation.configuration()),
          augmentation.stage(),
          std::move(clip),
          std::move(picture),
          ""};
}

Picture altered_sounds_picture(const NamedSound& sound,
                               const std::vector<const augment::Augmentation*>& augmentations,
                               const core::RandomStream& random) {
  constexpr std::size_t kColumns = 3;
  std::vector<PictureColumn> columns(std::min(kColumns, augmentations.size() + 1));
  std::size_t count = 0;
  const auto add = [&](const audio::Waveform& clip, const features::Alteration& alteration,
                       const std::string& heading) {
    columns[count++ % columns.size()].panels.push_back(
        charts::mel_panel(clip, charts::time_axis(clip.duration_s()), alteration, heading));
  };
  add(sound.clip, {}, "as it is");
  for (const auto* augmentation : augmentations) {
    const auto stream = random.fork(augmentation->kind());
    add(augmentation->apply(sound.clip, stream), alteration_of(*augmentation, stream),
        std::string(augmentation->kind()));
  }
  return Picture::side_by_side(
      sound.name, {"Mel spectrograms: the recording, and what each augmentation makes of it"},
      std::move(columns));
}

void write_augmentation_page(const NamedSound& sound, const std::string& file,
                             const std::vector<AlteredSound>& altered,
                             const std::vector<std::vector<std::string>>& left_out,
                             const std::function<void(std::string_view)>& sink) {
  constexpr std::string_view kPlayer = "<audio controls=\"\" preload=\"none\" src=\"";
  page::Html html(sink, "Augmentations of " + corpus::display_name(sound.name));
  html.element("p",
               "What training can make of a recording, each with its default parameters or "
               "those that were asked for.");
  html.raw("<p>As it is: ").raw(kPlayer).text(file).raw("\"></audio></p>\n");
  for (const auto& one : altered) {
    html.section(one.kind, one.kind).raw("<p>").text(stage_text(one.stage)).raw("; <code>");
    html.text(one.parameters).raw("</code></p>\n");
    if (!one.file.empty()) {
      html.raw("<p>").raw(kPlayer).text(one.file).raw("\"></audio></p>\n");
    }
    html.chart(one.kind, "", one.picture, page::Html::Size::kWide);
  }
  if (!left_out.empty()) {
    html.section("left-out", "Not tried");
    Table table = {{"Augmentation", "Why"}};
    table.insert(table.end(), left_out.begin(), left_out.end());
    html.table(table);
  }
  html.end();
}

}  // namespace ser::report
