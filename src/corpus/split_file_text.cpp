#include <algorithm>

#include "ser/core/error.h"
#include "ser/core/json.h"
#include "ser/corpus/display_name.h"
#include "ser/corpus/split_file.h"

#include "corpus/split_checksum.h"
#include "corpus/split_parts.h"

namespace ser::corpus {
namespace {

[[noreturn]] void fail(const std::string& what) {
  throw core::CorpusError("E_SPLIT_FILE", "the split cannot be written to a file: " + what);
}

std::string in_json(std::string_view text) { return core::json_text(text); }

// Who reads the file could not tell them apart.
void require_distinct(const Manifest& manifest) {
  std::vector<std::string> shown;
  shown.reserve(manifest.utterances.size());
  for (const auto& utterance : manifest.utterances) shown.push_back(display_name(utterance.id));
  std::ranges::sort(shown);
  const auto same = std::ranges::adjacent_find(shown);
  if (same != shown.end()) fail("two clips of the data are both shown as \"" + *same + "\"");
}

}  // namespace

SplitFileText::SplitFileText(const Manifest& manifest, std::string_view protocol,
                             std::uint64_t seed, std::uint64_t most_bytes)
    : clips_(manifest.utterances.size()), order_(order_of_ids(manifest)), most_bytes_(most_bytes) {
  require_distinct(manifest);
  text_ = "{\n \"schema\": " + in_json(kSplitFileSchema) +
          ",\n \"protocol\": " + in_json(protocol) + ",\n \"seed\": " + std::to_string(seed) +
          ",\n \"manifest\": {\"clips\": " + std::to_string(clips_) +
          ", \"checksum\": " + in_json(manifest_checksum(manifest, order_)) + "},\n \"ids\": [";
  const char* separator = "\n  ";
  for (const std::size_t i : order_) {
    text_ += separator + in_json(display_name(manifest.utterances[i].id));
    separator = ",\n  ";
    require_room();
  }
  text_ += "\n ],\n \"folds\": [";
}

void SplitFileText::add(const Split& fold) {
  std::vector<char> letter_of(clips_, '-');
  const std::vector<std::size_t>* parts[] = {&fold.train, &fold.validation, &fold.test};
  for (std::size_t p = 0; p < std::size(parts); ++p) {
    for (const std::size_t i : *parts[p]) {
      if (i >= clips_) fail("a fold has a clip that the data do not have");
      if (letter_of[i] != '-') fail("a clip is in two parts of a fold");
      letter_of[i] = kPartLetters[p];
    }
  }
  std::vector<char> letters;
  letters.reserve(clips_);
  for (const std::size_t i : order_) letters.push_back(letter_of[i]);
  text_ += (folds_++ == 0 ? "\n  {\"fold\": " : ",\n  {\"fold\": ") + in_json(fold.fold) +
           ",\n   \"statement\": " + in_json(fold.statement) +
           ",\n   \"parts\": " + in_json(parts_text(letters)) + "}";
  require_room();
}

std::string SplitFileText::finish() {
  text_ += "\n ]\n}\n";
  require_room();
  return std::move(text_);
}

void SplitFileText::require_room() const {
  if (text_.size() <= most_bytes_) return;
  fail("with " + std::to_string(clips_) + " clips it has more than the " +
       std::to_string(most_bytes_) + " bytes that are read again" +
       (folds_ == 0 ? std::string() : " in its first " + std::to_string(folds_) + " folds") +
       "; choose a protocol of fewer folds, such as speaker-kfold");
}

}  // namespace ser::corpus
