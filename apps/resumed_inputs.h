#pragma once

#include <cstdint>
#include <string>

#include "ser/core/checksum.h"
#include "ser/core/json.h"

namespace ser::apps {

// Passes over the inputs that an interrupted run has done, and makes sure that they are the same.
class ResumedInputs {
 public:
  // Of what RowOutput::resumed_from() gave: "rows" and "inputs".
  explicit ResumedInputs(const core::Json& note);

  bool any() const { return any_; }
  // Whether an earlier run has the row of the next input. Throws ConfigError (E_RESUME_INPUTS)
  // where the inputs so far are not those of that run.
  bool pass_over(const std::string& path);
  // Throws ConfigError (E_RESUME_INPUTS) where that run had more inputs than there are now.
  void finish() const;
  // Checksum of all inputs so far, for the note of a checkpoint.
  std::string checksum() const { return names_.hex(); }

 private:
  std::uint64_t left_ = 0;
  std::string expected_;
  bool any_ = false;
  core::RunningChecksum names_;
};

}  // namespace ser::apps
