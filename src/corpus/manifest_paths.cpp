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
  const bool absolute = name.starts_with('/');
  if (absolute || name.starts_with("../")) {
    const std::string real = identity(absolute ? name : folder_ + name);
    if (!real.starts_with(own_folder_))
      return {name, absolute ? name : normal_form(folder_ + name)};
    name = real.substr(own_folder_.size());
  }
  return {name, normal_form(folder_ + name)};
}

std::string ManifestPaths::identity(const std::string& path) {
  const std::size_t name = path.rfind('/') + 1;
  return real_folder(path.substr(0, name)) + path.substr(name);
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
