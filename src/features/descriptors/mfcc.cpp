#include "features/descriptor.h"

// Mel-frequency cepstral coefficients (Davis and Mermelstein, 1980): the cosine transform of the
// mel spectrogram in decibels, without liftering.
namespace ser::features::mfcc {

RowLayout layout(const FeatureConfig& config) { return RowLayout::numbered(config.mfcc_count); }

void compute(ClipAnalysis& clip, DescriptorRows rows) {
  rows = (clip.tables().dct * clip.mel_db().cast<double>()).cast<float>();
}

}  // namespace ser::features::mfcc
