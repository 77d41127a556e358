#include "named_models.h"

#include <algorithm>
#include <cstdlib>
#include <set>
#include <system_error>

#include "ser/core/error.h"
#include "ser/corpus/display_name.h"

namespace ser::apps {
namespace {

namespace fs = std::filesystem;

constexpr const char* kEnding = ".ser";

bool is_name(const std::string& text) {
  return !text.empty() && text.find_first_not_of(
                              "abcdefghijklmnopqrstuvwxyz"
                              "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") == std::string::npos;
}

bool is_file(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

std::set<std::string> names_in(const std::vector<fs::path>& folders) {
  std::set<std::string> names;
  for (const auto& folder : folders) {
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error)) {
      const auto stem = entry->path().stem().string();
      if (entry->path().extension() == kEnding && is_name(stem)) names.insert(stem);
    }
  }
  return names;
}

}  // namespace

std::vector<fs::path> model_folders() {
  std::vector<fs::path> folders;
  const char* given = std::getenv("SER_MODELS");
  const std::string list = given == nullptr ? "" : given;
  for (std::size_t begin = 0; begin < list.size();) {
    const std::size_t end = std::min(list.find(':', begin), list.size());
    if (end > begin) folders.emplace_back(list.substr(begin, end - begin));
    begin = end + 1;
  }
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  if (!error) {
    folders.push_back(program.parent_path().parent_path() / "share" / "ser" / "models");
  }
  return folders;
}

std::string find_model(const std::string& name_or_path) {
  if (!is_name(name_or_path) || is_file(name_or_path)) return name_or_path;
  const auto folders = model_folders();
  for (const auto& folder : folders) {
    const fs::path path = folder / (name_or_path + kEnding);
    if (is_file(path)) return path.string();
  }
  std::string list;
  for (const auto& name : names_in(folders)) list += (list.empty() ? "" : ", ") + name;
  throw core::ConfigError("E_MODEL_NAME", "there is no file and no model \"" +
                                              corpus::display_name(name_or_path) + "\"; " +
                                              (list.empty() ? "no models" : "the models " + list) +
                                              " are there by name, and any file by its path");
}

}  // namespace ser::apps
