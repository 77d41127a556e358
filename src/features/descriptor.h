#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <Eigen/Core>

#include "ser/features/feature_config.h"

#include "features/averaging.h"
#include "features/clip_analysis.h"

namespace ser::features {

// The rows that a descriptor fills, one column a frame.
using DescriptorRows = Eigen::Ref<Eigen::MatrixXf>;

// Fills the only row of a descriptor.
template <class Values>
void fill_row(const Values& values, DescriptorRows rows) {
  for (Eigen::Index frame = 0; frame < rows.cols(); ++frame) {
    rows(0, frame) = static_cast<float>(values[static_cast<std::size_t>(frame)]);
  }
}

// How many rows a descriptor has, what they are called ("rms", or "mel_0", "mel_1" ...) and how
// their means are summed.
class RowLayout {
 public:
  static RowLayout scalar(Averaging averaging = Averaging::kPairwise) {
    return RowLayout({""}, averaging);
  }
  static RowLayout numbered(int rows, Averaging averaging = Averaging::kPairwise) {
    std::vector<std::string> suffixes;
    suffixes.reserve(static_cast<std::size_t>(rows));
    for (int row = 0; row < rows; ++row) suffixes.push_back("_" + std::to_string(row));
    return RowLayout(std::move(suffixes), averaging);
  }
  // Rows that are called by the descriptor's name and these.
  static RowLayout suffixed(std::vector<std::string> suffixes) {
    return RowLayout(std::move(suffixes), Averaging::kPairwise);
  }
  // Numbered rows that stand for bands of rising frequency.
  static RowLayout spectrum(int bands) {
    RowLayout layout = numbered(bands);
    layout.is_spectrum_ = true;
    return layout;
  }

  // States that the descriptor needs `values` numbers a frame besides what all need; a hop must not
  // be so short that they outweigh the clip.
  RowLayout with_working_values(int values) const {
    RowLayout layout = *this;
    layout.working_values_ = values;
    return layout;
  }

  int rows() const { return static_cast<int>(suffixes_.size()); }
  int working_values() const { return working_values_; }
  Averaging averaging() const { return averaging_; }
  bool is_spectrum() const { return is_spectrum_; }
  std::vector<std::string> names(std::string_view descriptor) const;

 private:
  RowLayout(std::vector<std::string> suffixes, Averaging averaging)
      : suffixes_(std::move(suffixes)), averaging_(averaging) {}

  std::vector<std::string> suffixes_;
  Averaging averaging_;
  bool is_spectrum_ = false;
  int working_values_ = 0;
};

struct Descriptor {
  std::string_view name;
  RowLayout (*layout)(const FeatureConfig& config);
  // Fills [layout(config).rows() x clip.frames()] with finite numbers, whatever the clip holds.
  void (*compute)(ClipAnalysis& clip, DescriptorRows rows);
};

#define SER_DESCRIPTOR(name)                             \
  namespace name {                                       \
  RowLayout layout(const FeatureConfig& config);         \
  void compute(ClipAnalysis& clip, DescriptorRows rows); \
  }
#include "features/features.def"
#undef SER_DESCRIPTOR

inline constexpr Descriptor kDescriptors[] = {
#define SER_DESCRIPTOR(name) {#name, &name::layout, &name::compute},
#include "features/features.def"
#undef SER_DESCRIPTOR
};

}  // namespace ser::features
