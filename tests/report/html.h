#pragma once

#include <string>
#include <vector>

namespace ser::test {

// Reads a page of ours, in which every tag but those of elements without content is closed: what is
// wrong with it, or "".
std::string html_fault(const std::string& html);

// The texts between tags as a browser shows them, without those of scripts and styles.
std::vector<std::string> html_texts(const std::string& html);

// The values of an attribute, unescaped, in order.
std::vector<std::string> html_attributes(const std::string& html, const std::string& name);

}  // namespace ser::test
