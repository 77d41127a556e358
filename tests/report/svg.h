#pragma once

#include <string>
#include <vector>

namespace ser::test {

// What stands in one place of an SVG picture by Cairo: the left ends of its letters, which are
// those of one text.
struct SvgText {
  double left = 0.0;
  double right = 0.0;
  double top = 0.0;
  double bottom = 0.0;
};

// Reads the document as XML: what is wrong with it, or "".
std::string svg_fault(const std::string& svg);

// The texts in the order in which they were drawn.
std::vector<SvgText> svg_texts(const std::string& svg);

// A sentence about the first text that is outside the picture or touches another; "" if none does.
std::string svg_collision(const std::string& svg);

}  // namespace ser::test
