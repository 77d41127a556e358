// Models that are named without a path.
#include <cstdlib>

#include <gtest/gtest.h>

#include "system/demo.h"

namespace ser::test {
namespace {

// Programs that are run look for models in these folders while this lives.
class ModelFolders {
 public:
  explicit ModelFolders(const std::string& folders) { setenv("SER_MODELS", folders.c_str(), 1); }
  ~ModelFolders() { unsetenv("SER_MODELS"); }
  ModelFolders(const ModelFolders&) = delete;
  ModelFolders& operator=(const ModelFolders&) = delete;
};

std::string first_recording() { return demo_recordings().front().string(); }

TEST(NamedModels, AreFoundInTheFoldersThatAreNamedInTheirOrder) {
  const TemporaryFolder folder;
  folder.write("first/broken.ser", "no model");
  std::filesystem::create_directories(folder / "second");
  std::filesystem::copy_file(DemoModel::get().path(), folder / "second" / "mine.ser");
  std::filesystem::copy_file(DemoModel::get().path(), folder / "second" / "broken.ser");
  const ModelFolders folders("/nowhere:" + (folder / "first").string() +
                             "::" + (folder / "second").string());
  const auto by_path =
      run_program("ser-predict", {"--model", DemoModel::get().path(), first_recording()});
  const auto by_name = run_program("ser-predict", {"--model", "mine", first_recording()});
  EXPECT_EQ(by_name.exit_code, 0) << by_name.err;
  EXPECT_EQ(by_name.out, by_path.out);
  EXPECT_EQ(run_program("ser-eval", {"--model", "mine", kDemo}).exit_code, 0);
  const auto onnx = (folder / "m.onnx").string();
  EXPECT_EQ(run_program("ser-export", {"--model", "mine", "--onnx", onnx}).exit_code, 0);
  EXPECT_EQ(run_program("ser-predict", {"--model", "broken", first_recording()}).exit_code, 4);
}

TEST(NamedModels, ThatAreNotThereAreToldWithThoseThatAre) {
  const TemporaryFolder folder;
  folder.write("mine.ser", "");
  folder.write("not a name!.ser", "");
  folder.write("other.txt", "");
  const ModelFolders folders(folder.path().string());
  for (const char* program : {"ser-predict", "ser-eval"}) {
    const auto run = run_program(program, {"--model", "yours", first_recording()});
    EXPECT_EQ(run.exit_code, 2);
    EXPECT_NE(run.err.find("E_MODEL_NAME"), std::string::npos) << run.err;
    EXPECT_NE(run.err.find("mine"), std::string::npos) << run.err;
    EXPECT_EQ(run.err.find("not a name"), std::string::npos) << run.err;
  }
  // what has a path, or an ending, is a file
  const auto file = run_program("ser-predict", {"--model", "./yours", first_recording()});
  EXPECT_EQ(file.err.find("E_MODEL_NAME"), std::string::npos) << file.err;
  EXPECT_NE(file.exit_code, 0);
}

// Each that comes with the toolkit is a model that works, with a card that names its file.
TEST(NamedModels, ComeWithTheToolkit) {
  std::size_t models = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::string(SER_SOURCE_DIR) + "/models")) {
    if (entry.path().extension() != ".ser") continue;
    ++models;
    const std::string name = entry.path().stem().string();
    SCOPED_TRACE(name);
    const auto run = run_program("ser-predict", {"--model", name, first_recording()});
    EXPECT_EQ(run.exit_code, 0) << run.err;
    EXPECT_NE(run.out.find(first_recording()), std::string::npos) << run.out;
    const auto card = std::string(SER_SOURCE_DIR) + "/models/" + name + ".md";
    ASSERT_TRUE(std::filesystem::exists(card));
    EXPECT_LE(std::filesystem::file_size(entry.path()), std::uintmax_t{5} << 20);
  }
  EXPECT_GE(models, 2U);
}

}  // namespace
}  // namespace ser::test
