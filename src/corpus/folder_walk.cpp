#include "corpus/folder_walk.h"

#include <algorithm>
#include <system_error>
#include <tuple>

#include "ser/core/error.h"
#include "ser/core/recording_name.h"
#include "ser/corpus/display_name.h"

namespace ser::corpus {
namespace {

namespace fs = std::filesystem;

constexpr int kMaxDepth = 64;

struct PendingFolder {
  std::string id;  // empty for the root
  fs::path path;
  int depth = 0;
};

[[noreturn]] void fail_reading(const fs::path& path, const std::string& why) {
  throw core::CorpusError("E_CORPUS_READ", "cannot read the folder " + display_name(path.native()) +
                                               ": " + why +
                                               "; make it readable, or take it out of the corpus");
}

class Walker {
 public:
  explicit Walker(const IsTable& is_table) : is_table_(is_table) {}

  FolderWalk walk(const fs::path& root) {
    pending_.push_back({"", root, 0});
    while (!pending_.empty()) {
      const PendingFolder folder = std::move(pending_.back());
      pending_.pop_back();
      read(folder);
    }
    std::ranges::sort(result_.recordings);
    std::ranges::sort(result_.tables);
    std::ranges::sort(result_.left_out, {}, &LeftOut::relative_path);
    return std::move(result_);
  }

 private:
  void read(const PendingFolder& folder) {
    std::error_code error;
    fs::directory_iterator entry(folder.path, error);
    while (!error && entry != fs::directory_iterator()) {
      take(folder, *entry);
      entry.increment(error);
    }
    if (error) fail_reading(folder.path, error.message());
  }

  void take(const PendingFolder& folder, const fs::directory_entry& entry) {
    const std::string name = entry.path().filename().native();
    if (name.starts_with('.')) return;
    std::string id = folder.id.empty() ? name : folder.id + "/" + name;
    // These ask the file system only where the folder's own list does not tell, which for a million
    // files counts.
    std::error_code error;
    const bool is_link = entry.is_symlink(error);
    const bool is_folder = entry.is_directory(error);                   // or a link to one
    if (error && !is_link) fail_reading(folder.path, error.message());  // it could be a folder
    if (is_folder && is_link) {
      result_.left_out.push_back({std::move(id), "a link to a folder is not followed"});
    } else if (is_folder) {
      if (folder.depth + 1 > kMaxDepth) {
        fail_reading(entry.path(),
                     "it lies more than " + std::to_string(kMaxDepth) + " folders deep");
      }
      pending_.push_back({std::move(id), entry.path(), folder.depth + 1});
    } else if (core::is_foreign_recording_name(name)) {
      result_.left_out.push_back(
          {std::move(id), "this format is not read (convert it to WAV or FLAC)"});
    } else if (core::is_recording_name(name)) {
      if (entry.is_regular_file(error)) {
        result_.recordings.push_back(std::move(id));
      } else {
        result_.left_out.push_back(
            {std::move(id), is_link ? "a link that leads nowhere" : "not a regular file"});
      }
    } else if (is_table_ && is_table_(id) && entry.is_regular_file(error)) {
      result_.tables.push_back(std::move(id));
    }
  }

  const IsTable& is_table_;
  std::vector<PendingFolder> pending_;
  FolderWalk result_;
};

}  // namespace

FolderWalk walk_folder(const fs::path& root, const IsTable& is_table) {
  std::error_code error;
  const fs::file_status status = fs::status(root, error);
  const std::string shown = display_name(root.native());
  if (status.type() == fs::file_type::not_found) {
    throw core::CorpusError("E_CORPUS_MISSING", "there is no folder " + shown);
  }
  if (error) fail_reading(root, error.message());
  if (!fs::is_directory(status)) {
    throw core::CorpusError("E_CORPUS_MISSING",
                            shown +
                                " is not a folder; name the folder that holds the recordings, or a "
                                "manifest file that ends in .csv, .tsv or .jsonl");
  }
  FolderWalk walk = Walker(is_table).walk(root);
  if (walk.recordings.empty()) {
    std::string message = "there are no recordings in " + shown +
                          " (files that end in .wav, .wave, .aif, .aiff, .aifc or .flac)";
    if (!walk.left_out.empty()) {
      message += "; " + std::to_string(walk.left_out.size()) + " left out, the first is " +
                 display_name(walk.left_out.front().relative_path) + ": " +
                 walk.left_out.front().reason;
    }
    throw core::CorpusError("E_CORPUS_EMPTY", message);
  }
  return walk;
}

}  // namespace ser::corpus
