#include "ser/corpus/vocabulary.h"

#include <algorithm>
#include <array>

#include "corpus/ascii.h"

namespace ser::corpus {
namespace {

struct Spelling {
  std::string_view layout;  // empty: in all of them
  std::string_view spelling;
  std::string_view canonical;
};

constexpr std::array kSpellings = {
#define SER_SPELLING(layout, spelling, canonical) Spelling{layout, spelling, canonical},
#include "corpus/vocabulary.def"
#undef SER_SPELLING
};

// Lower case, words joined by one '_'.
std::string normalised(std::string_view spelling) {
  std::string result;
  bool between_words = false;
  for (const char c : spelling) {
    if (c == '-' || c == ' ' || c == '_') {
      between_words = true;
      continue;
    }
    if (between_words && !result.empty()) result += '_';
    between_words = false;
    result += lower_case(c);
  }
  // a name of nothing but separators stays what it is, since a class must have a name
  return result.empty() ? std::string(spelling) : result;
}

}  // namespace

std::string canonical_label(std::string_view spelling, std::string_view layout) {
  std::string name = normalised(spelling);
  const auto find = [&](std::string_view wanted_layout) {
    return std::ranges::find_if(kSpellings, [&](const Spelling& known) {
      return known.layout == wanted_layout && known.spelling == name;
    });
  };
  auto found = kSpellings.end();
  if (!layout.empty()) found = find(layout);
  if (found == kSpellings.end()) found = find("");
  return found == kSpellings.end() ? name : std::string(found->canonical);
}

std::vector<std::pair<std::string, std::string>> known_spellings() {
  std::vector<std::pair<std::string, std::string>> list;
  for (const auto& known : kSpellings) {
    if (known.layout.empty()) list.emplace_back(known.spelling, known.canonical);
  }
  std::ranges::sort(list);
  return list;
}

}  // namespace ser::corpus
