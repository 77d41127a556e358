#include "output_file.h"

#include <filesystem>

#include <spdlog/spdlog.h>

#include "ser/core/error.h"

namespace ser::apps {

void require_distinct_files(const std::vector<std::pair<std::string, std::string>>& files) {
  namespace fs = std::filesystem;
  const auto place = [](const std::string& path) {
    std::error_code error;  // where the way to it cannot be walked, opening it will say so
    const auto resolved = fs::weakly_canonical(fs::absolute(path), error);
    return error ? fs::absolute(path).lexically_normal() : resolved;
  };
  for (std::size_t i = 0; i < files.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const auto& [what, path] = files[i];
      const auto& [other, other_path] = files[j];
      if (path.empty() || other_path.empty()) continue;
      std::error_code error;  // a file that is not there yet
      if (place(path) != place(other_path) && !fs::equivalent(path, other_path, error)) continue;
      throw core::ConfigError("E_USAGE", other + " and " + what + " cannot both be " + path);
    }
  }
}

OutputFile::OutputFile(const std::string& path) {
  if (!path.empty()) file_.emplace(path);
}

void OutputFile::write(std::string_view bytes) {
  if (file_) file_->write(bytes);
}

std::function<void(std::string_view)> OutputFile::sink() {
  return [this](std::string_view bytes) { write(bytes); };
}

void commit(const std::vector<OutputFile*>& files) {
  std::vector<core::AtomicFile*> named;
  for (OutputFile* const output : files) {
    if (*output) named.push_back(&*output->file_);
  }
  core::commit_together(named);
  // Of a folder of pictures nobody reads every name.
  constexpr std::size_t kMostTold = 8;
  if (named.size() <= kMostTold) {
    for (const auto* file : named) spdlog::info("wrote {}", file->path().string());
  } else {
    spdlog::info("wrote {} and {} more beside it", named.front()->path().string(),
                 named.size() - 1);
  }
}

}  // namespace ser::apps
