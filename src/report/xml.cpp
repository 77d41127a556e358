#include "report/xml.h"

#include "ser/corpus/display_name.h"

namespace ser::report {

std::string escape_xml(std::string_view text) {
  std::string escaped;
  const std::string harmless = corpus::display_name(text);
  for (std::size_t i = 0; i < harmless.size(); ++i) {
    const std::string_view rest = std::string_view(harmless).substr(i);
    if (rest.starts_with("\xEF\xBF\xBE") || rest.starts_with("\xEF\xBF\xBF")) {
      escaped += "?";  // U+FFFE and U+FFFF are not characters of XML
      i += 2;
    } else if (harmless[i] == '&') {
      escaped += "&amp;";
    } else if (harmless[i] == '<') {
      escaped += "&lt;";
    } else if (harmless[i] == '>') {
      escaped += "&gt;";
    } else if (harmless[i] == '"') {
      escaped += "&quot;";
    } else if (harmless[i] == '\'') {
      escaped += "&apos;";
    } else {
      escaped += harmless[i];
    }
  }
  return escaped;
}

}  // namespace ser::report
