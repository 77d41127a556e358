#include "report/svg.h"

#include <algorithm>
#include <cstdlib>
#include <set>

#include "ser/corpus/display_name.h"

namespace ser::test {
namespace {

double number_after(const std::string& text, const std::string& name) {
  const std::size_t at = text.find(name + "=\"");
  return at == std::string::npos ? -1.0 : std::strtod(text.c_str() + at + name.size() + 2, nullptr);
}

std::string name_of(const std::string& tag) {
  return tag.substr(0, std::min(tag.find_first_of(" \n/"), tag.size()));
}

// name="value" after the name of the tag, as often as there are.
bool has_sound_attributes(const std::string& tag) {
  std::size_t at = name_of(tag).size();
  for (;;) {
    const std::size_t next = tag.find_first_not_of(" \n", at);
    if (next == std::string::npos || tag.substr(next) == "/") return at > 0;
    const std::size_t quote = tag.find("=\"", next);
    const std::size_t end = quote == std::string::npos ? quote : tag.find('"', quote + 2);
    if (next == at || quote == next || end == std::string::npos ||
        tag.find_first_of(" <\n/", next) < quote) {
      return false;
    }
    at = end + 1;
  }
}

std::string describe(const SvgText& text) {
  return "(" + std::to_string(text.left) + " to " + std::to_string(text.right) + ", " +
         std::to_string(text.top) + " to " + std::to_string(text.bottom) + ")";
}

}  // namespace

std::string svg_fault(const std::string& svg) {
  if (!corpus::is_utf8(svg)) return "no UTF-8";
  std::vector<std::string> open;
  std::set<std::string> ids;
  std::vector<std::string> referred;
  std::size_t at = svg.find("?>");
  if (at == std::string::npos) return "no declaration";
  for (at = svg.find('<', at); at != std::string::npos; at = svg.find('<', at)) {
    const std::size_t end = svg.find('>', at);
    if (end == std::string::npos) return "a tag without an end";
    const std::string tag = svg.substr(at + 1, end - at - 1);
    at = end;
    if (tag.starts_with('/')) {
      if (open.empty() || open.back() != tag.substr(1))
        return "</" + tag.substr(1) + "> closes nothing";
      open.pop_back();
      continue;
    }
    if (!has_sound_attributes(tag)) return "<" + tag + ">";
    if (!tag.ends_with('/')) open.push_back(name_of(tag));
    if (const auto id = tag.find(" id=\""); id != std::string::npos) {
      const auto name = tag.substr(id + 5, tag.find('"', id + 5) - id - 5);
      if (!ids.insert(name).second) return "two of id " + name;
    }
    for (const std::string before : {"href=\"#", "url(#"}) {
      const auto reference = tag.find(before);
      if (reference == std::string::npos) continue;
      const auto begin = reference + before.size();
      referred.push_back(tag.substr(begin, tag.find_first_of("\")", begin) - begin));
    }
  }
  if (!open.empty()) return "<" + open.back() + "> stays open";
  for (const auto& name : referred) {
    if (!ids.contains(name)) return "nothing has id " + name;
  }
  return "";
}

std::vector<SvgText> svg_texts(const std::string& svg) {
  std::vector<SvgText> texts;
  bool fresh = true;
  for (std::size_t at = svg.find('<'); at != std::string::npos; at = svg.find('<', at + 1)) {
    const std::string tag = svg.substr(at + 1, svg.find('>', at) - at - 1);
    if (name_of(tag) != "use" || number_after(tag, " x") < 0.0) {
      fresh = true;
      continue;
    }
    const double x = number_after(tag, " x");
    const double y = number_after(tag, " y");
    if (fresh) texts.push_back({x, x, y, y});
    fresh = false;
    auto& text = texts.back();
    text.left = std::min(text.left, x);
    text.right = std::max(text.right, x);
    text.top = std::min(text.top, y);
    text.bottom = std::max(text.bottom, y);
  }
  return texts;
}

std::string svg_collision(const std::string& svg) {
  const double width = number_after(svg, "width");
  const double height = number_after(svg, "height");
  auto texts = svg_texts(svg);
  // No letter of ours is narrower than that, or lower.
  constexpr double kLetter = 3.0;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    auto& text = texts[i];
    const bool upward = text.bottom > text.top;
    text.right += upward ? 0.0 : kLetter;
    text.left -= upward ? kLetter : 0.0;
    text.top -= kLetter;
    if (text.left < 0.0 || text.top < 0.0 || text.right > width || text.bottom > height) {
      return describe(text) + " is outside";
    }
    for (std::size_t j = 0; j < i; ++j) {
      const auto& other = texts[j];
      if (text.left < other.right && other.left < text.right && text.top < other.bottom &&
          other.top < text.bottom) {
        return describe(text) + " touches " + describe(other);
      }
    }
  }
  return texts.empty() ? "there is no text" : "";
}

}  // namespace ser::test
