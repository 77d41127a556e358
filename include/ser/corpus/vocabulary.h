#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ser::corpus {

// The canonical name for a corpus's spelling of an emotion ("ps", "Pleasant_surprise", "W" in EmoDB
// ...), or the spelling itself, lower-cased with '_' between words, if it is not known. Canonical:
// angry, boredom, calm, disgust, fear, happy, neutral, sad, surprise (and others that corpora
// have).
std::string canonical_label(std::string_view spelling, std::string_view layout = "");

// Every spelling that is known (in lower case) whatever the layout, with its canonical name;
// sorted.
std::vector<std::pair<std::string, std::string>> known_spellings();

}  // namespace ser::corpus
