#include "corpus/time_text.h"

#include <charconv>

#include "corpus/ascii.h"

namespace ser::corpus {
namespace {

constexpr double kMostSeconds = 1e9;

std::optional<double> parse_decimal(std::string_view text) {
  double value = 0.0;
  const char* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stopped != end) return std::nullopt;
  // written so that NaN fails
  if (!(value >= 0.0 && value <= kMostSeconds)) return std::nullopt;
  return value + 0.0;  // not -0
}

// "01:02:03.5"
std::optional<double> parse_clock(std::string_view text) {
  const auto fields = split_fields(text, ':');
  if (fields.size() != 3 || !is_number_between(fields[0], 0, 999999) ||
      !is_number_between(fields[1], 0, 59) || fields[2].empty() || !is_digit(fields[2].front())) {
    return std::nullopt;
  }
  const auto seconds = parse_decimal(fields[2]);
  if (!seconds || *seconds >= 60.0) return std::nullopt;
  return 3600.0 * number_of(fields[0]) + 60.0 * number_of(fields[1]) + *seconds;
}

}  // namespace

std::optional<double> parse_seconds(std::string_view text) {
  if (text.find(':') == std::string_view::npos) return parse_decimal(text);
  double days_s = 0.0;
  for (const std::string_view word : {" days ", " day "}) {
    const std::size_t at = text.find(word);
    if (at == std::string_view::npos) continue;
    if (!is_number_between(text.substr(0, at), 0, 10000)) return std::nullopt;
    days_s = 86400.0 * number_of(text.substr(0, at));
    text.remove_prefix(at + word.size());
    break;
  }
  const auto clock_s = parse_clock(text);
  if (!clock_s) return std::nullopt;
  return days_s + *clock_s;
}

}  // namespace ser::corpus
