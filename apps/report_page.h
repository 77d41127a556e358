#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "ser/report/page.h"

#include "output_file.h"

namespace ser::apps {

// A folder for outputs, made with its parents where it is missing. Those that were made are removed
// again unless they are kept, or something is in them.
class OutputFolder {
 public:
  // Throws OutputError (E_OUTPUT_OPEN). Without a name there is none.
  explicit OutputFolder(const std::string& path);
  ~OutputFolder();
  OutputFolder(const OutputFolder&) = delete;
  OutputFolder& operator=(const OutputFolder&) = delete;

  // The place of a file in it; "" where there is no folder.
  std::string file(const std::string& name) const;
  const std::filesystem::path& path() const { return path_; }
  void keep() { made_.clear(); }

 private:
  std::filesystem::path path_;
  std::vector<std::filesystem::path> made_;  // the outermost first
};

// What --report asks for.
struct ReportPageRequest {
  std::string folder;
  bool embed_audio = false;
};

// Whether a value of --report names a folder for a page, and not a file for a report in JSON.
bool names_report_folder(const std::string& value);

// The page of a report and its Markdown twin, opened at once. Without a folder there are none.
class ReportPage {
 public:
  explicit ReportPage(const ReportPageRequest& request);

  explicit operator bool() const { return static_cast<bool>(page_); }
  void write(const report::PageContent& content);
  // For commit(); then keep().
  OutputFile* page() { return &page_; }
  OutputFile* card() { return &card_; }
  void keep() { folder_.keep(); }

 private:
  OutputFolder folder_;  // goes after the files in it
  OutputFile page_;
  OutputFile card_;
  report::PageSound sound_;
};

}  // namespace ser::apps
