#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ser::corpus {

// Where the clips of a list stand in a fold, a letter each: of the training, validation and test
// part, and of none.
inline constexpr std::string_view kPartLetters = "tve-";

// "3t2e" for "tttee": a letter once for all clips in a row that share it, after their number unless
// that is 1.
std::string parts_text(const std::vector<char>& letters);

// The letters of such a text for `count` clips. Throws std::invalid_argument, saying what is wrong,
// for any other text and before it would take more memory than `count` letters.
std::vector<char> letters_of(std::string_view parts, std::size_t count);

}  // namespace ser::corpus
