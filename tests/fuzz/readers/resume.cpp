#include <fstream>

#include "ser/core/error.h"
#include "ser/core/resumable_file.h"

#include "fuzz/memory_file.h"
#include "fuzz/readers.h"

namespace ser::fuzz {
namespace {

void write(const std::filesystem::path& path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc)
      .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

}  // namespace

// What an earlier run left: the state, a line of "=", and the partial output.
bool read_resume(Bytes bytes) {
  static const std::filesystem::path kPath = scratch_folder() / "rows.jsonl";
  static const auto kPartial = core::ResumableFile::partial_path(kPath);
  static const std::filesystem::path kState = kPartial.string() + ".state";
  static const core::Json kSettings = {{"model", "m"}, {"seed", 1}};
  const std::string_view text = text_of(bytes);
  const std::size_t border = std::min(text.find("\n=\n"), text.size());
  const std::string_view partial = text.substr(std::min(border + 3, text.size()));
  write(kState, std::string(text.substr(0, border)) + "\n");
  write(kPartial, partial);
  try {
    const core::ResumableFile file(kPath, kSettings, core::ResumableFile::Start::kResume);
    const auto kept = std::filesystem::file_size(kPartial);
    require(kept <= partial.size(), "the partial output grew");
    require(file.resumed_from().is_null() ? kept == 0 : file.resumed_from().is_object(),
            "rows without a checkpoint were kept");
    return true;
  } catch (const core::ConfigError&) {
    return false;
  } catch (const core::OutputError&) {
    require(false, "an output cannot be written");
    return false;
  }
}

}  // namespace ser::fuzz
