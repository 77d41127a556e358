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
    std::string id;  // below the folder of the list where it lies there, however it is written
    std::string path;
  };
  Place place_of(const std::string& written);

  // The same for all paths of one name of a file, whether they are relative or absolute and
  // whichever links to folders they go by. Links to the file itself are names of their own, as
  // copies are.
  std::string identity(const std::string& path);

 private:
  // Without links, and ending in '/'; as it is where there is no such folder.
  const std::string& real_folder(const std::string& folder);

  std::string folder_;      // ends with '/', or is empty
  std::string own_folder_;  // the same without links
  std::unordered_map<std::string, std::string> real_folders_;
};

}  // namespace ser::corpus
