#include "report/page/html.h"

#include "ser/core/base64.h"
#include "ser/core/version.h"

#include "report/page/page_assets.h"
#include "report/xml.h"

namespace ser::report::page {
namespace {

constexpr double kNarrowWidth = 560.0;
constexpr double kWideWidth = 860.0;

// The bytes that a text in hexadecimal stands for.
std::string from_hexadecimal(std::string_view text) {
  const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  std::string bytes;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
    bytes += static_cast<char>(digit(text[i]) * 16 + digit(text[i + 1]));
  }
  return bytes;
}

std::string policy() {
  // Sound comes from beside the page, or is in it.
  return "default-src 'none'; script-src 'sha256-" +
         core::to_base64(from_hexadecimal(kScriptChecksum)) +
         "'; style-src 'unsafe-inline'; img-src data:; media-src 'self' file: data:; base-uri "
         "'none'; form-action 'none'";
}

}  // namespace

Html::Html(Sink sink, std::string_view title) : sink_(std::move(sink)) {
  raw("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"");
  raw(policy());
  raw("\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"referrer\" content=\"no-referrer\">\n<meta name=\"generator\" content=\"ser ");
  text(core::kVersion).raw("\">\n");
  element("title", title).raw("\n<style>\n");
  raw(kStyle).raw("</style>\n</head>\n<body>\n<main>\n");
  element("h1", title).raw("\n");
}

void Html::end() { raw("</main>\n<script>").raw(kScript).raw("</script>\n</body>\n</html>\n"); }

Html& Html::raw(std::string_view markup) {
  sink_(markup);
  return *this;
}

Html& Html::text(std::string_view text) { return raw(escape_xml(text)); }

Html& Html::element(std::string_view tag, std::string_view text) {
  const std::string_view name = tag.substr(0, tag.find(' '));
  return raw("<").raw(tag).raw(">").text(text).raw("</").raw(name).raw(">");
}

Html& Html::section(std::string_view id, std::string_view heading) {
  return element("h2 id=\"" + std::string(id) + "\"", heading).raw("\n");
}

Html& Html::table(const Table& table) {
  raw("<div class=\"scroll\"><table>\n");
  for (std::size_t row = 0; row < table.size(); ++row) {
    if (row == 0) raw("<thead>");
    if (row == 1) raw("<tbody>");
    raw("<tr>");
    for (const auto& cell : table[row]) element(row == 0 ? "th" : "td", cell);
    raw("</tr>");
    if (row == 0) raw("</thead>");
    raw("\n");
  }
  if (table.size() > 1) raw("</tbody>");
  return raw("</table></div>\n");
}

Html& Html::facts(const Table& rows) {
  raw("<div class=\"scroll\"><table class=\"facts\"><tbody>\n");
  for (const auto& row : rows) {
    raw("<tr>");
    for (const auto& cell : row) element("td", cell);
    raw("</tr>\n");
  }
  return raw("</tbody></table></div>\n");
}

Html& Html::chart(std::string_view id, std::string_view caption, const Picture& picture,
                  Size size) {
  raw("<figure class=\"chart").raw(size == Size::kWide ? " wide" : "").raw("\" id=\"chart-");
  raw(id).raw("\">");
  if (!caption.empty()) element("figcaption", caption);
  raw("\n").raw(picture.element(size == Size::kWide ? kWideWidth : kNarrowWidth));
  return raw("</figure>\n");
}

}  // namespace ser::report::page
