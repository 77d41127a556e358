#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>

#include "ser/corpus/display_name.h"
#include "ser/corpus/protocol.h"
#include "ser/corpus/split.h"

namespace ser::corpus {
namespace {

constexpr std::size_t kMaxSentences = 20;

struct Part {
  const char* name;
  const std::vector<std::size_t>* members;
};

using FirstIndices = std::map<std::string_view, std::size_t>;  // with the first index that has it

class LeakCheck {
 public:
  LeakCheck(const Manifest& manifest, const Split& split)
      : manifest_(manifest),
        parts_{
            {{"train", &split.train}, {"validation", &split.validation}, {"test", &split.test}}} {}

  std::vector<ProtocolLeak> run(const std::string& protocol) {
    check_indices();
    if (!indices_sound_) return finish();
    check_files();
    const auto known = protocols();
    const auto found = std::ranges::find(known, protocol, &Protocol::name);
    if (found == known.end()) {
      report("the split names a protocol that is not known, \"" + display_name(protocol) + "\"");
      return finish();
    }
    check_kept_apart((*found)->kept_apart());
    return finish();
  }

 private:
  void report(std::string sentence, const std::string& kind = "split") {
    if (found_[kind]++ < kMaxSentences) leaks_.push_back({kind, std::move(sentence)});
  }

  std::vector<ProtocolLeak> finish() {
    for (const auto& [kind, found] : found_) {
      if (found <= kMaxSentences) continue;
      leaks_.push_back({kind, "and " + std::to_string(found - kMaxSentences) + " more"});
    }
    return std::move(leaks_);
  }

  std::string shown(std::size_t index) const {
    return display_name(manifest_.utterances[index].id);
  }

  void check_indices() {
    std::vector<const char*> part_of(manifest_.utterances.size(), nullptr);
    for (const auto& part : parts_) {
      for (const std::size_t i : *part.members) {
        if (i >= part_of.size()) {
          report("the " + std::string(part.name) + " part has the index " + std::to_string(i) +
                 ", but the manifest has " + std::to_string(part_of.size()) + " utterances");
          indices_sound_ = false;
        } else if (part_of[i] != nullptr) {
          report(shown(i) + " is both in the " + part_of[i] + " part and in the " + part.name +
                 " part");
        } else {
          part_of[i] = part.name;
        }
      }
    }
  }

  // One file under two indices, or segments of it that overlap on two sides.
  void check_files() {
    struct Member {
      std::size_t index = 0;
      std::size_t part = 0;
    };
    struct Latest {
      double end_s = 0.0;
      std::size_t index = 0;
    };
    std::vector<Member> members;
    for (std::size_t part = 0; part < parts_.size(); ++part) {
      for (const std::size_t i : *parts_[part].members) {
        if (!manifest_.utterances[i].path.empty()) members.push_back({i, part});
      }
    }
    const auto place = [&](const Member& member) {
      const Utterance& at = manifest_.utterances[member.index];
      return std::tuple(std::string_view(at.path), at.start_s.value_or(0.0), member.index);
    };
    // Manifests are in the order of their paths as a rule, which spares sorting these.
    std::ranges::sort(members, {}, &Member::index);
    if (!std::ranges::is_sorted(members, {}, place)) std::ranges::sort(members, {}, place);
    std::array<std::optional<Latest>, 3> latest;  // of the file's members so far, in each part
    const std::string* path = nullptr;
    for (const auto& member : members) {
      const Utterance& at = manifest_.utterances[member.index];
      if (path == nullptr || *path != at.path) latest.fill(std::nullopt);
      path = &at.path;
      const double start_s = at.start_s.value_or(0.0);
      const bool whole = !at.start_s && !at.end_s;
      for (std::size_t part = 0; part < latest.size(); ++part) {
        if (!latest[part] || latest[part]->index == member.index) continue;
        if (part == member.part ? !whole : start_s >= latest[part]->end_s) continue;
        report("the file of " + shown(latest[part]->index) + " is both in the " +
               parts_[part].name + " part and in the " + parts_[member.part].name + " part");
      }
      auto& own = latest[member.part];
      const double end_s = at.end_s.value_or(std::numeric_limits<double>::infinity());
      if (!own || end_s > own->end_s) own = {end_s, member.index};
    }
  }

  FirstIndices values(std::string Utterance::*member, const Part& part) const {
    std::unordered_map<std::string_view, std::size_t> first;
    for (const std::size_t i : *part.members) first.try_emplace(manifest_.utterances[i].*member, i);
    return {first.begin(), first.end()};
  }

  void check_apart(const std::string& what, std::string Utterance::*member, const Part& a,
                   const Part& b) {
    if (a.members->empty() || b.members->empty()) return;
    const FirstIndices first = values(member, a);
    const FirstIndices second = values(member, b);
    for (const auto& [value, index] : second) {
      if (value.empty()) {
        report("the " + what + " of " + shown(index) + " in the " + b.name +
                   " part is unknown, so that it may stand on two sides",
               what);
      } else if (const auto found = first.find(value); found != first.end()) {
        report("the " + what + " " + display_name(value) + " is both in the " + a.name + " part (" +
                   shown(found->second) + ") and in the " + b.name + " part (" + shown(index) + ")",
               what);
      }
    }
    if (const auto unknown = first.find(""); unknown != first.end()) {
      report("the " + what + " of " + shown(unknown->second) + " in the " + a.name +
                 " part is unknown, so that it may stand on two sides",
             what);
    }
  }

  void check_kept_apart(const std::vector<KeptApart>& kept) {
    const auto& [train, validation, test] = parts_;
    for (const auto& [what, member, from] : kept) {
      if (from == KeptApart::From::kEachOther) {
        check_apart(std::string(what), member, train, validation);
      }
      check_apart(std::string(what), member, train, test);
      check_apart(std::string(what), member, validation, test);
      if (member == &Utterance::speaker && validation_is_of_training_speakers()) {
        check_texts_of_validation();
      }
    }
  }

  bool validation_is_of_training_speakers() const {
    const FirstIndices training = values(&Utterance::speaker, parts_[0]);
    for (const auto& [speaker, index] : values(&Utterance::speaker, parts_[1])) {
      if (training.contains(speaker)) return true;
    }
    return false;
  }

  // Whoever validates and trains with one voice must not do so with one text, where texts tell
  // clips apart.
  void check_texts_of_validation() {
    const FirstIndices training = values(&Utterance::text, parts_[0]);
    const FirstIndices validation = values(&Utterance::text, parts_[1]);
    if (training.size() == 1 && validation.size() == 1) return;
    for (const auto& [text, index] : validation) {
      const auto found = training.find(text);
      if (text.empty() || found == training.end()) continue;
      report("the text " + display_name(text) + " is both in the train part (" +
                 shown(found->second) + ") and in the validation part (" + shown(index) +
                 "), which have speakers in common",
             "text");
    }
  }

  const Manifest& manifest_;
  std::array<Part, 3> parts_;
  bool indices_sound_ = true;
  std::map<std::string, std::size_t> found_;  // by kind
  std::vector<ProtocolLeak> leaks_;
};

}  // namespace

std::vector<ProtocolLeak> find_protocol_leaks(const Manifest& manifest, const Split& split) {
  return LeakCheck(manifest, split).run(split.protocol);
}

std::vector<std::string> check_leaks(const Manifest& manifest, const Split& split) {
  std::vector<std::string> sentences;
  for (auto& leak : find_protocol_leaks(manifest, split)) {
    sentences.push_back(std::move(leak.sentence));
  }
  return sentences;
}

}  // namespace ser::corpus
