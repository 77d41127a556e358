#include "eval/training_contents.h"

#include <algorithm>

#include "ser/core/base64.h"
#include "ser/core/checksum.h"
#include "ser/core/error.h"
#include "ser/dataset/clip_content.h"

namespace ser::eval {
namespace {

using Group = TrainingContents::Group;

// The texts of a list, without what is none and without empty ones: clips that could not be read.
template <class Use>
void for_each_text(const core::Json& object, const char* key, Use&& use) {
  const auto list = object.find(key);
  if (list == object.end() || !list->is_array()) return;
  for (const auto& text : *list) {
    if (text.is_string() && !text.get_ref<const std::string&>().empty()) {
      use(text.get_ref<const std::string&>());
    }
  }
}

}  // namespace

TrainingContents::TrainingContents(const core::Json& provenance) {
  if (!provenance.is_object()) return;
  const auto read = [&](const char* key, auto&& add) {
    const auto parts = provenance.find(key);
    if (parts == provenance.end() || !parts->is_object()) return;
    // The first entry of a checksum stays, so what was trained on counts as that.
    add(*parts, "train", Group::kTrain);
    add(*parts, "validation", Group::kValidation);
    add(*parts, "test", Group::kTest);
  };
  const auto add_checksum = [&](Group group) {
    return [this, group](const std::string& checksum) { groups_.emplace(checksum, group); };
  };
  read("sounds", [&](const core::Json& parts, const char* name, Group group) {
    const auto part = parts.find(name);
    if (part == parts.end() || !part->is_object()) return;
    for_each_text(*part, "samples", add_checksum(group));
    for_each_text(*part, "fingerprints", [&](const std::string& text) {
      const auto bytes = core::from_base64(text);
      auto fingerprint = bytes ? audio::fingerprint_from_bytes(*bytes) : std::nullopt;
      if (!fingerprint) return;
      index_.add(std::move(*fingerprint));
      indexed_.push_back(group);
    });
  });
  if (!groups_.empty()) return;
  checksums_ = Checksums::kBytes;
  read("contents", [&](const core::Json& parts, const char* name, Group group) {
    for_each_text(parts, name, add_checksum(group));
  });
}

TrainingContents::Answer TrainingContents::look_up(const corpus::Utterance& utterance) const {
  const auto group_of = [&](const std::string& checksum) {
    const auto found = groups_.find(checksum);
    return found == groups_.end() ? Group::kUnknown : found->second;
  };
  try {
    if (checksums_ == Checksums::kBytes) {
      return {group_of(core::checksum64_file_hex(utterance.path)), Answer::How::kSame};
    }
    const auto content = dataset::clip_content(utterance);
    Answer answer{group_of(content.checksum), Answer::How::kSame};
    if (answer.group != Group::kUnknown) return answer;
    for (const auto& match : index_.find(content.fingerprint)) {
      answer.group = std::min(answer.group, indexed_[match.number]);
      answer.how = Answer::How::kNearIdentical;
    }
    return answer;
  } catch (const core::ConfigError&) {
  } catch (const core::AudioError&) {
    // Reading the recording for its features will fail with a better message.
  }
  return {};
}

}  // namespace ser::eval
