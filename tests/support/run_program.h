#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace ser::test {

struct ProgramResult {
  int exit_code = -1;  // 128 + signal if it was killed by one
  std::string out;
  std::string err;
};

struct RunOptions {
  std::string input;              // standard input
  bool input_stays_open = false;  // no end follows: the program waits for more
  std::string stdout_path;        // a file that takes standard output, e.g. /dev/full
  // Sent as soon as stderr holds `signal_after` and stdout `signal_after_output`.
  int signal = 0;
  std::string signal_after;
  std::string signal_after_output;
  int signals = 1;                    // how often
  std::chrono::seconds longest{120};  // then it is killed
  // The most bytes that a file may have, as on a disk that is nearly full; 0: any number.
  std::uint64_t largest_file = 0;
};

// Where a program of the build lies.
std::string program_path(const std::string& program);

// Runs a program of the build (ser-train ...), or another by its whole path, as a user would, and
// waits for its end; after RunOptions::longest it is killed and the result says so (exit code 137).
ProgramResult run_program(const std::string& program, const std::vector<std::string>& arguments,
                          const RunOptions& options = {});

}  // namespace ser::test
