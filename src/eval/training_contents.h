#pragma once

#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "ser/audio/fingerprint_index.h"
#include "ser/core/interrupted.h"
#include "ser/core/json.h"
#include "ser/core/thread_pool.h"
#include "ser/corpus/manifest.h"

namespace ser::eval {

// The clips that a model was trained, validated and tested on, and those of its corpus that were in
// none of these parts, by what they sound like; in models of older programs the former only, and in
// those of the oldest by the checksums of their bytes.
class TrainingContents {
 public:
  // In the order in which they count if a clip is known from several.
  enum class Group { kTrain, kValidation, kTest, kLeftOut, kRemoved, kUnknown };

  struct Answer {
    Group group = Group::kUnknown;
    enum class How { kSame, kNearIdentical } how = How::kSame;
    // Of a recording that cannot be read, and might be of any part: why.
    std::string failure_code;
    std::string failure;
  };

  // Reads the "sounds" or "contents" of a model's provenance; whatever does not have the expected
  // form is passed over, since provenance comes from a file and is not needed for prediction.
  explicit TrainingContents(const core::Json& provenance);

  // Reads the recordings; one that cannot be read is unknown, and says why. Where clips of the
  // model's corpus that were in no part sound the same as some that were, no more are counted to
  // the part than were in it: of the others, the last with the labels of the former are taken for
  // them. Throws Interrupted.
  std::vector<Answer> look_up(const corpus::Manifest& manifest, core::ThreadPool& pool,
                              const core::StopRequested& stop_requested) const;

 private:
  struct Known {
    Group group = Group::kUnknown;
    std::size_t clips = 0;  // of the group that sound so
  };
  // Clips that were in no part, by their label.
  using Outside = std::map<std::string, std::vector<Group>>;

  void read_part(const core::Json& part, Group group);
  void read_outside(const core::Json& part, Group group);
  void add(const std::string& checksum, Group group);
  // The clip's checksum, "" where it cannot be read.
  std::string hear(const corpus::Utterance& utterance, Answer& answer,
                   const core::StopRequested& stop_requested) const;
  void tell_copies_apart(const corpus::Manifest& manifest,
                         const std::vector<std::string>& checksums,
                         std::vector<Answer>& answers) const;

  enum class Checksums { kSamples, kBytes } checksums_ = Checksums::kSamples;
  std::unordered_map<std::string, Known> known_;
  std::unordered_map<std::string, Outside> outside_;
  audio::FingerprintIndex index_;
  std::vector<Group> indexed_;  // group of each number of the index
};

}  // namespace ser::eval
