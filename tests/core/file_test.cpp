#include "ser/core/file.h"

#include <array>
#include <memory>
#include <sys/stat.h>
#include <vector>

#include <gtest/gtest.h>

#include "ser/core/checksum.h"
#include "ser/core/error.h"
#include "ser/core/thread_pool.h"

#include "support/temporary_folder.h"

namespace ser::core {
namespace {

std::size_t entries(const std::filesystem::path& folder) {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(folder)) ++count;
  return count;
}

TEST(AtomicFile, AppearsWholeOrNotAtAll) {
  const test::TemporaryFolder folder;
  folder.write("out", "old");
  {
    AtomicFile file(folder / "out");
    file.write("half");
    EXPECT_EQ(test::read_text(folder / "out"), "old");
  }
  EXPECT_EQ(test::read_text(folder / "out"), "old");
  EXPECT_EQ(entries(folder.path()), 1U);
  {
    AtomicFile file(folder / "out");
    file.write("new ");
    file.write("content");
    file.commit();
  }
  EXPECT_EQ(test::read_text(folder / "out"), "new content");
  EXPECT_EQ(entries(folder.path()), 1U);
}

TEST(AtomicFile, ItsStartCanBeReplaced) {
  const test::TemporaryFolder folder;
  AtomicFile file(folder / "out");
  file.write("head, body");
  file.replace_start("HEAD");
  file.write(", end");
  file.commit();
  EXPECT_EQ(test::read_text(folder / "out"), "HEAD, body, end");
}

TEST(AtomicFile, HasTheRightsOfNewFilesAlsoWhereThreadsMakeThem) {
  const test::TemporaryFolder folder;
  folder.write("plain", "");
  const auto rights = std::filesystem::status(folder / "plain").permissions();
  std::vector<std::unique_ptr<AtomicFile>> files(400);
  ThreadPool pool(8);
  pool.parallel_for(files.size(), [&](std::size_t i, int) {
    files[i] = std::make_unique<AtomicFile>(folder / std::to_string(i));
  });
  EXPECT_EQ(entries(folder.path()), files.size() + 1);
  for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
    EXPECT_EQ(entry.status().permissions(), rights) << entry.path();
  }
}

TEST(AtomicFile, FailsAtOnceWhereNothingCanBeWritten) {
  const test::TemporaryFolder folder;
  for (const auto& path :
       {folder / "missing" / "out", folder.path(), std::filesystem::path("/proc/self/ser-out")}) {
    try {
      AtomicFile file(path);
      ADD_FAILURE() << path;
    } catch (const OutputError& error) {
      EXPECT_EQ(error.code(), "E_OUTPUT_OPEN");
      EXPECT_NE(std::string(error.what()).find(path.string()), std::string::npos);
    }
  }
}

TEST(AtomicFile, SeveralAppearTogether) {
  const test::TemporaryFolder folder;
  AtomicFile first(folder / "first");
  AtomicFile second(folder / "second");
  first.write("1");
  second.write("2");
  const std::array files = {&first, &second};
  commit_together(files);
  EXPECT_EQ(test::read_text(folder / "first"), "1");
  EXPECT_EQ(test::read_text(folder / "second"), "2");
  EXPECT_EQ(entries(folder.path()), 2U);
}

TEST(AtomicFile, WhatIsNotCommittedCanBeRemovedAtOnce) {
  const test::TemporaryFolder folder;
  AtomicFile done(folder / "done");
  done.write("all");
  done.commit();
  AtomicFile half(folder / "half");
  half.write("a part");
  EXPECT_EQ(entries(folder.path()), 2U);
  remove_temporary_files();
  EXPECT_EQ(entries(folder.path()), 1U);
  EXPECT_EQ(test::read_text(folder / "done"), "all");
  EXPECT_THROW(half.commit(), OutputError);
  // More than are remembered are still removed by themselves.
  {
    std::vector<std::unique_ptr<AtomicFile>> many;
    for (int i = 0; i < 100; ++i) {
      many.push_back(std::make_unique<AtomicFile>(folder / std::to_string(i)));
    }
    EXPECT_EQ(entries(folder.path()), 101U);
  }
  EXPECT_EQ(entries(folder.path()), 1U);
}

TEST(TemporaryNames, AreRemovedAtOnceFilesBeforeTheirFolder) {
  const test::TemporaryFolder folder;
  folder.write("full/kept", "");
  folder.write("full/lock", "");
  folder.write("emptied/lock", "");
  const auto at = [&](const char* name) { return (folder / name).string(); };
  const TemporaryName emptied(at("emptied").c_str());
  const TemporaryName full(at("full").c_str());
  const TemporaryName lock(at("emptied/lock").c_str());
  const TemporaryName other_lock(at("full/lock").c_str());
  { const TemporaryName forgotten(at("full/kept").c_str()); }
  remove_temporary_files();
  EXPECT_EQ(entries(folder.path()), 1U);
  EXPECT_TRUE(std::filesystem::exists(folder / "full/kept"));
  EXPECT_EQ(entries(folder / "full"), 1U);
}

TEST(ReadFile, KeepsItsLimitsAndTakesOnlyRegularFiles) {
  const test::TemporaryFolder folder;
  const auto path = folder.write("in", std::string("a\0b", 3));
  EXPECT_EQ(read_file(path, 3), std::string("a\0b", 3));
  EXPECT_THROW(read_file(path, 2), ConfigError);
  EXPECT_THROW(read_file(folder / "none", 10), ConfigError);
  EXPECT_THROW(read_file(folder.path(), 10), ConfigError);
  ASSERT_EQ(mkfifo((folder / "pipe").c_str(), 0600), 0);
  EXPECT_THROW(read_file(folder / "pipe", 10), ConfigError);
}

TEST(Checksum, OfAFileIsThatOfItsBytes) {
  const test::TemporaryFolder folder;
  std::string bytes(200001, 'x');
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i * 31 % 251);
  EXPECT_EQ(checksum64_file_hex(folder.write("in", bytes)), checksum64_hex(bytes));
  EXPECT_NE(checksum64_file_hex(folder.write("in", bytes + "y")), checksum64_hex(bytes));
  // XXH3's published value for the empty input
  EXPECT_EQ(checksum64_hex(""), "2d06800538d394c2");
}

}  // namespace
}  // namespace ser::core
