#include "ser/core/base64.h"

#include <gtest/gtest.h>

namespace ser::core {
namespace {

TEST(Base64, IsThatOfRfc4648) {
  const std::pair<const char*, const char*> vectors[] = {{"", ""},
                                                         {"f", "Zg=="},
                                                         {"fo", "Zm8="},
                                                         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="},
                                                         {"fooba", "Zm9vYmE="},
                                                         {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : vectors) {
    EXPECT_EQ(to_base64(bytes), text);
    EXPECT_EQ(from_base64(text), bytes);
  }
  const std::string high = "\xFF\xFE\xFB";
  EXPECT_EQ(to_base64(high), "//77");
  EXPECT_EQ(from_base64("//77"), high);
}

TEST(Base64, TextThatIsNoneGivesNothing) {
  for (const char* text :
       {"Z", "Zg=", "Zg==Zg==", "Z===", "====", "Zm9*", "Zm\n9", "Zh==", "Zm9="}) {
    EXPECT_EQ(from_base64(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace ser::core
