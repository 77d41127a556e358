#include "ser/model/segments.h"

#include <cmath>

#include <gtest/gtest.h>

#include "ser/core/random.h"

namespace ser::model {
namespace {

struct ScoredWindow {
  WindowPlace place;
  Eigen::VectorXf probabilities;
};

// A window of a second whose recogniser gives the class this probability; the others share the
// rest.
ScoredWindow window(double start_s, std::size_t region, Eigen::Index label, float probability) {
  ScoredWindow scored{{start_s, start_s + 1.0, region}, Eigen::VectorXf(3)};
  scored.probabilities.setConstant((1.0F - probability) / 2.0F);
  scored.probabilities(label) = probability;
  return scored;
}

using Labels = std::vector<std::size_t>;

struct Windows {
  explicit Windows(const std::vector<ScoredWindow>& windows) {
    probabilities.resize(windows.empty() ? 3 : windows[0].probabilities.size(),
                         static_cast<Eigen::Index>(windows.size()));
    for (const auto& scored : windows) {
      probabilities.col(static_cast<Eigen::Index>(places.size())) = scored.probabilities;
      places.push_back(scored.place);
    }
  }

  std::vector<WindowPlace> places;
  Eigen::MatrixXf probabilities;
};

Labels smooth(const std::vector<ScoredWindow>& windows, double stay) {
  const Windows all(windows);
  return smooth_labels(all.places, all.probabilities, stay);
}

TEST(Segments, APathChangesItsLabelOnlyWhereThereIsReasonTo) {
  std::vector<ScoredWindow> windows;
  for (int i = 0; i < 9; ++i) windows.push_back(window(0.5 * i, 0, i == 4 ? 1 : 0, 0.7F));
  EXPECT_EQ(smooth(windows, 0.0), (Labels{0, 0, 0, 0, 1, 0, 0, 0, 0}));
  EXPECT_EQ(smooth(windows, 0.8), Labels(9, 0));
  windows[4] = window(2.0, 0, 1, 0.9999F);
  EXPECT_EQ(smooth(windows, 0.8), (Labels{0, 0, 0, 0, 1, 0, 0, 0, 0}));
  EXPECT_EQ(smooth(windows, 1.0), Labels(9, 0));
  EXPECT_TRUE(smooth({}, 0.8).empty());
}

TEST(Segments, WhatLiesFurtherApartDependsLessOnEachOther) {
  const std::vector<ScoredWindow> near = {window(0.0, 0, 0, 0.95F), window(0.2, 0, 1, 0.6F)};
  const std::vector<ScoredWindow> far = {window(0.0, 0, 0, 0.95F), window(60.0, 1, 1, 0.6F)};
  EXPECT_EQ(smooth(near, 0.9), (Labels{0, 0}));
  EXPECT_EQ(smooth(far, 0.9), (Labels{0, 1}));
}

TEST(Segments, WithTwoClassesThePathIsTheBestOfAll) {
  // all paths of eight windows, tried one by one
  std::vector<ScoredWindow> windows;
  const float of_first[] = {0.9F, 0.4F, 0.45F, 0.2F, 0.6F, 0.3F, 0.9F, 0.8F};
  for (int i = 0; i < 8; ++i) {
    windows.push_back({{0.5 * i, 0.5 * i + 1.0, 0}, Eigen::VectorXf(2)});
    windows.back().probabilities << of_first[i], 1.0F - of_first[i];
  }
  const double stay = 0.7;
  const double same = 0.5 + 0.5 * std::pow(2.0 * stay - 1.0, 0.5);
  double best = 0.0;
  Labels expected;
  for (unsigned path = 0; path < 256; ++path) {
    Labels labels;
    double score = 1.0;
    for (unsigned t = 0; t < 8; ++t) {
      labels.push_back(path >> t & 1U);
      score *= static_cast<double>(windows[t].probabilities(static_cast<Eigen::Index>(labels[t])));
      if (t > 0) score *= labels[t] == labels[t - 1] ? same : 1.0 - same;
    }
    if (score > best) {
      best = score;
      expected = labels;
    }
  }
  EXPECT_EQ(smooth(windows, stay), expected);
}

TEST(Segments, CoverSpeechAndNothingElse) {
  const std::vector<dataset::SpeechRegion> speech = {{1.0, 3.0}, {3.3, 4.3}, {6.0, 7.0}};
  const Windows windows({window(1.0, 0, 0, 0.99F), window(2.0, 0, 1, 0.99F),
                         window(3.3, 1, 1, 0.97F), window(6.0, 2, 1, 0.9F)});
  const auto segments = segments_of(speech, windows.places, windows.probabilities, {0.5, 0.5});
  ASSERT_EQ(segments.size(), 3U);
  EXPECT_DOUBLE_EQ(segments[0].start_s, 1.0);
  EXPECT_DOUBLE_EQ(segments[0].end_s, 2.0);  // between the windows' middles
  EXPECT_DOUBLE_EQ(segments[1].start_s, 2.0);
  EXPECT_DOUBLE_EQ(segments[1].end_s, 4.3);  // over a short pause
  EXPECT_NEAR(segments[1].speech_share(), 2.0 / 2.3, 1e-12);
  EXPECT_NEAR(segments[1].probability, 0.98, 1e-6);
  EXPECT_EQ(segments[1].label, 1U);
  EXPECT_DOUBLE_EQ(segments[2].start_s, 6.0);
  EXPECT_DOUBLE_EQ(segments[2].end_s, 7.0);
  EXPECT_DOUBLE_EQ(segments[2].speech_share(), 1.0);
}

// Windows of several stretches of speech, with random classes.
struct RandomRecording {
  std::vector<dataset::SpeechRegion> speech;
  std::vector<ScoredWindow> windows;
};

RandomRecording random_recording(std::uint64_t seed) {
  core::RandomStream random(seed);
  RandomRecording recording;
  double time_s = 0.0;
  for (std::size_t region = 0; region < 12; ++region) {
    const double start_s = time_s + random.uniform(0.1, 1.5);
    const auto windows = 1 + random.below(5);
    for (std::uint64_t i = 0; i < windows; ++i) {
      recording.windows.push_back(window(start_s + 0.5 * static_cast<double>(i), region,
                                         static_cast<Eigen::Index>(random.below(3)),
                                         static_cast<float>(random.uniform(0.4, 0.9))));
    }
    time_s = recording.windows.back().place.end_s;
    recording.speech.push_back({start_s, time_s});
  }
  return recording;
}

TEST(Segments, WhatIsBestSoFarIsTheEndOfThePathThatEndsThere) {
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    const auto recording = random_recording(seed);
    LabelPaths paths(0.8);
    LabelPaths alone(0.0);
    for (std::size_t t = 0; t < recording.windows.size(); ++t) {
      const auto& [place, probabilities] = recording.windows[t];
      paths.next(place, probabilities);
      alone.next(place, probabilities);
      const std::vector<ScoredWindow> so_far(
          recording.windows.begin(),
          recording.windows.begin() + static_cast<std::ptrdiff_t>(t) + 1);
      EXPECT_EQ(paths.best(), smooth(so_far, 0.8).back());
      Eigen::Index most = 0;
      probabilities.maxCoeff(&most);
      EXPECT_EQ(alone.best(), static_cast<std::size_t>(most));
    }
  }
}

TEST(Segments, ComeOneByOneOnceTheyAreOver) {
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    const auto recording = random_recording(seed);
    const Windows all(recording.windows);
    const SmoothingConfig config{0.0, 0.5};
    const auto expected = segments_of(recording.speech, all.places, all.probabilities, config);
    const auto labels = smooth(recording.windows, 0.0);
    std::vector<Segment> segments;
    SegmentBuilder builder(config.longest_pause_s,
                           [&](const Segment& segment) { segments.push_back(segment); });
    for (std::size_t t = 0; t < labels.size(); ++t) {
      const auto& place = all.places[t];
      builder.advance(place.start_s);
      builder.add(place, labels[t],
                  static_cast<double>(all.probabilities(static_cast<Eigen::Index>(labels[t]),
                                                        static_cast<Eigen::Index>(t))));
      if (t + 1 == labels.size() || all.places[t + 1].region != place.region) {
        const auto& region = recording.speech[place.region];
        builder.end_region(region);
        const std::size_t before = segments.size();
        builder.advance(region.end_s + 0.99 * config.longest_pause_s);
        EXPECT_EQ(segments.size(), before);
        if (t + 1 < labels.size() &&
            all.places[t + 1].start_s - region.end_s > config.longest_pause_s) {
          builder.advance(all.places[t + 1].start_s);
          EXPECT_EQ(segments.size(), before + 1);
          EXPECT_EQ(segments.back().end_s, region.end_s);
        }
      }
    }
    builder.finish();
    ASSERT_EQ(segments.size(), expected.size());
    for (std::size_t i = 0; i < segments.size(); ++i) {
      EXPECT_EQ(segments[i].start_s, expected[i].start_s);
      EXPECT_EQ(segments[i].end_s, expected[i].end_s);
      EXPECT_EQ(segments[i].label, expected[i].label);
      EXPECT_EQ(segments[i].probability, expected[i].probability);
      EXPECT_EQ(segments[i].speech_s, expected[i].speech_s);
    }
  }
}

TEST(Segments, OfAWindowIsWhatItHoldsBeyondThoseBefore) {
  const auto segment = segment_of_window({1.0, 3.5, 2, 3.0, 0.4}, 1, 0.7);
  EXPECT_EQ(segment.start_s, 3.0);
  EXPECT_EQ(segment.end_s, 3.5);
  EXPECT_EQ(segment.label, 1U);
  EXPECT_EQ(segment.probability, 0.7);
  EXPECT_DOUBLE_EQ(segment.speech_share(), 0.8);
}

}  // namespace
}  // namespace ser::model
