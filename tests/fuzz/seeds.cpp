#include <cmath>
#include <cstring>

#include <sndfile.h>

#include "ser/audio/fingerprint.h"
#include "ser/core/base64.h"
#include "ser/core/checksum.h"
#include "ser/core/error.h"
#include "ser/core/json.h"
#include "ser/corpus/fold_list.h"
#include "ser/corpus/layout.h"
#include "ser/corpus/split_file.h"
#include "ser/eval/comparison.h"
#include "ser/model/model_file.h"
#include "ser/train/checkpoint.h"
#include "ser/train/recipe.h"

#include "audio/sound_bytes.h"
#include "fuzz/readers.h"
#include "fuzz/small_manifest.h"

namespace ser::fuzz {
namespace {

using Seeds = std::map<std::string, std::string>;

Seeds wav_seeds() {
  using namespace audio;
  const auto wav = [](int channels, int bits, int code = 1) {
    return riff(chunk("fmt ", pcm_format(channels, 16000, bits, code)) + chunk("data", ramp16(24)));
  };
  const std::string guid_tail("\x00\x00\x10\x00\x80\x00\x00\xAA\x00\x38\x9B\x71", 12);
  const std::string extensible = pcm_format(2, 44100, 24, 0xFFFE) + little(22, 2) + little(24, 2) +
                                 little(3, 4) + little(1, 4) + guid_tail;
  const std::string sizes_64 = little(0, 8) + little(48, 8) + little(0, 8) + little(0, 4);
  std::string swapped = "RIFX" + big(44 + 4, 4) + "WAVE" + "fmt " + big(16, 4) + big(1, 2) +
                        big(1, 2) + big(16000, 4) + big(32000, 4) + big(2, 2) + big(16, 2) +
                        "data" + big(8, 4) + "abcdefgh";
  return {
      {"mono16", wav(1, 16)},
      {"stereo8", wav(2, 8)},
      {"mono24", wav(1, 24)},
      {"mono32", wav(1, 32)},
      {"float", wav(1, 32, 3)},
      {"double", wav(1, 64, 3)},
      {"alaw", wav(1, 8, 6)},
      {"mulaw", wav(1, 8, 7)},
      {"extensible", riff(chunk("fmt ", extensible) + chunk("data", ramp16(24)))},
      {"list", riff(chunk("LIST", "INFOISFTabc") + chunk("fmt ", pcm_format(1, 8000, 16)) +
                    chunk("fact", little(24, 4)) + chunk("data", ramp16(24)) + chunk("cue ", ""))},
      {"truncated",
       riff(chunk("fmt ", pcm_format(1, 16000, 16)) + chunk("data", ramp16(8), 0x10000))},
      {"pipe",
       riff(chunk("fmt ", pcm_format(1, 16000, 16)) + chunk("data", ramp16(8), 0xFFFFFFFF))},
      {"rf64", riff(chunk("ds64", sizes_64) + chunk("fmt ", pcm_format(1, 16000, 16)) +
                        chunk("data", ramp16(24), 0xFFFFFFFF),
                    "RF64")},
      {"rifx", swapped},
      {"tagged", std::string("ID3\x04\x00\x00\x00\x00\x00\x02zz", 12) + wav(1, 16)},
  };
}

Seeds aiff_seeds() {
  using namespace audio;
  const std::string sound = big(0, 4) + big(0, 4) + ramp16(24);
  const auto aiff = [&](int channels, std::uint32_t frames, int bits) {
    return form(big_chunk("COMM", common(channels, frames, bits, extended(16000))) +
                big_chunk("SSND", sound));
  };
  const auto compressed = [&](std::string_view type, std::uint32_t frames, int bits) {
    return form(big_chunk("FVER", big(0xA2805140, 4)) +
                    big_chunk("COMM", common(1, frames, bits, extended(22254)) + std::string(type) +
                                          std::string("\x00\x00", 2)) +
                    big_chunk("SSND", sound),
                "AIFC");
  };
  return {{"mono16", aiff(1, 24, 16)},
          {"stereo8", aiff(2, 24, 8)},
          {"mono24", aiff(1, 16, 24)},
          {"mono32", aiff(1, 12, 32)},
          {"none", compressed("NONE", 24, 16)},
          {"sowt", compressed("sowt", 24, 16)},
          {"float", compressed("fl32", 12, 32)},
          {"double", compressed("fl64", 6, 64)},
          {"ulaw", compressed("ulaw", 48, 16)},
          {"alaw", compressed("alaw", 48, 16)},
          {"raw", compressed("raw ", 48, 8)},
          {"in24", compressed("in24", 16, 24)},
          {"42ni", compressed("42ni", 16, 24)},
          {"offset",
           form(big_chunk("COMM", common(1, 20, 16, extended(8000))) +
                big_chunk("SSND", big(8, 4) + big(0, 4) + ramp16(24)) + big_chunk("NAME", "x"))}};
}

// A file in memory that libsndfile writes to.
struct Written {
  std::string bytes;
  sf_count_t position = 0;

  static sf_count_t length(void* self) { return std::ssize(static_cast<Written*>(self)->bytes); }
  static sf_count_t seek(sf_count_t offset, int whence, void* self) {
    auto& written = *static_cast<Written*>(self);
    const sf_count_t base = whence == SEEK_SET   ? 0
                            : whence == SEEK_CUR ? written.position
                                                 : length(self);
    return written.position = base + offset;
  }
  static sf_count_t read(void* target, sf_count_t count, void* self) {
    auto& written = *static_cast<Written*>(self);
    const auto got = std::min(count, length(self) - written.position);
    std::memcpy(target, written.bytes.data() + written.position, static_cast<std::size_t>(got));
    written.position += got;
    return got;
  }
  static sf_count_t write(const void* source, sf_count_t count, void* self) {
    auto& written = *static_cast<Written*>(self);
    if (length(self) < written.position + count) {
      written.bytes.resize(static_cast<std::size_t>(written.position + count));
    }
    std::memcpy(written.bytes.data() + written.position, source, static_cast<std::size_t>(count));
    written.position += count;
    return count;
  }
  static sf_count_t tell(void* self) { return static_cast<Written*>(self)->position; }
};

std::string flac(int channels, int format, int frames) {
  Written written;
  SF_VIRTUAL_IO callbacks{&Written::length, &Written::seek, &Written::read, &Written::write,
                          &Written::tell};
  SF_INFO info{};
  info.samplerate = 16000;
  info.channels = channels;
  info.format = SF_FORMAT_FLAC | format;
  SNDFILE* const file = sf_open_virtual(&callbacks, SFM_WRITE, &info, &written);
  require(file != nullptr, "libsndfile writes no FLAC");
  std::vector<short> samples;
  for (int i = 0; i < frames * channels; ++i) {
    samples.push_back(static_cast<short>(3000 * std::sin(0.05 * i) + i % 17));
  }
  sf_writef_short(file, samples.data(), frames);
  sf_close(file);
  return written.bytes;
}

Seeds flac_seeds() {
  return {{"mono16", flac(1, SF_FORMAT_PCM_16, 300)},
          {"stereo16", flac(2, SF_FORMAT_PCM_16, 100)},
          {"mono24", flac(1, SF_FORMAT_PCM_24, 100)},
          {"mono8", flac(1, SF_FORMAT_PCM_S8, 300)}};
}

Seeds stream_seeds() {
  Seeds seeds;
  for (const auto& [name, bytes] : wav_seeds()) seeds["wav_" + name] = "\x1F" + bytes;
  for (char encoding = 0; encoding < 14; ++encoding) {
    seeds["raw_" + std::to_string(encoding)] = std::string(1, encoding) + audio::ramp16(12);
  }
  seeds["stereo"] = "\x22" + audio::ramp16(12);
  for (const char* text : {"s16le,16000,1", "mulaw,8000", "f64be,768000,16"}) {
    seeds[std::string("text_") + text] = "\xFF" + std::string(text);
  }
  return seeds;
}

model::EmotionClassifier small_classifier(std::uint64_t seed, const std::string& network,
                                          const std::string& form) {
  model::ClassifierParts parts;
  parts.classes = {"angry", "sad"};
  parts.clip.offset_s = 0.0;
  parts.clip.duration_s = 0.02;
  parts.features.sample_rate_hz = 8000;
  parts.features.fft_size = 64;
  parts.features.hop_length = 32;
  parts.features.mel_bands = 4;
  parts.features.mfcc_count = 2;
  parts.features.form = form;
  parts.features.descriptors = {"rms", "mfcc"};
  const features::FeatureExtractor extractor(parts.features);
  const auto rows = static_cast<Eigen::Index>(extractor.clip_names().size());
  parts.normalizer = dataset::Normalizer(Eigen::VectorXf::LinSpaced(rows, -1.0F, 1.0F),
                                         Eigen::VectorXf::LinSpaced(rows, 0.5F, 2.0F));
  parts.network = core::Json::parse(network);
  parts.parameters = nn::Network(parts.network, model::network_input(extractor, parts.clip))
                         .initialize(core::RandomStream(seed));
  parts.temperature = 1.5;
  parts.provenance = {{"program", "ser"}, {"sounds", {{"train", {{"samples", {"0123"}}}}}}};
  return model::EmotionClassifier(std::move(parts));
}

Seeds model_seeds() {
  const std::string dense = R"([{"layer": "flatten"}, {"layer": "dense", "units": 2}])";
  const std::string many =
      R"([{"layer": "conv1d", "channels": 2, "kernel": 3}, {"layer": "batch_norm"},
          {"layer": "relu"}, {"layer": "max_pool", "size": 2}, {"layer": "flatten"},
          {"layer": "dropout", "rate": 0.5}, {"layer": "dense", "units": 2}])";
  const std::string frames =
      R"([{"layer": "residual", "projection": 2, "layers": [
            {"layer": "depthwise_conv1d", "kernel": 3, "padding": "same"},
            {"layer": "conv1d", "channels": 2, "kernel": 1, "padding": "same"}]},
          {"layer": "squeeze_excitation", "units": 1}, {"layer": "layer_norm"},
          {"layer": "statistics_pool"}, {"layer": "dense", "units": 2}])";
  Seeds seeds;
  const auto add = [&](const std::string& name, const model::Recogniser& recogniser) {
    const std::string bytes = model::serialize(recogniser);
    for (const char way : {0, 2, 4, 8}) {
      seeds[name + "_" + std::to_string(way)] = std::string(1, way) + bytes;
    }
  };
  add("dense", small_classifier(1, dense, "clip"));
  add("many", small_classifier(2, many, "clip"));
  add("frames", small_classifier(3, frames, "frames"));
  std::vector<model::EmotionClassifier> members;
  members.push_back(small_classifier(1, dense, "clip"));
  members.push_back(small_classifier(2, many, "clip"));
  add("ensemble", model::Recogniser(std::move(members), 2.0, {{"program", "ser"}}));
  return seeds;
}

Seeds checkpoint_seeds() {
  train::FitState state;
  state.examples = "0123";
  state.parameters = nn::Vector::Constant(3, 1.0F);
  state.optimizer = {0.25, 7, {nn::Vector::Constant(3, 2.0F), nn::Vector::Constant(3, 3.0F)}};
  state.steps = 6;
  state.result.parameters = nn::Vector::Constant(3, 4.0F);
  state.result.best_epoch = 1;
  state.result.history = {{1, 0.1, 2.0, 0.3, 0.4, 0.5, 0.6}, {2, 0.1, 1.0, 0.3, 0.4, 0.5, 0.6}};
  Seeds seeds = {{"running", std::string(1, '\0') + train::serialize(state, "fit")}};
  state.average = nn::Vector::Constant(3, 5.0F);
  state.average_steps = 5;
  state.done = true;
  state.result.end = train::FitResult::End::kEarlyStopping;
  seeds["done"] = std::string(1, '\0') + train::serialize(state, "fit");
  return seeds;
}

Seeds recipe_seeds() {
  Seeds seeds;
  for (const char* name : {"classic", "functionals", "frames", "lda"}) {
    const auto json = core::config_to_json(train::load_recipe(name));
    seeds[name] = "R" + core::json_text(json);
    for (const char* part : {"corpus", "split", "clip", "features", "training", "network"}) {
      seeds[std::string(name) + "_" + part] = "R" + core::json_text({{part, json[part]}});
    }
  }
  seeds["augment"] =
      R"(R{"augment": [[], [{"noise": {}}], {"copies": 3, "steps": [{"gain": {"gain_db": [-10, 10]}},
      {"room_reverb": {}, "probability": 0.5}, {"vocal_tract_length": {}}, {"spec_augment": {}}]},
      [{"time_stretch": {"rate": 0.8}}, {"pitch_shift": {"semitones": 0.7}}, {"telephone": {}}]],
      "renew": [{"spec_augment": {"time_masks": 2}}]})";
  seeds["members"] = R"(R{"members": [{"recipe": {"name": "a", "network": [{"layer": "flatten"}]},
      "seeds": 2}, {"recipe": {}}]})";
  seeds["layers"] = R"(R{"network": [{"layer": "conv1d", "channels": 4, "kernel": 3, "stride": 2,
      "dilation": 1, "groups": 2, "padding": "causal"}, {"layer": "batch_norm"}, {"layer": "gelu"},
      {"layer": "residual", "projection": 2, "layers": [{"layer": "depthwise_conv1d", "kernel": 3,
      "padding": "same"}, {"layer": "conv1d", "channels": 2, "kernel": 1, "padding": "same"}]},
      {"layer": "channel_dropout", "rate": 0.1}, {"layer": "attentive_pool"}]})";
  seeds["levels"] = R"(R{"network": [{"layer": "multi_level_pool", "blocks": [
      [{"layer": "conv1d", "channels": 4, "kernel": 5}, {"layer": "silu"}],
      [{"layer": "max_pool", "size": 2}, {"layer": "layer_norm"}]]}, {"layer": "dropout"}]})";
  seeds["space"] = R"(S{"training.mixup": [0.0, 0.2], "training.optimizer.learning_rate":
      {"from": 1e-4, "to": 1e-2, "scale": "log"}, "training.batch_size": {"from": 16, "to": 64},
      "network.0.channels": [8, 16], "features.mel_bands": {"from": 20, "to": 128}})";
  return seeds;
}

Seeds manifest_seeds() {
  return {
      {"csv",
       "cpath,label,speaker,text,split,start,end,microphone\n"
       "a.wav,angry,S1,\"well, no\",train,0,2.5,headset\n"
       "a.wav,calm,S2,,dev,2.5,4.75,\nb/c.wav,happy,S3,,test,,,\"a \"\"b\"\"\"\n"},
      {"windows", "c\xEF\xBB\xBFpath,label\r\na.wav,sad\r\n./b/c.wav,sad\r\n"},
      {"tsv", "tpath\tlabel\tspeaker\na.wav\tsad\tS1\nb/c.wav\thappy\tS1\n"},
      {"jsonl",
       "j{\"path\": \"a.wav\", \"label\": \"sad\", \"start\": 0.5, \"end\": \"1.5\"}\n"
       "\n{\"label\": \"happy\", \"path\": \"b/c.wav\", \"age\": 7, \"speaker\": null}\n"},
      {"audformat",
       "afile,start,end,emotion\na.wav,0 days 00:00:00,0 days 00:00:01.500000,anger\n"
       "b/c.wav,0 days 00:00:00,NaT,\nb/c.wav,0,1,sadness\n=\n"
       "file,speaker,transcription\na.wav,1,hallo\nb/c.wav,2,welt\n"},
  };
}

Seeds split_seeds() {
  const auto manifest = small_manifest();
  Seeds seeds;
  for (const char* protocol : {"random", "loso", "text"}) {
    corpus::SplitConfig config;
    config.protocol = protocol;
    config.validation_share = 0.25;
    config.test_share = 0.25;
    try {
      const auto folds = corpus::list_folds(manifest, config, core::RandomStream(1));
      corpus::SplitFileText text(manifest, protocol, 1);
      for (std::size_t i = 0; i < folds->size(); ++i) text.add(folds->make(i));
      seeds[protocol] = text.finish();
    } catch (const core::Error&) {
      require(std::string_view(protocol) != "loso", "the small manifest cannot be split");
    }
  }
  require(seeds.size() >= 2, "the small manifest cannot be split");
  // The first form of the file, which is read still.
  auto first = core::Json::parse(seeds.at("loso"));
  first["schema"] = corpus::kFirstSplitFileSchema;
  core::Json fold = {{"fold", "A"}, {"statement", "s"}};
  fold["train"] = core::Json::array();
  fold["validation"] = core::Json::array();
  fold["test"] = core::Json::array();
  fold["left_out"] = core::Json::array();
  for (const auto& utterance : manifest.utterances) {
    fold[utterance.speaker == "A" ? "test" : "train"].push_back(utterance.id);
  }
  first["folds"] = core::Json::array({fold});
  first.erase("ids");
  seeds["first_form"] = core::json_text(first);
  return seeds;
}

Seeds labels_seeds() {
  Seeds seeds;
  std::string names = "x";
  for (const auto* layout : corpus::layouts()) {
    for (const auto& example : layout->examples()) {
      if (names.size() < 1500) names += example.relative_path + "\n";
    }
    for (const auto& table : layout->table_examples()) {
      seeds["table_" + std::to_string(seeds.size())] =
          (layout->name() == "iemocap" ? "i" : "n") + table.content;
    }
  }
  seeds["names"] = names;
  seeds["map"] = "mmhappy=glad\nmsad=glad\n";
  seeds["keep"] = "mkhappy\nkglad\nmsad=glad\n";
  seeds["drop"] = "mdsad\n";
  return seeds;
}

Seeds results_seeds() {
  eval::NamedResults results;
  results.clips.classes = {"happy", "sad"};
  results.clips.truth = {0, 1};
  results.clips.probabilities = Eigen::MatrixXf::Constant(2, 2, 0.5F);
  results.ids = {"a.wav", "b.wav"};
  results.speakers = {"A", "B"};
  core::Json evaluation = {
      {"schema", "ser-evaluation/1"}, {"protocol", "loso"}, {"speakers", "speaker-independent"}};
  evaluation["metrics"] = {{"clips", 2}, {"confusion", {{"classes", results.clips.classes}}}};
  evaluation["values"] = {{"uar", 0.5}, {"recall.sad", nullptr}};
  evaluation["predictions"] = eval::predictions_json(results);
  std::vector<float> tone(16000);
  for (std::size_t i = 0; i < tone.size(); ++i) {
    tone[i] = std::sin(0.2F * static_cast<float>(i)) * (i > 800 ? 0.5F : 0.0F);
  }
  const std::string print = audio::to_bytes(audio::fingerprint(tone, 16000).reduced());
  const core::Json sounds = {{"samples", {"0123456789abcdef"}},
                             {"labels", {"sad"}},
                             {"fingerprints", {core::to_base64(print)}}};
  const core::Json provenance = {{"sounds", {{"train", sounds}, {"left_out", sounds}}},
                                 {"contents", {{"test", {"0123"}}}}};
  return {{"evaluation", "e" + core::json_text(evaluation)},
          {"baseline", "g" + core::json_text(evaluation)},
          {"score", R"(t{"trial": 3, "fold": 0, "uar": 0.5})"},
          {"score_error", R"(t{"trial": 3, "fold": 0, "error": "E_TRAIN_DIVERGED loss"})"},
          {"provenance", "p" + core::json_text(provenance)},
          {"fingerprint", "f" + print},
          {"base64", "b" + core::to_base64(print)}};
}

Seeds resume_seeds() {
  const std::string rows = "{\"file\": \"a.wav\"}\n";
  const core::Json settings = {{"model", "m"}, {"seed", 1}};
  const core::Json first = {
      {"bytes", rows.size()}, {"checksum", core::checksum64_hex(rows)}, {"note", {{"rows", 1}}}};
  const core::Json second = {{"bytes", 2 * rows.size()},
                             {"checksum", core::checksum64_hex(rows)},
                             {"note", {{"rows", 2}}}};
  const std::string begun = core::json_text(settings);
  const std::string line = "\n" + core::json_text(first);
  const std::string next = "\n" + core::json_text(second);
  return {{"begun", begun + "\n=\n"},
          {"one", begun + line + "\n=\n" + rows},
          {"two", begun + line + next + "\n=\n" + rows + rows},
          {"more", begun + line + next + "\n=\n" + rows + rows + "{\"file"},
          {"fewer", begun + line + next + "\n=\n" + rows + "{\"file"},
          {"other", "{\"model\": \"n\"}" + line + "\n=\n" + rows},
          {"lost", "\n=\n" + rows}};
}

}  // namespace

Seeds seeds_of(std::string_view reader) {
  if (reader == "wav") return wav_seeds();
  if (reader == "aiff") return aiff_seeds();
  if (reader == "flac") return flac_seeds();
  if (reader == "stream") return stream_seeds();
  if (reader == "model") return model_seeds();
  if (reader == "checkpoint") return checkpoint_seeds();
  if (reader == "recipe") return recipe_seeds();
  if (reader == "manifest") return manifest_seeds();
  if (reader == "split") return split_seeds();
  if (reader == "labels") return labels_seeds();
  if (reader == "results") return results_seeds();
  if (reader == "resume") return resume_seeds();
  return {};
}

}  // namespace ser::fuzz
