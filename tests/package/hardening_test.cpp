// What the programs are built with against mistakes that nobody has found yet.
#include <gtest/gtest.h>

#include "support/run_program.h"

namespace ser::test {
namespace {

std::string described(const std::string& binary, const std::string& option) {
  const auto run = run_program("/usr/bin/env", {"LC_ALL=C", "readelf", "--wide", option, binary});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  return run.out;
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

class Hardening : public ::testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    if (!SER_HARDENED) GTEST_SKIP() << "built without SER_HARDENING";
  }
  static std::string binary() { return program_path(GetParam()); }
};

TEST_P(Hardening, LiesAtRandomAddresses) {
  EXPECT_TRUE(has(described(binary(), "--file-header"), "DYN (Position-Independent Executable"));
}

TEST_P(Hardening, ResolvesAllFunctionsBeforeItRunsAndProtectsTheTable) {
  EXPECT_TRUE(has(described(binary(), "--segments"), "GNU_RELRO"));
  EXPECT_TRUE(has(described(binary(), "--dynamic"), "NOW"));
}

TEST_P(Hardening, RunsNoCodeFromTheStack) {
  const std::string segments = described(binary(), "--segments");
  const auto stack = segments.find("GNU_STACK");
  ASSERT_NE(stack, std::string::npos);
  const std::string line = segments.substr(stack, segments.find('\n', stack) - stack);
  EXPECT_TRUE(has(line, " RW ")) << line;
}

TEST_P(Hardening, GuardsReturnAddressesAndCopies) {
  const std::string symbols = described(binary(), "--dyn-syms");
  EXPECT_TRUE(has(symbols, "__stack_chk_fail"));
  if (SER_FORTIFIED) {
    EXPECT_TRUE(has(symbols, "_chk@GLIBC") || has(symbols, "_chk@@GLIBC"));
  }
}

INSTANTIATE_TEST_SUITE_P(Programs, Hardening,
                         ::testing::Values("ser-train", "ser-eval", "ser-predict", "ser-explore",
                                           "ser-export"));

}  // namespace
}  // namespace ser::test
