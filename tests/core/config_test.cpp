#include "ser/core/config.h"

#include <gtest/gtest.h>

namespace ser::core {
namespace {

struct Inner {
  int count = 3;
  std::uint64_t seed = 1;
  template <class Self, class Visitor>
  static void fields(Self& self, Visitor&& visit) {
    visit("count", self.count, "how many", Range{1, 10});
    visit("seed", self.seed, "seed");
  }
};

struct Outer {
  double rate = 0.5;
  std::optional<double> limit_s;
  std::string mode = "a";
  std::vector<std::string> names = {"x"};
  Inner inner;
  template <class Self, class Visitor>
  static void fields(Self& self, Visitor&& visit) {
    visit("rate", self.rate, "a rate", Range{0.0, 1.0});
    visit("limit_s", self.limit_s, "a limit", Range{0.0, 9.0});
    visit("mode", self.mode, "a mode", OneOf{{"a", "b"}});
    visit("names", self.names, "names");
    visit("inner", self.inner, "nested");
  }
};

std::string error_of(const char* text) {
  try {
    config_from_json<Outer>(parse_json(text, "test"));
  } catch (const ConfigError& error) {
    return error.code() + " " + error.what();
  }
  return "no error";
}

TEST(Config, RoundTripsThroughJson) {
  Outer config;
  config.rate = 0.25;
  config.limit_s = 2.5;
  config.mode = "b";
  config.names = {"p", "q"};
  config.inner.count = 7;
  config.inner.seed = 0xFFFFFFFFFFFFFFFFU;
  const Json json = config_to_json(config);
  const auto again = config_from_json<Outer>(parse_json(json.dump(), "test"));
  EXPECT_EQ(config_to_json(again), json);
  EXPECT_EQ(again.inner.seed, 0xFFFFFFFFFFFFFFFFU);
}

TEST(Config, KeysThatAreMissingKeepTheirValues) {
  Outer config;
  config.inner.count = 9;
  update_config(config, parse_json(R"({"inner": {"seed": 4}, "limit_s": null})", "test"));
  EXPECT_EQ(config.inner.count, 9);
  EXPECT_EQ(config.inner.seed, 4U);
  EXPECT_FALSE(config.limit_s);
}

TEST(Config, MistakesNameTheirPath) {
  EXPECT_NE(error_of(R"({"inner": {"cuont": 1}})").find("E_CONFIG_KEY unknown key \"inner.cuont\""),
            std::string::npos);
  EXPECT_NE(error_of(R"({"inner": {"count": 3.7}})").find("inner.count"), std::string::npos);
  EXPECT_NE(error_of(R"({"inner": {"seed": -1}})").find("inner.seed"), std::string::npos);
  EXPECT_NE(error_of(R"({"inner": {"count": 99999999999}})").find("out of range"),
            std::string::npos);
  EXPECT_NE(error_of(R"({"inner": {"count": 11}})").find("between 1 and 10"), std::string::npos);
  EXPECT_NE(error_of(R"({"rate": "fast"})").find("rate: expected number"), std::string::npos);
  EXPECT_NE(error_of(R"({"rate": 1e999})").find("E_JSON"), std::string::npos);
  EXPECT_NE(error_of(R"({"mode": "c"})").find("one of a, b"), std::string::npos);
  EXPECT_NE(error_of(R"({"names": ["x", 3]})").find("names[1]"), std::string::npos);
  EXPECT_NE(error_of(R"([1])").find("expected an object"), std::string::npos);
  EXPECT_EQ(error_of(R"({"rate": 1})"), "no error");
}

TEST(Config, NanIsRefused) {
  Outer config;
  config.rate = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THROW(check_config(config), ConfigError);
}

TEST(Config, DescribesEveryLeaf) {
  const auto list = describe_config(Outer{});
  ASSERT_EQ(list.size(), 6U);
  EXPECT_EQ(list[0].path, "rate");
  EXPECT_EQ(list[0].help, "a rate (0.0 to 1.0)");
  EXPECT_EQ(list[1].type, "number or null");
  EXPECT_EQ(list[3].type, "list of text");
  EXPECT_EQ(list[4].path, "inner.count");
  EXPECT_EQ(list[4].default_value, 3);
}

}  // namespace
}  // namespace ser::core
