#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "ser/audio/fingerprint_index.h"
#include "ser/core/json.h"
#include "ser/corpus/utterance.h"

namespace ser::eval {

// The clips that a model was trained, validated and tested on, by what they sound like; in models
// of older programs by the checksums of their bytes.
class TrainingContents {
 public:
  // In the order in which they count if a clip is known from several.
  enum class Group { kTrain, kValidation, kTest, kUnknown };

  struct Answer {
    Group group = Group::kUnknown;
    enum class How { kSame, kNearIdentical } how = How::kSame;
  };

  // Reads the "sounds" or "contents" of a model's provenance; whatever does not have the expected
  // form is passed over, since provenance comes from a file and is not needed for prediction.
  explicit TrainingContents(const core::Json& provenance);

  // Reads the recording; one that cannot be read is unknown. Any number of threads may ask.
  Answer look_up(const corpus::Utterance& utterance) const;
  bool empty() const { return groups_.empty(); }

 private:
  enum class Checksums { kSamples, kBytes } checksums_ = Checksums::kSamples;
  std::unordered_map<std::string, Group> groups_;
  audio::FingerprintIndex index_;
  std::vector<Group> indexed_;  // group of each number of the index
};

}  // namespace ser::eval
