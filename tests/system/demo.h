#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "ser/core/json.h"

#include "support/run_program.h"
#include "support/temporary_folder.h"

namespace ser::test {

inline const std::string kDemo = std::string(SER_SOURCE_DIR) + "/data/demo";

// A model trained once on the demo corpus, shared by the tests of one program; made when first
// asked for.
class DemoModel {
 public:
  static const DemoModel& get() {
    static const DemoModel model;
    return model;
  }

  std::string path() const { return (folder_ / "demo.ser").string(); }
  core::Json report() const {
    return core::parse_json(read_text(folder_ / "demo.report.json"), "report");
  }
  const ProgramResult& run() const { return run_; }

 private:
  DemoModel() {
    run_ = run_program("ser-train", {kDemo, "--out", path(), "--split", "random", "--jobs", "2"});
  }

  TemporaryFolder folder_;
  ProgramResult run_;
};

inline std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    lines.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return lines;
}

inline std::string last_line(const std::string& text) {
  const auto lines = lines_of(text);
  return lines.empty() ? "" : lines.back();
}

// The members that the README's table of a section says a JSON has: every name between back quotes
// in the first cells.
inline std::set<std::string> documented_members(const std::string& heading) {
  std::set<std::string> documented;
  const auto readme = lines_of(read_text(std::string(SER_SOURCE_DIR) + "/README.md"));
  auto line = std::find(readme.begin(), readme.end(), heading);
  line = std::find(line, readme.end(), "| member of the JSON | |");
  if (line == readme.end()) return documented;
  for (line += 2; line != readme.end() && line->starts_with("| `"); ++line) {
    const std::string cell = line->substr(2, line->find(" | ") - 2);
    for (std::size_t at = cell.find('`'); at != std::string::npos; at = cell.find('`', at)) {
      const std::size_t end = cell.find('`', at + 1);
      documented.insert(cell.substr(at + 1, end - at - 1));
      at = end + 1;
    }
  }
  return documented;
}

inline std::set<std::string> members_of(const core::Json& json) {
  std::set<std::string> members;
  for (const auto& [key, value] : json.items()) members.insert(key);
  return members;
}

// Recordings of the demo corpus, sorted.
inline std::vector<std::filesystem::path> demo_recordings() {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(kDemo)) {
    if (entry.path().extension() == ".wav") paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

}  // namespace ser::test
