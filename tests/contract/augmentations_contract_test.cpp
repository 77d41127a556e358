// What every augmentation of augmentations.def has to keep, with its defaults and its examples.
#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <set>

#include <gtest/gtest.h>

#include "ser/core/error.h"

#include "augment/augmentation_table.h"

namespace ser::augment {
namespace {

struct Case {
  std::string name;
  std::string kind;
  std::unique_ptr<Augmentation> augmentation;
};

std::vector<Case> cases() {
  std::vector<Case> list;
  for (const auto type_function : augmentation_types()) {
    const AugmentationType type = type_function();
    core::Json parameters = core::parse_json(type.examples, "examples");
    parameters.push_back(core::Json::object());
    for (const auto& one : parameters) {
      const std::string kind(type.kind);
      list.push_back({kind + one.dump(), kind, make_augmentation(kind, one)});
    }
  }
  return list;
}

audio::Waveform tone(int length) {
  audio::Waveform waveform{{}, 16000};
  for (int i = 0; i < length; ++i) {
    waveform.samples.push_back(
        static_cast<float>(0.3 * std::sin(2.0 * std::numbers::pi * 300.0 * i / 16000.0)));
  }
  return waveform;
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
    EXPECT_EQ(make_augmentation(type.kind, core::Json::object())->kind(), type.kind);
    EXPECT_FALSE(core::parse_json(type.examples, "examples").empty()) << type.kind;
  }
  const auto listed = augmentation_kinds();
  EXPECT_EQ(kinds, std::set<std::string>(listed.begin(), listed.end()));
}

TEST(AugmentationsContract, TheSameStreamGivesTheSameBits) {
  const auto input = tone(6000);
  for (const auto& one : cases()) {
    SCOPED_TRACE(one.name);
    const auto first = one.augmentation->apply(input, core::RandomStream(7));
    const auto again = make_augmentation(one.kind, one.augmentation->parameters())
                           ->apply(input, core::RandomStream(7));
    EXPECT_EQ(first.samples, again.samples);
    EXPECT_FALSE(first.samples.empty());
  }
}

TEST(AugmentationsContract, DifferentStreamsGiveDifferentResults) {
  const auto input = tone(6000);
  std::set<std::string> random_kinds;
  for (const auto& one : cases()) {
    const auto first = one.augmentation->apply(input, core::RandomStream(7));
    const auto second = one.augmentation->apply(input, core::RandomStream(8));
    if (first.samples != second.samples) random_kinds.insert(one.kind);
  }
  const auto listed = augmentation_kinds();
  EXPECT_EQ(random_kinds, std::set<std::string>(listed.begin(), listed.end()));
}

TEST(AugmentationsContract, SomethingChanges) {
  const auto input = tone(6000);
  for (const auto& kind : augmentation_kinds()) {
    const auto output =
        make_augmentation(kind, core::Json::object())->apply(input, core::RandomStream(7));
    EXPECT_NE(output.samples, input.samples) << kind;
  }
}

TEST(AugmentationsContract, TheRateIsKeptAndEverySampleIsFinite) {
  const auto inputs = hard_inputs();
  for (const auto& one : cases()) {
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
    const core::Json parameters = one.augmentation->parameters();
    EXPECT_FALSE(parameters.empty());
    const auto again = make_augmentation(one.kind, core::parse_json(parameters.dump(), "test"));
    EXPECT_EQ(again->parameters(), parameters);
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
    const core::Json effective = one.augmentation->parameters();
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
