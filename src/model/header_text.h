#pragma once

#include <string>
#include <string_view>

namespace ser::model {

// The text of a JSON object with null in the place of what its member `key` holds, which is passed
// over much faster than it is parsed. A text that is no object of the expected form is given back
// as it is; whoever parses it will say what is wrong with it.
std::string without_member(std::string_view object, std::string_view key);

}  // namespace ser::model
