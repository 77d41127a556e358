#pragma once

#include <string>
#include <unordered_map>

#include "ser/core/json.h"

namespace ser::eval {

// The clips that a model was trained, validated and tested on, by the checksums of their bytes.
class TrainingContents {
 public:
  enum class Group { kTrain, kValidation, kTest, kUnknown };

  // Reads the "contents" of a model's provenance; whatever does not have the expected form is
  // passed over, since provenance comes from a file and is not needed for prediction.
  explicit TrainingContents(const core::Json& provenance);

  Group group_of(const std::string& checksum) const;
  bool empty() const { return groups_.empty(); }

 private:
  std::unordered_map<std::string, Group> groups_;
};

}  // namespace ser::eval
