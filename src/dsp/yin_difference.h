#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "dsp/lane_fft.h"

namespace ser::dsp {

// The difference function of YIN (de Cheveigne and Kawahara, 2002), normalised by its cumulative
// mean, for the lags from `shortest_lag` to `longest_lag`: about 0 where the signal repeats after
// the lag, about 1 where it does not. Computed with Fourier transforms, kLanes frames at once.
class YinDifference {
 public:
  // `frame_length` samples a frame, half of which are compared with what lies a lag later;
  // longest_lag < frame_length / 2.
  YinDifference(int frame_length, int hop_length, int shortest_lag, int longest_lag);

  int frame_length() const { return fft_.size(); }
  std::size_t lags() const { return static_cast<std::size_t>(longest_lag_ - shortest_lag_) + 1; }

  // The result and what leads to it, to be used again. Lanes are frames.
  struct Buffers {
    std::vector<Lanes> differences;
    std::vector<Lanes> frames;
    std::vector<Lanes> spectrum;
    std::vector<Lanes> correlation;
  };

  // Sets buffers.differences, [lags()], for the kLanes frames from `first` on, which are centred on
  // multiples of the hop; samples outside the signal count as zero.
  void compute(std::span<const float> samples, std::size_t first, Buffers& buffers) const;

 private:
  LaneFft fft_;
  int hop_length_;
  int shortest_lag_;
  int longest_lag_;
};

}  // namespace ser::dsp
