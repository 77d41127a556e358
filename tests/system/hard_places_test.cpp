// Outputs on real file systems that are full or cannot be written, inputs that are gone when their
// turn comes, and readers of the output that leave: each with the real programs.

#include <unistd.h>

#include "system/demo.h"

namespace ser::test {
namespace {

namespace fs = std::filesystem;

// A shell with `script` in a space of mounts of its own, where "$1" is an empty folder to mount
// upon.
class Mounts : public testing::Test {
 protected:
  void SetUp() override {
    if (mounted("mount -t tmpfs -o size=64k none \"$1\"").exit_code != 0) {
      GTEST_SKIP()
          << "no file system can be mounted here (that takes root's rights, or namespaces)";
    }
  }

  ProgramResult mounted(const std::string& script) const {
    fs::create_directories(folder_ / "place");
    std::vector<std::string> arguments = {
        "--mount",
        "sh",
        "-c",
        script,
        "sh",
        (folder_ / "place").string(),
        fs::path(program_path("ser-train")).parent_path().string(),
        kDemo,
        DemoModel::get().path()};
    if (::geteuid() != 0) arguments.insert(arguments.begin(), "--map-root-user");
    return run_program("/usr/bin/unshare", arguments);
  }

  TemporaryFolder folder_;
};

// What is in the place after a program, with what files hold that were there before.
constexpr const char* kTell =
    "; status=$?; ls -A \"$1\" >&2; cat \"$1\"/old.* 2>/dev/null; exit $status";

TEST_F(Mounts, AFullFileSystemLosesNothing) {
  for (const std::string command :
       {"\"$2/ser-train\" \"$3\" --recipe classic --epochs 1 --split random --out \"$1/old.ser\"",
        "\"$2/ser-train\" \"$3\" --recipe linear --split random --out \"$1/old.ser\"",
        "\"$2/ser-eval\" --model \"$4\" \"$3\" --part all --out \"$1/old.json\" --format json",
        "\"$2/ser-explore\" corpus \"$3\" --out \"$1/old.page\""}) {
    // All but one page of it is taken.
    const auto run = mounted(
        "mount -t tmpfs -o size=64k none \"$1\" && echo before | tee \"$1/old.ser\" "
        ">\"$1/old.json\" && "
        "dd if=/dev/zero of=\"$1/filler\" bs=4096 count=13 2>/dev/null && " +
        command + kTell);
    EXPECT_EQ(run.exit_code, 5) << command << run.err;
    EXPECT_NE(run.err.find("error E_OUTPUT_"), std::string::npos) << run.err;
    EXPECT_TRUE(run.err.ends_with("\nfiller\nold.json\nold.ser\n")) << run.err;
    EXPECT_TRUE(run.out.ends_with("before\nbefore\n")) << run.out;
  }
}

TEST_F(Mounts, ABatchGoesOnWhenThereIsRoomAgain) {
  const auto run = mounted(
      "mount -t tmpfs -o size=64k none \"$1\" && dd if=/dev/zero of=\"$1/filler\" bs=4096 count=13 "
      "2>/dev/null; predict() { \"$2/ser-predict\" --model \"$4\" \"$3\" --out \"$1/rows.csv\" "
      "--format csv \"$5\" \"$6\"; }; predict \"$@\" --jobs 2; echo \"ended with $?\" >&2; "
      "rm \"$1/filler\"; predict \"$@\" --jobs=2 --resume >/dev/null && cat \"$1/rows.csv\"");
  EXPECT_NE(run.err.find("E_OUTPUT_WRITE"), std::string::npos) << run.err;
  EXPECT_NE(run.err.find("ended with 5"), std::string::npos) << run.err;
  EXPECT_EQ(run.exit_code, 0) << run.err;
  const auto whole =
      run_program("ser-predict", {"--model", DemoModel::get().path(), kDemo, "--format", "csv"});
  EXPECT_EQ(run.out, whole.out);
}

TEST_F(Mounts, AFolderThatCannotBeWrittenIsToldBeforeTheWork) {
  for (const std::string command :
       {"\"$2/ser-train\" \"$3\" --recipe linear --split random --out \"$1/m.ser\"",
        "\"$2/ser-eval\" --model \"$4\" \"$3\" --part all --out \"$1/s.json\" --format json",
        "\"$2/ser-predict\" --model \"$4\" \"$3\" --out \"$1/rows.csv\"",
        "\"$2/ser-explore\" corpus \"$3\" --out \"$1/page\""}) {
    const auto run = mounted("mount -t tmpfs -o ro none \"$1\" && " + command + kTell);
    EXPECT_EQ(run.exit_code, 5) << command << run.err;
    EXPECT_NE(run.err.find("error E_OUTPUT_OPEN"), std::string::npos) << run.err;
    EXPECT_EQ(run.err.find("features 1"), std::string::npos) << "it began to work";
    EXPECT_EQ(run.out, "");
  }
}

TEST(VanishedInputs, AreNamedBeforeTheWork) {
  const TemporaryFolder folder;
  const auto list =
      folder.write("clips.csv", "path,label\n" + demo_recordings()[0].string() + ",angry\n" +
                                    (folder / "gone.wav").string() + ",sad\n");
  for (const auto& run :
       {run_program("ser-train", {list.string(), "--out", (folder / "m.ser").string()}),
        run_program("ser-eval", {"--model", DemoModel::get().path(), list.string()})}) {
    EXPECT_EQ(run.exit_code, 3) << run.err;
    EXPECT_NE(run.err.find("clips.csv:3: there is no file " + (folder / "gone.wav").string()),
              std::string::npos)
        << run.err;
  }
  EXPECT_FALSE(fs::exists(folder / "m.ser"));
}

// The folder is moved away as soon as the tenth of some thousand recordings is warned of.
TEST(VanishedInputs, HaveTheirRowsWhenTheyGoInTheMiddleOfTheWork) {
  const TemporaryFolder folder;
  fs::copy(kDemo, folder / "corpus", fs::copy_options::recursive);
  const auto whole = read_text(demo_recordings().front());
  folder.write("corpus/damaged.wav", whole.substr(0, whole.size() - 100));
  std::vector<std::string> paths;
  for (int i = 0; i < 50; ++i) {
    for (const auto& recording : demo_recordings()) {
      paths.push_back((folder / "corpus" / fs::relative(recording, kDemo)).string());
    }
  }
  paths[9] = (folder / "corpus/damaged.wav").string();
  std::string list;
  for (const auto& path : paths) list += path + "\n";
  const auto run = run_program(
      "/bin/sh",
      {"-c",
       "\"$1\" --model \"$2\" --files-from \"$3\" --format csv --jobs 1 2>\"$5\" & "
       "until grep -q damaged.wav \"$5\"; do sleep 0.01; done; mv \"$4\" \"$4.elsewhere\"; wait $!",
       "sh", program_path("ser-predict"), DemoModel::get().path(),
       folder.write("list", list).string(), (folder / "corpus").string(),
       folder.write("said", "").string()});
  EXPECT_EQ(run.exit_code, 1) << run.err;
  const auto rows = lines_of(run.out);
  ASSERT_EQ(rows.size(), paths.size() + 1);
  for (std::size_t r = 1; r < rows.size(); ++r) {
    EXPECT_TRUE(rows[r].starts_with(paths[r - 1])) << rows[r];
  }
  EXPECT_EQ(rows[1].find("E_AUDIO_MISSING"), std::string::npos) << rows[1];
  EXPECT_NE(rows.back().find("E_AUDIO_MISSING"), std::string::npos) << rows.back();
}

// `| head`: the rest is nobody's, and the program ends at once and without a word of failure.
TEST(ClosedOutput, EndsTheProgramQuietly) {
  const TemporaryFolder folder;
  const auto run = [&](const std::string& program, const std::vector<std::string>& arguments) {
    std::vector<std::string> all = {"-c", "\"$@\" | head -n 1", "bash", program_path(program)};
    all.insert(all.end(), arguments.begin(), arguments.end());
    return run_program("/bin/bash", all);
  };
  const auto model = DemoModel::get().path();
  const auto list = folder.write("list", [] {
    std::string lines;
    for (int i = 0; i < 200; ++i) {
      for (const auto& path : demo_recordings()) lines += path.string() + "\n";
    }
    return lines;
  }());
  const auto rows =
      run("ser-predict", {"--model", model, "--files-from", list.string(), "--format", "csv"});
  EXPECT_EQ(lines_of(rows.out).size(), 1U);
  EXPECT_EQ(rows.err.find("error"), std::string::npos) << rows.err;
  for (const char* program :
       {"ser-train", "ser-eval", "ser-predict", "ser-explore", "ser-export"}) {
    const auto help = run(program, {"--help"});
    EXPECT_EQ(lines_of(help.out).size(), 1U);
    EXPECT_EQ(help.err, "");
  }
}

}  // namespace
}  // namespace ser::test
