#include "report/html.h"

#include <set>
#include <string_view>

#include "ser/corpus/display_name.h"

namespace ser::test {
namespace {

struct Attribute {
  std::string name;
  std::string value;
};

struct Tag {
  std::string name;  // with '/' before it where it closes
  std::vector<Attribute> attributes;
  bool closes_itself = false;
  std::size_t end = 0;  // behind it
  std::string fault;
};

std::string unescaped(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    bool known = false;
    for (const auto& [entity, sign] : {std::pair<std::string_view, char>{"&amp;", '&'},
                                       {"&lt;", '<'},
                                       {"&gt;", '>'},
                                       {"&quot;", '"'},
                                       {"&apos;", '\''}}) {
      if (!std::string_view(text).substr(i).starts_with(entity)) continue;
      out += sign;
      i += entity.size() - 1;
      known = true;
      break;
    }
    if (!known) out += text[i];
  }
  return out;
}

// Behind the '<' at `at`.
Tag read_tag(const std::string& html, std::size_t at) {
  Tag tag;
  const auto fail = [&](const std::string& why) {
    tag.fault = why + " in " + html.substr(at, 80);
    return tag;
  };
  std::size_t i = at + 1;
  while (i < html.size() && std::string_view(" \n>").find(html[i]) == std::string_view::npos) {
    tag.name += html[i++];
  }
  if (tag.name.ends_with('/')) {
    tag.name.pop_back();
    tag.closes_itself = true;
  }
  for (;;) {
    i = html.find_first_not_of(" \n", i);
    if (i == std::string::npos) return fail("no end");
    if (html[i] == '>') break;
    if (html[i] == '/' && i + 1 < html.size() && html[i + 1] == '>') {
      tag.closes_itself = true;
      ++i;
      break;
    }
    const std::size_t equals = html.find_first_of("= >\n\"", i);
    if (equals == std::string::npos) return fail("no end");
    if (html[equals] != '=') {
      if (tag.name == "!DOCTYPE") {
        i = equals;
        continue;
      }
      return fail("an attribute without a value");
    }
    if (equals + 1 >= html.size() || html[equals + 1] != '"') return fail("no quotes");
    const std::size_t quote = html.find('"', equals + 2);
    if (quote == std::string::npos) return fail("an open quote");
    const std::string value = html.substr(equals + 2, quote - equals - 2);
    if (value.find('<') != std::string::npos) return fail("'<' in a value");
    tag.attributes.push_back({html.substr(i, equals - i), unescaped(value)});
    i = quote + 1;
    if (i < html.size() && std::string_view(" \n>/").find(html[i]) == std::string_view::npos) {
      return fail("something behind a quote");
    }
  }
  tag.end = i + 1;
  return tag;
}

bool is_void(const std::string& name) {
  static const std::set<std::string> kVoid = {"!DOCTYPE", "meta", "br", "link", "input", "img"};
  return kVoid.contains(name);
}

// Calls on_text(text) and on_tag(tag); what is wrong, or "".
template <class OnText, class OnTag>
std::string walk(const std::string& html, OnText&& on_text, OnTag&& on_tag) {
  std::size_t at = 0;
  while (at < html.size()) {
    const std::size_t next = std::min(html.find('<', at), html.size());
    if (next > at) on_text(html.substr(at, next - at));
    if (next == html.size()) break;
    const Tag tag = read_tag(html, next);
    if (!tag.fault.empty()) return tag.fault;
    if (const std::string fault = on_tag(tag); !fault.empty()) return fault;
    at = tag.end;
    if (tag.name != "script" && tag.name != "style") continue;
    const std::size_t end = html.find("</" + tag.name + ">", at);
    if (end == std::string::npos) return tag.name + " stays open";
    at = end;
  }
  return "";
}

}  // namespace

std::string html_fault(const std::string& html) {
  if (!corpus::is_utf8(html)) return "no UTF-8";
  std::vector<std::string> open;
  std::set<std::string> ids;
  const std::string fault = walk(
      html, [](const std::string&) {},
      [&](const Tag& tag) -> std::string {
        for (const auto& attribute : tag.attributes) {
          if (attribute.name == "id" && !ids.insert(attribute.value).second) {
            return "two of id " + attribute.value;
          }
          if (attribute.name.starts_with("on")) return "a handler: " + attribute.name;
        }
        // The ends of cells and rows may be left out.
        const auto close = [&](const std::string& name) {
          if (!open.empty() && open.back() == name) open.pop_back();
        };
        if (tag.name == "td" || tag.name == "tr" || tag.name == "/tbody") close("td");
        if (tag.name == "tr" || tag.name == "/tbody") close("tr");
        if (tag.name.starts_with('/')) {
          if (open.empty() || open.back() != tag.name.substr(1)) {
            return "<" + tag.name + "> closes nothing, open is " +
                   (open.empty() ? "nothing" : open.back());
          }
          open.pop_back();
        } else if (!tag.closes_itself && !is_void(tag.name)) {
          open.push_back(tag.name);
        }
        return "";
      });
  if (!fault.empty()) return fault;
  return open.empty() ? "" : open.back() + " stays open";
}

std::vector<std::string> html_texts(const std::string& html) {
  std::vector<std::string> texts;
  walk(
      html,
      [&](std::string text) {
        while (text.ends_with('\n')) text.pop_back();
        texts.push_back(unescaped(text));
      },
      [](const Tag&) { return std::string(); });
  return texts;
}

std::vector<std::string> html_attributes(const std::string& html, const std::string& name) {
  std::vector<std::string> values;
  walk(
      html, [](const std::string&) {},
      [&](const Tag& tag) {
        for (const auto& attribute : tag.attributes) {
          if (attribute.name == name) values.push_back(attribute.value);
        }
        return std::string();
      });
  return values;
}

}  // namespace ser::test
