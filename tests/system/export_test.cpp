#include <gtest/gtest.h>

#include "ser/model/model_file.h"

#include "interchange/protobuf_reader.h"
#include "model/small_classifier.h"
#include "system/demo.h"

namespace ser::test {
namespace {

using interchange::test::MessageReader;

class Export : public testing::Test {
 protected:
  std::string out(const std::string& name) const { return (folder_ / name).string(); }

  std::string write_model() const {
    return folder_.write("m.ser", model::serialize(model::EmotionClassifier(model::small_parts())))
        .string();
  }

  TemporaryFolder folder_;
};

TEST_F(Export, WritesBothFormats) {
  const auto run = run_program("ser-export", {"--model", write_model(), "--onnx", out("m.onnx"),
                                              "--safetensors", out("m.safetensors")});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(run.out, "");
  EXPECT_NE(run.err.find("m.safetensors"), std::string::npos);
  const std::string onnx = read_text(out("m.onnx"));
  const auto graph = MessageReader(onnx).message(7);
  EXPECT_EQ(graph.message(11).text(1), "features");
  const std::string safetensors = read_text(out("m.safetensors"));
  EXPECT_EQ(safetensors.substr(8, 17), R"({"__metadata__":{)");
}

TEST_F(Export, RefusesWrongUseAndLeavesNothingBehind) {
  const std::string model = write_model();
  const std::string damaged = folder_.write("d.ser", read_text(model).substr(0, 500)).string();
  const auto expect = [&](std::vector<std::string> arguments, int exit_code,
                          const std::string& said) {
    const auto run = run_program("ser-export", arguments);
    EXPECT_EQ(run.exit_code, exit_code) << run.err;
    EXPECT_NE(run.err.find(said), std::string::npos) << run.err;
  };
  expect({"--onnx", out("m.onnx")}, 2, "--model");
  expect({"--model", model}, 2, "--safetensors FILE");
  expect({"--model", model, "--onnx", model}, 2, "cannot both be");
  expect({"--model", model, "--onnx", out("./m.ser")}, 2, "cannot both be");
  expect({"--model", model, "--onnx", out("a"), "--safetensors", out("a")}, 2, "cannot both be");
  expect({"--model", out("none.ser"), "--onnx", out("m.onnx")}, 4, "E_MODEL_MISSING");
  expect({"--model", damaged, "--onnx", out("m.onnx")}, 4, "d.ser");
  expect({"--model", model, "--onnx", out("none/m.onnx")}, 5, "E_OUTPUT_OPEN");
  expect({"--model", model, "--safetensors", folder_.path().string()}, 5, "E_OUTPUT_OPEN");
  std::size_t files = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(folder_.path())) {
    ++files;
  }
  EXPECT_EQ(files, 2U);
}

TEST_F(Export, OfTrainingIsThatOfTheModel) {
  const auto train =
      run_program("ser-train", {kDemo, "--out", out("m.ser"), "--split", "random", "--epochs", "1",
                                "--export-onnx", out("trained.onnx")});
  ASSERT_EQ(train.exit_code, 0) << train.err;
  const auto run = run_program("ser-export", {"--model", out("m.ser"), "--onnx", out("m.onnx")});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(read_text(out("trained.onnx")), read_text(out("m.onnx")));
  const auto same =
      run_program("ser-train", {kDemo, "--out", out("x.ser"), "--export-onnx", out("x.ser")});
  EXPECT_EQ(same.exit_code, 2) << same.err;
  const auto unwritable =
      run_program("ser-train", {kDemo, "--out", out("x.ser"), "--export-onnx", out("none/x.onnx")});
  EXPECT_EQ(unwritable.exit_code, 5) << unwritable.err;
  EXPECT_EQ(unwritable.err.find("epoch 1/"), std::string::npos) << "it began to train";
  EXPECT_FALSE(std::filesystem::exists(out("x.ser")));
}

}  // namespace
}  // namespace ser::test
