#include "standard_input.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <poll.h>
#include <string>
#include <unistd.h>
#include <vector>

#include "ser/core/error.h"
#include "ser/core/interrupted.h"

#include "app_main.h"

namespace ser::apps {
namespace {

// Between two looks at whether a signal came: one can come just before poll() begins to wait.
constexpr int kPatience_ms = 100;
constexpr std::size_t kMostBytes = 65536;  // what a pipe holds

core::AudioError unreadable(int error) {
  return core::AudioError("E_AUDIO_READ",
                          std::string("standard input cannot be read: ") + std::strerror(error));
}

}  // namespace

void read_standard_input(const std::function<void(std::span<const unsigned char>)>& consume) {
  if (isatty(STDIN_FILENO) == 1) {
    throw core::ConfigError("E_USAGE",
                            "standard input is a terminal; pipe a recording into the program, such "
                            "as arecord -t wav -f S16_LE -r 16000 | ser-predict ... -");
  }
  std::vector<unsigned char> bytes(kMostBytes);
  while (true) {
    if (stop_requested()) throw core::Interrupted();
    std::array<pollfd, 2> ends = {pollfd{STDIN_FILENO, POLLIN, 0}, pollfd{STDOUT_FILENO, 0, 0}};
    const int ready = poll(ends.data(), ends.size(), kPatience_ms);
    if (ready < 0 && errno != EINTR) throw unreadable(errno);
    if (ready <= 0) continue;
    if (ends[1].revents != 0) {
      throw core::OutputError("E_OUTPUT_WRITE", "nobody reads standard output any more");
    }
    if (ends[0].revents == 0) continue;
    const ssize_t got = read(STDIN_FILENO, bytes.data(), bytes.size());
    if (got == 0) return;
    if (got > 0) {
      consume(std::span<const unsigned char>(bytes).first(static_cast<std::size_t>(got)));
    } else if (errno != EINTR && errno != EAGAIN) {
      throw unreadable(errno);
    }
  }
}

}  // namespace ser::apps
