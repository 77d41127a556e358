#include "progress.h"

#include <array>
#include <cstdio>

#include "app_main.h"

namespace ser::apps {

Progress::Progress(std::string what) : what_(std::move(what)), terminal_(talks_to_terminal()) {}

Progress::~Progress() { finish(); }

void Progress::update(std::size_t done, std::size_t total, const std::string& note) {
  if (total == 0) return;
  const auto now = std::chrono::steady_clock::now();
  if (terminal_) {
    if (done < total && open_ && now - drawn_ < std::chrono::milliseconds(100)) return;
    drawn_ = now;
    open_ = true;
    constexpr std::size_t kWidth = 24;
    const std::size_t filled = done * kWidth / total;
    const double elapsed = std::chrono::duration<double>(now - start_).count();
    const double left =
        done > 0 ? elapsed / static_cast<double>(done) * static_cast<double>(total - done) : 0.0;
    const std::string bar = std::string(filled, '#') + std::string(kWidth - filled, '-');
    // ESC [K clears what a longer line left behind
    std::fprintf(stderr, "\r%s [%s] %zu/%zu  left %s  %s\033[K", what_.c_str(), bar.c_str(), done,
                 total, clock_time(left).c_str(), note.c_str());
    if (done == total) finish();
    return;
  }
  const std::size_t tenths = done * 10 / total;
  if (tenths > tenths_printed_) {
    tenths_printed_ = tenths;
    std::fprintf(stderr, "%s %zu/%zu %s\n", what_.c_str(), done, total, note.c_str());
  }
}

void Progress::finish() {
  if (open_) std::fputc('\n', stderr);
  open_ = false;
}

std::string clock_time(double seconds) {
  const auto whole = static_cast<long>(seconds + 0.5);
  std::array<char, 48> text{};
  if (whole >= 3600) {
    std::snprintf(text.data(), text.size(), "%ld:%02ld:%02ld", whole / 3600, whole / 60 % 60,
                  whole % 60);
  } else {
    std::snprintf(text.data(), text.size(), "%ld:%02ld", whole / 60, whole % 60);
  }
  return text.data();
}

}  // namespace ser::apps
