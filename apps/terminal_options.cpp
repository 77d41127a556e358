#include "terminal_options.h"

#include <algorithm>
#include <cstdlib>
#include <string_view>
#include <sys/ioctl.h>
#include <unistd.h>

namespace ser::apps {
namespace {

bool is_set(const char* variable) {
  const char* const value = std::getenv(variable);
  return value != nullptr && *value != '\0';
}

bool terminal_has_colours() {
  const char* const name = std::getenv("TERM");
  const bool dumb = name == nullptr || std::string_view(name) == "dumb";
  return prints_to_terminal() && !dumb && !is_set("NO_COLOR");
}

}  // namespace

void add_terminal_options(CLI::App& app, TerminalRequest& request) {
  auto* const terminal =
      app.add_flag("--terminal", request.draw, "draw on the terminal, in characters");
  app.add_option("--colour", request.colour,
                 "auto: if standard output is a terminal and NO_COLOR is not set; always; never")
      ->check(CLI::IsMember({"auto", "always", "never"}))
      ->capture_default_str()
      ->needs(terminal);
}

bool prints_to_terminal() { return isatty(STDOUT_FILENO) == 1; }

report::TerminalStyle terminal_style(const std::string& colour) {
  constexpr std::size_t kLeast = 20;
  constexpr std::size_t kMost = 200;
  report::TerminalStyle style;
  const bool colours = colour == "always" || (colour == "auto" && terminal_has_colours());
  if (colours) style.colours = report::TerminalStyle::Colours::k256;
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
    style.width = std::clamp<std::size_t>(size.ws_col, kLeast, kMost);
  }
  return style;
}

}  // namespace ser::apps
