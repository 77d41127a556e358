// What every condition of the table in src/eval/stress_conditions.cpp has to keep.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>
#include <vector>

#include <gtest/gtest.h>

#include "ser/eval/metric_table.h"
#include "ser/eval/stress_conditions.h"

#include "support/temporary_folder.h"

namespace ser::eval {
namespace {

audio::Waveform noise(std::size_t length, std::uint64_t seed) {
  core::RandomStream random(seed);
  audio::Waveform waveform{std::vector<float>(length), 22050};
  for (float& sample : waveform.samples) sample = static_cast<float>(0.1 * random.normal());
  return waveform;
}

audio::Waveform stressed(const StressCondition& condition, const audio::Waveform& clip,
                         std::uint64_t seed = 3) {
  return condition.apply(clip, noise(clip.samples.size(), 99).samples, core::RandomStream(seed));
}

double energy(const std::vector<float>& samples) {
  double sum = 0.0;
  for (const double sample : samples) sum += sample * sample;
  return sum;
}

TEST(StressContract, NamesAreDistinctAndSafeInGates) {
  std::set<std::string_view> names;
  for (const auto& condition : stress_conditions()) {
    SCOPED_TRACE(condition.name);
    EXPECT_TRUE(names.insert(condition.name).second);
    if (!condition.other_name.empty()) {
      EXPECT_TRUE(names.insert(condition.other_name).second);
      const auto found = find_metric("stress." + std::string(condition.other_name) + ".uar");
      ASSERT_TRUE(found);
      EXPECT_EQ(found->condition, condition.name);
    }
    EXPECT_FALSE(condition.description.empty());
    EXPECT_EQ(condition.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789+-."),
              std::string_view::npos);
    for (const auto& other : stress_conditions()) {
      EXPECT_FALSE(other.name.starts_with(std::string(condition.name) + "."));
    }
    EXPECT_NE(list_metrics().find(condition.name), std::string::npos);
    for (const char* metric : {"uar", "recall.happy", "unchanged"}) {
      const auto found = find_metric("stress." + std::string(condition.name) + "." + metric);
      ASSERT_TRUE(found);
      EXPECT_EQ(found->condition, condition.name);
    }
  }
}

TEST(StressContract, ChangesTheSamplesAndTheyStayFinite) {
  const auto clip = noise(22050, 1);
  for (const auto& condition : stress_conditions()) {
    SCOPED_TRACE(condition.name);
    const auto output = stressed(condition, clip);
    EXPECT_EQ(output.sample_rate_hz, clip.sample_rate_hz);
    EXPECT_NE(output.samples, clip.samples);
    EXPECT_EQ(output.samples, stressed(condition, clip).samples);
    for (const std::size_t length : {1U, 2U, 7U, 300U}) {
      const auto small = stressed(condition, noise(length, 2));
      EXPECT_FALSE(small.samples.empty());
      EXPECT_TRUE(std::ranges::all_of(small.samples, [](float x) { return std::isfinite(x); }));
    }
  }
}

// Babble is as long as the clip, so steps before it may not change that.
TEST(StressContract, BabbleIsAddedToTheClipAsItIs) {
  for (const auto& condition : stress_conditions()) {
    if (!condition.babble_db) continue;
    EXPECT_FALSE(condition.plan().alters(0)) << condition.name;
  }
}

TEST(StressContract, NoiseHasTheRatioInItsName) {
  const auto clip = noise(22050, 1);
  int seen = 0;
  for (const auto& condition : stress_conditions()) {
    for (const std::string_view kind : {"white", "pink", "babble"}) {
      if (!condition.name.starts_with(kind)) continue;
      SCOPED_TRACE(condition.name);
      double expected_db = 0.0;
      const auto digits = condition.name.substr(kind.size());
      std::from_chars(digits.data(), digits.data() + digits.size(), expected_db);
      const auto output = stressed(condition, clip).samples;
      std::vector<float> added(output.size());
      for (std::size_t i = 0; i < added.size(); ++i) added[i] = output[i] - clip.samples[i];
      // at 40 dB rounding to float is 110 dB below the noise
      EXPECT_NEAR(10.0 * std::log10(energy(clip.samples) / energy(added)), expected_db, 1e-3);
      ++seen;
    }
  }
  EXPECT_EQ(seen, 12);
}

TEST(StressContract, StandInTheReadme) {
  const auto readme = test::read_text(std::string(SER_SOURCE_DIR) + "/README.md");
  for (const auto& condition : stress_conditions()) {
    EXPECT_NE(readme.find("| `" + std::string(condition.name) + "`: "), std::string::npos)
        << condition.name << " is not in the README's table of conditions";
  }
}

}  // namespace
}  // namespace ser::eval
