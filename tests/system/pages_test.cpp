#include <algorithm>
#include <filesystem>
#include <optional>

#include <gtest/gtest.h>

#include "ser/corpus/display_name.h"

#include "report/html.h"
#include "system/demo.h"

namespace ser::test {
namespace {

namespace fs = std::filesystem;

const std::string kScript = "<script>alert(1)</script>";
const std::string kUmlauts =
    "gr\xC3\xBC\xC3\x9F"
    "e \xE6\x97\xA5\xE6\x9C\xAC";

// The name that a URL stands for.
std::string without_percents(const std::string& url) {
  std::string name;
  for (std::size_t i = 0; i < url.size(); ++i) {
    if (url[i] == '%' && i + 2 < url.size()) {
      name += static_cast<char>(std::stoi(url.substr(i + 1, 2), nullptr, 16));
      i += 2;
    } else {
      name += url[i];
    }
  }
  return name;
}

class Pages : public testing::Test {
 protected:
  std::string path(const std::string& name) const { return (folder_ / name).string(); }

  ProgramResult train(std::vector<std::string> arguments) const {
    arguments.insert(arguments.end(), {"--out", path("m.ser"), "--jobs", "2"});
    return run_program("ser-train", arguments);
  }

  TemporaryFolder folder_;
};

TEST_F(Pages, TrainingWritesOneBesideTheReportInJson) {
  const auto run =
      train({kDemo, "--recipe", "lda", "--report", path("a/page"), "--report", path("r.json")});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const auto page = read_text(folder_ / "a/page/index.html");
  EXPECT_EQ(html_fault(page), "");
  const auto texts = html_texts(page);
  const auto has = [&](const std::string& text) { return std::ranges::count(texts, text) > 0; };
  EXPECT_TRUE(has("Protocol: speaker (speaker-independent)")) << "the protocol stands on top";
  EXPECT_TRUE(has("Leak check"));
  const auto report = core::parse_json(read_text(folder_ / "r.json"), "report");
  EXPECT_EQ(report["schema"], "ser-training-report/1");
  const auto& test = report["result"]["test"];
  const auto wrong =
      test["clips"].get<int>() -
      static_cast<int>(test["clips"].get<double>() * test["accuracy"].get<double>() + 0.5);
  EXPECT_TRUE(has(std::to_string(wrong) + " labelled wrong"));
  EXPECT_EQ(static_cast<int>(html_attributes(page, "preload").size()), wrong);
  for (const auto& source : html_attributes(page, "src")) {
    EXPECT_TRUE(fs::exists(folder_.path() / "a/page" / without_percents(source))) << source;
  }
  const auto ids = html_attributes(page, "id");
  EXPECT_EQ(page.find("chart-training"), std::string::npos) << "this method has no epochs";
  for (const char* id : {"chart-confusion", "chart-classes", "chart-groups-1", "chart-reliability",
                         "chart-coverage"}) {
    EXPECT_EQ(std::ranges::count(ids, id), 1) << id;
  }
  const auto card = read_text(folder_ / "a/page/model_card.md");
  EXPECT_NE(card.find("## Limits"), std::string::npos);
}

TEST_F(Pages, OfFoldsHaveEveryFoldAndSpeaker) {
  const auto run =
      train({kDemo, "--recipe", "lda", "--protocol", "loso", "--final", "--report", path("page")});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_TRUE(fs::exists(folder_ / "m.folds.json"));
  EXPECT_TRUE(fs::exists(folder_ / "m.report.json"));
  const auto page = read_text(folder_ / "page/index.html");
  EXPECT_EQ(html_fault(page), "");
  const auto texts = html_texts(page);
  for (const char* text : {"Folds", "OAF", "YAF", "By speaker", "Over 2 runs"}) {
    EXPECT_GT(std::ranges::count(texts, text), 0) << text;
  }
}

TEST_F(Pages, OfAnEnsembleHaveItsMembers) {
  const auto recipe = folder_.write(
      "two.json", R"({"name": "two", "members": [{"recipe": "lda"}, {"recipe": "functionals"}]})");
  const auto run = train({kDemo, "--recipe", recipe.string(), "--report", path("page")});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const auto page = read_text(folder_ / "page/index.html");
  EXPECT_EQ(html_fault(page), "");
  EXPECT_NE(page.find("Members of the ensemble"), std::string::npos);
  EXPECT_EQ(std::ranges::count(html_attributes(page, "id"), "chart-training-1-loss"), 1)
      << "of the member that has epochs";
}

TEST_F(Pages, WithoutATestPartSayThatNothingIsKnown) {
  ASSERT_EQ(train({kDemo, "--recipe", "lda", "--split", "random", "--test", "0", "--val", "0",
                   "--report", path("page")})
                .exit_code,
            0);
  EXPECT_NE(read_text(folder_ / "page/model_card.md").find("nothing is known"), std::string::npos);
}

TEST_F(Pages, OfAnEvaluationCanHoldTheSound) {
  ASSERT_EQ(train({kDemo, "--recipe", "lda"}).exit_code, 0);
  const auto evaluate = [&](std::vector<std::string> more) {
    more.insert(more.end(),
                {"--model", path("m.ser"), kDemo, "--report", path("page"), "--resamples", "100"});
    return run_program("ser-eval", more);
  };
  const auto linked = evaluate({"--stress"});
  ASSERT_EQ(linked.exit_code, 0) << linked.err;
  const auto page = read_text(folder_ / "page/index.html");
  EXPECT_EQ(html_fault(page), "");
  EXPECT_EQ(std::ranges::count(html_attributes(page, "id"), "chart-stress"), 1);
  ASSERT_EQ(evaluate({"--embed-audio"}).exit_code, 0);
  const auto whole = read_text(folder_ / "page/index.html");
  const auto sources = html_attributes(whole, "src");
  ASSERT_EQ(sources.size(), html_attributes(page, "src").size());
  ASSERT_FALSE(sources.empty()) << "this test needs a mistake";
  for (const auto& source : sources) EXPECT_TRUE(source.starts_with("data:audio/wav;base64,UklGR"));
}

TEST_F(Pages, ThatCannotBeAreFoundBeforeTheWork) {
  const auto fails = [&](const std::string& program, std::vector<std::string> arguments, int code,
                         const std::string& why) {
    const auto run = run_program(program, arguments);
    EXPECT_EQ(run.exit_code, code) << run.err;
    EXPECT_NE(run.err.find(why), std::string::npos) << run.err;
    EXPECT_EQ(run.err.find("epoch"), std::string::npos);
  };
  const auto file = folder_.write("file", "").string();
  const auto model = path("m.ser");
  fails("ser-train", {kDemo, "--out", model, "--report", file}, 5, "E_OUTPUT_OPEN");
  fails("ser-train", {kDemo, "--out", model, "--report", file + "/below"}, 5, "E_OUTPUT_OPEN");
  fails("ser-train", {kDemo, "--out", model, "--report", path("a"), "--report", path("b")}, 2,
        "one folder and one");
  fails("ser-train", {kDemo, "--out", model, "--embed-audio"}, 2, "--report DIR");
  fails("ser-train", {kDemo, "--compare", "lda,mlp", "--report", path("a")}, 2, "of one recipe");
  fails("ser-train", {path("none"), "--out", model, "--report", path("a/b/c")}, 3,
        "E_CORPUS_MISSING");
  EXPECT_FALSE(fs::exists(folder_ / "a")) << "no folder is left behind";
  fails("ser-eval", {"--model", model, kDemo, "--report", path("e.json")}, 2, "--format json");
  fails("ser-explore", {"corpus", kDemo, "--embed-audio"}, 2, "--out DIR");
  fails("ser-explore", {"corpus", path("none"), "--out", path("a/b")}, 3, "E_CORPUS_MISSING");
  fails("ser-explore", {"clip", demo_recordings()[0].string()}, 2, "--terminal");
  fails("ser-explore", {"clip", path("none.wav"), "--out", path("c.svg")}, 3, "E_AUDIO_MISSING");
  fails("ser-explore", {"clip", demo_recordings()[0].string(), "--out", path("c.gif")}, 2,
        ".svg or .png");
  fails("ser-explore", {"clip", demo_recordings()[0].string(), "--duration", "nan", "--terminal"},
        2, "--duration");
  fails("ser-explore",
        {"augment", demo_recordings()[0].string(), "--out", path("a"), "--kinds", "echo"}, 2,
        "unknown augmentation");
  fails("ser-explore",
        {"augment", demo_recordings()[0].string(), "--out", path("a"), "--parameters",
         "{\"gain\": {\"gain\": 3}}"},
        2, "E_CONFIG_KEY");
  fails("ser-explore", {"compare", "angry", "glad", kDemo}, 2, "there is no class \"glad\"");
  EXPECT_FALSE(fs::exists(folder_ / "a"));
  EXPECT_FALSE(fs::exists(folder_ / "c.svg"));
}

TEST_F(Pages, OnAFullDiskAreNotThere) {
  RunOptions full;
  full.largest_file = 20000;
  const auto run = run_program("ser-explore", {"corpus", kDemo, "--out", path("page")}, full);
  EXPECT_EQ(run.exit_code, 5) << run.err;
  EXPECT_FALSE(fs::exists(folder_ / "page"));
}

// A corpus whose every name is hostile, in a list.
class HostileNames : public Pages {
 protected:
  void SetUp() override {
    const std::vector<std::string> labels = {kScript, "a\"b,c'", kUmlauts};
    const std::vector<std::string> names = {"a\"b,c'", "new\nline", kUmlauts,
                                            "<img src=x onerror=alert(2)>"};
    core::Json rows = core::Json::array();
    std::string list;
    std::size_t index = 0;
    for (const auto& recording : demo_recordings()) {
      const std::string emotion = recording.stem().string();
      const std::size_t label = emotion.ends_with("angry") ? 0 : emotion.ends_with("sad") ? 1 : 2;
      if (label == 2 && !emotion.ends_with("happy")) continue;
      const std::string file =
          "clips/" + names[index % names.size()] + std::to_string(index) + ".wav";
      fs::create_directories(folder_ / "clips");
      fs::copy_file(recording, folder_ / file);
      list += core::json_text({{"path", file},
                               {"label", labels[label]},
                               {"speaker", index % 2 == 0 ? kScript : "\"><b>"}}) +
              "\n";
      ++index;
    }
    list_ = folder_.write("clips.jsonl", list).string();
    const auto run = train({list_, "--recipe", "lda", "--split", "random", "--labels", "folder",
                            "--report", path("train")});
    ASSERT_EQ(run.exit_code, 0) << run.err;
  }

  void expect_text(const std::string& page, const std::string& what) {
    EXPECT_EQ(html_fault(page), "") << what;
    EXPECT_EQ(page.find("<script>alert"), std::string::npos) << what;
    EXPECT_EQ(page.find("<img"), std::string::npos) << what;
    EXPECT_EQ(page.find("<b>\""), std::string::npos) << what;
    const auto texts = html_texts(page);
    EXPECT_GT(std::ranges::count(texts, kScript), 0) << what;
    EXPECT_GT(std::ranges::count(texts, kUmlauts), 0) << what;
  }

  std::string list_;
};

TEST_F(HostileNames, ComeOutAsTextEverywhere) {
  expect_text(read_text(folder_ / "train/index.html"), "training");
  const auto run = run_program(
      "ser-eval", {"--model",      path("m.ser"),      list_,        "--part",
                   "all",          "--format",         "json",       "--out",
                   path("e.json"), "--report",         path("eval"), "--embed-audio",
                   "--markdown",   path("e.md"),       "--junit",    path("e.xml"),
                   "--by",         "speaker",          "--min",      "recall." + kScript + "=1",
                   "--min",        "recall.a\"b,c'=1", "--annotate", "github"});
  ASSERT_LE(run.exit_code, 1) << run.err;
  expect_text(read_text(folder_ / "eval/index.html"), "evaluation");

  const auto json = core::parse_json(read_text(folder_ / "e.json"), "evaluation");
  const auto classes = json["metrics"]["confusion"]["classes"].get<std::vector<std::string>>();
  for (const auto& name : {kScript, std::string("a\"b,c'"), kUmlauts}) {
    EXPECT_EQ(std::ranges::count(classes, name), 1) << name;
  }
  std::size_t with_line = 0;
  for (const auto& one : json["predictions"]) {
    with_line += one["id"].get<std::string>().find("new\\x0Aline") != std::string::npos ||
                 one["id"].get<std::string>().find("new\nline") != std::string::npos;
  }
  EXPECT_GT(with_line, 0U);

  for (const auto* name : {"e.md", "eval/model_card.md", "train/model_card.md"}) {
    const auto markdown = read_text(folder_ / name);
    EXPECT_EQ(markdown.find("<script"), std::string::npos) << name;
    EXPECT_NE(markdown.find("&lt;script&gt;alert\\(1\\)&lt;/script&gt;"), std::string::npos)
        << name;
    EXPECT_NE(markdown.find(kUmlauts), std::string::npos) << name;
  }
  const auto junit = read_text(folder_ / "e.xml");
  EXPECT_EQ(junit.find("<script"), std::string::npos);
  EXPECT_NE(junit.find("&lt;script&gt;alert(1)&lt;/script&gt;"), std::string::npos);
  EXPECT_NE(junit.find("a&quot;b,c&apos;"), std::string::npos);
  // A workflow command is a line: what stands in it cannot begin another.
  for (const auto& line : lines_of(run.err)) {
    if (line.find("alert(1)") == std::string::npos || !line.starts_with("::")) continue;
    EXPECT_TRUE(line.starts_with("::notice title=Gate") || line.starts_with("::error title=Gate"))
        << line;
  }
}

TEST_F(HostileNames, ArePredictedAsText) {
  const auto predict = [&](const std::string& format) {
    const auto run =
        run_program("ser-predict", {"--model", path("m.ser"), path("clips"), "--format", format});
    EXPECT_EQ(run.exit_code, 0) << run.err;
    return run.out;
  };
  const auto csv = predict("csv");
  EXPECT_NE(csv.find("/a\"\"b,c'0.wav\""), std::string::npos) << csv;
  EXPECT_NE(csv.find("/new\nline1.wav\""), std::string::npos) << "in quotes, as RFC 4180 has it";
  EXPECT_NE(csv.find("/" + kUmlauts), std::string::npos);
  std::size_t lines = 0;
  for (const auto& line : lines_of(predict("jsonl"))) {
    const auto row = core::parse_json(line, "row");
    lines += row["path"].get<std::string>().find("new\nline") != std::string::npos;
  }
  EXPECT_GT(lines, 0U);
}

TEST_F(HostileNames, AreExploredAsText) {
  const auto run = run_program("ser-explore", {"corpus", list_, "--labels", "folder", "--out",
                                               path("corpus"), "--terminal"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  expect_text(read_text(folder_ / "corpus/index.html"), "corpus");
  EXPECT_NE(run.out.find(kScript), std::string::npos);
  EXPECT_EQ(run.out.find("new\nline"), std::string::npos);
  const auto clip =
      run_program("ser-explore", {"clip", path("clips/new\nline1.wav"), "--terminal"});
  ASSERT_EQ(clip.exit_code, 0) << clip.err;
  EXPECT_TRUE(clip.out.starts_with("new\\x0Aline1.wav: ")) << clip.out;
}

TEST_F(Pages, ExploringACorpusWritesPicturesAndAList) {
  const auto run = run_program("ser-explore", {"corpus", kDemo, "--out", path("corpus")});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_NE(run.out.find("Nothing odd was found"), std::string::npos) << run.out;
  for (const char* name :
       {"classes", "speakers", "speakers-classes", "durations", "loudness", "silence", "formats"}) {
    EXPECT_TRUE(read_text(folder_ / "corpus" / (std::string(name) + ".svg")).starts_with("<?xml"));
    EXPECT_TRUE(
        read_text(folder_ / "corpus" / (std::string(name) + ".png")).starts_with("\x89PNG"));
  }
  EXPECT_EQ(lines_of(read_text(folder_ / "corpus/clips.csv")).size(), demo_recordings().size() + 1);
}

TEST_F(Pages, ARecordingThatCannotBeReadIsListed) {
  for (const char* name : {"a/1.wav", "b/2.wav"}) {
    fs::create_directories((folder_ / "tree" / name).parent_path());
    fs::copy_file(demo_recordings()[0], folder_ / "tree" / name);
  }
  folder_.write("tree/b/broken.wav", "RIFF");
  const auto run = run_program("ser-explore", {"corpus", path("tree"), "--out", path("page")});
  EXPECT_EQ(run.exit_code, 1) << run.err;
  EXPECT_NE(run.out.find("broken.wav: E_AUDIO_"), std::string::npos) << run.out;
  EXPECT_NE(read_text(folder_ / "page/clips.csv").find("E_AUDIO_"), std::string::npos);
  folder_.write("broken/a/1.wav", "");
  EXPECT_EQ(run_program("ser-explore", {"corpus", path("broken"), "--out", path("none")}).exit_code,
            3);
  EXPECT_FALSE(fs::exists(folder_ / "none"));
}

TEST_F(Pages, AugmentationsAreWrittenAndHeardFromThePage) {
  const auto run = run_program(
      "ser-explore", {"augment", demo_recordings()[0].string(), "--out", path("aug"), "--kinds",
                      "noise,telephone,spec_augment,recorded_noise", "--parameters",
                      R"({"recorded_noise": {"folder": ")" +
                          demo_recordings()[0].parent_path().string() + "\"}}"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const auto page = read_text(folder_ / "aug/index.html");
  EXPECT_EQ(html_fault(page), "");
  const auto sources = html_attributes(page, "src");
  EXPECT_EQ(sources, (std::vector<std::string>{"as_it_is.wav", "noise.wav", "telephone.wav",
                                               "recorded_noise.wav"}));
  for (const auto& source : sources) EXPECT_TRUE(fs::exists(folder_ / "aug" / source)) << source;
  EXPECT_FALSE(fs::exists(folder_ / "aug/spec_augment.wav")) << "it cannot be heard";
  for (const char* name : {"noise.svg", "telephone.png", "spec_augment.svg", "augmentations.png"}) {
    EXPECT_TRUE(fs::exists(folder_ / "aug" / name)) << name;
  }
}

TEST_F(Pages, ClassesAreComparedInTextAndPicture) {
  const auto run = run_program("ser-explore", {"compare", "angry", "sad", kDemo, "--out",
                                               path("c.svg"), "--out", path("c.png")});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_NE(run.out.find("angry"), std::string::npos);
  EXPECT_EQ(run.out.find("happy"), std::string::npos);
  EXPECT_TRUE(fs::exists(folder_ / "c.svg") && fs::exists(folder_ / "c.png"));
}

TEST_F(Pages, ATerminalGetsColoursUnlessTheyAreNotWanted) {
  const auto clip = demo_recordings()[0].string();
  const auto plain = run_program("ser-explore", {"clip", clip, "--terminal"});
  EXPECT_EQ(plain.out.find('\033'), std::string::npos) << "no terminal";
  const auto wanted =
      run_program("ser-explore", {"clip", clip, "--terminal", "--colour", "always"});
  EXPECT_NE(wanted.out.find("\033[48;5;"), std::string::npos);
  // A terminal, as `script` makes one.
  if (!fs::exists("/usr/bin/script")) GTEST_SKIP() << "no /usr/bin/script (bsdutils)";
  const auto quoted = [](const std::string& word) { return "'" + word + "'"; };
  const auto on_terminal = [&](const std::string& environment, const std::string& command) {
    return run_program("/usr/bin/script", {"-qec", environment + " " + command, "/dev/null"}).out;
  };
  const std::string draw =
      quoted(program_path("ser-explore")) + " clip " + quoted(clip) + " --terminal";
  EXPECT_NE(on_terminal("TERM=xterm-256color NO_COLOR=", draw).find("\033[48;5;"),
            std::string::npos);
  EXPECT_EQ(on_terminal("TERM=xterm-256color NO_COLOR=1", draw).find("\033[48;5;"),
            std::string::npos);
  EXPECT_EQ(on_terminal("TERM=dumb", draw).find("\033[48;5;"), std::string::npos);
  const std::string training = quoted(program_path("ser-train")) + " " + quoted(kDemo) +
                               " --recipe lda --out " + path("m.ser");
  const auto coloured = on_terminal("TERM=xterm-256color NO_COLOR=", training);
  EXPECT_NE(coloured.find("what it was taken for"), std::string::npos) << coloured;
  EXPECT_NE(coloured.find("\033[48;5;"), std::string::npos);
  const auto uncoloured = on_terminal("TERM=xterm-256color NO_COLOR=1", training);
  EXPECT_NE(uncoloured.find("what it was taken for"), std::string::npos);
  EXPECT_EQ(uncoloured.find("\033[48;5;"), std::string::npos);
  EXPECT_EQ(train({kDemo, "--recipe", "lda"}).out.find("what it was taken for"), std::string::npos);
}

// What a browser makes of a page; nothing where there is none.
std::optional<core::Json> opened(const std::string& page) {
  RunOptions options;
  options.longest = std::chrono::minutes(6);  // of a busy machine; it ends by itself after five
  const auto run = run_program(
      "/usr/bin/env", {"python3", std::string(SER_SOURCE_DIR) + "/tests/system/open_page.py", page},
      options);
  if (run.exit_code == 77 || run.exit_code == 127) return std::nullopt;
  EXPECT_EQ(run.exit_code, 0) << run.err;
  return core::parse_json(run.out, "what the browser found");
}

// No console error, nothing asked of the network, every chart there, nothing wider than the window.
void expect_sound(const core::Json& found, std::size_t charts) {
  EXPECT_TRUE(found["console"].empty()) << found["console"];
  EXPECT_FALSE(found["requests"].empty());
  for (const auto& url : found["requests"]) {
    EXPECT_TRUE(url.get<std::string>().starts_with("file:///") ||
                url.get<std::string>().starts_with("data:"))
        << url;
  }
  EXPECT_EQ(found["charts"].size(), charts);
  for (const auto& chart : found["charts"]) {
    EXPECT_GT(chart["width"].get<double>(), 200.0) << chart;
    EXPECT_GT(chart["height"].get<double>(), 20.0) << chart;
  }
  for (const auto& one : found["overflow"]) EXPECT_LE(one["page"], one["window"]);
  EXPECT_FALSE(found["players"].empty());
  for (const auto& player : found["players"]) {
    EXPECT_TRUE(player["error"].is_null()) << player;
    EXPECT_GT(player["duration"].get<double>(), 0.5) << player;
  }
}

// A filter lists the rows with its value, and no others.
void expect_filters(const core::Json& found) {
  ASSERT_FALSE(found["filtered"].empty());
  for (const auto& list : found["lists"]) {
    for (const auto& one : found["filtered"]) {
      if (one["list"] != list["id"]) continue;
      const auto value = one["value"].get<std::string>();
      if (value.empty()) {
        EXPECT_EQ(one["rows"], list["shown"]);
        continue;
      }
      EXPECT_FALSE(one["rows"].empty()) << one["column"];
      for (const auto& row : one["rows"]) {
        EXPECT_GT(std::ranges::count_if(row,
                                        [&](const core::Json& cell) {
                                          const auto text = cell.get<std::string>();
                                          return text.substr(0, text.find_last_not_of('\n') + 1) ==
                                                 value.substr(1);
                                        }),
                  0)
            << row;
      }
    }
  }
}

#define SER_OPEN(name, page)                                                                \
  const auto name = opened(page);                                                           \
  if (!name) {                                                                              \
    GTEST_SKIP() << "no Chromium here: scripts/install_dependencies --browser installs it"; \
  }

TEST_F(Pages, OpenInABrowserWithoutANetwork) {
  ASSERT_EQ(train({kDemo, "--recipe", "functionals", "--report", path("train")}).exit_code, 0);
  SER_OPEN(trained, path("train/index.html"))
  expect_sound(*trained, 7);
  expect_filters(*trained);
  const auto& picked = (*trained)["picked"];
  ASSERT_FALSE(picked.is_null()) << "this test needs a mistake";
  EXPECT_EQ(std::to_string(picked["rows"].size()), picked["count"]);
  for (const auto& row : picked["rows"]) {
    EXPECT_EQ(row[2], picked["truth"]);
    EXPECT_EQ(row[3], picked["predicted"]);
  }
  ASSERT_EQ(run_program("ser-explore", {"corpus", kDemo, "--out", path("corpus")}).exit_code, 0);
  SER_OPEN(explored, path("corpus/index.html"))
  expect_sound(*explored, 7);
  expect_filters(*explored);
  ASSERT_EQ(run_program("ser-explore", {"augment", demo_recordings()[0].string(), "--out",
                                        path("augment"), "--kinds", "noise,band_warp"})
                .exit_code,
            0);
  SER_OPEN(augmented, path("augment/index.html"))
  expect_sound(*augmented, 2);
}

TEST_F(HostileNames, DoNothingInABrowser) {
  SER_OPEN(trained, path("train/index.html"))
  EXPECT_TRUE((*trained)["console"].empty()) << (*trained)["console"];
  ASSERT_EQ(
      run_program("ser-explore", {"corpus", list_, "--labels", "folder", "--out", path("corpus")})
          .exit_code,
      0);
  SER_OPEN(explored, path("corpus/index.html"))
  // Players find files of any name.
  expect_sound(*explored, 7);
  expect_filters(*explored);
  const auto evaluated =
      run_program("ser-eval", {"--model", path("m.ser"), list_, "--part", "all", "--drop", kUmlauts,
                               "--report", path("eval"), "--embed-audio"});
  ASSERT_EQ(evaluated.exit_code, 0) << evaluated.err;
  SER_OPEN(whole, path("eval/index.html"))
  EXPECT_TRUE((*whole)["console"].empty()) << (*whole)["console"];
}

}  // namespace
}  // namespace ser::test
