#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ser/report/gates.h"
#include "ser/report/picture.h"

#include "output_file.h"
#include "picture_file.h"
#include "report_page.h"

namespace ser::apps {

// Where else an evaluation goes, beside standard output or --out.
struct EvaluationFiles {
  std::string out;
  std::string junit;
  std::string markdown;
  std::string annotate;  // "github", or empty
  std::string picture;
  std::string stress_picture;
  std::string importance_picture;
  ReportPageRequest page;
};

// Those that were asked for.
struct EvaluationPictures {
  std::optional<report::Picture> evaluation;
  std::optional<report::Picture> stress;
  std::optional<report::Picture> importance;
};

// The files of an evaluation, opened before the work begins: an output that cannot be written ends
// the program at once. Throws ConfigError (E_USAGE) where two are one file, (E_CONFIG_VALUE) for a
// picture of an unknown format, OutputError.
class EvaluationOutputs {
 public:
  // `inputs`, each with what it is, must not be written over.
  EvaluationOutputs(const EvaluationFiles& files,
                    const std::vector<std::pair<std::string, std::string>>& inputs);

  // Standard output is not where the evaluation goes, so that the verdict is told on standard
  // error.
  bool has_out() const { return static_cast<bool>(out_); }

  // `text` goes to --out or standard output, `markdown` to --markdown and GitHub's step summary,
  // annotations to standard error: what stands on standard output stays what was asked for.
  void write(const std::string& text, const std::string& markdown, const report::GateReport& gates,
             const EvaluationPictures& pictures, const std::optional<report::PageContent>& page);
  bool has_page() const { return static_cast<bool>(page_); }

 private:
  OutputFile out_;
  OutputFile junit_;
  OutputFile markdown_;
  PictureFile picture_;
  PictureFile stress_picture_;
  PictureFile importance_picture_;
  ReportPage page_;
  bool annotate_ = false;
  std::filesystem::path summary_;  // that GitHub shows; empty: none
};

}  // namespace ser::apps
