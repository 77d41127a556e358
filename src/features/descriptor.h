#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <Eigen/Core>

#include "ser/features/feature_config.h"

#include "features/averaging.h"
#include "features/clip_analysis.h"

namespace ser::features {

// The rows that a descriptor fills, one column a frame.
using DescriptorRows = Eigen::Ref<Eigen::MatrixXf>;

// How many rows a descriptor has, what they are called ("rms", or "mel_0", "mel_1" ...) and how
// their means are summed.
class RowLayout {
 public:
  static RowLayout scalar(Averaging averaging = Averaging::kPairwise) {
    return RowLayout(1, Naming::kPlain, averaging);
  }
  static RowLayout numbered(int rows, Averaging averaging = Averaging::kPairwise) {
    return RowLayout(rows, Naming::kNumbered, averaging);
  }
  // Numbered rows that stand for bands of rising frequency.
  static RowLayout spectrum(int bands) {
    RowLayout layout = numbered(bands);
    layout.is_spectrum_ = true;
    return layout;
  }

  int rows() const { return rows_; }
  Averaging averaging() const { return averaging_; }
  bool is_spectrum() const { return is_spectrum_; }
  std::vector<std::string> names(std::string_view descriptor) const;

 private:
  enum class Naming { kPlain, kNumbered };
  RowLayout(int rows, Naming naming, Averaging averaging)
      : rows_(rows), naming_(naming), averaging_(averaging) {}

  int rows_;
  Naming naming_;
  Averaging averaging_;
  bool is_spectrum_ = false;
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
