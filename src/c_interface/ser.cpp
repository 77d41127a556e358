#include "ser.h"

#include <algorithm>
#include <cstring>
#include <exception>
#include <filesystem>
#include <limits>
#include <new>
#include <span>
#include <string>
#include <string_view>

#include "ser/audio/load.h"
#include "ser/audio/waveform.h"
#include "ser/core/error.h"
#include "ser/core/version.h"
#include "ser/model/model_file.h"
#include "ser/model/recogniser.h"

struct ser_model {
  ser::model::Recogniser recogniser;
};

namespace ser::c_interface {
namespace {

using core::AudioError;
using core::ConfigError;

// As much of the text as fits, cut between characters of UTF-8.
void copy_text(std::string_view text, std::span<char> place) noexcept {
  std::size_t size = std::min(text.size(), place.size() - 1);
  const auto continues = [&] {
    return size < text.size() && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U;
  };
  while (size > 0 && continues()) --size;
  std::memcpy(place.data(), text.data(), size);
  place[size] = '\0';
}

void tell(ser_error* error, std::string_view code, std::string_view message) noexcept {
  if (error == nullptr) return;
  copy_text(code, error->code);
  copy_text(message, error->message);
}

// Where all exceptions end.
template <class Work>
ser_status guarded(ser_error* error, const Work& work) noexcept {
  const auto failed = [error](ser_status status, std::string_view code, std::string_view message) {
    tell(error, code, message);
    return status;
  };
  try {
    work();
    return failed(SER_OK, "", "");
  } catch (const ConfigError& problem) {
    return failed(SER_WRONG_ARGUMENT, problem.code(), problem.what());
  } catch (const AudioError& problem) {
    return failed(SER_UNUSABLE_AUDIO, problem.code(), problem.what());
  } catch (const core::ModelError& problem) {
    return failed(SER_UNUSABLE_MODEL, problem.code(), problem.what());
  } catch (const std::bad_alloc&) {
    return failed(SER_NO_MEMORY, "E_MEMORY", "not enough memory");
  } catch (const std::exception& problem) {
    return failed(SER_DEFECT, "E_INTERNAL", problem.what());
  } catch (...) {
    return failed(SER_DEFECT, "E_INTERNAL", "an unknown exception");
  }
}

void require(bool condition, const char* what) {
  if (!condition) throw ConfigError("E_ARGUMENT", what);
}

void check_result(const ser_model* model, const float* probabilities, std::size_t num_classes) {
  require(model != nullptr, "model: is a null pointer");
  require(probabilities != nullptr, "probabilities: is a null pointer");
  const std::size_t classes = model->recogniser.classes().size();
  if (num_classes == classes) return;
  throw ConfigError("E_ARGUMENT", "num_classes: the model has " + std::to_string(classes) +
                                      " classes, found " + std::to_string(num_classes));
}

audio::Waveform waveform_of(const float* samples, std::size_t frames, int channels,
                            int sample_rate_hz) {
  require(samples != nullptr || frames == 0, "samples: is a null pointer");
  const audio::AudioLimits limits;
  if (channels < 1 || channels > limits.max_channels) {
    throw ConfigError("E_ARGUMENT", "channels: expected 1 to " +
                                        std::to_string(limits.max_channels) + ", found " +
                                        std::to_string(channels));
  }
  // before a number of bytes is made of it
  if (frames > static_cast<std::uint64_t>(limits.max_frames)) {
    throw AudioError("E_AUDIO_LIMIT", "frames: expected at most " +
                                          std::to_string(limits.max_frames) + ", found " +
                                          std::to_string(frames));
  }
  return {audio::mean_of_channels({samples, frames * static_cast<std::size_t>(channels)}, channels),
          sample_rate_hz};
}

void copy_probabilities(const Eigen::VectorXf& values, float* probabilities) {
  std::ranges::copy(values, probabilities);
}

}  // namespace
}  // namespace ser::c_interface

using namespace ser::c_interface;

const char* ser_version() {
  static_assert(ser::core::kVersion.data()[ser::core::kVersion.size()] == '\0');
  return ser::core::kVersion.data();
}

ser_status ser_model_load(const char* path, ser_model** model, ser_error* error) {
  return guarded(error, [&] {
    require(path != nullptr, "path: is a null pointer");
    require(model != nullptr, "model: is a null pointer");
    *model = new ser_model{ser::model::load_model(path, ser::model::Provenance::kLeftOut)};
  });
}

void ser_model_free(ser_model* model) { delete model; }

size_t ser_model_num_classes(const ser_model* model) {
  return model == nullptr ? 0 : model->recogniser.classes().size();
}

const char* ser_model_class_name(const ser_model* model, size_t index) {
  if (index >= ser_model_num_classes(model)) return nullptr;
  return model->recogniser.classes()[index].c_str();
}

ser_status ser_predict(const ser_model* model, const float* samples, size_t frames, int channels,
                       int sample_rate_hz, float* probabilities, size_t num_classes,
                       ser_error* error) {
  return guarded(error, [&] {
    check_result(model, probabilities, num_classes);
    const auto recording = waveform_of(samples, frames, channels, sample_rate_hz);
    copy_probabilities(model->recogniser.probabilities(recording), probabilities);
  });
}

ser_status ser_predict_file(const ser_model* model, const char* path, float* probabilities,
                            size_t num_classes, ser_error* error) {
  return guarded(error, [&] {
    check_result(model, probabilities, num_classes);
    require(path != nullptr, "path: is a null pointer");
    copy_probabilities(model->recogniser.probabilities(std::filesystem::path(path)), probabilities);
  });
}
