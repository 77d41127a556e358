#include "corpus/split_parts.h"

#include <algorithm>
#include <stdexcept>

#include "ser/corpus/display_name.h"

#include "corpus/ascii.h"

namespace ser::corpus {

std::string parts_text(const std::vector<char>& letters) {
  std::string text;
  for (std::size_t begin = 0; begin < letters.size();) {
    std::size_t end = begin + 1;
    while (end < letters.size() && letters[end] == letters[begin]) ++end;
    if (end - begin > 1) text += std::to_string(end - begin);
    text += letters[begin];
    begin = end;
  }
  return text;
}

std::vector<char> letters_of(std::string_view parts, std::size_t count) {
  const std::string all = std::to_string(count) + " clips";
  std::vector<char> letters;
  letters.reserve(count);
  while (!parts.empty()) {
    const auto digits = static_cast<std::size_t>(
        std::ranges::find_if_not(parts, [](char c) { return is_digit(c); }) - parts.begin());
    const std::string_view number = parts.substr(0, digits);
    if (digits == parts.size()) {
      throw std::invalid_argument("it ends with a number, behind which a letter is missing");
    }
    const char letter = parts[digits];
    if (kPartLetters.find(letter) == std::string_view::npos) {
      throw std::invalid_argument("it has the character \"" +
                                  display_name(parts.substr(digits, 1)) +
                                  "\", which is none of t, v, e and -");
    }
    if (digits > 0 && !is_number_between(number, 1, 999'999'999)) {
      throw std::invalid_argument("it has the number " + std::string(number.substr(0, 20)) +
                                  ", which is not from 1 to 999999999");
    }
    const std::size_t run = digits == 0 ? 1 : static_cast<std::size_t>(number_of(number));
    if (run > count - letters.size()) {
      throw std::invalid_argument("it tells of more than the " + all + " of the list");
    }
    letters.insert(letters.end(), run, letter);
    parts.remove_prefix(digits + 1);
  }
  if (letters.size() < count) {
    throw std::invalid_argument("it tells of " + std::to_string(letters.size()) + " of the " + all +
                                " of the list");
  }
  return letters;
}

}  // namespace ser::corpus
