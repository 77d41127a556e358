#include "eval/training_contents.h"

#include <algorithm>
#include <optional>

#include "ser/core/base64.h"
#include "ser/core/checksum.h"
#include "ser/core/error.h"
#include "ser/dataset/clip_content.h"

namespace ser::eval {
namespace {

using Group = TrainingContents::Group;

// The list under a key, or an empty one where there is none.
const core::Json& list_at(const core::Json& object, const char* key) {
  static const core::Json kNone = core::Json::array();
  const auto list = object.find(key);
  return list == object.end() || !list->is_array() ? kNone : *list;
}

// "" for what is no text.
std::string text_of(const core::Json& value) {
  return value.is_string() ? value.get<std::string>() : "";
}

}  // namespace

TrainingContents::TrainingContents(const core::Json& provenance) {
  if (!provenance.is_object()) return;
  const auto read = [&](const char* key, auto&& use) {
    const auto parts = provenance.find(key);
    if (parts == provenance.end() || !parts->is_object()) return;
    // The first entry of a checksum stays, so what was trained on counts as that.
    for (const auto& [name, group] :
         {std::pair{"train", Group::kTrain}, std::pair{"validation", Group::kValidation},
          std::pair{"test", Group::kTest}, std::pair{"left_out", Group::kLeftOut},
          std::pair{"removed", Group::kRemoved}}) {
      use(*parts, name, group);
    }
  };
  read("sounds", [&](const core::Json& parts, const char* name, Group group) {
    const auto part = parts.find(name);
    if (part == parts.end() || !part->is_object()) return;
    read_part(*part, group);
    if (group == Group::kLeftOut || group == Group::kRemoved) read_outside(*part, group);
  });
  if (!known_.empty()) return;
  checksums_ = Checksums::kBytes;
  read("contents", [&](const core::Json& parts, const char* name, Group group) {
    for (const auto& text : list_at(parts, name)) add(text_of(text), group);
  });
}

void TrainingContents::read_part(const core::Json& part, Group group) {
  for (const auto& text : list_at(part, "samples")) add(text_of(text), group);
  for (const auto& text : list_at(part, "fingerprints")) {
    const auto bytes = core::from_base64(text_of(text));
    auto fingerprint = bytes ? audio::fingerprint_from_bytes(*bytes) : std::nullopt;
    if (!fingerprint) continue;
    index_.add(std::move(*fingerprint));
    indexed_.push_back(group);
  }
}

void TrainingContents::read_outside(const core::Json& part, Group group) {
  const auto& samples = list_at(part, "samples");
  const auto& labels = list_at(part, "labels");
  for (std::size_t i = 0; i < std::min(samples.size(), labels.size()); ++i) {
    outside_[text_of(samples[i])][text_of(labels[i])].push_back(group);
  }
}

// Without empty checksums: clips that could not be read.
void TrainingContents::add(const std::string& checksum, Group group) {
  if (checksum.empty()) return;
  auto& known = known_.try_emplace(checksum, Known{group, 0}).first->second;
  if (known.group == group) ++known.clips;
}

std::string TrainingContents::hear(const corpus::Utterance& utterance, Answer& answer,
                                   const core::StopRequested& stop_requested) const {
  const auto group_of = [&](const std::string& checksum) {
    const auto found = known_.find(checksum);
    return found == known_.end() ? Group::kUnknown : found->second.group;
  };
  try {
    if (checksums_ == Checksums::kBytes) {
      auto checksum = core::checksum64_file_hex(utterance.path);
      answer.group = group_of(checksum);
      return checksum;
    }
    const auto content = dataset::clip_content(utterance, stop_requested);
    answer.group = group_of(content.checksum);
    if (answer.group != Group::kUnknown) return content.checksum;
    for (const auto& match : index_.find(content.fingerprint)) {
      answer.group = std::min(answer.group, indexed_[match.number]);
      answer.how = Answer::How::kNearIdentical;
    }
    return content.checksum;
  } catch (const core::ConfigError& error) {
    answer.failure_code = error.code();
    answer.failure = error.what();
  } catch (const core::AudioError& error) {
    answer.failure_code = error.code();
    answer.failure = error.what();
  }
  return "";
}

std::vector<TrainingContents::Answer> TrainingContents::look_up(
    const corpus::Manifest& manifest, core::ThreadPool& pool,
    const core::StopRequested& stop_requested) const {
  std::vector<Answer> answers(manifest.utterances.size());
  if (known_.empty()) return answers;
  std::vector<std::string> checksums(answers.size());
  pool.parallel_for(answers.size(), [&](std::size_t i, int) {
    if (stop_requested && stop_requested()) throw core::Interrupted();
    checksums[i] = hear(manifest.utterances[i], answers[i], stop_requested);
  });
  tell_copies_apart(manifest, checksums, answers);
  return answers;
}

void TrainingContents::tell_copies_apart(const corpus::Manifest& manifest,
                                         const std::vector<std::string>& checksums,
                                         std::vector<Answer>& answers) const {
  std::map<std::string, std::vector<std::size_t>> alike;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    if (answers[i].group != Group::kValidation && answers[i].group != Group::kTest) continue;
    if (outside_.contains(checksums[i])) alike[checksums[i]].push_back(i);
  }
  for (const auto& [checksum, clips] : alike) {
    const auto in_part = known_.at(checksum).clips;
    std::size_t excess = clips.size() - std::min(clips.size(), in_part);
    auto outside = outside_.at(checksum);
    for (auto clip = clips.rbegin(); clip != clips.rend() && excess > 0; ++clip) {
      const auto found = outside.find(manifest.utterances[*clip].label);
      if (found == outside.end() || found->second.empty()) continue;
      answers[*clip].group = found->second.back();
      found->second.pop_back();
      --excess;
    }
  }
}

}  // namespace ser::eval
