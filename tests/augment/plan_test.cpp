#include "ser/augment/plan.h"

#include <set>

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

TEST(AugmentationPlan, CopiesAreMadeBySameStepsAndOtherNumbers) {
  const auto plan = plan_of(R"([[], {"copies": 3, "steps": [{"noise": {}}]}, [{"gain": {}}]])");
  ASSERT_EQ(plan.copies(), 5U);
  EXPECT_EQ(plan.copy_name(0), "as is");
  EXPECT_EQ(plan.copy_name(1), "noise");
  EXPECT_EQ(plan.copy_name(3), "noise");
  EXPECT_EQ(plan.copy_name(4), "gain");
  const core::RandomStream random(11);
  // the same bits as three entries of one copy each
  const auto spelt_out = plan_of(R"([[], [{"noise": {}}], [{"noise": {}}], [{"noise": {}}], []])");
  std::set<std::vector<float>> drawn;
  for (std::size_t copy = 1; copy <= 3; ++copy) {
    const auto samples = plan.apply(copy, input(), random).samples;
    EXPECT_EQ(samples, spelt_out.apply(copy, input(), random).samples);
    drawn.insert(samples);
  }
  EXPECT_EQ(drawn.size(), 3U);
  EXPECT_EQ(plan.to_json()[1].dump(), R"({"copies":3,"steps":[{"noise":{"amplitude":0.015}}]})");
  EXPECT_EQ(AugmentationPlan(plan.to_json()).to_json(), plan.to_json());
  // one copy needs no object
  EXPECT_EQ(plan_of(R"([{"steps": [{"noise": {}}]}])").to_json(),
            plan_of(R"([[{"noise": {}}]])").to_json());
}

TEST(AugmentationPlan, AStepIsAppliedWithItsProbability) {
  const auto always = plan_of(R"([[{"noise": {}}]])");
  const auto plan = plan_of(R"([[{"noise": {}, "probability": 0.3}]])");
  const auto never = plan_of(R"([[{"probability": 0, "noise": {}}]])");
  EXPECT_EQ(plan.copy_name(0), "noise?");
  EXPECT_EQ(plan.to_json().dump(), R"([[{"noise":{"amplitude":0.015},"probability":0.3}]])");
  EXPECT_EQ(AugmentationPlan(plan.to_json()).to_json(), plan.to_json());
  const audio::Waveform input{{0.5F, 0.25F}, 16000};
  int applied = 0;
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    const core::RandomStream random(seed);
    EXPECT_EQ(never.apply(0, input, random).samples, input.samples);
    const auto samples = plan.apply(0, input, random).samples;
    if (samples == input.samples) continue;
    // what it draws does not depend on its probability
    EXPECT_EQ(samples, always.apply(0, input, random).samples);
    ++applied;
  }
  EXPECT_NEAR(applied, 300, 73);  // 5 standard deviations
}

TEST(AugmentationPlan, EveryStageHasItsOwnSteps) {
  const auto plan = plan_of(R"([[{"noise": {}}, {"vocal_tract_length": {}}, {"spec_augment": {}}],
                                []])");
  const core::RandomStream random(5);
  const auto stream = [&](std::uint64_t step) { return random.fork(std::uint64_t{0}).fork(step); };
  const auto make = [](const char* kind) { return make_augmentation(kind, core::Json::object()); };
  const Eigen::MatrixXf before = Eigen::MatrixXf::Random(12, 40);
  constexpr dsp::RowRange kSpectrum{0, 12};

  EXPECT_EQ(plan.apply(0, input(), random).samples,
            make("noise")->apply(input(), stream(0)).samples);
  EXPECT_EQ(plan.frequency_warp(0, random).factor,
            make("vocal_tract_length")->frequency_warp(stream(1)).factor);
  Eigen::MatrixXf actual = before;
  plan.apply_to_features(0, actual, {&kSpectrum, 1}, random);
  Eigen::MatrixXf expected = before;
  make("spec_augment")->apply_to_features(expected, {&kSpectrum, 1}, stream(2));
  EXPECT_EQ(actual, expected);
  EXPECT_NE(actual, before);

  EXPECT_EQ(plan.frequency_warp(1, random).factor, 1.0);
  actual = before;
  plan.apply_to_features(1, actual, {&kSpectrum, 1}, random);
  EXPECT_EQ(actual, before);
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
  expect_error(R"([[{"probability": 0.5}]])",
               "E_CONFIG_VALUE augment[0][0]: expected an object with one key");
  for (const char* probability : {"-0.1", "1.5", "\"often\"", "null"}) {
    expect_error(R"([[{"noise": {}, "probability": )" + std::string(probability) + "}]]",
                 "E_CONFIG_VALUE augment[0][0].probability: ");
  }
  for (const char* copies : {"0", "65", "-1", "1.5", "\"many\"", "99999999999999999999"}) {
    expect_error(R"([{"copies": )" + std::string(copies) + R"(, "steps": []}])",
                 "E_CONFIG_VALUE augment[0].copies: ");
  }
  expect_error(R"([{"copies": 40}, {"copies": 40}])", "E_CONFIG_VALUE augment: at most 64 copies");
  expect_error(R"([{"copy": 2}])", "E_CONFIG_KEY unknown key \"augment[0].copy\"");
  expect_error(R"([{"steps": 3}])", "E_CONFIG_VALUE augment[0].steps: expected a list of steps");
  expect_error(R"([{"steps": [{"nois": {}}]}])", "E_CONFIG_KEY augment[0].steps[0].nois: unknown");
  expect_error(R"([[{"spec_augment": {}}, {"noise": {}}]])",
               "E_CONFIG_VALUE augment[0][1]: noise behind spec_augment: it acts earlier");
  expect_error(R"([[{"spec_augment": {}}, {"vocal_tract_length": {}}]])",
               "E_CONFIG_VALUE augment[0][1]: vocal_tract_length behind spec_augment: it acts");
  expect_error(
      R"([[{"vocal_tract_length": {}}, {"vocal_tract_length": {}}]])",
      "E_CONFIG_VALUE augment[0][1]: vocal_tract_length behind vocal_tract_length: a copy");
  expect_error(R"([[{"recorded_noise": {}}]])",
               "E_CONFIG_VALUE augment[0][0].recorded_noise.folder: must name a folder");
  std::string many = "[[]";
  for (int i = 0; i < 64; ++i) many += ",[]";
  expect_error(many + "]", "E_CONFIG_VALUE augment: at most 64 copies");
  std::string steps = R"([[{"noise": {}})";
  for (int i = 0; i < 16; ++i) steps += R"(,{"noise": {}})";
  expect_error(steps + "]]", "E_CONFIG_VALUE augment[0]: at most 16 steps");
}

}  // namespace
}  // namespace ser::augment
