#include "ser/audio/fingerprint_index.h"
#include "ser/core/base64.h"
#include "ser/core/error.h"
#include "ser/core/json.h"
#include "ser/eval/comparison.h"
#include "ser/eval/gate.h"
#include "ser/train/trial_score.h"

#include "eval/training_contents.h"
#include "fuzz/memory_file.h"
#include "fuzz/readers.h"

namespace ser::fuzz {
namespace {

void check(const eval::NamedResults& results) {
  const auto clips = results.ids.size();
  require(results.clips.truth.size() == clips && results.speakers.size() == clips &&
              results.clips.probabilities.cols() == std::ssize(results.ids) &&
              results.clips.probabilities.rows() == std::ssize(results.clips.classes),
          "parts of the results do not fit each other");
}

bool read_fingerprint(std::string_view bytes) {
  const auto fingerprint = audio::fingerprint_from_bytes(bytes);
  if (!fingerprint) return false;
  require(audio::to_bytes(*fingerprint) == bytes, "a fingerprint is written otherwise than read");
  audio::FingerprintIndex index;
  index.add(*fingerprint);
  return true;
}

bool read_base64(std::string_view text) {
  const auto bytes = core::from_base64(text);
  if (!bytes) return false;
  require(core::to_base64(*bytes) == text, "base64 is written otherwise than read");
  return read_fingerprint(*bytes);
}

}  // namespace

// The first byte: g for the baseline of gates, t for scores of a search, p for the provenance of a
// model, f for a fingerprint, b for one in base64, anything else for an evaluation.
bool read_results(Bytes bytes) {
  static const MemoryFile kFile;
  if (bytes.empty()) return false;
  const Bytes content = bytes.subspan(1);
  const std::string_view text = text_of(content);
  try {
    switch (bytes.front()) {
      case 'g':
        kFile.hold(content);
        eval::read_baseline(kFile.path());
        break;
      case 't':
        train::trial_score_from_json(core::parse_json(text, "input"), "input");
        break;
      case 'p':
        eval::TrainingContents(core::parse_json(text, "input"));
        break;
      case 'f':
        return read_fingerprint(text);
      case 'b':
        return read_base64(text);
      default:
        kFile.hold(content);
        check(eval::read_results(kFile.path()));
    }
    return true;
  } catch (const core::ConfigError&) {
    return false;
  }
}

}  // namespace ser::fuzz
