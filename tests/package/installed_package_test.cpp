#include <algorithm>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "ser/audio/write.h"
#include "ser/core/random.h"
#include "ser/model/model_file.h"

#include "model/small_classifier.h"
#include "support/run_program.h"
#include "support/temporary_folder.h"

namespace ser::test {
namespace {

const std::string kEnv = "/usr/bin/env";

// The only block of the README in that language: what a user copies from there.
std::string example(const std::string& language) {
  const std::string readme = read_text(std::string(SER_SOURCE_DIR) + "/README.md");
  const std::string fence = "```" + language + "\n";
  const std::size_t begin = readme.find(fence);
  if (begin == std::string::npos || readme.find(fence, begin + 1) != std::string::npos) return "";
  const std::size_t from = begin + fence.size();
  return readme.substr(from, readme.find("```", from) - from);
}

// The build as it is installed, with a model and a recording beside it.
class InstalledPackage : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    shared_ = new Shared;
    shared_->install =
        run_program(kEnv, {"cmake", "--install", SER_BUILD_FOLDER, "--prefix", place("prefix")});
    const model::Recogniser recogniser{model::EmotionClassifier(model::small_parts())};
    shared_->folder.write("m.ser", model::serialize(recogniser));
    audio::Waveform noise{std::vector<float>(16000), 16000};
    core::RandomStream random(5);
    for (float& sample : noise.samples) sample = static_cast<float>(random.uniform(-0.5, 0.5));
    audio::write_wav(shared_->folder / "one.wav", noise);
    const auto probabilities =
        recogniser.probabilities(std::filesystem::path(shared_->folder / "one.wav"));
    std::ostringstream lines;
    for (std::size_t i = 0; i < recogniser.classes().size(); ++i) {
      lines << recogniser.classes()[i] << '\t' << probabilities(static_cast<Eigen::Index>(i))
            << '\n';
    }
    shared_->expected = lines.str();
  }

  static void TearDownTestSuite() {
    delete shared_;
    shared_ = nullptr;
  }

  void SetUp() override { ASSERT_EQ(shared_->install.exit_code, 0) << shared_->install.err; }

  static std::string place(const std::string& name) { return (shared_->folder / name).string(); }
  static std::string write(const std::string& name, const std::string& text) {
    return shared_->folder.write(name, text).string();
  }
  // Found and loaded from where it was installed.
  static ProgramResult run_there(std::vector<std::string> arguments) {
    const std::string libraries = place("prefix/" SER_LIBRARY_FOLDER);
    arguments.insert(arguments.begin(), {"PKG_CONFIG_PATH=" + libraries + "/pkgconfig",
                                         "LD_LIBRARY_PATH=" + libraries});
    return run_program(kEnv, arguments);
  }
  static const std::string& expected() { return shared_->expected; }

 private:
  struct Shared {
    TemporaryFolder folder;
    ProgramResult install;
    std::string expected;
  };
  static Shared* shared_;
};

InstalledPackage::Shared* InstalledPackage::shared_ = nullptr;

TEST_F(InstalledPackage, IsFoundByCMake) {
  const std::string code = example("cpp");
  EXPECT_LE(std::ranges::count(code, '\n'), 15);
  write("cpp/example.cpp", code);
  write("cpp/CMakeLists.txt", example("cmake"));
  const auto configured = run_program(
      kEnv, {"cmake", "-S", place("cpp"), "-B", place("cpp/build"),
             "-DCMAKE_PREFIX_PATH=" + place("prefix"), "-DCMAKE_CXX_COMPILER=" SER_CXX_COMPILER,
             "-DCMAKE_BUILD_TYPE=Debug", std::string("-DCMAKE_CXX_FLAGS=") + SER_SANITIZER_FLAGS});
  ASSERT_EQ(configured.exit_code, 0) << configured.err;
  const auto built = run_program(kEnv, {"cmake", "--build", place("cpp/build")});
  ASSERT_EQ(built.exit_code, 0) << built.out << built.err;
  const auto run = run_program(place("cpp/build/example"), {place("m.ser"), place("one.wav")});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(run.out, expected());
}

TEST_F(InstalledPackage, IsFoundByPkgConfig) {
  const std::string source = write("example.c", example("c"));
  const std::string program = place("c_example");
  const auto flags = run_there({"pkg-config", "--cflags", "--libs", "ser"});
  ASSERT_EQ(flags.exit_code, 0) << flags.err;
  const auto built =
      run_there({"sh", "-c",
                 std::string(SER_C_COMPILER) + " -std=c99 -Wall -Wextra -pedantic -Werror " +
                     SER_SANITIZER_FLAGS + " " + source + " -o " + program +
                     " $(pkg-config --cflags --libs ser)"});
  ASSERT_EQ(built.exit_code, 0) << built.err;
  auto run = run_there({program, place("m.ser"), place("one.wav")});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(run.out, expected());
  run = run_there({program, place("m.ser"), place("none.wav")});
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_NE(run.err.find("E_AUDIO_MISSING"), std::string::npos) << run.err;
}

TEST_F(InstalledPackage, IsLoadedByPython) {
  if (run_program(kEnv, {"python3", "--version"}).exit_code != 0) GTEST_SKIP() << "needs python3";
  if (std::string(SER_SANITIZER_FLAGS) != "") {
    GTEST_SKIP() << "python3 is not built with the sanitizers";
  }
  const std::string script = write("example.py", example("python"));
  auto run = run_there({"python3", script, place("m.ser"), place("one.wav")});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(run.out, expected());
  run = run_there({"python3", script, place("one.wav"), place("one.wav")});
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_NE(run.err.find("one.wav"), std::string::npos) << run.err;
}

}  // namespace
}  // namespace ser::test
