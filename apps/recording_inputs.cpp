#include "recording_inputs.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "ser/core/checksum.h"
#include "ser/corpus/manifest.h"

#include "reading_options.h"

namespace ser::apps {
namespace {

using OnRecording = std::function<void(const std::string&)>;
using OnFailure = std::function<void(const std::string&, const core::Error&)>;

// Many times what an operating system takes for a name.
constexpr std::size_t kLongestName = 64 * 1024;

// A file is itself; a folder is all recordings below it.
void visit_input(const std::string& input, const OnRecording& on_recording,
                 const OnFailure& on_failure) {
  std::error_code error;
  if (!std::filesystem::is_directory(input, error)) {
    on_recording(input);
    return;
  }
  try {
    // A folder that cannot be read has its row, and the others are none the worse for it.
    corpus::visit_recordings(
        input, [&](const std::filesystem::path& path) { on_recording(path.string()); },
        [&](const std::filesystem::path& folder, const core::CorpusError& failure) {
          on_failure(folder.string(), failure);
        });
  } catch (const core::CorpusError& failure) {
    on_failure(input, failure);
  }
}

void visit_list(std::istream& list, const RecordingInputs& inputs, const OnRecording& on_recording,
                const OnFailure& on_failure) {
  const auto end = std::char_traits<char>::to_int_type(inputs.null_separated ? '\0' : '\n');
  std::string name;
  for (auto byte = list.rdbuf()->sbumpc();; byte = list.rdbuf()->sbumpc()) {
    const bool over = byte == std::char_traits<char>::eof();
    if (!over && byte != end) {
      name += std::char_traits<char>::to_char_type(byte);
      if (name.size() <= kLongestName) continue;
      throw core::ConfigError("E_FILE_READ", "a name in " + inputs.files_from + " has more than " +
                                                 std::to_string(kLongestName) +
                                                 " bytes; is it a list of files?" +
                                                 (inputs.null_separated ? "" : " Or use --null"));
    }
    if (!inputs.null_separated && name.ends_with('\r')) name.pop_back();
    if (!name.empty()) visit_input(name, on_recording, on_failure);
    name.clear();
    if (over) return;
  }
}

// "2/8"; what is wrong otherwise.
std::string read_shard(const std::string& text, Shard& shard) {
  const char* const end = text.data() + text.size();
  std::uint64_t number = 0;
  std::uint64_t count = 0;
  const auto slash = std::from_chars(text.data(), end, number);
  if (slash.ec == std::errc() && slash.ptr != end && *slash.ptr == '/') {
    const auto rest = std::from_chars(slash.ptr + 1, end, count);
    if (rest.ec == std::errc() && rest.ptr == end && number >= 1 && number <= count) {
      shard = {number - 1, count};
      return "";
    }
  }
  return "expected I/N with I from 1 to N, found " + text;
}

}  // namespace

bool Shard::holds(const std::string& path) const {
  return count == 1 || core::checksum64(path) % count == index;
}

std::string Shard::text() const { return std::to_string(index + 1) + "/" + std::to_string(count); }

void add_input_options(CLI::App& app, RecordingInputs& inputs) {
  app.add_option("INPUT", inputs.inputs,
                 "recordings, and folders of them; - alone: a recording that comes on standard "
                 "input, see --raw");
  app.add_option("--files-from", inputs.files_from,
                 "file with one input a line; -: standard input");
  app.add_flag("-0,--null", inputs.null_separated,
               "in that list a zero byte ends each input, as find -print0 writes it")
      ->needs("--files-from");
  app.add_option_function<std::string>(
         "--shard",
         [&inputs](const std::string& text) {
           const std::string wrong = read_shard(text, inputs.shard);
           if (!wrong.empty()) throw CLI::ValidationError("--shard", wrong);
         },
         "I/N: only the I-th of N shares of the inputs, which have nothing in common")
      ->type_name("I/N");
  add_reading_options(app);
}

void require_inputs(const RecordingInputs& inputs) {
  if (inputs.inputs.empty() && inputs.files_from.empty()) {
    throw core::ConfigError("E_USAGE",
                            "which recordings? name files or folders, or use --files-from");
  }
  if (!inputs.is_stream() && std::ranges::count(inputs.inputs, "-") > 0) {
    throw core::ConfigError("E_USAGE",
                            "- is standard input and stands alone; write ./- for a file of that "
                            "name");
  }
}

std::uint64_t for_each_recording(const RecordingInputs& inputs, const OnRecording& on_recording,
                                 const OnFailure& on_failure) {
  std::uint64_t count = 0;
  const OnRecording of_share = [&](const std::string& path) {
    ++count;
    if (inputs.shard.holds(path)) on_recording(path);
  };
  const OnFailure failure_of_share = [&](const std::string& path, const core::Error& error) {
    ++count;
    if (inputs.shard.holds(path)) on_failure(path, error);
  };
  for (const auto& input : inputs.inputs) visit_input(input, of_share, failure_of_share);
  if (inputs.files_from.empty()) return count;
  if (inputs.files_from == "-") {
    visit_list(std::cin, inputs, of_share, failure_of_share);
    return count;
  }
  std::ifstream list(inputs.files_from);
  if (!list || std::filesystem::is_directory(inputs.files_from)) {
    throw core::ConfigError("E_FILE_READ", "cannot read the list of files " + inputs.files_from);
  }
  visit_list(list, inputs, of_share, failure_of_share);
  return count;
}

}  // namespace ser::apps
