#pragma once

#include <chrono>
#include <cstddef>
#include <string>

namespace ser::apps {

// A line on stderr that says how far work is: redrawn in place on a terminal; elsewhere printed
// only at every tenth of the work.
class Progress {
 public:
  explicit Progress(std::string what);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // `note` stands behind the bar.
  void update(std::size_t done, std::size_t total, const std::string& note = "");
  // Ends the line; later updates begin a new one.
  void finish();

 private:
  std::string what_;
  bool terminal_;
  bool open_ = false;
  std::size_t tenths_printed_ = 0;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point drawn_{};
};

// "1:05", "0:07", "2:03:00".
std::string clock_time(double seconds);

}  // namespace ser::apps
