#include "ser/core/json.h"

#include <gtest/gtest.h>

#include "ser/core/error.h"

namespace ser::core {
namespace {

TEST(ParseJson, ReadsWhatIsSound) {
  const Json json = parse_json(R"({"b": [1, 2.5, "x"], "a": {"k": null}})", "test");
  EXPECT_EQ(json.dump(), R"({"b":[1,2.5,"x"],"a":{"k":null}})");
}

TEST(ParseJson, RefusesWhatIsNot) {
  std::string deep;
  for (int i = 0; i < 100000; ++i) deep += '[';
  std::string wide = "{";
  for (int i = 0; i < 5000; ++i) wide += "\"k" + std::to_string(i) + "\":0,";
  wide += "\"z\":0}";
  for (const std::string& text :
       {std::string(""), std::string("{"), std::string("{\"a\":1,\"a\":2}"), deep, wide,
        std::string("\"\xff\""), std::string("{} x"), std::string("NaN")}) {
    try {
      parse_json(text, "file.json");
      ADD_FAILURE() << "accepted " << text.substr(0, 20);
    } catch (const ConfigError& error) {
      EXPECT_EQ(error.code(), "E_JSON");
      EXPECT_NE(std::string(error.what()).find("file.json"), std::string::npos);
    }
  }
}

TEST(ParseJson, AllowsOneKeyInTwoObjects) {
  EXPECT_NO_THROW(parse_json(R"([{"a": 1}, {"a": {"a": 2}}])", "test"));
}

}  // namespace
}  // namespace ser::core
