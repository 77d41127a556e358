// Other modelling techniques, and their comparison, as a user meets them.
#include <set>

#include <gtest/gtest.h>

#include "system/demo.h"

namespace ser::test {
namespace {

class RecipeComparison : public testing::Test {
 protected:
  ProgramResult compare(const std::string& recipes, std::vector<std::string> options) const {
    options.insert(options.begin(), {kDemo, "--compare", recipes, "--epochs", "2", "--jobs", "2"});
    return run_program("ser-train", options);
  }
  core::Json report() const { return core::parse_json(read_text(report_), "report"); }

  TemporaryFolder folder_;
  std::string report_ = (folder_ / "c.json").string();
  std::string markdown_ = (folder_ / "c.md").string();
};

TEST_F(RecipeComparison, ComparesOnTheSameClips) {
  const auto run = compare("lda,knn,linear,mlp", {"--protocol", "loso", "--seeds", "1..2",
                                                  "--report", report_, "--markdown", markdown_});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_NE(run.out.find("4 recipes, protocol loso (speaker-independent), 2 folds, seeds 1, 2"),
            std::string::npos)
      << run.out;
  const auto json = report();
  EXPECT_EQ(json["schema"], "ser-recipe-comparison/1");
  const std::vector<std::string> names = {"lda", "knn", "linear", "mlp"};
  ASSERT_EQ(json["recipes"].size(), names.size());
  std::size_t begin = 0;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto& recipe = json["recipes"][i];
    EXPECT_EQ(recipe["name"], names[i]);
    EXPECT_EQ(recipe["report"]["summary"]["pooled"]["clips"], 2 * demo_recordings().size());
    for (std::size_t f = 0; f < 4; ++f) {
      EXPECT_EQ(recipe["report"]["folds"][f]["split"],
                json["recipes"][0]["report"]["folds"][f]["split"]);
    }
    const auto at = run.out.find("\n" + names[i] + " ", begin);  // in the order given
    ASSERT_NE(at, std::string::npos) << run.out;
    begin = at + 1;
    EXPECT_NE(read_text(markdown_).find("\n| " + names[i] + " | "), std::string::npos);
  }
  EXPECT_EQ(run.out.find("NOT THE SAME CLIPS"), std::string::npos);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_.path()), {}), 2);

  // What stands in the table of a recipe is what it gives alone.
  const auto alone =
      run_program("ser-train", {kDemo, "--recipe", "lda", "--protocol", "loso", "--seeds", "1..2",
                                "--out", (folder_ / "m.ser").string()});
  ASSERT_EQ(alone.exit_code, 0) << alone.err;
  auto summary = core::parse_json(read_text(folder_ / "m.folds.json"), "folds")["summary"];
  EXPECT_EQ(json["recipes"][0]["report"]["summary"], summary);
}

TEST_F(RecipeComparison, SplitAndSeedAreThoseOfTheFirst) {
  const auto folder = folder_.write("short.json", R"({"split": {"test_share": 0.3}, "seed": 7,
      "clip": {"offset_s": 0.0}, "network": [{"layer": "flatten"}],
      "training": {"method": "discriminant"}, "normalization": "speaker"})");
  const auto run =
      compare(folder.string() + ",classic", {"--split", "random", "--report", report_});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_NE(run.out.find("TRANSDUCTIVE"), std::string::npos) << run.out;
  const auto json = report();
  EXPECT_EQ(json["seeds"], core::Json::parse("[7]"));
  for (const auto& recipe : json["recipes"]) {
    EXPECT_EQ(recipe["report"]["recipe"]["split"]["test_share"], 0.3);
    EXPECT_EQ(recipe["report"]["folds"].size(), 1U);
    EXPECT_EQ(recipe["report"]["folds"][0]["split"],
              json["recipes"][0]["report"]["folds"][0]["split"]);
  }
}

TEST_F(RecipeComparison, WrongUseIsToldBeforeAnythingIsRead) {
  const auto expect = [&](const std::string& recipes, std::vector<std::string> options,
                          const char* said) {
    const auto run = compare(recipes, std::move(options));
    EXPECT_EQ(run.exit_code, 2) << run.err;
    EXPECT_NE(run.err.find(said), std::string::npos) << run.err;
    EXPECT_EQ(run.err.find("recipe lda (1 of"), std::string::npos) << "it began to train";
    EXPECT_TRUE(std::filesystem::is_empty(folder_.path()));
  };
  expect("lda", {}, "two recipes or more");
  expect(",", {}, "two recipes or more");
  expect("lda,lda", {}, "each once");
  expect("lda,ldb", {}, "there is no recipe \"ldb\"");
  expect("lda,mlp", {"--out", (folder_ / "m.ser").string()}, "--out");
  expect("lda,mlp", {"--recipe", "knn"}, "--recipe");
  expect("lda,mlp", {"--final"}, "--final");
  expect("lda,mlp", {"--report", report_, "--markdown", report_}, "cannot both be");
  expect("lda,mlp", {"--training.method", "neighbours"}, "recipe mlp: network[1]: ");
  const auto run = run_program("ser-train", {kDemo, "--markdown", markdown_});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_NE(run.err.find("--compare"), std::string::npos) << run.err;
}

// A model of every technique is stored, scored, used and exported as any other.
TEST(Recipes, OfEveryTechniqueMakeModels) {
  for (const std::string recipe : {"lda", "knn"}) {
    const TemporaryFolder folder;
    const auto model = (folder / "m.ser").string();
    const auto trained =
        run_program("ser-train", {kDemo, "--recipe", recipe, "--split", "random", "--out", model,
                                  "--export-onnx", (folder / "m.onnx").string(), "--picture",
                                  (folder / "m.png").string(), "--jobs", "2"});
    ASSERT_EQ(trained.exit_code, 0) << trained.err;
    const auto report = core::parse_json(read_text(folder / "m.report.json"), "report");
    EXPECT_GT(report["result"]["test"]["uar"].get<double>(), 0.7) << recipe;
    EXPECT_EQ(report["training"]["history"].size(), 1U);
    EXPECT_GT(std::filesystem::file_size(folder / "m.onnx"), 1000U);
    EXPECT_TRUE(read_text(folder / "m.png").starts_with("\x89PNG"));
    const auto scored = run_program("ser-eval", {"--model", model, kDemo, "--format", "json"});
    ASSERT_EQ(scored.exit_code, 0) << scored.err;
    EXPECT_EQ(core::parse_json(scored.out, "out")["metrics"]["uar"],
              report["result"]["test"]["uar"]);
  }
}

}  // namespace
}  // namespace ser::test
