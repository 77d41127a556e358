// Trainings that are ended and go on.
#include <csignal>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "system/demo.h"

namespace ser::test {
namespace {

class Checkpoints : public testing::Test {
 protected:
  ProgramResult train(std::vector<std::string> options, int signal = 0,
                      const std::string& after = "") const {
    options.insert(options.begin(), {kDemo, "--epochs", "4", "--jobs", "2"});
    RunOptions run;
    run.signal = signal;
    run.signal_after = after;
    return run_program("ser-train", options, run);
  }
  std::string out(const std::string& name) const { return (folder_ / name).string(); }
  bool is_there(const std::string& name) const { return std::filesystem::exists(folder_ / name); }

  TemporaryFolder folder_;
};

TEST_F(Checkpoints, ATrainingThatWasEndedGoesOnToTheSameBytes) {
  const std::vector<std::string> split = {"--recipe", "classic", "--split", "random"};
  auto options = split;
  options.insert(options.end(), {"--out", out("whole.ser")});
  ASSERT_EQ(train(options).exit_code, 0);
  EXPECT_FALSE(is_there("whole.checkpoints"));
  for (const int signal : {SIGINT, SIGTERM, SIGKILL}) {
    SCOPED_TRACE(signal);
    options = split;
    options.insert(options.end(), {"--out", out("m.ser")});
    const auto ended = train(options, signal, "epoch 3/");
    EXPECT_EQ(ended.exit_code, 128 + signal);
    EXPECT_FALSE(is_there("m.ser"));
    ASSERT_TRUE(is_there("m.checkpoints"));
    if (signal != SIGKILL) {
      EXPECT_NE(ended.err.find("go on with --resume"), std::string::npos) << ended.err;
    }
    const auto anew = train(options);
    EXPECT_EQ(anew.exit_code, 2);
    EXPECT_NE(anew.err.find("E_OUTPUT_UNFINISHED"), std::string::npos) << anew.err;
    auto other = options;
    other.insert(other.end(), {"--resume", "--seed", "2"});
    EXPECT_NE(train(other).err.find("E_RESUME_SETTINGS"), std::string::npos);

    options.emplace_back("--resume");
    const auto resumed = train(options);
    ASSERT_EQ(resumed.exit_code, 0) << resumed.err;
    EXPECT_EQ(resumed.err.find("epoch 2/"), std::string::npos) << "it began anew";
    EXPECT_EQ(read_text(folder_ / "m.ser"), read_text(folder_ / "whole.ser"));
    EXPECT_FALSE(is_there("m.checkpoints"));
    std::filesystem::remove(folder_ / "m.ser");
  }
}

TEST_F(Checkpoints, FoldsThatAreDoneAreNotTrainedAgain) {
  const std::vector<std::string> options = {"--recipe", "mlp", "--protocol", "loso", "--final"};
  auto whole = options;
  whole.insert(whole.end(), {"--out", out("whole.ser")});
  const auto expected = train(whole);
  ASSERT_EQ(expected.exit_code, 0) << expected.err;
  auto parted = options;
  parted.insert(parted.end(), {"--out", out("m.ser")});
  EXPECT_EQ(train(parted, SIGKILL, "1/2 done").exit_code, 128 + SIGKILL);
  parted.emplace_back("--resume");
  const auto resumed = train(parted);
  ASSERT_EQ(resumed.exit_code, 0) << resumed.err;
  EXPECT_EQ(resumed.out, expected.out);
  EXPECT_EQ(read_text(folder_ / "m.ser"), read_text(folder_ / "whole.ser"));
  EXPECT_FALSE(is_there("m.checkpoints"));
}

TEST_F(Checkpoints, AreLeftByAnEnsembleToo) {
  const auto recipe =
      folder_.write("pair.json", R"({"name": "pair", "members": [{"recipe": "mlp", "seeds": 2}]})");
  const auto run = [&](const std::string& name, std::vector<std::string> options, int signal) {
    options.insert(options.begin(), {kDemo, "--recipe", recipe.string(), "--split", "random",
                                     "--out", out(name), "--jobs", "2"});
    RunOptions how;
    how.signal = signal;
    how.signal_after = "(2 of 2)";
    return run_program("ser-train", options, how);
  };
  ASSERT_EQ(run("whole.ser", {}, 0).exit_code, 0);
  EXPECT_EQ(run("m.ser", {}, SIGKILL).exit_code, 128 + SIGKILL);
  EXPECT_TRUE(is_there("m.checkpoints"));
  ASSERT_EQ(run("m.ser", {"--resume"}, 0).exit_code, 0);
  EXPECT_EQ(read_text(folder_ / "m.ser"), read_text(folder_ / "whole.ser"));
}

// Whether it is the model or a checkpoint that does not fit.
TEST_F(Checkpoints, GoOnWhenThereIsRoomAgain) {
  const std::vector<std::string> options = {kDemo,   "--recipe",   "mlp",     "--epochs", "2",
                                            "--out", out("m.ser"), "--split", "random"};
  auto whole = options;
  whole[6] = out("whole.ser");
  ASSERT_EQ(run_program("ser-train", whole).exit_code, 0);
  RunOptions full;
  full.largest_file = std::filesystem::file_size(folder_ / "whole.ser") - 1;
  const auto ended = run_program("ser-train", options, full);
  EXPECT_EQ(ended.exit_code, 5) << ended.err;
  EXPECT_NE(ended.err.find("E_OUTPUT_WRITE"), std::string::npos) << ended.err;
  EXPECT_FALSE(is_there("m.ser"));
  auto again = options;
  again.emplace_back("--resume");
  ASSERT_EQ(run_program("ser-train", again).exit_code, 0);
  EXPECT_EQ(read_text(folder_ / "m.ser"), read_text(folder_ / "whole.ser"));
}

// A second Ctrl-C ends it at once, in the middle of whatever it writes.
TEST_F(Checkpoints, AreWholeWhenTheUserIsImpatient) {
  const std::vector<std::string> options = {kDemo,   "--recipe",   "classic", "--epochs", "3",
                                            "--out", out("m.ser"), "--split", "random"};
  RunOptions impatient;
  impatient.signal = SIGINT;
  impatient.signals = 3;
  impatient.signal_after = "epoch 2/";
  EXPECT_EQ(run_program("ser-train", options, impatient).exit_code, 130);
  for (const auto& entry : std::filesystem::directory_iterator(folder_.path())) {
    EXPECT_EQ(entry.path().filename(), "m.checkpoints");
  }
  auto again = options;
  again.emplace_back("--resume");
  const auto resumed = run_program("ser-train", again);
  EXPECT_EQ(resumed.exit_code, 0) << resumed.err;
  EXPECT_EQ(resumed.err.find("epoch 1/"), std::string::npos) << resumed.err;
  EXPECT_FALSE(is_there("m.checkpoints"));
}

TEST_F(Checkpoints, OnlyOneTrainingWritesAModel) {
  std::filesystem::create_directories(folder_ / "m.checkpoints");
  const std::vector<std::string> command = {"--split", "random", "--out", out("m.ser")};
  const int other = ::open((folder_ / "m.checkpoints" / "lock").c_str(), O_RDWR | O_CREAT, 0600);
  ASSERT_EQ(::flock(other, LOCK_EX | LOCK_NB), 0);
  for (const char* every : {"1", "0"}) {
    auto other_command = command;
    other_command.insert(other_command.end(), {"--checkpoint-every", every});
    const auto refused = train(other_command);
    EXPECT_EQ(refused.exit_code, 5);
    EXPECT_NE(refused.err.find("E_OUTPUT_LOCKED"), std::string::npos) << refused.err;
    EXPECT_FALSE(is_there("m.ser"));
  }
  ::close(other);
  EXPECT_EQ(train(command).exit_code, 0);
  EXPECT_TRUE(is_there("m.ser"));
  EXPECT_FALSE(is_there("m.checkpoints"));
}

TEST_F(Checkpoints, AreOfNoUseToWhatKeepsNone) {
  EXPECT_EQ(train({"--split", "random", "--resume", "--checkpoint-every", "0"}).exit_code, 2);
  EXPECT_EQ(train({"--compare", "lda,mlp", "--resume"}).exit_code, 2);
  EXPECT_EQ(train({"--checkpoint-every", "-1"}).exit_code, 2);
  // what trains at once leaves none behind
  const auto run = run_program("ser-train", {kDemo, "--recipe", "lda", "--split", "random", "--out",
                                             out("l.ser"), "--resume"});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_FALSE(is_there("l.checkpoints"));
}

}  // namespace
}  // namespace ser::test
