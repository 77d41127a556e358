#include "evaluation_outputs.h"

#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "ser/core/error.h"

#include "app_main.h"

namespace ser::apps {
namespace {

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

// Before the first of them is opened.
const EvaluationFiles& with_distinct_files(
    const EvaluationFiles& files, const std::vector<std::pair<std::string, std::string>>& inputs) {
  std::vector<std::pair<std::string, std::string>> all = {
      {"the evaluation", files.out},
      {"the JUnit file", files.junit},
      {"the Markdown file", files.markdown},
      {"the picture", files.picture},
      {"the picture of stress", files.stress_picture},
      {"the picture of importance", files.importance_picture},
      {"the folder of the page", files.page.folder}};
  require_distinct_files(all);
  // One input after the other: two of them may well be one.
  all.emplace_back();
  for (const auto& input : inputs) {
    all.back() = input;
    require_distinct_files(all);
  }
  return files;
}

}  // namespace

EvaluationOutputs::EvaluationOutputs(const EvaluationFiles& files,
                                     const std::vector<std::pair<std::string, std::string>>& inputs)
    : out_(with_distinct_files(files, inputs).out),
      junit_(files.junit),
      markdown_(files.markdown),
      picture_(files.picture),
      stress_picture_(files.stress_picture),
      importance_picture_(files.importance_picture),
      page_(files.page),
      annotate_(files.annotate == "github") {
  const char* summary = std::getenv("GITHUB_STEP_SUMMARY");
  if (annotate_ && summary != nullptr) summary_ = summary;
  if (!summary_.empty()) append(summary_, "");
}

void EvaluationOutputs::write(const std::string& text, const std::string& markdown,
                              const report::GateReport& gates, const EvaluationPictures& pictures,
                              const std::optional<report::PageContent>& page) {
  out_.write(text);
  junit_.write(report::junit_xml(gates));
  markdown_.write(markdown);
  if (pictures.evaluation) picture_.write(*pictures.evaluation);
  if (pictures.stress) stress_picture_.write(*pictures.stress);
  if (pictures.importance) importance_picture_.write(*pictures.importance);
  if (page) page_.write(*page);
  commit({&out_, &junit_, &markdown_, &picture_, &stress_picture_, &importance_picture_,
          page_.page(), page_.card()});
  page_.keep();
  if (!summary_.empty()) append(summary_, markdown + "\n");
  if (!out_) print(text);
  // A line of standard error is a command to GitHub only if nothing stands before it.
  if (annotate_) std::fputs(report::github_annotations(gates).c_str(), stderr);
}

}  // namespace ser::apps
