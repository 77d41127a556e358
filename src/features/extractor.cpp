#include "ser/features/extractor.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

#include "ser/core/error.h"
#include "ser/dsp/delta.h"
#include "ser/dsp/saturate.h"

#include "features/clip_analysis.h"
#include "features/feature_selection.h"
#include "features/spectrum_normalization.h"

namespace ser::features {
namespace {

void check_waveform(const audio::Waveform& waveform, int sample_rate_hz) {
  if (waveform.sample_rate_hz != sample_rate_hz) {
    throw core::ConfigError(
        "E_SAMPLE_RATE", "features are configured for " + std::to_string(sample_rate_hz) +
                             " Hz, the recording has " + std::to_string(waveform.sample_rate_hz) +
                             " Hz: resample it, or change features.sample_rate_hz");
  }
  if (waveform.samples.empty()) {
    throw core::AudioError("E_AUDIO_EMPTY", "the recording has no samples");
  }
  // Several are looked at together, since nearly all recordings pass.
  std::uint32_t found = 0;
  for (const float sample : waveform.samples) {
    found |= std::abs(sample) <= std::numeric_limits<float>::max() ? 0U : 1U;
  }
  if (found == 0) return;
  const auto wrong = std::find_if_not(waveform.samples.begin(), waveform.samples.end(),
                                      [](float sample) { return std::isfinite(sample); });
  throw core::AudioError("E_AUDIO_NOT_FINITE",
                         "sample " + std::to_string(wrong - waveform.samples.begin()) +
                             " of the recording is not a finite number");
}

}  // namespace

struct FeatureExtractor::Workspace::Buffers {
  ClipBuffers clip;
  Eigen::MatrixXf values;
  std::vector<float> series;
  std::vector<float> sorted;
};

class FeatureExtractor::Impl {
 public:
  explicit Impl(const FeatureConfig& config)
      : selection_(select_features(config)), tables_(config) {
    for (const Descriptor* descriptor : selection_.descriptors) {
      const RowLayout layout = descriptor->layout(config);
      const auto names = layout.names(descriptor->name);
      row_names_.insert(row_names_.end(), names.begin(), names.end());
      if (layout.is_spectrum()) {
        spectra_.push_back({static_cast<Eigen::Index>(row_averaging_.size()), layout.rows()});
      }
      row_averaging_.insert(row_averaging_.end(), names.size(), layout.averaging());
    }
    const bool gives_frames = config.form == "frames";
    const std::vector<dsp::RowRange> spectra = spectra_;
    const std::vector<std::string> names = row_names_;
    for (int order = 1; order <= config.delta_order; ++order) {
      const std::string prefix = order == 1 ? "delta_" : "delta2_";
      for (const std::string& name : names) row_names_.push_back(prefix + name);
      row_averaging_.insert(row_averaging_.end(), names.size(), Averaging::kDouble);
      if (!gives_frames) continue;
      for (const dsp::RowRange& range : spectra) {
        spectra_.push_back({range.first + Eigen::Index{order} * selection_.rows, range.count});
      }
    }
    if (gives_frames) {
      clip_names_ = row_names_;
      group_clip_names(1);
      return;
    }
    for (const Statistic* statistic : selection_.statistics) {
      for (const std::string& row : row_names_) {
        clip_names_.push_back(row + "_" + std::string(statistic->name));
      }
    }
    for (const Functionals* functionals : selection_.functionals) {
      const auto functional_names = functionals->names();
      clip_names_.insert(clip_names_.end(), functional_names.begin(), functional_names.end());
    }
    group_clip_names(selection_.statistics.size());
  }

  const FeatureConfig& config() const { return tables_.config; }
  const std::vector<std::string>& row_names() const { return row_names_; }
  const std::vector<dsp::RowRange>& spectra() const { return spectra_; }
  const std::vector<std::string>& clip_names() const { return clip_names_; }
  const std::vector<FeatureGroup>& clip_groups() const { return clip_groups_; }

  double frame_shift_s() const {
    return static_cast<double>(config().hop_length) / config().sample_rate_hz;
  }

  FeatureMatrix frames(const audio::Waveform& waveform) const {
    check_waveform(waveform, config().sample_rate_hz);
    ClipBuffers buffers;
    ClipAnalysis clip(tables_, waveform.samples, buffers, {});
    FeatureMatrix matrix;
    matrix.frame_shift_s = frame_shift_s();
    compute(clip, matrix.values);
    normalize_spectra(matrix.values);
    return matrix;
  }

  Eigen::VectorXf clip_vector(const audio::Waveform& waveform, Workspace::Buffers& buffers,
                              const Alteration& alteration) const {
    check_waveform(waveform, config().sample_rate_hz);
    auto& [clip_buffers, values, series, sorted] = buffers;
    ClipAnalysis clip(tables_, waveform.samples, clip_buffers, alteration.warp);
    compute(clip, values);
    normalize_spectra(values);
    if (alteration.frames) alteration.frames(values);
    if (config().form == "frames") {
      Eigen::VectorXf frames = values.reshaped();
      release_large(buffers);
      return frames;
    }
    const auto& statistics = selection_.statistics;
    const bool needs_order =
        std::any_of(statistics.begin(), statistics.end(),
                    [](const Statistic* statistic) { return statistic->needs == Needs::kSorted; });
    Eigen::VectorXf result(static_cast<Eigen::Index>(clip_names_.size()));
    series.resize(static_cast<std::size_t>(values.cols()));
    for (Eigen::Index row = 0; row < values.rows(); ++row) {
      for (Eigen::Index frame = 0; frame < values.cols(); ++frame) {
        series[static_cast<std::size_t>(frame)] = values(row, frame);
      }
      if (needs_order) {
        sorted = series;
        std::sort(sorted.begin(), sorted.end());
      }
      const Series measured{series, sorted, row_averaging_[static_cast<std::size_t>(row)]};
      Eigen::Index entry = row;
      for (const Statistic* statistic : statistics) {
        result[entry] = dsp::saturate_to_float(statistic->compute(measured));
        entry += values.rows();
      }
    }
    auto next = static_cast<std::size_t>(values.rows()) * statistics.size();
    for (const Functionals* functionals : selection_.functionals) {
      const std::size_t count = functionals->names().size();
      functionals->compute(clip, {result.data() + next, count});
      next += count;
    }
    release_large(buffers);
    return result;
  }

 private:
  void group_clip_names(std::size_t numbers_of_a_row) {
    const auto frame_rows = static_cast<Eigen::Index>(row_names_.size());
    Eigen::Index row = 0;
    for (const char* prefix : {"", "delta_", "delta2_"}) {
      if (row == frame_rows) break;
      for (const Descriptor* descriptor : selection_.descriptors) {
        FeatureGroup group{prefix + std::string(descriptor->name), {}};
        const Eigen::Index end = row + descriptor->layout(config()).rows();
        for (std::size_t number = 0; number < numbers_of_a_row; ++number) {
          for (Eigen::Index i = row; i < end; ++i) {
            group.rows.push_back(static_cast<Eigen::Index>(number) * frame_rows + i);
          }
        }
        row = end;
        clip_groups_.push_back(std::move(group));
      }
    }
    row = frame_rows * static_cast<Eigen::Index>(numbers_of_a_row);
    for (const Functionals* functionals : selection_.functionals) {
      FeatureGroup group{std::string(functionals->name), {}};
      for (std::size_t i = 0; i < functionals->names().size(); ++i) group.rows.push_back(row++);
      clip_groups_.push_back(std::move(group));
    }
  }

  // A long clip would hold a worker's memory for nothing.
  static void release_large(Workspace::Buffers& buffers) {
    constexpr Eigen::Index kMostKept = Eigen::Index{1} << 24;
    if (buffers.clip.magnitudes.size() + buffers.values.size() > kMostKept) buffers = {};
  }

  void normalize_spectra(Eigen::MatrixXf& values) const {
    if (config().form != "frames") return;
    for (const dsp::RowRange& rows : spectra_) {
      normalize_spectrum(config().spectrum_normalization,
                         values.middleRows(rows.first, rows.count));
    }
  }

  // The features of each frame: [rows x frames].
  void compute(ClipAnalysis& clip, Eigen::MatrixXf& values) const {
    values.resize(static_cast<Eigen::Index>(row_names_.size()), clip.frames());
    Eigen::Index row = 0;
    for (const Descriptor* descriptor : selection_.descriptors) {
      const Eigen::Index rows = descriptor->layout(config()).rows();
      descriptor->compute(clip, values.middleRows(row, rows));
      row += rows;
    }
    std::vector<float> series;
    for (; row < values.rows(); ++row) {
      const Eigen::Index source = row % selection_.rows;
      series.assign(values.row(source).begin(), values.row(source).end());
      const int order = static_cast<int>(row / selection_.rows);
      fill_row(dsp::delta(series, order), values.middleRows(row, 1));
    }
  }

  FeatureSelection selection_;
  AnalysisTables tables_;
  std::vector<std::string> row_names_;
  std::vector<Averaging> row_averaging_;
  std::vector<dsp::RowRange> spectra_;
  std::vector<std::string> clip_names_;
  std::vector<FeatureGroup> clip_groups_;
};

FeatureExtractor::FeatureExtractor(const FeatureConfig& config)
    : impl_(std::make_unique<const Impl>(config)) {}
FeatureExtractor::~FeatureExtractor() = default;
FeatureExtractor::FeatureExtractor(FeatureExtractor&&) noexcept = default;
FeatureExtractor& FeatureExtractor::operator=(FeatureExtractor&&) noexcept = default;

const FeatureConfig& FeatureExtractor::config() const { return impl_->config(); }
const std::vector<std::string>& FeatureExtractor::row_names() const { return impl_->row_names(); }
const std::vector<std::string>& FeatureExtractor::clip_names() const { return impl_->clip_names(); }
const std::vector<FeatureGroup>& FeatureExtractor::clip_groups() const {
  return impl_->clip_groups();
}

const std::vector<dsp::RowRange>& FeatureExtractor::spectra() const { return impl_->spectra(); }
double FeatureExtractor::frame_shift_s() const { return impl_->frame_shift_s(); }

FeatureMatrix FeatureExtractor::frames(const audio::Waveform& waveform) const {
  return impl_->frames(waveform);
}

Eigen::VectorXf FeatureExtractor::clip_vector(const audio::Waveform& waveform) const {
  Workspace workspace;
  return clip_vector(waveform, workspace);
}

Eigen::VectorXf FeatureExtractor::clip_vector(const audio::Waveform& waveform, Workspace& workspace,
                                              const Alteration& alteration) const {
  return impl_->clip_vector(waveform, *workspace.buffers_, alteration);
}

FeatureExtractor::Workspace::Workspace() : buffers_(std::make_unique<Buffers>()) {}
FeatureExtractor::Workspace::~Workspace() = default;
FeatureExtractor::Workspace::Workspace(Workspace&&) noexcept = default;
FeatureExtractor::Workspace& FeatureExtractor::Workspace::operator=(Workspace&&) noexcept = default;

std::vector<std::string> descriptor_names() {
  std::vector<std::string> names;
  for (const Descriptor& descriptor : kDescriptors) names.emplace_back(descriptor.name);
  return names;
}

std::vector<std::string> statistic_names() {
  std::vector<std::string> names;
  for (const Statistic& statistic : statistics()) names.emplace_back(statistic.name);
  return names;
}

std::vector<std::string> functionals_names() {
  std::vector<std::string> names;
  for (const Functionals& functionals : kFunctionals) names.emplace_back(functionals.name);
  return names;
}

}  // namespace ser::features
