#include "ser/corpus/display_name.h"

#include <gtest/gtest.h>

#include "ser/core/json.h"
#include "ser/core/random.h"

namespace ser::corpus {
namespace {

TEST(DisplayName, LeavesGoodNamesAlone) {
  for (const char* name : {"", "OAF_Fear", "a b (1).wav", "\xC3\xA4rger",
                           "\xE6\x82\xB2\xE3\x81\x97", "\xF0\x9F\x98\x80", "back\\slash"}) {
    EXPECT_EQ(display_name(name), name);
  }
}

TEST(DisplayName, WritesOutWhatATerminalWouldObey) {
  EXPECT_EQ(display_name("a\x1B[31mb"), "a\\x1B[31mb");
  EXPECT_EQ(display_name("a\nb\t\x7F"), "a\\x0Ab\\x09\\x7F");
  EXPECT_EQ(display_name(std::string_view("a\0b", 3)), "a\\x00b");
  EXPECT_EQ(display_name("\xC2\x9B"), "\\xC2\\x9B");           // C1: CSI in one character
  EXPECT_EQ(display_name("\xE2\x80\xAE"), "\\xE2\\x80\\xAE");  // right-to-left override
  EXPECT_EQ(display_name("\xE2\x80\xA8"), "\\xE2\\x80\\xA8");  // line separator
}

TEST(DisplayName, WritesOutBytesThatAreNotUtf8) {
  EXPECT_EQ(display_name("caf\xE9"), "caf\\xE9");                       // Latin-1
  EXPECT_EQ(display_name("\xC0\xAF"), "\\xC0\\xAF");                    // overlong
  EXPECT_EQ(display_name("\xE0\x80\xAF"), "\\xE0\\x80\\xAF");           // overlong
  EXPECT_EQ(display_name("\xED\xA0\x80"), "\\xED\\xA0\\x80");           // surrogate
  EXPECT_EQ(display_name("\xF4\x90\x80\x80"), "\\xF4\\x90\\x80\\x80");  // above U+10FFFF
  EXPECT_EQ(display_name("\xE2\x82"), "\\xE2\\x82");                    // cut
  EXPECT_EQ(display_name("\xE2\x82z"), "\\xE2\\x82z");
}

TEST(DisplayName, AnyBytesBecomeJson) {
  core::RandomStream random(3);
  for (int i = 0; i < 20000; ++i) {
    std::string bytes(random.below(12), '\0');
    for (char& c : bytes) c = static_cast<char>(random.below(256));
    const std::string shown = display_name(bytes);
    ASSERT_NO_THROW(core::Json(shown).dump());
    ASSERT_EQ(display_name(shown), shown);
  }
}

TEST(DisplayWidth, CountsCodePoints) {
  EXPECT_EQ(display_width(""), 0U);
  EXPECT_EQ(display_width("abc"), 3U);
  EXPECT_EQ(display_width("\xC3\xA4\xF0\x9F\x98\x80"), 2U);
}

}  // namespace
}  // namespace ser::corpus
