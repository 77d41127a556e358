#pragma once

#include <optional>
#include <string>

#include <CLI/CLI.hpp>

#include "ser/eval/occlusion.h"
#include "ser/model/recogniser.h"

#include "output_file.h"
#include "picture_file.h"

namespace ser::apps {

// What ser-predict is to explain: nothing where neither file is named.
struct ExplainRequest {
  std::string json;
  std::string picture;
  eval::OcclusionConfig occlusion;

  bool wanted() const { return !json.empty() || !picture.empty(); }
};

void add_explain_options(CLI::App& app, ExplainRequest& request);

// Says what the label of the one recording rests on; does nothing where that is not wanted. Its
// files are opened at once.
class Explainer {
 public:
  // Throws ConfigError: E_USAGE where the two files are one, or one is the model's; E_CONFIG_VALUE
  // for a configuration out of range.
  Explainer(const ExplainRequest& request, const std::string& model);

  // Throws ConfigError (E_USAGE) if there is one already, or it is one of the files.
  void add(const std::string& path);
  // Writes the files. Throws as loading the recording and eval::explain() do.
  void explain(const model::Recogniser& recogniser, core::ThreadPool& pool);

 private:
  const ExplainRequest& request_;
  OutputFile json_;
  PictureFile picture_;
  std::optional<std::string> recording_;
};

}  // namespace ser::apps
