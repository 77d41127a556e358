#include "export_file.h"

#include <filesystem>

#include <spdlog/spdlog.h>

#include "ser/core/error.h"

namespace ser::apps {

void require_distinct_files(const std::vector<std::pair<std::string, std::string>>& files) {
  namespace fs = std::filesystem;
  for (std::size_t i = 0; i < files.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const auto& [what, path] = files[i];
      const auto& [other, other_path] = files[j];
      if (path.empty() || other_path.empty()) continue;
      std::error_code error;  // a file that is not there yet
      if (fs::absolute(path).lexically_normal() != fs::absolute(other_path).lexically_normal() &&
          !fs::equivalent(path, other_path, error)) {
        continue;
      }
      throw core::ConfigError("E_USAGE", other + " and " + what + " cannot both be " + path);
    }
  }
}

ExportFile::ExportFile(const std::string& path, Writer writer) : writer_(std::move(writer)) {
  if (!path.empty()) file_.emplace(path);
}

void ExportFile::write(const model::EmotionClassifier& classifier) {
  if (!file_) return;
  writer_(classifier, [this](std::string_view bytes) { file_->write(bytes); });
}

void ExportFile::commit() {
  if (!file_) return;
  file_->commit();
  spdlog::info("wrote {}", file_->path().string());
}

}  // namespace ser::apps
