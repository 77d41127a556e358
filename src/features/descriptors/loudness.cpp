#include "features/descriptor.h"

// Loudness on the scale of Stevens' power law, relative: 30 dB more is 10 times as loud (Hermansky,
// 1990).
namespace ser::features::loudness {

RowLayout layout(const FeatureConfig&) { return RowLayout::scalar(); }

void compute(ClipAnalysis& clip, DescriptorRows rows) { fill_row(clip.loudness(), rows); }

}  // namespace ser::features::loudness
