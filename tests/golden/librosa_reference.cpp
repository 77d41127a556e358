#include "golden/librosa_reference.h"

#include <cmath>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include <gtest/gtest.h>

#include "ser/audio/load.h"
#include "ser/core/json.h"
#include "ser/features/extractor.h"

#include "support/npy.h"

namespace ser::golden {
namespace {

const std::filesystem::path kFolder =
    std::filesystem::path(SER_SOURCE_DIR) / "tests" / "golden" / "librosa";

ReferenceVector parse_vector(const core::Json& json) {
  const auto values = json.at("vector").get<std::vector<double>>();
  if (values.size() != 162) throw std::runtime_error("vectors.jsonl: not 162 numbers");
  return {json.at("n").get<std::size_t>(), Eigen::Map<const Eigen::VectorXd>(values.data(), 162)};
}

std::vector<ReferenceClip> read_clips() {
  std::ifstream in(kFolder / "vectors.jsonl");
  std::vector<ReferenceClip> clips;
  for (std::string line; std::getline(in, line);) {
    const auto json = core::parse_json(line, "vectors.jsonl");
    ReferenceClip clip{json.at("path").get<std::string>(),
                       json.at("tuning").get<double>(),
                       parse_vector(json),
                       {}};
    for (const auto& [name, effect] : json.at("effects").items()) {
      clip.effects[name] = parse_vector(effect);
    }
    clips.push_back(std::move(clip));
  }
  if (clips.empty()) throw std::runtime_error("vectors.jsonl cannot be read");
  return clips;
}

}  // namespace

std::ostream& operator<<(std::ostream& out, const ReferenceClip& clip) { return out << clip.path; }

const std::vector<ReferenceClip>& reference_clips() {
  static const std::vector<ReferenceClip> clips = read_clips();
  return clips;
}

audio::Waveform load_clip(const std::string& path) {
  audio::LoadOptions options;
  options.offset_s = 0.6;
  options.duration_s = 2.5;
  options.sample_rate_hz = 22050;
  return audio::load_audio(kFolder / path, options).waveform;
}

Eigen::MatrixXd reference_matrix(const std::string& name) {
  const auto array = test::read_npy(kFolder / "signals" / (name + ".npy"));
  using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const auto rows = static_cast<Eigen::Index>(array.shape.at(0));
  const auto columns =
      array.shape.size() > 1 ? static_cast<Eigen::Index>(array.shape.at(1)) : Eigen::Index{1};
  return Eigen::Map<const RowMajor>(array.values.data(), rows, columns);
}

std::vector<float> reference_signal(const std::string& name) {
  const auto values = test::read_npy(kFolder / "signals" / (name + ".npy")).values;
  std::vector<float> signal;
  for (const double value : values) signal.push_back(static_cast<float>(value));
  return signal;
}

std::vector<ReferenceSilence> reference_silence(const std::string& name) {
  std::ifstream in(kFolder / "silence.json");
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  std::vector<ReferenceSilence> list;
  const auto json = core::parse_json(text, "silence.json");
  for (const auto& [top_db, parts] : json.at(name).items()) {
    list.push_back({std::stod(top_db), parts.at("trim"), parts.at("split")});
  }
  return list;
}

Deviation deviation_from(const ReferenceVector& expected, const audio::Waveform& waveform) {
  static const features::FeatureExtractor extractor{features::FeatureConfig{}};
  const Eigen::VectorXf actual = extractor.clip_vector(waveform);
  const Eigen::ArrayXd difference = (actual.cast<double>() - expected.values).array().abs();
  Deviation deviation;
  // librosa's rate is double, ours its rounding to float
  deviation.zero_crossing_rate =
      std::abs(static_cast<double>(actual[0] - static_cast<float>(expected.values[0])));
  deviation.chroma = difference.segment(1, 12).maxCoeff();
  deviation.mfcc = difference.segment(13, 20).maxCoeff();
  deviation.rms = difference[33];
  const Eigen::ArrayXd mel = expected.values.tail(128).array();
  deviation.mel = (difference.tail(128) / mel.max(1e-300)).maxCoeff();
  return deviation;
}

void expect_within(const Deviation& deviation, const Deviation& tolerance) {
  EXPECT_LE(deviation.zero_crossing_rate, tolerance.zero_crossing_rate);
  EXPECT_LE(deviation.chroma, tolerance.chroma);
  EXPECT_LE(deviation.mfcc, tolerance.mfcc);
  EXPECT_LE(deviation.rms, tolerance.rms);
  EXPECT_LE(deviation.mel, tolerance.mel);
}

std::string test_name(const std::string& path) {
  return std::filesystem::path(path).stem().string();
}

}  // namespace ser::golden
