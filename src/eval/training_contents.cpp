#include "eval/training_contents.h"

namespace ser::eval {

TrainingContents::TrainingContents(const core::Json& provenance) {
  const auto contents = provenance.find("contents");
  if (!provenance.is_object() || contents == provenance.end() || !contents->is_object()) return;
  const auto add = [&](const char* part, Group group) {
    const auto list = contents->find(part);
    if (list == contents->end() || !list->is_array()) return;
    for (const auto& checksum : *list) {
      if (checksum.is_string() && !checksum.get_ref<const std::string&>().empty()) {
        groups_.emplace(checksum.get<std::string>(), group);
      }
    }
  };
  // The first entry of a checksum stays, so what was trained on counts as that.
  add("train", Group::kTrain);
  add("validation", Group::kValidation);
  add("test", Group::kTest);
}

TrainingContents::Group TrainingContents::group_of(const std::string& checksum) const {
  const auto found = groups_.find(checksum);
  return found == groups_.end() ? Group::kUnknown : found->second;
}

}  // namespace ser::eval
