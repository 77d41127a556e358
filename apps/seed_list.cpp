#include "seed_list.h"

#include <charconv>
#include <set>

#include "ser/core/error.h"
#include "ser/corpus/display_name.h"

namespace ser::apps {
namespace {

constexpr std::uint64_t kMostSeeds = 1000;

[[noreturn]] void reject(const std::string& text, const std::string& why) {
  throw core::ConfigError("E_CONFIG_VALUE", "seeds: \"" + corpus::display_name(text) + "\" " + why +
                                                "; expected such as 1..5 or 1,2,3");
}

std::uint64_t parse_number(const std::string& text, std::string_view number) {
  std::uint64_t value = 0;
  const char* end = number.data() + number.size();
  const auto read = std::from_chars(number.data(), end, value);
  if (read.ec != std::errc() || read.ptr != end) reject(text, "is no list of seeds");
  return value;
}

}  // namespace

std::vector<std::uint64_t> parse_seeds(const std::string& text) {
  std::vector<std::uint64_t> seeds;
  std::set<std::uint64_t> known;
  std::size_t begin = 0;
  while (begin <= text.size()) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    const std::string_view item(text.data() + begin, end - begin);
    const std::size_t dots = item.find("..");
    const std::uint64_t first = parse_number(text, item.substr(0, dots));
    const std::uint64_t last =
        dots == std::string_view::npos ? first : parse_number(text, item.substr(dots + 2));
    if (last < first) reject(text, "counts downwards");
    if (last - first >= kMostSeeds - seeds.size()) {
      reject(text, "has more than " + std::to_string(kMostSeeds) + " seeds");
    }
    for (std::uint64_t i = 0; i <= last - first; ++i) {
      if (!known.insert(first + i).second) reject(text, "has a seed twice");
      seeds.push_back(first + i);
    }
    begin = end + 1;
  }
  return seeds;
}

}  // namespace ser::apps
