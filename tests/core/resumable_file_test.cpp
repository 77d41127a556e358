#include "ser/core/resumable_file.h"

#include <fstream>

#include <gtest/gtest.h>

#include "ser/core/error.h"

#include "support/temporary_folder.h"

namespace ser::core {
namespace {

namespace fs = std::filesystem;
using Start = ResumableFile::Start;

const Json kSettings = {{"model", "a"}, {"top", 1}};

std::string code_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.code();
  }
  return "";
}

// As an interrupted run leaves it: three checkpoints, and something behind them.
fs::path interrupted(const test::TemporaryFolder& folder) {
  const fs::path path = folder / "rows";
  {
    ResumableFile file(path, kSettings, Start::kNew);
    EXPECT_TRUE(file.resumed_from().is_null());
    for (int i = 1; i <= 3; ++i) {
      file.write("row " + std::to_string(i) + "\n");
      file.checkpoint({{"rows", i}});
    }
    file.write("not yet");
  }
  EXPECT_FALSE(fs::exists(path));
  return path;
}

void append(const fs::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::app) << bytes;
}

// Goes on and returns how many rows were kept.
int finish(const fs::path& path) {
  ResumableFile file(path, kSettings, Start::kResume);
  const int rows = file.resumed_from().is_null() ? 0 : file.resumed_from().at("rows").get<int>();
  for (int i = rows + 1; i <= 5; ++i) file.write("row " + std::to_string(i) + "\n");
  file.commit();
  return rows;
}

void expect_whole(const test::TemporaryFolder& folder, const fs::path& path) {
  EXPECT_EQ(test::read_text(path), "row 1\nrow 2\nrow 3\nrow 4\nrow 5\n");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), {}), 1);
}

TEST(ResumableFile, GoesOnAtTheLastCheckpointThatBothFilesHoldWhole) {
  using Damage = std::function<void(const fs::path& partial, const fs::path& state)>;
  const auto cut = [](const fs::path& path, std::uintmax_t bytes) {
    fs::resize_file(path, fs::file_size(path) - bytes);
  };
  const std::pair<int, Damage> cases[] = {
      {3, [](const auto&, const auto&) {}},
      {3, [](const auto& partial, const auto&) { append(partial, "row 4\nro"); }},
      {3, [](const auto&, const auto& state) { append(state, R"({"bytes": 24, "chec)"); }},
      {3, [](const auto&, const auto& state) { append(state, "\xff\n{}\n"); }},
      {2, [&](const auto& partial, const auto&) { cut(partial, 1); }},
      {2, [&](const auto&, const auto& state) { cut(state, 1); }},
      {1, [&](const auto& partial, const auto&) { cut(partial, 7); }},
      {0, [](const auto& partial, const auto&) { fs::resize_file(partial, 0); }},
      {1,
       [](const auto& partial, const auto&) {
         std::fstream file(partial, std::ios::in | std::ios::out);
         file.seekp(8);
         file << "X";
       }},
  };
  for (const auto& [rows, damage] : cases) {
    const test::TemporaryFolder folder;
    const auto path = interrupted(folder);
    damage(path.string() + ".partial", path.string() + ".partial.state");
    EXPECT_EQ(finish(path), rows);
    expect_whole(folder, path);
  }
}

TEST(ResumableFile, AppearsOnlyOnceItIsWhole) {
  const test::TemporaryFolder folder;
  EXPECT_FALSE(ResumableFile::is_complete(folder / "rows"));
  EXPECT_EQ(finish(folder / "rows"), 0);
  EXPECT_TRUE(ResumableFile::is_complete(folder / "rows"));
  expect_whole(folder, folder / "rows");
  {
    ResumableFile file(folder / "rows", kSettings, Start::kNew);
    file.write("nothing that was done");
  }
  expect_whole(folder, folder / "rows");
}

TEST(ResumableFile, RefusesWhatCannotBeGoneOnWith) {
  const test::TemporaryFolder folder;
  const auto path = interrupted(folder);
  const auto open = [&](const Json& settings, Start start) {
    return code_of([&] { ResumableFile(path, settings, start); });
  };
  EXPECT_EQ(open(kSettings, Start::kNew), "E_OUTPUT_UNFINISHED");
  EXPECT_EQ(open({{"model", "b"}, {"top", 1}}, Start::kResume), "E_RESUME_SETTINGS");
  EXPECT_EQ(open({{"model", "a"}}, Start::kResume), "E_RESUME_SETTINGS");
  EXPECT_EQ(finish(path), 3);  // nothing was lost by it
  folder.write("other.partial", "of another program");
  EXPECT_EQ(code_of([&] { ResumableFile(folder / "other", kSettings, Start::kResume); }),
            "E_OUTPUT_UNFINISHED");
  EXPECT_EQ(test::read_text(folder / "other.partial"), "of another program");
  EXPECT_EQ(code_of([&] { ResumableFile(folder.path(), kSettings, Start::kNew); }),
            "E_OUTPUT_OPEN");
  EXPECT_EQ(code_of([&] { ResumableFile("/dev/null", kSettings, Start::kNew); }), "E_OUTPUT_OPEN");
  EXPECT_EQ(code_of([&] { ResumableFile(folder / "no" / "rows", kSettings, Start::kNew); }),
            "E_OUTPUT_OPEN");
}

TEST(ResumableFile, OnlyOneMayWriteIt) {
  const test::TemporaryFolder folder;
  const auto path = folder / "rows";
  ResumableFile first(path, kSettings, Start::kNew);
  ASSERT_TRUE(first.locked());
  first.write("row 1\n");
  first.checkpoint({{"rows", 1}});
  EXPECT_EQ(code_of([&] { ResumableFile(path, kSettings, Start::kResume); }), "E_OUTPUT_LOCKED");
  EXPECT_EQ(code_of([&] { ResumableFile(path, kSettings, Start::kNew); }), "E_OUTPUT_LOCKED");
  first.commit();
  EXPECT_EQ(test::read_text(path), "row 1\n");
}

}  // namespace
}  // namespace ser::core
