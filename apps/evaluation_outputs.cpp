#include "evaluation_outputs.h"

#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "ser/core/error.h"

#include "app_main.h"
#include "export_file.h"

namespace ser::apps {
namespace {

void commit(std::optional<core::AtomicFile>& file, const std::string& text) {
  if (!file) return;
  file->write(text);
  file->commit();
}

// GitHub makes the file, and every command of a step adds to it.
void append(const std::filesystem::path& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary | std::ios::app);
  file << text;
  file.close();
  if (!file) {
    throw core::OutputError("E_OUTPUT_WRITE", "cannot write the step summary to " + path.string() +
                                                  " (GITHUB_STEP_SUMMARY)");
  }
}

void open(std::optional<core::AtomicFile>& file, const std::string& path) {
  if (!path.empty()) file.emplace(path);
}

}  // namespace

EvaluationOutputs::EvaluationOutputs(const EvaluationFiles& files)
    : annotate_(files.annotate == "github") {
  require_distinct_files({{"the evaluation", files.out},
                          {"the JUnit file", files.junit},
                          {"the Markdown file", files.markdown}});
  open(out_, files.out);
  open(junit_, files.junit);
  open(markdown_, files.markdown);
  const char* summary = std::getenv("GITHUB_STEP_SUMMARY");
  if (annotate_ && summary != nullptr) summary_ = summary;
  if (!summary_.empty()) append(summary_, "");
}

void EvaluationOutputs::write(const std::string& text, const std::string& markdown,
                              const report::GateReport& gates) {
  commit(out_, text);
  commit(junit_, report::junit_xml(gates));
  commit(markdown_, markdown);
  if (!summary_.empty()) append(summary_, markdown + "\n");
  if (!out_) print(text);
  // A line of standard error is a command to GitHub only if nothing stands before it.
  if (annotate_) std::fputs(report::github_annotations(gates).c_str(), stderr);
}

}  // namespace ser::apps
