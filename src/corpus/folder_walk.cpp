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

constexpr int kMaxFolderDepth = 64;

struct PendingFolder {
  std::string id;  // empty for the root
  fs::path path;
  int depth = 0;
};

// What a folder holds: a recording, or a folder if its id ends in '/', so that the order of ids is
// the order of all paths.
using Names = std::vector<std::string>;

core::CorpusError reading_failure(const fs::path& path, const std::string& why) {
  return {"E_CORPUS_READ", "cannot read the folder " + display_name(path.native()) + ": " + why +
                               "; make it readable, or take it out of the corpus"};
}

[[noreturn]] void fail_reading(const fs::path& path, const std::string& why) {
  throw reading_failure(path, why);
}

class Walker {
 public:
  // Without `on_unreadable` a folder that cannot be read ends the walk; with it, it is told and
  // passed over.
  Walker(const IsTable& is_table, const std::function<void(std::string)>& on_recording,
         const OnUnreadableFolder& on_unreadable)
      : is_table_(is_table), on_recording_(on_recording), on_unreadable_(on_unreadable) {}

  // Calls on_recording for each, sorted; holds the names of no more than the folders on the way to
  // one. The result has no recordings.
  FolderWalk walk(const fs::path& root) {
    visit({"", root, 0});
    std::ranges::sort(result_.tables);
    std::ranges::sort(result_.left_out, {}, &LeftOut::relative_path);
    return std::move(result_);
  }

 private:
  void visit(const PendingFolder& folder) {
    Names names;
    try {
      names = read(folder);
    } catch (const core::CorpusError& error) {
      if (!on_unreadable_) throw;
      on_unreadable_(folder.path, error);
      return;
    }
    std::ranges::sort(names);
    for (std::string& name : names) {
      if (!name.ends_with('/')) {
        on_recording_(std::move(name));
        continue;
      }
      name.pop_back();
      fs::path path = folder.path / fs::path(name).filename();
      visit({std::move(name), std::move(path), folder.depth + 1});
    }
  }

  Names read(const PendingFolder& folder) {
    Names names;
    std::error_code error;
    fs::directory_iterator entry(folder.path, error);
    while (!error && entry != fs::directory_iterator()) {
      take(folder, *entry, names);
      entry.increment(error);
    }
    if (error) fail_reading(folder.path, error.message());
    return names;
  }

  void take(const PendingFolder& folder, const fs::directory_entry& entry, Names& names) {
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
      if (folder.depth + 1 > kMaxFolderDepth) {
        const auto failure = reading_failure(
            entry.path(), "it lies more than " + std::to_string(kMaxFolderDepth) + " folders deep");
        if (!on_unreadable_) throw core::CorpusError(failure);
        on_unreadable_(entry.path(), failure);
        return;
      }
      names.push_back(std::move(id) + '/');
    } else if (core::is_foreign_recording_name(name)) {
      result_.left_out.push_back(
          {std::move(id), "this format is not read (convert it to WAV or FLAC)"});
    } else if (core::is_recording_name(name)) {
      if (entry.is_regular_file(error)) {
        names.push_back(std::move(id));
      } else {
        result_.left_out.push_back(
            {std::move(id), is_link ? "a link that leads nowhere" : "not a regular file"});
      }
    } else if (is_table_ && is_table_(id) && entry.is_regular_file(error)) {
      result_.tables.push_back(std::move(id));
    }
  }

  const IsTable& is_table_;
  const std::function<void(std::string)>& on_recording_;
  const OnUnreadableFolder& on_unreadable_;
  FolderWalk result_;
};

void check_folder(const fs::path& root) {
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
}

core::CorpusError no_recordings(const fs::path& root, const std::vector<LeftOut>& left_out) {
  std::string message = "there are no recordings in " + display_name(root.native()) +
                        " (files that end in .wav, .wave, .aif, .aiff, .aifc or .flac)";
  if (!left_out.empty()) {
    message += "; " + std::to_string(left_out.size()) + " left out, the first is " +
               display_name(left_out.front().relative_path) + ": " + left_out.front().reason;
  }
  return {"E_CORPUS_EMPTY", message};
}

}  // namespace

FolderWalk walk_folder(const fs::path& root, const IsTable& is_table) {
  check_folder(root);
  std::vector<std::string> recordings;
  const std::function<void(std::string)> take = [&](std::string name) {
    recordings.push_back(std::move(name));
  };
  const OnUnreadableFolder none;
  FolderWalk walk = Walker(is_table, take, none).walk(root);
  walk.recordings = std::move(recordings);
  if (walk.recordings.empty()) throw no_recordings(root, walk.left_out);
  return walk;
}

void visit_recordings(const fs::path& root,
                      const std::function<void(const fs::path&)>& on_recording,
                      const OnUnreadableFolder& on_unreadable) {
  std::error_code error;
  const auto status = fs::status(root, error);
  if (fs::exists(status) && !fs::is_directory(status)) {
    on_recording(root);
    return;
  }
  check_folder(root);
  bool any = false;
  const std::function<void(std::string)> take = [&](const std::string& name) {
    any = true;
    on_recording(root / name);
  };
  OnUnreadableFolder pass_over;
  if (on_unreadable) {
    pass_over = [&](const fs::path& folder, const core::CorpusError& failure) {
      any = true;
      on_unreadable(folder, failure);
    };
  }
  const IsTable no_table;
  const FolderWalk walk = Walker(no_table, take, pass_over).walk(root);
  if (!any) throw no_recordings(root, walk.left_out);
}

}  // namespace ser::corpus
