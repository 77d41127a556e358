#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "ser/report/picture.h"

#include "report/text_table.h"

namespace ser::report::page {

// An HTML page, written piece by piece. Text may be any bytes and comes out escaped; it asks for
// nothing from any network, which its Content-Security-Policy forbids, and runs no script but that
// of page.js, whose checksum the policy names.
class Html {
 public:
  using Sink = std::function<void(std::string_view)>;

  // Writes the beginning of the page.
  Html(Sink sink, std::string_view title);
  // Writes its end. No more follows.
  void end();

  // Markup of ours, as it is.
  Html& raw(std::string_view markup);
  Html& text(std::string_view text);
  // <tag>text</tag>; `tag` may have attributes.
  Html& element(std::string_view tag, std::string_view text);

  // A heading with an id, by which it can be linked to.
  Html& section(std::string_view id, std::string_view heading);
  // The first row heads the others.
  Html& table(const Table& table);
  // Names and what is to be said of them, in two columns.
  Html& facts(const Table& rows);

  enum class Size { kNarrow, kWide };
  // A chart by its id, with what it shows above it.
  Html& chart(std::string_view id, std::string_view caption, const Picture& picture,
              Size size = Size::kNarrow);

 private:
  Sink sink_;
};

}  // namespace ser::report::page
