#include "ser/report/terminal.h"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "ser/corpus/display_name.h"

namespace ser::report {
namespace {

constexpr TerminalStyle kPlain{TerminalStyle::Colours::kNone, 40};
constexpr TerminalStyle kColoured{TerminalStyle::Colours::k256, 40};

// Without escape sequences.
std::string stripped(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\033') {
      i = text.find('m', i);
    } else {
      out += text[i];
    }
  }
  return out;
}

std::size_t widest(const std::string& text) {
  std::size_t widest = 0;
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    widest = std::max(widest, corpus::display_width(text.substr(begin, end - begin)));
    begin = end + 1;
  }
  return widest;
}

TEST(Terminal, BarsAreAsLongAsTheirNumbersSay) {
  EXPECT_EQ(
      terminal_bars({{"angry", 30.0}, {"sad", 15.0}, {"none", 0.0}}, 0, kPlain),
      "angry 30 " + std::string(31, '#') + "\nsad   15 " + std::string(16, '#') + "\nnone   0 \n");
}

TEST(Terminal, BarsTakeNamesAndNumbersOfAnyKind) {
  const std::string name(100, 'n');
  for (const auto& style : {kPlain, kColoured}) {
    const auto text = terminal_bars(
        {{name, 1e9}, {"\033[31mred\n", std::nan("")}, {"minus", -3.0}, {"", INFINITY}}, 2, style);
    EXPECT_EQ(std::ranges::count(text, '\n'), 4);
    EXPECT_EQ(text.find("[31m"), text.find("\\x1B[31m") + 4) << "it is shown, not obeyed";
    EXPECT_LE(widest(stripped(text)), 44U);
  }
  EXPECT_EQ(terminal_bars({}, 0, kPlain), "");
}

TEST(Terminal, ConfusionShowsCountsWithAndWithoutColours) {
  const auto metrics = eval::compute_metrics(eval::ConfusionMatrix{{8, 2}, {0, 10}}, {"a", "bb"});
  EXPECT_EQ(terminal_confusion(metrics, kPlain),
            "        1    2 \n1 a    [8]   2 \n2 bb    .  [10]\n");
  const auto coloured = terminal_confusion(metrics, kColoured);
  EXPECT_EQ(stripped(coloured), "       1  2\n1 a    8  2\n2 bb   . 10\n");
  EXPECT_NE(coloured.find("\033[48;5;"), std::string::npos);
  EXPECT_TRUE(coloured.ends_with("\033[0m\n"));
}

TEST(Terminal, ConfusionOfManyClassesKeepsTheWidth) {
  std::vector<std::string> names;
  for (int i = 0; i < 90; ++i) names.push_back(std::string(50, 'x') + std::to_string(i));
  const auto metrics =
      eval::compute_metrics(eval::ConfusionMatrix::Constant(90, 90, 123456), names);
  for (const auto& style : {kPlain, kColoured}) {
    const auto text = stripped(terminal_confusion(metrics, style));
    EXPECT_LE(widest(text), style.width);
    EXPECT_NE(text.find("more classes"), std::string::npos);
  }
  EXPECT_EQ(terminal_confusion(eval::Metrics{}, kPlain), "");
}

TEST(Terminal, ARasterHasItsFirstRowLowest) {
  Eigen::MatrixXf shares(2, 2);
  shares << 0.0F, 1.0F, 1.0F, 0.0F;
  EXPECT_EQ(terminal_raster(shares, 2, kPlain), "@ \n @\n");
  EXPECT_EQ(stripped(terminal_raster(shares, 2, kColoured)), "  \n  \n");
  EXPECT_EQ(widest(terminal_raster(Eigen::MatrixXf::Zero(80, 1000), 4, kPlain)), 40U);
  EXPECT_EQ(terminal_raster(Eigen::MatrixXf(), 4, kPlain), "");
}

TEST(Terminal, AWaveFillsWhatItsSamplesReach) {
  const std::vector<float> samples = {0.0F, 0.0F, 1.0F, -1.0F};
  EXPECT_EQ(terminal_wave(samples, 3, {TerminalStyle::Colours::kNone, 2}), " #\n##\n #\n");
  EXPECT_EQ(terminal_wave(std::vector<float>(5, 0.0F), 3, kPlain), "     \n#####\n     \n");
  EXPECT_EQ(terminal_wave({}, 3, kPlain), "");
}

}  // namespace
}  // namespace ser::report
