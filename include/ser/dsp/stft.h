#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include <Eigen/Core>

namespace ser::dsp {

class LaneFft;

// Short-time Fourier transform with a periodic Hann window (Allen and Rabiner, 1977). Frame t is
// centred on sample t*hop_length; samples outside the signal count as zero. Windowing and transform
// are done in double, since float loses the weakest bands to the rounding of the strongest; the
// result is float. Finite input gives finite output: values beyond float's range are set to its
// largest number. Immutable, so threads may share one.
class Stft {
 public:
  // fft_size >= 2 and hop_length >= 1, otherwise ConfigError (E_CONFIG_VALUE).
  Stft(int fft_size, int hop_length);

  int fft_size() const { return fft_size_; }
  int hop_length() const { return hop_length_; }
  int bins() const { return fft_size_ / 2 + 1; }
  // 1 + samples / hop_length.
  Eigen::Index frames(std::size_t samples) const;

  // [bins x frames]
  Eigen::MatrixXcf transform(std::span<const float> samples) const;
  // The absolute values of transform(): [bins x frames].
  Eigen::MatrixXf magnitudes(std::span<const float> samples) const;
  // The same, into a matrix whose memory is used again.
  void magnitudes(std::span<const float> samples, Eigen::MatrixXf& result) const;

  // The signal of `length` samples whose transform is nearest to `spectrum` [bins x frames]
  // (Griffin and Lim, 1984): windowed overlap-add, divided by the sum of squared windows.
  std::vector<float> inverse(const Eigen::MatrixXcf& spectrum, std::size_t length) const;

 private:
  std::shared_ptr<const LaneFft> fft_;
  int fft_size_;
  int hop_length_;
  std::vector<double> window_;
};

}  // namespace ser::dsp
