#include "corpus/manifest_paths.h"

#include <system_error>

namespace ser::corpus {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostRemembered = 10000;  // folders

// Paths that are written in two ways are one file. Most are written plainly, which is seen faster.
std::string normal_form(const std::string& path) {
  const bool plain = path.find("//") == std::string::npos && !path.starts_with("./") &&
                     !path.starts_with("../") && path.find("/./") == std::string::npos &&
                     path.find("/../") == std::string::npos;
  return plain ? path : fs::path(path).lexically_normal().native();
}

}  // namespace

ManifestPaths::ManifestPaths(const fs::path& file) {
  folder_ = file.parent_path().native();
  if (!folder_.empty() && !folder_.ends_with('/')) folder_ += '/';
  own_folder_ = real_folder(folder_);
}

ManifestPaths::Place ManifestPaths::place_of(const std::string& written) {
  std::string name = normal_form(written);
  const std::string full = name.starts_with('/') ? name : folder_ + name;
  const std::size_t file = full.rfind('/') + 1;
  std::string real = real_folder(full.substr(0, file)) + full.substr(file);
  if (!real.starts_with(own_folder_)) return {std::move(name), std::move(real)};
  name = real.substr(own_folder_.size());
  return {name, folder_ + name};
}

const std::string& ManifestPaths::real_folder(const std::string& folder) {
  if (const auto found = real_folders_.find(folder); found != real_folders_.end()) {
    return found->second;
  }
  std::error_code error;
  fs::path real = fs::canonical(folder.empty() ? "." : folder, error);
  if (error) real = fs::absolute(folder, error).lexically_normal();
  if (real_folders_.size() >= kMostRemembered) real_folders_.clear();
  return real_folders_[folder] = (real / "").native();
}

}  // namespace ser::corpus
