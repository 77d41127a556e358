#include "report/charts/svg_text.h"

#include <array>
#include <map>
#include <vector>

#include "ser/core/checksum.h"

#include "report/xml.h"

namespace ser::report::charts {
namespace {

// A stretch of the document as it is, and the number of the id that follows it; the last has none.
struct Piece {
  std::string_view text;
  std::size_t id = 0;
};

// What an id stands behind. Cairo writes no text of ours, so that these occur nowhere else.
constexpr std::array<std::string_view, 3> kBefore = {" id=\"", "href=\"#", "url(#"};

std::vector<Piece> split_at_ids(std::string_view svg) {
  std::vector<Piece> pieces;
  std::map<std::string_view, std::size_t> numbers;
  std::size_t begin = 0;
  for (std::size_t at = 0; at < svg.size();) {
    std::size_t id = std::string_view::npos;
    for (const auto before : kBefore) {
      if (svg.substr(at).starts_with(before)) id = at + before.size();
    }
    if (id == std::string_view::npos) {
      ++at;
      continue;
    }
    const std::size_t end = svg.find_first_of("\")", id);
    const auto name = svg.substr(id, end - id);
    const std::size_t number = numbers.emplace(name, numbers.size()).first->second;
    pieces.push_back({svg.substr(begin, id - begin), number});
    begin = at = id + name.size();
  }
  pieces.push_back({svg.substr(begin)});
  return pieces;
}

std::string join(const std::vector<Piece>& pieces, const std::string& prefix) {
  std::string svg;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    svg += pieces[i].text;
    if (i + 1 < pieces.size()) svg += prefix + std::to_string(pieces[i].id);
  }
  return svg;
}

}  // namespace

std::string with_stable_ids(std::string_view svg) {
  constexpr std::size_t kDigits = 8;
  const auto pieces = split_at_ids(svg);
  const auto checksum = core::checksum64_hex(join(pieces, "")).substr(0, kDigits);
  return join(pieces, "p" + checksum + "-");
}

std::string with_title(std::string svg, std::string_view title) {
  const std::size_t root = svg.find("<svg ");
  const std::size_t end = root == std::string::npos ? root : svg.find('>', root);
  if (end == std::string::npos) return svg;
  svg.insert(end + 1, "\n<title>" + escape_xml(title) + "</title>");
  return svg;
}

}  // namespace ser::report::charts
