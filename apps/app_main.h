#pragma once

#include <functional>
#include <string>
#include <string_view>

#include <CLI/CLI.hpp>

namespace ser::apps {

// The exit codes of all programs.
enum ExitCode {
  kDone = 0,
  kIncomplete = 1,  // the work ran, but a gate was missed or some inputs failed
  kUsage = 2,       // wrong options or configuration
  kNoData = 3,      // no usable input data
  kBadModel = 4,    // a model file that cannot be used
  kOutput = 5,      // an output that cannot be written
  kInternal = 70    // a defect of the program, or no memory
};

// Parses the command line, runs the body and turns whatever happens into an exit code and, on
// stderr, one line. SIGINT and SIGTERM make stop_requested() true and end the program with 130 or
// 143; a second SIGINT ends it at once, and likewise leaves no half-written files behind.
int run_app(CLI::App& app, int argc, char** argv, const std::function<int()>& body);

// For the beginning of main(): whatever ends the program, also a library that throws where it must
// not or a crash, is told on stderr and leaves no half-written file.
void begin_program(const char* name);

// For the end of main(): says what the exception in flight is, without asking for memory, and
// returns the exit code.
//
//   int main(int argc, char** argv) try {
//     ser::apps::begin_program("ser-train");
//     ...
//   } catch (...) {
//     return ser::apps::report_exception();
//   }
int report_exception() noexcept;

// True once a signal asked the program to stop.
bool stop_requested();

// Writes to stdout; throws OutputError where it cannot.
void print(std::string_view text);
// Throws OutputError if what was printed did not reach its destination.
void flush_output();

// stderr is a terminal, so progress may be redrawn in place.
bool talks_to_terminal();

// A check of options: a number from 0 to 1, which CLI11's Range would also let NaN be.
CLI::Validator probability();

// Adds --jobs (default: the processors this process may use).
void add_jobs_option(CLI::App& app, int& jobs);

}  // namespace ser::apps
