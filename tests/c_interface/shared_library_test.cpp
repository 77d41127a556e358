#include <algorithm>
#include <cstdlib>
#include <sstream>

#include <gtest/gtest.h>

#include "ser/audio/load.h"
#include "ser/audio/write.h"
#include "ser/core/random.h"
#include "ser/model/model_file.h"

#include "model/small_classifier.h"
#include "support/run_program.h"
#include "support/temporary_folder.h"

namespace ser::test {
namespace {

constexpr int kRate = 16000;
const std::string kLibrary = SER_SHARED_LIBRARY;

// A model, and a recording of a second.
class SharedLibrary : public ::testing::Test {
 protected:
  SharedLibrary() : recogniser_(model::EmotionClassifier(model::small_parts())) {
    folder_.write("m.ser", model::serialize(recogniser_));
    audio::Waveform noise{std::vector<float>(kRate), kRate};
    core::RandomStream random(5);
    for (float& sample : noise.samples) sample = static_cast<float>(random.uniform(-0.5, 0.5));
    audio::write_wav(folder_ / "noise.wav", noise);
    const auto samples = audio::load_audio(folder_ / "noise.wav").waveform.samples;
    folder_.write("noise.f32",
                  {reinterpret_cast<const char*>(samples.data()), samples.size() * sizeof(float)});
  }

  std::string path(const char* name) const { return (folder_ / name).string(); }

  // What the library itself says, as the programs print it: each number `times` times.
  std::string expected(int times) const {
    const auto probabilities =
        recogniser_.probabilities(std::filesystem::path(folder_ / "noise.wav"));
    std::string lines;
    for (std::size_t i = 0; i < recogniser_.classes().size(); ++i) {
      std::array<char, 32> number{};
      std::snprintf(number.data(), number.size(), "\t%.9g",
                    static_cast<double>(probabilities(static_cast<Eigen::Index>(i))));
      lines += recogniser_.classes()[i];
      for (int j = 0; j < times; ++j) lines += number.data();
      lines += "\n";
    }
    return lines;
  }

 private:
  TemporaryFolder folder_;
  model::Recogniser recogniser_;
};

TEST_F(SharedLibrary, DoesInCWhatTheHeaderSays) {
  const auto run = run_program("ser_c_program", {path("m.ser"), path("noise.f32"),
                                                 std::to_string(kRate), path("noise.wav")});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(run.err, "");
  EXPECT_EQ(run.out, expected(2));
}

TEST_F(SharedLibrary, IsUsedThroughPythonsCtypes) {
  if (run_program("/usr/bin/env", {"python3", "--version"}).exit_code != 0) {
    GTEST_SKIP() << "needs python3";
  }
  if (SER_HAS_SANITIZERS) GTEST_SKIP() << "python3 is not built with the sanitizers";
  const auto run = run_program(
      "/usr/bin/env", {"python3", std::string(SER_SOURCE_DIR) + "/tests/c_interface/ctypes_test.py",
                       kLibrary, path("m.ser"), path("noise.wav")});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(run.out, expected(1));
}

// Another C++ library in the same process must not meet ours.
TEST(SharedLibrarySymbols, AreThoseOfTheHeaderOnly) {
  const auto run = run_program("/usr/bin/env", {"nm", "-D", "--defined-only", kLibrary});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  std::istringstream lines(run.out);
  std::vector<std::string> names;
  for (std::string address, kind, name; lines >> address >> kind >> name;) names.push_back(name);
  std::ranges::sort(names);
  EXPECT_EQ(names, (std::vector<std::string>{"ser_model_class_name", "ser_model_free",
                                             "ser_model_load", "ser_model_num_classes",
                                             "ser_predict", "ser_predict_file", "ser_version"}));
}

}  // namespace
}  // namespace ser::test
