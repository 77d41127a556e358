// What the fuzzers begin with and what they found, by any compiler.
#include <algorithm>
#include <filesystem>
#include <unistd.h>

#include <gtest/gtest.h>

#include "fuzz/readers.h"
#include "support/temporary_folder.h"

namespace ser::fuzz {

// What GoogleTest calls it.
inline void PrintTo(const Reader& reader, std::ostream* out) { *out << reader.name; }

namespace {

namespace fs = std::filesystem;

const fs::path kFolder = fs::path(SER_SOURCE_DIR) / "tests" / "fuzz";

class Replay : public ::testing::TestWithParam<Reader> {
 protected:
  // A finding may be that the reader never ends.
  void SetUp() override { ::alarm(120); }
  void TearDown() override { ::alarm(0); }

  static void read(const std::string& name, std::string_view bytes) {
    EXPECT_NO_THROW(GetParam().read(bytes_of(bytes))) << name;
  }
};

TEST_P(Replay, Findings) {
  const auto folder = kFolder / "findings" / GetParam().name;
  if (!fs::exists(folder)) GTEST_SKIP() << "none was found";
  for (const auto& entry : fs::directory_iterator(folder)) {
    read(entry.path().string(), test::read_text(entry.path()));
  }
}

// The seeds, each cut off at many places and with single bytes altered.
TEST_P(Replay, DamagedSeeds) {
  const auto seeds = seeds_of(GetParam().name);
  ASSERT_GE(seeds.size(), 2U);
  constexpr std::size_t kMostPlaces = 60;
  for (const auto& [name, bytes] : seeds) {
    read(name, bytes);
    const std::size_t step = std::max<std::size_t>(1, bytes.size() / kMostPlaces);
    for (std::size_t place = 0; place < bytes.size(); place += step) {
      read(name + ", cut off", std::string_view(bytes).substr(0, place));
      std::string altered = bytes;
      altered[place] = static_cast<char>(altered[place] ^ (1 << (place % 8)));
      read(name + ", altered", altered);
    }
  }
}

// Without seeds that it takes, a fuzzer would learn little more than how to be refused.
TEST_P(Replay, TakesMostOfItsSeeds) {
  const auto seeds = seeds_of(GetParam().name);
  std::string refused;
  std::size_t taken = 0;
  for (const auto& [name, bytes] : seeds) {
    const bool is_taken = GetParam().read(bytes_of(bytes));
    taken += is_taken ? 1 : 0;
    if (!is_taken) refused += " " + name;
  }
  EXPECT_GE(3 * taken, 2 * seeds.size()) << "refused:" << refused;
}

TEST_P(Replay, HasADictionary) {
  const auto path = kFolder / "dictionaries" / (std::string(GetParam().name) + ".dict");
  EXPECT_TRUE(fs::exists(path)) << path;
}

INSTANTIATE_TEST_SUITE_P(Readers, Replay, ::testing::ValuesIn(readers().begin(), readers().end()),
                         [](const auto& reader) { return std::string(reader.param.name); });

TEST(Findings, EachIsOfAReader) {
  if (!fs::exists(kFolder / "findings")) GTEST_SKIP() << "none was found";
  for (const auto& entry : fs::directory_iterator(kFolder / "findings")) {
    EXPECT_TRUE(std::ranges::any_of(readers(), [&](const Reader& reader) {
      return entry.path().filename() == reader.name;
    })) << entry.path();
  }
}

}  // namespace
}  // namespace ser::fuzz
