// ser-train --search as a user meets it.
#include <csignal>

#include <gtest/gtest.h>

#include "system/demo.h"

namespace ser::test {
namespace {

class SearchRun : public testing::Test {
 protected:
  ProgramResult search(std::vector<std::string> options = {}, const RunOptions& how = {}) const {
    options.insert(options.begin(),
                   {kDemo, "--search", space_, "--trials", "3", "--out", out_, "--test-speakers",
                    "YAF", "--recipe", "mlp", "--epochs", "3", "--jobs", "2"});
    return run_program("ser-train", options, how);
  }

  TemporaryFolder folder_;
  std::string space_ =
      folder_
          .write("space.json",
                 R"({"training.mixup": [0.0, 0.4], "training.batch_size": {"from": 8, "to": 64}})")
          .string();
  std::string out_ = (folder_ / "m.ser").string();
};

TEST_F(SearchRun, FindsARecipeThatTrains) {
  const auto markdown = (folder_ / "table.md").string();
  const auto run = search({"--markdown", markdown});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(run.out.find("3 trials of recipe mlp, seed 1; there is one speaker to train on"), 0U)
      << run.out;
  EXPECT_NE(run.out.find("the recipe as it is"), std::string::npos) << run.out;
  EXPECT_NE(read_text(markdown).find("| Trial |"), std::string::npos);
  EXPECT_FALSE(std::filesystem::exists(out_));

  const auto best = (folder_ / "m.recipe.json").string();
  const auto trained = run_program("ser-train", {kDemo, "--config", best, "--out", out_});
  ASSERT_EQ(trained.exit_code, 0) << trained.err;
  EXPECT_NE(trained.out.find("tests on speaker YAF"), std::string::npos) << trained.out;

  // It is complete: nothing is trained again, and the bytes stay.
  const auto scores = read_text(folder_ / "m.search.jsonl");
  const auto again = search({"--resume"});
  EXPECT_EQ(again.exit_code, 0) << again.err;
  EXPECT_EQ(again.out, run.out);
  EXPECT_EQ(again.err.find("fold 0: UAR"), std::string::npos) << again.err;
  EXPECT_EQ(read_text(folder_ / "m.search.jsonl"), scores);
  const auto other = search({"--resume", "--seed", "2"});
  EXPECT_EQ(other.exit_code, 2);
  EXPECT_NE(other.err.find("E_RESUME_SETTINGS"), std::string::npos) << other.err;
}

TEST_F(SearchRun, ThatWasKilledGoesOnToTheSameBytes) {
  const auto whole = search();
  ASSERT_EQ(whole.exit_code, 0) << whole.err;
  const auto scores = folder_ / "m.search.jsonl";
  const auto expected = read_text(scores);
  for (const int signal : {SIGINT, SIGKILL}) {
    SCOPED_TRACE(signal);
    std::filesystem::remove(scores);
    RunOptions killed;
    killed.signal = signal;
    killed.signal_after = "trial 1, fold 0";
    EXPECT_EQ(search({}, killed).exit_code, 128 + signal);
    EXPECT_FALSE(std::filesystem::exists(scores));
    const auto anew = search();
    EXPECT_EQ(anew.exit_code, 2);
    EXPECT_NE(anew.err.find("E_OUTPUT_UNFINISHED"), std::string::npos) << anew.err;
    const auto resumed = search({"--resume"});
    ASSERT_EQ(resumed.exit_code, 0) << resumed.err;
    EXPECT_NE(resumed.err.find("going on with "), std::string::npos) << resumed.err;
    EXPECT_EQ(resumed.out, whole.out);
    EXPECT_EQ(read_text(scores), expected);
  }
}

TEST_F(SearchRun, RefusesWrongUse) {
  const auto refused = [&](const std::vector<std::string>& options, const std::string& why) {
    const auto run = search(options);
    EXPECT_EQ(run.exit_code, 2) << why;
    EXPECT_NE(run.err.find(why), std::string::npos) << run.err;
    EXPECT_FALSE(std::filesystem::exists(folder_ / "m.recipe.json"));
    EXPECT_FALSE(std::filesystem::exists(folder_ / "m.search.jsonl.partial"));
  };
  refused({"--trials", "0"}, "--trials");
  refused({"--final"}, "--final excludes --search");
  refused({"--compare", "lda,mlp"}, "excludes");
  refused({"--markdown", space_}, "cannot both be");
  folder_.write("space.json", R"({"training.mixup": ["much"]})");
  refused({}, "training.mixup");
  folder_.write("space.json", "{");
  refused({}, "E_JSON");
  const auto folds =
      run_program("ser-train", {kDemo, "--search", space_, "--protocol", "loso", "--out", out_});
  EXPECT_EQ(folds.exit_code, 2);
  EXPECT_NE(folds.err.find("several folds"), std::string::npos) << folds.err;
  const auto table = run_program("ser-train", {kDemo, "--markdown", "x.md"});
  EXPECT_EQ(table.exit_code, 2);
}

}  // namespace
}  // namespace ser::test
