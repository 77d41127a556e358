#include "ser/train/leaks.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>

#include "ser/core/error.h"
#include "ser/corpus/display_name.h"

namespace ser::train {
namespace {

using Kind = SoundPair::Kind;

constexpr std::size_t kMostListed = 10;

const char* name_of(Kind kind) { return kind == Kind::kIdentical ? "identical" : "near-identical"; }

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::ranges::find(names, name) != names.end();
}

// Which clips of the parts that judge a clip sounds like.
class JudgingSounds {
 public:
  explicit JudgingSounds(const ClipSounds& sounds) : sounds_(sounds) {
    for (const auto& pair : sounds.near_identical) {
      const auto& first = sounds.checksums[pair.first];
      const auto& second = sounds.checksums[pair.second];
      similar_[first].push_back(second);
      similar_[second].push_back(first);
    }
  }

  void add(const std::vector<std::size_t>& part) {
    for (const std::size_t clip : part) {
      const auto& checksum = sounds_.checksums[clip];
      if (checksum.empty()) continue;
      judging_.try_emplace(checksum, clip);
      if (const auto family = sounds_.families[clip]) judging_families_.try_emplace(*family, clip);
    }
  }

  // One that is known to be like it comes before others of its family.
  std::optional<RemovedClip> twin_of(std::size_t clip) const {
    const auto& checksum = sounds_.checksums[clip];
    if (checksum.empty()) return std::nullopt;
    if (const auto twin = judging_.find(checksum); twin != judging_.end()) {
      return RemovedClip{clip, twin->second, Kind::kIdentical};
    }
    const auto family = sounds_.families[clip];
    if (!family) return std::nullopt;
    for (const auto& other : similar_.at(checksum)) {
      if (const auto twin = judging_.find(other); twin != judging_.end()) {
        return RemovedClip{clip, twin->second, Kind::kNearIdentical};
      }
    }
    if (const auto twin = judging_families_.find(*family); twin != judging_families_.end()) {
      return RemovedClip{clip, twin->second, Kind::kNearIdentical};
    }
    return std::nullopt;
  }

 private:
  const ClipSounds& sounds_;
  std::unordered_map<std::string, std::size_t> judging_;           // checksum -> clip
  std::unordered_map<std::size_t, std::size_t> judging_families_;  // family -> clip
  std::unordered_map<std::string, std::vector<std::string>> similar_;
};

std::string list_pairs(const corpus::Manifest& manifest, const std::vector<RemovedClip>& leaks,
                       std::size_t most) {
  const auto shown = [&](std::size_t clip) {
    return corpus::display_name(manifest.utterances[clip].id);
  };
  std::string list;
  for (std::size_t i = 0; i < std::min(most, leaks.size()); ++i) {
    list += (i == 0 ? "" : ", ") + shown(leaks[i].clip) + " (as " + shown(leaks[i].twin) + ")";
  }
  if (leaks.size() > most) list += " and " + std::to_string(leaks.size() - most) + " more";
  return list;
}

// A leak that was found: kept if its kind is allowed by name, the end of training otherwise.
void allow_or_stop(const LeakConfig& config, const std::string& kind, const std::string& leak,
                   const std::string& example, const std::string& remedy, LeakFindings& findings) {
  if (contains(config.allow, kind)) {
    findings.allowed.push_back({kind, example});
    return;
  }
  std::string message = "the split leaks: " + leak;
  if (!remedy.empty()) {
    message += "; " + remedy + ", or train nevertheless with --allow-leak " + kind +
               ", which every score will tell";
  }
  throw core::CorpusError("E_SPLIT_LEAK", message);
}

void settle_copies(const corpus::Manifest& manifest, corpus::Split& split, const ClipSounds& sounds,
                   const LeakConfig& config, LeakFindings& findings) {
  std::map<Kind, std::vector<RemovedClip>> kept;
  JudgingSounds judging(sounds);
  const auto clean = [&](std::vector<std::size_t>& part) {
    std::erase_if(part, [&](std::size_t clip) {
      const auto leak = judging.twin_of(clip);
      if (!leak) return false;
      const std::string kind = name_of(leak->kind);
      // Whoever removes copies that are nearly identical removes those that are so all the more.
      const bool removed = (contains(config.remove, kind) ||
                            contains(config.remove, name_of(Kind::kNearIdentical))) &&
                           !contains(config.allow, kind);
      (removed ? findings.removed : kept[leak->kind]).push_back(*leak);
      return removed;
    });
  };
  judging.add(split.test);
  const bool validates = !split.validation.empty();
  clean(split.validation);
  // Training without one would choose no epoch and say nothing of it.
  if (validates && split.validation.empty()) {
    throw core::CorpusError("E_SPLIT_LEAK",
                            "the split leaks: every clip of the validation part has a copy in the "
                            "test part, so that nothing of it is left; e.g. " +
                                list_pairs(manifest, {findings.removed.back()}, 1));
  }
  judging.add(split.validation);
  clean(split.train);
  std::ranges::sort(findings.removed, {}, &RemovedClip::clip);
  for (auto& [kind, leaks] : kept) {
    std::ranges::sort(leaks, {}, &RemovedClip::clip);
    const std::string what = std::to_string(leaks.size()) + " clips have " +
                             (kind == Kind::kIdentical ? "an identical" : "a near-identical") +
                             " copy in a part that judges them: ";
    const std::string name = name_of(kind);
    allow_or_stop(
        config, name, what + list_pairs(manifest, leaks, kMostListed),
        what + list_pairs(manifest, leaks, 1),
        "delete one of each pair, take the copies out of training with --remove-leak " + name,
        findings);
  }
}

std::vector<LabelConflict> find_label_conflicts(const corpus::Manifest& manifest,
                                                const ClipSounds& sounds) {
  std::map<std::string, LabelConflict> same;
  for (std::size_t i = 0; i < sounds.checksums.size(); ++i) {
    if (!sounds.checksums[i].empty()) same[sounds.checksums[i]].push_back(i);
  }
  std::vector<LabelConflict> conflicts;
  for (auto& [checksum, clips] : same) {
    const auto& label = manifest.utterances[clips.front()].label;
    if (std::ranges::any_of(
            clips, [&](std::size_t clip) { return manifest.utterances[clip].label != label; })) {
      conflicts.push_back(std::move(clips));
    }
  }
  std::ranges::sort(conflicts);
  return conflicts;
}

}  // namespace

LeakFindings settle_leaks(const corpus::Manifest& manifest, corpus::Split& split,
                          const ClipSounds& sounds, const LeakConfig& config) {
  LeakFindings findings;
  settle_copies(manifest, split, sounds, config, findings);
  std::set<std::string> told;
  for (const auto& leak : corpus::find_protocol_leaks(manifest, split)) {
    const bool can_be_allowed = leak.kind == "speaker" || leak.kind == "text";
    if (can_be_allowed && !told.insert(leak.kind).second) continue;
    allow_or_stop(config, leak.kind, leak.sentence, leak.sentence,
                  can_be_allowed ? "keep them apart" : "", findings);
  }
  findings.label_conflicts = find_label_conflicts(manifest, sounds);
  return findings;
}

}  // namespace ser::train
