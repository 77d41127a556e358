// What every augmentation of augmentations.def has to keep, with its defaults and its examples.
#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <set>

#include <gtest/gtest.h>

#include "ser/audio/write.h"
#include "ser/core/error.h"

#include "augment/augmentation_table.h"
#include "support/temporary_folder.h"

namespace ser::augment {
namespace {

struct Case {
  std::string name;
  std::string kind;
  std::unique_ptr<Augmentation> augmentation;
};

audio::Waveform tone(int length) {
  audio::Waveform waveform{{}, 16000};
  for (int i = 0; i < length; ++i) {
    waveform.samples.push_back(
        static_cast<float>(0.3 * std::sin(2.0 * std::numbers::pi * 300.0 * i / 16000.0)));
  }
  return waveform;
}

constexpr std::string_view kPlaceholder = "<recordings>";

// Two short recordings at different rates, for the kinds that draw from a folder.
const std::string& recordings() {
  static const test::TemporaryFolder folder;
  static const std::string path = [] {
    audio::write_wav(folder / "click.wav", {{0.0F, 0.1F, 0.9F, -0.5F, 0.2F, -0.1F}, 16000});
    audio::write_wav(folder / "tone.wav", tone(9000));
    return folder.path().string();
  }();
  return path;
}

bool needs_recordings(const AugmentationType& type) {
  return type.examples.find(kPlaceholder) != std::string_view::npos;
}

core::Json examples_of(const AugmentationType& type) {
  std::string text(type.examples);
  for (auto at = text.find(kPlaceholder); at != std::string::npos; at = text.find(kPlaceholder)) {
    text.replace(at, kPlaceholder.size(), recordings());
  }
  return core::parse_json(text, "examples");
}

// What a kind does without being told; one that needs a folder has to be told that.
core::Json least_parameters(const AugmentationType& type) {
  return needs_recordings(type) ? core::Json{{"folder", recordings()}} : core::Json::object();
}

std::vector<Case> cases() {
  std::vector<Case> list;
  for (const auto type_function : augmentation_types()) {
    const AugmentationType type = type_function();
    core::Json parameters = examples_of(type);
    parameters.push_back(least_parameters(type));
    for (const auto& one : parameters) {
      const std::string kind(type.kind);
      list.push_back({kind + one.dump(), kind, make_augmentation(kind, one)});
    }
  }
  return list;
}

// What is left of a clip at each stage.
struct Altered {
  std::vector<float> samples;
  double factor = 1.0;
  double boundary_hz = 0.0;
  Eigen::MatrixXf features;

  bool operator==(const Altered& other) const {
    return samples == other.samples && factor == other.factor && boundary_hz == other.boundary_hz &&
           features == other.features;
  }
};

// Some features, of which the upper rows are a spectrum.
Eigen::MatrixXf some_features(Eigen::Index frames) {
  Eigen::MatrixXf features(20, frames);
  for (Eigen::Index i = 0; i < features.size(); ++i) {
    features(i) = static_cast<float>((i * 7919) % 101);
  }
  return features;
}

constexpr dsp::RowRange kSpectrum{4, 16};

Altered alter(const Augmentation& augmentation, const audio::Waveform& input, std::uint64_t seed,
              const Eigen::MatrixXf& features = some_features(120)) {
  const core::RandomStream random(seed);
  const auto warp = augmentation.frequency_warp(random);
  Altered altered{augmentation.apply(input, random).samples, warp.factor, warp.boundary_hz,
                  features};
  augmentation.apply_to_features(altered.features, {&kSpectrum, 1}, random);
  return altered;
}

Altered unaltered(const audio::Waveform& input) {
  return {input.samples, 1.0, dsp::FrequencyWarp().boundary_hz, some_features(120)};
}

std::vector<audio::Waveform> hard_inputs() {
  constexpr float kLargest = std::numeric_limits<float>::max();
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
  std::vector<audio::Waveform> inputs;
  for (const int length : {1, 2, 3, 100, 2047, 2049, 8000}) inputs.push_back(tone(length));
  for (const float level : {0.0F, 1.0F, -1.0F, kLargest, -kLargest, kInfinity, kNan, 1e-45F}) {
    inputs.push_back({std::vector<float>(1, level), 8000});
    inputs.push_back({std::vector<float>(5000, level), 48000});
    inputs.push_back({std::vector<float>(3000, 0.0F), 22050});
    inputs.back().samples[1234] = level;
  }
  inputs.push_back({std::vector<float>(4000, kLargest), 4000});
  for (std::size_t i = 0; i < 4000; i += 2) inputs.back().samples[i] = -kLargest;
  return inputs;
}

TEST(AugmentationsContract, KindsAreListedOnceAndByTheirName) {
  std::set<std::string> kinds;
  for (const auto type_function : augmentation_types()) {
    const AugmentationType type = type_function();
    EXPECT_TRUE(kinds.insert(std::string(type.kind)).second) << type.kind;
    EXPECT_EQ(make_augmentation(type.kind, least_parameters(type))->kind(), type.kind);
    EXPECT_FALSE(examples_of(type).empty()) << type.kind;
  }
  const auto listed = augmentation_kinds();
  EXPECT_EQ(kinds, std::set<std::string>(listed.begin(), listed.end()));
}

TEST(AugmentationsContract, TheSameStreamGivesTheSameBits) {
  const auto input = tone(6000);
  for (const auto& one : cases()) {
    SCOPED_TRACE(one.name);
    const auto again = make_augmentation(one.kind, one.augmentation->configuration());
    EXPECT_EQ(alter(*one.augmentation, input, 7), alter(*again, input, 7));
  }
}

TEST(AugmentationsContract, DifferentStreamsGiveDifferentResults) {
  const auto input = tone(6000);
  std::set<std::string> random_kinds;
  for (const auto& one : cases()) {
    const auto first = alter(*one.augmentation, input, 7);
    for (std::uint64_t seed = 8; seed < 16; ++seed) {
      if (alter(*one.augmentation, input, seed) != first) random_kinds.insert(one.kind);
    }
  }
  const auto listed = augmentation_kinds();
  EXPECT_EQ(random_kinds, std::set<std::string>(listed.begin(), listed.end()));
}

TEST(AugmentationsContract, SomethingChangesAtItsStageOnly) {
  const auto input = tone(6000);
  const auto before = unaltered(input);
  for (const auto type_function : augmentation_types()) {
    const AugmentationType type = type_function();
    SCOPED_TRACE(type.kind);
    const auto augmentation = make_augmentation(type.kind, least_parameters(type));
    const auto after = alter(*augmentation, input, 7);
    EXPECT_EQ(after.samples != before.samples, augmentation->stage() == Stage::kWaveform);
    EXPECT_EQ(after.factor != before.factor, augmentation->stage() == Stage::kAnalysis);
    EXPECT_EQ(after.features != before.features, augmentation->stage() == Stage::kFeatures);
  }
}

TEST(AugmentationsContract, FeaturesStayFiniteAndFramesDoNotGetLost) {
  std::vector<Eigen::MatrixXf> inputs;
  for (const Eigen::Index frames : {0, 1, 2, 500}) inputs.push_back(some_features(frames));
  inputs.push_back(Eigen::MatrixXf::Constant(20, 9, std::numeric_limits<float>::max()));
  inputs.push_back(Eigen::MatrixXf::Constant(20, 9, -std::numeric_limits<float>::max()));
  inputs.push_back(Eigen::MatrixXf::Zero(20, 9));
  for (const auto& one : cases()) {
    for (const auto& features : inputs) {
      SCOPED_TRACE(one.name + ", " + std::to_string(features.cols()) + " frames");
      const auto altered = alter(*one.augmentation, {{0.5F}, 16000}, 3, features);
      EXPECT_EQ(altered.features.rows(), features.rows());
      EXPECT_EQ(altered.features.cols() == 0, features.cols() == 0);
      EXPECT_TRUE(altered.features.allFinite());
      EXPECT_GT(altered.factor, 0.0);
    }
  }
}

TEST(AugmentationsContract, TheRateIsKeptAndEverySampleIsFinite) {
  const auto inputs = hard_inputs();
  for (const auto& one : cases()) {
    if (one.augmentation->stage() != Stage::kWaveform) continue;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      SCOPED_TRACE(one.name + ", input " + std::to_string(i));
      const auto output = one.augmentation->apply(inputs[i], core::RandomStream(i));
      EXPECT_EQ(output.sample_rate_hz, inputs[i].sample_rate_hz);
      EXPECT_FALSE(output.samples.empty());
      EXPECT_TRUE(std::all_of(output.samples.begin(), output.samples.end(),
                              [](float sample) { return std::isfinite(sample); }));
    }
  }
}

TEST(AugmentationsContract, SilenceStaysSilentAndNothingStaysNothing) {
  const audio::Waveform silence{std::vector<float>(5000, 0.0F), 16000};
  for (const auto& one : cases()) {
    SCOPED_TRACE(one.name);
    for (const float sample : one.augmentation->apply(silence, core::RandomStream(3)).samples) {
      ASSERT_EQ(sample, 0.0F);
    }
    const auto nothing = one.augmentation->apply({{}, 16000}, core::RandomStream(3));
    EXPECT_TRUE(nothing.samples.empty());
    EXPECT_EQ(nothing.sample_rate_hz, 16000);
  }
}

TEST(AugmentationsContract, ParametersRoundTrip) {
  for (const auto& one : cases()) {
    SCOPED_TRACE(one.name);
    const core::Json parameters = one.augmentation->configuration();
    EXPECT_FALSE(parameters.empty());
    const auto again = make_augmentation(one.kind, core::parse_json(parameters.dump(), "test"));
    EXPECT_EQ(again->configuration(), parameters);
  }
}

TEST(AugmentationsContract, MistakesAreRefusedWithTheirPath) {
  const auto error_of = [](const std::string& kind, const core::Json& parameters) {
    try {
      make_augmentation(kind, parameters, "augment[1][0]." + kind);
    } catch (const core::ConfigError& error) {
      return error.code() + " " + error.what();
    }
    return std::string("none");
  };
  for (const auto& one : cases()) {
    const std::string path = "augment[1][0]." + one.kind;
    const core::Json effective = one.augmentation->configuration();
    core::Json unknown = effective;
    unknown["nonsense"] = 1;
    EXPECT_TRUE(error_of(one.kind, unknown)
                    .starts_with("E_CONFIG_KEY unknown key \"" + path + ".nonsense\""));
    for (const auto& [key, value] : effective.items()) {
      for (const core::Json& bad :
           {core::Json("text"), core::Json(nullptr), core::Json(-1e9), core::Json(1e300),
            core::Json(std::numeric_limits<double>::quiet_NaN())}) {
        core::Json parameters = core::Json::object();
        parameters[key] = bad;
        EXPECT_TRUE(
            error_of(one.kind, parameters).starts_with("E_CONFIG_VALUE " + path + "." + key))
            << bad;
      }
    }
    EXPECT_TRUE(error_of(one.kind, core::Json::array()).starts_with("E_CONFIG_VALUE " + path));
  }
  const std::string text = error_of("reverb", core::Json::object());
  EXPECT_TRUE(text.starts_with("E_CONFIG_KEY augment[1][0].reverb")) << text;
  EXPECT_NE(text.find("noise"), std::string::npos) << text;
}

}  // namespace
}  // namespace ser::augment
