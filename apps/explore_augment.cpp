#include <algorithm>
#include <memory>

#include <spdlog/spdlog.h>

#include "ser/audio/write.h"
#include "ser/core/error.h"
#include "ser/core/interrupted.h"
#include "ser/core/json.h"
#include "ser/report/sounds.h"

#include "app_main.h"
#include "explore_sound.h"
#include "progress.h"
#include "recipe_options.h"
#include "report_page.h"
#include "sound_input.h"

namespace ser::apps {
namespace {

struct AugmentRequest {
  std::string file;
  std::string out;
  std::string kinds;
  std::string parameters = "{}";
  std::uint64_t seed = 1;
  SoundPart part;
};

// Kinds that cannot be made without parameters that nobody gave, such as a folder of noises, and
// why.
using LeftOutKinds = std::vector<std::vector<std::string>>;

std::vector<std::unique_ptr<augment::Augmentation>> make_augmentations(
    const AugmentRequest& request, LeftOutKinds& left_out) {
  const auto parameters = core::parse_json(request.parameters, "--parameters");
  if (!parameters.is_object()) {
    throw core::ConfigError("E_CONFIG_VALUE",
                            "--parameters: expected an object, as in {\"gain\": {\"gain_db\": 6}}");
  }
  const auto known = augment::augmentation_kinds();
  for (const auto& [kind, value] : parameters.items()) {
    // An unknown one is told of with all that are known.
    augment::make_augmentation(kind, value, "--parameters." + kind);
  }
  const auto chosen = request.kinds.empty() ? known : split_list(request.kinds);
  std::vector<std::unique_ptr<augment::Augmentation>> augmentations;
  for (const auto& kind : chosen) {
    const bool is_given = parameters.contains(kind);
    const bool is_known = std::ranges::find(known, kind) != known.end();
    try {
      augmentations.push_back(augment::make_augmentation(
          kind, is_given ? parameters[kind] : core::Json::object(), kind));
    } catch (const core::ConfigError& error) {
      if (is_given || !is_known || !request.kinds.empty()) throw;
      left_out.push_back({kind, error.what()});
      spdlog::warn("not tried: {}; see --parameters", error.what());
    }
  }
  if (augmentations.empty()) throw core::ConfigError("E_USAGE", "--kinds names no augmentation");
  return augmentations;
}

int explore_augment(const AugmentRequest& request) {
  require_distinct_files({{"the recording", request.file}, {"the folder", request.out}});
  LeftOutKinds left_out;
  const auto augmentations = make_augmentations(request, left_out);
  OutputFolder folder(request.out);
  OutputFile page(folder.file("index.html"));
  const auto sound = read_sound(request.file, request.part);
  const core::RandomStream random(request.seed);
  std::vector<std::unique_ptr<OutputFile>> files;
  const auto write = [&](const std::string& name, const std::string& bytes) {
    files.push_back(std::make_unique<OutputFile>(folder.file(name)));
    files.back()->write(bytes);
  };
  const std::string original = "as_it_is.wav";
  write(original, audio::wav_bytes(sound.clip));
  std::vector<report::AlteredSound> altered;
  std::vector<const augment::Augmentation*> drawn;
  Progress progress("augmentations");
  for (const auto& augmentation : augmentations) {
    if (stop_requested()) throw core::Interrupted();
    auto one = report::alter_sound(sound, *augmentation, random);
    if (one.stage == augment::Stage::kWaveform) {
      one.file = one.kind + ".wav";
      write(one.file, audio::wav_bytes(one.clip));
    }
    write(one.kind + ".svg", one.picture.svg());
    write(one.kind + ".png", one.picture.png());
    altered.push_back(std::move(one));
    drawn.push_back(augmentation.get());
    progress.update(altered.size(), augmentations.size());
  }
  progress.finish();
  const auto overview = report::altered_sounds_picture(sound, drawn, random);
  write("augmentations.svg", overview.svg());
  write("augmentations.png", overview.png());
  report::write_augmentation_page(sound, original, altered, left_out, page.sink());
  std::vector<OutputFile*> all = {&page};
  for (const auto& file : files) all.push_back(file.get());
  commit(all);
  folder.keep();
  return kDone;
}

}  // namespace

Subcommand add_augment_command(CLI::App& parent) {
  CLI::App* const app = parent.add_subcommand(
      "augment", "Writes and draws what each augmentation makes of a recording.");
  const auto request = std::make_shared<AugmentRequest>();
  app->add_option("FILE", request->file, "the recording")->required();
  app->add_option("-o,--out", request->out,
                  "folder for the recordings (.wav), pictures (.svg, .png) and a page with both")
      ->required()
      ->type_name("DIR");
  app->add_option("--kinds", request->kinds, "which, with commas between; default: all");
  app->add_option("--parameters", request->parameters,
                  "of augmentations, as in {\"recorded_noise\": {\"folder\": \"noises\"}}")
      ->type_name("JSON");
  app->add_option("--seed", request->seed, "of all that is random")->capture_default_str();
  add_part_options(*app, request->part);
  return {app, [request] { return explore_augment(*request); }};
}

}  // namespace ser::apps
