#include <cstdlib>

#include "system/demo.h"

namespace ser::test {
namespace {

ProgramResult explain(const std::vector<std::string>& options) {
  std::vector<std::string> arguments = {"--model", DemoModel::get().path()};
  arguments.insert(arguments.end(), options.begin(), options.end());
  return run_program("ser-predict", arguments);
}

const std::string& recording() {
  static const std::string path = demo_recordings().front().string();
  return path;
}

TEST(Explanation, SaysWhatTheLabelOfARecordingRestsOn) {
  const TemporaryFolder folder;
  const auto out = (folder / "why.json").string();
  const auto svg = (folder / "why.svg").string();
  const auto run =
      explain({recording(), "--explain", out, "--explain-picture", svg, "--jobs", "1"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const auto text = read_text(out);
  const auto json = core::parse_json(text, out);
  EXPECT_EQ(json["schema"], "ser-explanation/1");
  EXPECT_EQ(members_of(json), documented_members("### What a label rests on"));
  EXPECT_EQ(json["recording"], recording());
  EXPECT_NE(run.out.find("\t" + json["label"].get<std::string>() + "\t"), std::string::npos);
  ASSERT_GT(json["windows"].size(), 3U);
  EXPECT_EQ(json["windows"][0]["probabilities"].size(), json["classes"].size());
  EXPECT_EQ(json["groups"][0]["name"], "zero_crossing_rate");
  EXPECT_GT(json["features"].size(), 100U);
  const auto picture = read_text(svg);
  EXPECT_NE(picture.find("<title>What the label " + json["label"].get<std::string>()),
            std::string::npos);

  ASSERT_EQ(
      explain({recording(), "--explain", out, "--explain-picture", svg, "--jobs", "2"}).exit_code,
      0);
  EXPECT_EQ(read_text(out), text);
  EXPECT_EQ(read_text(svg), picture);
  ASSERT_EQ(
      explain({recording(), "--explain", out, "--explain-by", "noise", "--explain-window", "0.5"})
          .exit_code,
      0);
  EXPECT_NE(read_text(out), text);
}

TEST(Explanation, IsOfOneRecordingAndWritesOverNothing) {
  const TemporaryFolder folder;
  const auto out = (folder / "why.json").string();
  const auto two = explain({kDemo, "--explain", out});
  EXPECT_EQ(two.exit_code, 2);
  EXPECT_NE(two.err.find("are for one recording"), std::string::npos) << two.err;
  EXPECT_EQ(explain({recording(), "--explain", DemoModel::get().path()}).exit_code, 2);
  EXPECT_EQ(explain({recording(), "--explain-picture", (folder / "why.gif").string()}).exit_code,
            2);
  EXPECT_EQ(explain({recording(), "--explain", out, "--explain-window", "nan"}).exit_code, 2);
  EXPECT_EQ(explain({recording(), "--explain", "/nowhere/why.json"}).exit_code, 5);
  const auto own = folder.write("own.wav", read_text(recording())).string();
  EXPECT_EQ(explain({own, "--explain", own}).exit_code, 2);
  EXPECT_EQ(read_text(own), read_text(recording()));
  const auto damaged = folder.write("damaged.wav", "nothing to hear").string();
  EXPECT_EQ(explain({damaged, "--explain", out}).exit_code, 3);
  EXPECT_FALSE(std::filesystem::exists(out));
}

TEST(Explanation, IsDrawnWithoutAnyFont) {
  const TemporaryFolder folder;
  const auto fonts = folder.write("fonts.conf", "<fontconfig></fontconfig>").string();
  const auto svg = (folder / "why.svg").string();
  ASSERT_EQ(setenv("FONTCONFIG_FILE", fonts.c_str(), 1), 0);
  const auto run = explain({recording(), "--explain-picture", svg});
  unsetenv("FONTCONFIG_FILE");
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const auto without = read_text(svg);
  EXPECT_NE(without.find("<use "), std::string::npos);
  ASSERT_EQ(explain({recording(), "--explain-picture", svg}).exit_code, 0);
  EXPECT_NE(read_text(svg).find("<use "), std::string::npos);
}

TEST(Importance, IsReportedAndDrawn) {
  const TemporaryFolder folder;
  const auto png = (folder / "importance.png").string();
  const auto evaluate = [&](std::vector<std::string> options) {
    options.insert(options.begin(), {"--model", DemoModel::get().path(), kDemo, "--importance",
                                     "--repetitions", "3", "--importance-picture", png});
    return run_program("ser-eval", options);
  };
  const auto run = evaluate({"--format", "json", "--jobs", "2"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const auto json = core::parse_json(run.out, "stdout");
  const auto& importance = json["importance"];
  EXPECT_EQ(importance["uar"], json["metrics"]["uar"]);
  EXPECT_EQ(importance["repetitions"], 3);
  ASSERT_EQ(importance["groups"].size(), 5U);
  EXPECT_EQ(importance["groups"][0]["drops"].size(), 3U);
  EXPECT_TRUE(read_text(png).starts_with("\x89PNG"));
  EXPECT_EQ(core::parse_json(evaluate({"--format", "json", "--jobs", "1"}).out, "stdout"), json);
  const auto text = evaluate({});
  EXPECT_NE(text.out.find("What the score rests on\n"), std::string::npos);
  EXPECT_NE(text.out.find("permuted 3 times"), std::string::npos);
}

}  // namespace
}  // namespace ser::test
