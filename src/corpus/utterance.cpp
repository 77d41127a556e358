#include "ser/corpus/utterance.h"

#include <cstdio>

namespace ser::corpus {
namespace {

std::string seconds(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.12g", value);
  return text;
}

}  // namespace

std::string segment_suffix(const Utterance& utterance) {
  if (!utterance.start_s && !utterance.end_s) return "";
  std::string suffix = "#" + seconds(utterance.start_s.value_or(0.0)) + "-";
  if (utterance.end_s) suffix += seconds(*utterance.end_s);
  return suffix;
}

}  // namespace ser::corpus
