#include <memory>

#include <spdlog/spdlog.h>

#include "ser/core/error.h"
#include "ser/report/sounds.h"

#include "app_main.h"
#include "explore_sound.h"
#include "picture_file.h"
#include "sound_input.h"
#include "terminal_options.h"

namespace ser::apps {
namespace {

constexpr std::size_t kMostSounds = 12;  // that a picture has room for

struct ClipRequest {
  std::vector<std::string> files;
  std::vector<std::string> out;
  SoundPart part;
  TerminalRequest terminal;
};

int explore_clip(const ClipRequest& request) {
  if (request.out.empty() && !request.terminal.draw) {
    throw core::ConfigError("E_USAGE", "where to? --out NAME.svg or NAME.png, or --terminal");
  }
  if (request.files.size() > kMostSounds) {
    throw core::ConfigError("E_USAGE", "a picture has room for " + std::to_string(kMostSounds) +
                                           " recordings; found " +
                                           std::to_string(request.files.size()));
  }
  std::vector<std::pair<std::string, std::string>> places;
  for (const auto& out : request.out) places.emplace_back("a picture", out);
  for (const auto& file : request.files) {
    places.emplace_back("the recording", file);
    require_distinct_files(places);
    places.pop_back();  // two recordings may well be one
  }
  std::vector<std::unique_ptr<PictureFile>> pictures;
  for (const auto& out : request.out) pictures.push_back(std::make_unique<PictureFile>(out));
  std::vector<report::NamedSound> sounds;
  for (const auto& file : request.files) sounds.push_back(read_sound(file, request.part));
  if (request.terminal.draw) {
    print(report::sounds_text(sounds, terminal_style(request.terminal.colour)));
  }
  if (pictures.empty()) return kDone;
  std::vector<std::string> remarks;
  if (sounds.size() == 1) {
    remarks.push_back(fmt::format("{:.2f} s at {} Hz", sounds.front().clip.duration_s(),
                                  sounds.front().clip.sample_rate_hz));
  }
  const auto picture = report::sounds_picture(sounds, std::move(remarks));
  std::vector<OutputFile*> files;
  for (const auto& file : pictures) {
    file->write(picture);
    files.push_back(file.get());
  }
  commit(files);
  return kDone;
}

}  // namespace

Subcommand add_clip_command(CLI::App& parent) {
  CLI::App* const app = parent.add_subcommand(
      "clip", "Draws recordings: waveform, spectrogram, mel spectrogram, chroma, MFCC and pitch.");
  const auto request = std::make_shared<ClipRequest>();
  app->add_option("FILE", request->files, "recordings; several are drawn side by side")->required();
  app->add_option("-o,--out", request->out, "the picture, NAME.svg or NAME.png; repeatable")
      ->allow_extra_args(false);
  add_part_options(*app, request->part);
  add_terminal_options(*app, request->terminal);
  return {app, [request] { return explore_clip(*request); }};
}

}  // namespace ser::apps
