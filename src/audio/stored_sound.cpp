#include "audio/stored_sound.h"

namespace ser::audio {

int bytes_per_sample(Encoding encoding) {
  switch (encoding) {
    case Encoding::kUnsigned8:
    case Encoding::kSigned8:
    case Encoding::kMuLaw:
    case Encoding::kALaw:
      return 1;
    case Encoding::kPcm16:
      return 2;
    case Encoding::kPcm24:
      return 3;
    case Encoding::kPcm32:
    case Encoding::kFloat:
      return 4;
    case Encoding::kDouble:
      return 8;
    case Encoding::kFlac:
      return 0;
  }
  return 0;
}

std::string sample_format_name(Encoding encoding) {
  switch (encoding) {
    case Encoding::kUnsigned8:
      return "PCM_U8";
    case Encoding::kSigned8:
      return "PCM_S8";
    case Encoding::kPcm16:
      return "PCM_16";
    case Encoding::kPcm24:
      return "PCM_24";
    case Encoding::kPcm32:
      return "PCM_32";
    case Encoding::kFloat:
      return "FLOAT";
    case Encoding::kDouble:
      return "DOUBLE";
    case Encoding::kMuLaw:
      return "ULAW";
    case Encoding::kALaw:
      return "ALAW";
    case Encoding::kFlac:
      return "";
  }
  return "";
}

Encoding pcm_encoding(int bytes, Encoding one_byte) {
  switch (bytes) {
    case 1:
      return one_byte;
    case 2:
      return Encoding::kPcm16;
    case 3:
      return Encoding::kPcm24;
    default:
      return Encoding::kPcm32;
  }
}

}  // namespace ser::audio
