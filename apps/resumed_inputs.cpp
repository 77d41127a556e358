#include "resumed_inputs.h"

#include <string_view>

#include "ser/core/error.h"

namespace ser::apps {
namespace {

core::ConfigError other_inputs() {
  return {"E_RESUME_INPUTS",
          "these are not the recordings of the run that is to be resumed, or not in its order; "
          "name the same, or remove the partial output to begin anew"};
}

}  // namespace

ResumedInputs::ResumedInputs(const core::Json& note) {
  if (note.is_null()) return;
  try {
    left_ = note.at("rows").get<std::uint64_t>();
    expected_ = note.at("inputs").get<std::string>();
  } catch (const core::Json::exception&) {
    throw other_inputs();
  }
  any_ = left_ > 0;
}

bool ResumedInputs::pass_over(const std::string& path) {
  names_.update(path);
  names_.update(std::string_view("\0", 1));
  if (left_ == 0) return false;
  if (--left_ == 0 && checksum() != expected_) throw other_inputs();
  return true;
}

void ResumedInputs::finish() const {
  if (left_ > 0) throw other_inputs();
}

}  // namespace ser::apps
