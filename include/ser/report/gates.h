#pragma once

#include <string>
#include <vector>

#include "ser/eval/gate.h"

namespace ser::report {

// What a run of gates came to, for other programs and for people. All names in it are untrusted
// text and come out harmless.
struct GateReport {
  std::vector<eval::GateResult> gates;
  std::vector<std::string> unusable;  // "id: code message" of each recording that was not scored
  std::string reservation;            // what is wrong with the score itself; empty: nothing

  // Every gate was passed and every recording used: exit code 0, and only then.
  bool passed() const;
};

// One line that says the same as the exit code: it begins with "GATE PASSED", "GATE MISSED" or
// "INCOMPLETE" (recordings could not be used). Empty where there was no gate and nothing failed.
std::string verdict(const GateReport& report);

// A JUnit file: a test case for each gate, and one for the recordings.
std::string junit_xml(const GateReport& report);

// Workflow commands of GitHub Actions, a line each: missed gates as errors, what could not be used
// as warnings, passed gates as notices.
std::string github_annotations(const GateReport& report);

// A table of the gates, with the verdict above it.
std::string gates_markdown(const GateReport& report);

}  // namespace ser::report
