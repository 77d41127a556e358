#include "dataset/clip_silence.h"

#include "ser/audio/silence.h"

namespace ser::dataset {

audio::Waveform without_silence(audio::Waveform waveform, const ClipConfig& clip) {
  if (clip.silence == "trim") return audio::trim_silence(waveform, clip.silence_top_db);
  if (clip.silence == "remove") return audio::remove_silence(waveform, clip.silence_top_db);
  return waveform;
}

}  // namespace ser::dataset
