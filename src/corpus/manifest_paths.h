#pragma once

#include <filesystem>
#include <string>
#include <unordered_map>

namespace ser::corpus {

// Where the recordings are that a list names: by paths relative to its folder, or absolute ones.
class ManifestPaths {
 public:
  explicit ManifestPaths(const std::filesystem::path& file);

  struct Place {
    std::string id;  // below the folder of the list where it lies there; otherwise as it is written
    std::string path;
  };
  // Within a list the path is the same for all ways to write one name of a file: relative or
  // absolute, and by whichever links to folders. Links to the file itself are names of their own,
  // as copies are; and another list may lead to the same file by another path.
  Place place_of(const std::string& written);

 private:
  // Without links, and ending in '/'; as it is where there is no such folder.
  const std::string& real_folder(const std::string& folder);

  std::string folder_;      // ends with '/', or is empty
  std::string own_folder_;  // the same without links
  std::unordered_map<std::string, std::string> real_folders_;
};

}  // namespace ser::corpus
