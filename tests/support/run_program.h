#pragma once

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
};

// Runs a program of the build (ser-train ...) as a user would, and waits for its end; after two
// minutes it is killed and the result says so (exit code 137).
ProgramResult run_program(const std::string& program, const std::vector<std::string>& arguments,
                          const RunOptions& options = {});

}  // namespace ser::test
