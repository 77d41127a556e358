#include "report_page.h"

#include "ser/core/error.h"

#include "app_main.h"

namespace ser::apps {
namespace {

namespace fs = std::filesystem;

// Those that are missing, the outermost first.
std::vector<fs::path> missing_folders(const fs::path& path) {
  std::vector<fs::path> missing;
  std::error_code error;
  for (fs::path folder = path; !folder.empty() && !fs::exists(folder, error);
       folder = folder.parent_path()) {
    missing.insert(missing.begin(), folder);
  }
  return missing;
}

}  // namespace

OutputFolder::OutputFolder(const std::string& path) {
  if (path.empty()) return;
  path_ = fs::absolute(path).lexically_normal();
  if (!path_.has_filename()) path_ = path_.parent_path();
  std::error_code error;
  for (const auto& folder : missing_folders(path_)) {
    if (!fs::create_directory(folder, error) || error) break;
    made_.push_back(folder);
  }
  if (fs::is_directory(path_, error)) return;
  for (auto folder = made_.rbegin(); folder != made_.rend(); ++folder) fs::remove(*folder, error);
  throw core::OutputError("E_OUTPUT_OPEN", path_.string() +
                                               " is no folder, and none can be made of that name "
                                               "(a report in JSON has a name that ends in .json)");
}

OutputFolder::~OutputFolder() {
  std::error_code error;  // one that is not empty stays
  for (auto folder = made_.rbegin(); folder != made_.rend(); ++folder) fs::remove(*folder, error);
}

std::string OutputFolder::file(const std::string& name) const {
  return path_.empty() ? "" : (path_ / name).string();
}

bool names_report_folder(const std::string& value) {
  return fs::path(value).extension() != ".json";
}

ReportPage::ReportPage(const ReportPageRequest& request)
    : folder_(request.folder),
      page_(folder_.file("index.html")),
      card_(folder_.file("model_card.md")),
      sound_{folder_.path(),
             request.embed_audio ? report::PageSound::Kind::kEmbedded
                                 : report::PageSound::Kind::kLinked,
             stop_requested} {}

void ReportPage::write(const report::PageContent& content) {
  if (!page_) return;
  report::write_page(content, sound_, page_.sink());
  card_.write(report::model_card(content));
}

}  // namespace ser::apps
