#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include <Eigen/Core>

#include "ser/eval/metrics.h"

namespace ser::report {

// How to draw on a terminal: with the 256 colours that all of them know, or with ASCII alone.
struct TerminalStyle {
  enum class Colours { kNone, k256 } colours = Colours::kNone;
  std::size_t width = 80;  // in characters
};

// A bar a name, from 0, with its number. What is not finite has no bar. Names come out harmless.
std::string terminal_bars(const std::vector<std::pair<std::string, double>>& bars, int decimals,
                          const TerminalStyle& style);

// The confusion matrix, small: rows are true classes, columns the same in their order, by number; a
// cell's shade is its share of the row. Of more classes than have room the rest is counted.
std::string terminal_confusion(const eval::Metrics& metrics, const TerminalStyle& style);

// A matrix of shares from 0 to 1, its first row lowest, as a picture of `rows` lines.
std::string terminal_raster(const Eigen::MatrixXf& shares, std::size_t rows,
                            const TerminalStyle& style);

// A wave between -1 and 1: least and largest of the samples that each character stands for.
std::string terminal_wave(const std::vector<float>& samples, std::size_t rows,
                          const TerminalStyle& style);

}  // namespace ser::report
