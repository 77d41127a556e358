#include <algorithm>
#include <set>

#include <gtest/gtest.h>

#include "augment/apply.h"

namespace ser::augment {
namespace {

constexpr dsp::RowRange kSpectra[] = {{2, 20}, {25, 10}};

Eigen::MatrixXf some_features() {
  Eigen::MatrixXf features(40, 60);
  for (Eigen::Index i = 0; i < features.size(); ++i) {
    features(i) = static_cast<float>((i * 7919) % 1009);
  }
  return features;
}

Eigen::MatrixXf masked(const char* parameters, std::uint64_t seed) {
  Eigen::MatrixXf features = some_features();
  make_augmentation("spec_augment", core::parse_json(parameters, "test"))
      ->apply_to_features(features, kSpectra, core::RandomStream(seed));
  return features;
}

// The rows, or columns of the transpose, that differ; they have to follow each other.
std::vector<Eigen::Index> changed_rows(const Eigen::MatrixXf& after,
                                       const Eigen::MatrixXf& before) {
  std::vector<Eigen::Index> rows;
  for (Eigen::Index row = 0; row < after.rows(); ++row) {
    if (after.row(row) != before.row(row)) rows.push_back(row);
  }
  return rows;
}

TEST(SpecAugment, MasksBandsOfEachSpectrumByItsMean) {
  const Eigen::MatrixXf before = some_features();
  std::set<std::size_t> widths[2];
  std::set<Eigen::Index> touched;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    const auto after =
        masked(R"({"time_masks": 0, "frequency_masks": 1, "frequency_share": 0.4})", seed);
    const auto rows = changed_rows(after, before);
    for (std::size_t s = 0; s < 2; ++s) {
      const auto& [first, count] = kSpectra[s];
      const auto mean = static_cast<float>(before.middleRows(first, count).cast<double>().mean());
      std::vector<Eigen::Index> own;
      for (const auto row : rows) {
        if (row >= first && row < first + count) own.push_back(row);
      }
      for (std::size_t i = 0; i < own.size(); ++i) {
        ASSERT_EQ(own[i], own[0] + static_cast<Eigen::Index>(i));
        ASSERT_TRUE((after.row(own[i]).array() == mean).all());
        touched.insert(own[i]);
      }
      widths[s].insert(own.size());
    }
    for (const auto row : rows) {
      ASSERT_TRUE((row >= 2 && row < 22) || (row >= 25 && row < 35)) << row;
    }
  }
  // Every width from none to the share of 20 and of 10 bands comes up, and every band: the rarest,
  // with a probability of 1/19 a draw, are missed in 300 draws by 1e-7.
  EXPECT_EQ(widths[0], (std::set<std::size_t>{0, 1, 2, 3, 4, 5, 6, 7, 8}));
  EXPECT_EQ(widths[1], (std::set<std::size_t>{0, 1, 2, 3, 4}));
  EXPECT_EQ(touched.size(), 30U);
}

TEST(SpecAugment, MasksFramesByTheMeanOfEachRow) {
  const Eigen::MatrixXf before = some_features();
  const Eigen::VectorXf means = before.cast<double>().rowwise().mean().cast<float>();
  std::set<std::size_t> lengths;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    const auto after =
        masked(R"({"time_masks": 1, "frequency_masks": 0, "time_share": 0.1})", seed);
    const auto frames = changed_rows(after.transpose(), before.transpose());
    for (std::size_t i = 0; i < frames.size(); ++i) {
      ASSERT_EQ(frames[i], frames[0] + static_cast<Eigen::Index>(i));
      ASSERT_EQ(after.col(frames[i]), means);
    }
    lengths.insert(frames.size());
  }
  EXPECT_EQ(lengths, (std::set<std::size_t>{0, 1, 2, 3, 4, 5, 6}));
}

TEST(SpecAugment, WithoutMasksNothingChanges) {
  EXPECT_EQ(masked(R"({"time_masks": 0, "frequency_masks": 0})", 1), some_features());
  EXPECT_EQ(masked(R"({"time_share": 0, "frequency_share": 0})", 1), some_features());
}

TEST(VocalTractLength, DrawsAFactorFromItsRange) {
  const auto augmentation =
      make_augmentation("vocal_tract_length",
                        core::parse_json(R"({"factor": [0.9, 1.1], "boundary_hz": 4000})", "test"));
  expect_draws_from(0.9, 1.1, [&](std::uint64_t seed) {
    const auto warp = augmentation->frequency_warp(core::RandomStream(seed));
    EXPECT_EQ(warp.boundary_hz, 4000.0);
    return warp.factor;
  });
}

Eigen::MatrixXf changed(const char* kind, const char* parameters, std::uint64_t seed = 1) {
  Eigen::MatrixXf features = some_features();
  make_augmentation(kind, core::parse_json(parameters, "test"))
      ->apply_to_features(features, kSpectra, core::RandomStream(seed));
  return features;
}

TEST(FrameStretch, ReadsFramesAtOtherTimes) {
  const Eigen::MatrixXf before = some_features();
  EXPECT_EQ(changed("frame_stretch", R"({"rate": [1, 1]})"), before);
  const auto faster = changed("frame_stretch", R"({"rate": [2, 2]})");
  ASSERT_EQ(faster.cols(), 30);
  for (Eigen::Index frame = 0; frame < 30; ++frame) {
    EXPECT_EQ(faster.col(frame), before.col(2 * frame));
  }
  const auto slower = changed("frame_stretch", R"({"rate": [0.5, 0.5]})");
  ASSERT_EQ(slower.cols(), 120);
  EXPECT_EQ(slower.col(14), before.col(7));
  EXPECT_EQ(slower.col(15), 0.5F * before.col(7) + 0.5F * before.col(8));
  EXPECT_EQ(slower.col(119), before.col(59));
}

TEST(BandWarp, ReadsBandsElsewhereAndLeavesOtherRows) {
  const Eigen::MatrixXf before = some_features();
  const auto shifted = changed("band_warp", R"({"shift": [3, 3], "factor": [1, 1]})");
  for (const auto& [first, count] : kSpectra) {
    for (Eigen::Index band = 0; band < count; ++band) {
      EXPECT_EQ(shifted.row(first + band), before.row(first + std::max<Eigen::Index>(band - 3, 0)));
    }
  }
  EXPECT_EQ(shifted.topRows(2), before.topRows(2));
  EXPECT_EQ(shifted.middleRows(22, 3), before.middleRows(22, 3));
  EXPECT_EQ(shifted.bottomRows(5), before.bottomRows(5));
  const auto wider = changed("band_warp", R"({"shift": [0, 0], "factor": [2, 2]})");
  EXPECT_EQ(wider.row(2 + 8), before.row(2 + 4));
  EXPECT_EQ(wider.row(2 + 9), 0.5F * before.row(2 + 4) + 0.5F * before.row(2 + 5));
}

TEST(Excerpt, IsAStretchFromAnywhere) {
  const Eigen::MatrixXf before = some_features();
  EXPECT_EQ(changed("excerpt", R"({"frames": 60})"), before);
  std::set<Eigen::Index> firsts;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    const auto part = changed("excerpt", R"({"frames": 50})", seed);
    ASSERT_EQ(part.cols(), 50);
    Eigen::Index first = 0;
    while (first <= 10 && before.middleCols(first, 50) != part) ++first;
    firsts.insert(first);
  }
  EXPECT_EQ(firsts.size(), 11U);
  EXPECT_EQ(*firsts.rbegin(), 10);
}

}  // namespace
}  // namespace ser::augment
