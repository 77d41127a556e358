#include "ser/augment/plan.h"

#include <gtest/gtest.h>

#include "ser/core/error.h"

namespace ser::augment {
namespace {

AugmentationPlan plan_of(const std::string& text) {
  return AugmentationPlan(core::parse_json(text, "test"));
}

std::string error_of(const std::string& text) {
  try {
    plan_of(text);
  } catch (const core::ConfigError& error) {
    return error.code() + " " + error.what();
  }
  return "no error";
}

const audio::Waveform& input() {
  static const audio::Waveform kInput = [] {
    audio::Waveform waveform{{}, 16000};
    for (int i = 0; i < 3000; ++i) waveform.samples.push_back(static_cast<float>(i % 100) / 200.0F);
    return waveform;
  }();
  return kInput;
}

TEST(AugmentationPlan, IsTheClipAsItIsByDefault) {
  const AugmentationPlan plan;
  EXPECT_EQ(plan.copies(), 1U);
  EXPECT_EQ(plan.copy_name(0), "as is");
  EXPECT_EQ(plan.to_json().dump(), "[[]]");
  EXPECT_EQ(plan.apply(0, input(), core::RandomStream(1)).samples, input().samples);
}

TEST(AugmentationPlan, NamesItsCopiesAndRoundTripsWithEffectiveParameters) {
  const auto plan =
      plan_of(R"([[], [{"noise": {}}], [{"time_stretch": {"rate": 0.9}}, {"pitch_shift": {}}]])");
  ASSERT_EQ(plan.copies(), 3U);
  EXPECT_EQ(plan.copy_name(0), "as is");
  EXPECT_EQ(plan.copy_name(1), "noise");
  EXPECT_EQ(plan.copy_name(2), "time_stretch+pitch_shift");
  EXPECT_EQ(plan.to_json().dump(), R"([[],[{"noise":{"amplitude":0.015}}],)"
                                   R"([{"time_stretch":{"rate":0.9,"rate_spread":0.0}},)"
                                   R"({"pitch_shift":{"semitones":0.7,"semitones_spread":0.0}}]])");
  EXPECT_EQ(AugmentationPlan(plan.to_json()).to_json(), plan.to_json());
}

TEST(AugmentationPlan, AppliesItsStepsInOrderEachWithItsOwnStream) {
  const auto plan = plan_of(R"([[{"noise": {}}], [{"noise": {}}, {"noise": {"amplitude": 0.5}}]])");
  const core::RandomStream random(11);
  const auto first = make_augmentation("noise", core::Json::object())
                         ->apply(input(), random.fork(1).fork(std::uint64_t{0}));
  const auto second = make_augmentation("noise", {{"amplitude", 0.5}})
                          ->apply(first, random.fork(1).fork(std::uint64_t{1}));
  EXPECT_EQ(plan.apply(1, input(), random).samples, second.samples);
  // the same step in another copy draws other numbers
  EXPECT_NE(plan.apply(0, input(), random).samples, first.samples);
}

TEST(AugmentationPlan, MistakesNameTheirPath) {
  const auto expect_error = [](const std::string& text, const std::string& start) {
    const std::string error = error_of(text);
    EXPECT_TRUE(error.starts_with(start)) << error;
  };
  expect_error("{}", "E_CONFIG_VALUE augment: expected a list of copies");
  expect_error("[]", "E_CONFIG_VALUE augment: expected a list of copies");
  expect_error("[[], 3]", "E_CONFIG_VALUE augment[1]: expected a list of steps");
  expect_error(R"([["noise"]])", "E_CONFIG_VALUE augment[0][0]: expected an object with one key");
  expect_error("[[{}]]", "E_CONFIG_VALUE augment[0][0]: expected an object with one key");
  expect_error(R"([[{"noise": {}, "time_shift": {}}]])",
               "E_CONFIG_VALUE augment[0][0]: expected an object with one key");
  expect_error(R"([[], [{"noise": {}}, {"nois": {}}]])",
               "E_CONFIG_KEY augment[1][1].nois: unknown");
  expect_error(R"([[{"noise": 3}]])", "E_CONFIG_VALUE augment[0][0].noise: expected an object");
  expect_error(R"([[{"noise": {"amplitude": 2}}]])",
               "E_CONFIG_VALUE augment[0][0].noise.amplitude: must lie between");
  expect_error(R"([[{"time_stretch": {"rat": 2}}]])",
               "E_CONFIG_KEY unknown key \"augment[0][0].time_stretch.rat\"");
  expect_error(R"([[{"time_stretch": {"rate_spread": 0.7}}]])",
               "E_CONFIG_VALUE augment[0][0].time_stretch: the range from");
  std::string many = "[[]";
  for (int i = 0; i < 64; ++i) many += ",[]";
  expect_error(many + "]", "E_CONFIG_VALUE augment: at most 64 copies");
  std::string steps = R"([[{"noise": {}})";
  for (int i = 0; i < 16; ++i) steps += R"(,{"noise": {}})";
  expect_error(steps + "]]", "E_CONFIG_VALUE augment[0]: at most 16 steps");
}

}  // namespace
}  // namespace ser::augment
