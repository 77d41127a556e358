#pragma once

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
  std::string input;        // standard input
  std::string stdout_path;  // a file that takes standard output, e.g. /dev/full
  int signal = 0;           // sent as soon as stderr holds `signal_after`
  std::string signal_after;
  int signals = 1;  // how often
  // The most bytes that a file may have, as on a disk that is nearly full; 0: any number.
  std::uint64_t largest_file = 0;
};

// Runs a program of the build (ser-train ...), or another by its whole path, as a user would, and
// waits for its end; after two minutes it is killed and the result says so (exit code 137).
ProgramResult run_program(const std::string& program, const std::vector<std::string>& arguments,
                          const RunOptions& options = {});

}  // namespace ser::test
