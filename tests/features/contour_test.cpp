#include "features/contour.h"

#include <gtest/gtest.h>

namespace ser::features {
namespace {

using Values = std::vector<float>;

void expect_part(const ContourPart& part, double slope, double length_s) {
  EXPECT_DOUBLE_EQ(part.slope, slope);
  EXPECT_DOUBLE_EQ(part.length_s, length_s);
}

TEST(Contour, SlopesRunFromTurningPointToTurningPoint) {
  ContourSlopes slopes;
  add_slopes(Values{0, 0, 1, 3, 3, 2, 0, 4, 4}, 0.5, slopes);
  ASSERT_EQ(slopes.rising.size(), 2U);
  ASSERT_EQ(slopes.falling.size(), 1U);
  expect_part(slopes.rising[0], 1.5, 2.0);  // 3 in four steps
  expect_part(slopes.falling[0], -3.0, 1.0);
  expect_part(slopes.rising[1], 4.0, 1.0);
  add_slopes(Values{5, 5, 5}, 0.5, slopes);
  add_slopes(Values{5}, 0.5, slopes);
  add_slopes(Values{}, 0.5, slopes);
  EXPECT_EQ(slopes.rising.size() + slopes.falling.size(), 3U);
}

TEST(Contour, IsSmoothedOverNeighbours) {
  EXPECT_EQ(smoothed_contour(Values{0, 6, 3, 0}), (Values{3, 3, 3, 1.5F}));
  EXPECT_EQ(smoothed_contour(Values{7}), Values{7});
  EXPECT_TRUE(smoothed_contour(Values{}).empty());
}

TEST(Contour, Peaks) {
  EXPECT_EQ(peaks_of(Values{0, 2, 1, 3, 3, 0}), 2);
  EXPECT_EQ(peaks_of(Values{3, 2, 3}), 0);
  EXPECT_EQ(peaks_of(Values{}), 0);
}

}  // namespace
}  // namespace ser::features
