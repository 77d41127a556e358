#include "ser/report/feature_table.h"

#include <gtest/gtest.h>

#include "ser/core/error.h"
#include "ser/core/json.h"

#include "support/npy.h"
#include "support/temporary_folder.h"

namespace ser::report {
namespace {

const std::vector<std::string> kNames = {"rms_mean", "mel_0_mean"};

RecordingFeatures numbers(const std::string& path, const Eigen::MatrixXf& values) {
  return {path, values, "", ""};
}

// Two recordings and, between them, one that cannot be used.
std::string written(const test::TemporaryFolder& folder, const std::string& name,
                    std::optional<double> frame_shift_s) {
  const auto table = FeatureTable::open(folder / name, kNames, frame_shift_s);
  const Eigen::Index rows = frame_shift_s ? 2 : 1;
  Eigen::MatrixXf values(2, rows);
  values.row(0).setConstant(0.1F);
  values.row(1).setLinSpaced(rows, 1.0F, 1e-20F);
  table->add(numbers("a,\"b\".wav", values));
  table->add({"bad.wav", {}, "E_AUDIO_FORMAT", "holds text,\nnot sound"});
  table->add(numbers("c.wav", 2.0F * values));
  EXPECT_FALSE(std::filesystem::exists(folder / name));
  table->commit();
  return test::read_text(folder / name);
}

TEST(FeatureTable, CsvOfRecordings) {
  const test::TemporaryFolder folder;
  EXPECT_EQ(written(folder, "t.csv", std::nullopt),
            "path,rms_mean,mel_0_mean,error_code,error\r\n"
            "\"a,\"\"b\"\".wav\",0.1,1e-20,,\r\n"
            "bad.wav,,,E_AUDIO_FORMAT,\"holds text,\nnot sound\"\r\n"
            "c.wav,0.2,2e-20,,\r\n");
}

TEST(FeatureTable, CsvOfFrames) {
  const test::TemporaryFolder folder;
  EXPECT_EQ(written(folder, "t.csv", 0.25),
            "path,time_s,rms_mean,mel_0_mean,error_code,error\r\n"
            "\"a,\"\"b\"\".wav\",0,0.1,1,,\r\n"
            "\"a,\"\"b\"\".wav\",0.25,0.1,1e-20,,\r\n"
            "bad.wav,,,,E_AUDIO_FORMAT,\"holds text,\nnot sound\"\r\n"
            "c.wav,0,0.2,2,,\r\n"
            "c.wav,0.25,0.2,2e-20,,\r\n");
}

TEST(FeatureTable, JsonLines) {
  const test::TemporaryFolder folder;
  EXPECT_EQ(
      written(folder, "t.jsonl", std::nullopt),
      R"({"path":"a,\"b\".wav","features":{"rms_mean":0.1,"mel_0_mean":1e-20}})"
      "\n"
      R"({"path":"bad.wav","error":{"code":"E_AUDIO_FORMAT","message":"holds text,\nnot sound"}})"
      "\n"
      R"({"path":"c.wav","features":{"rms_mean":0.2,"mel_0_mean":2e-20}})"
      "\n");
  const std::string frames = written(folder, "f.jsonl", 0.25);
  EXPECT_EQ(frames.substr(0, frames.find('\n')),
            R"({"path":"a,\"b\".wav","frame_shift_s":0.25,)"
            R"("features":{"rms_mean":[0.1,0.1],"mel_0_mean":[1,1e-20]}})");
}

TEST(FeatureTable, NpyWithNamesBeside) {
  const test::TemporaryFolder folder;
  const std::string bytes = written(folder, "t.npy", 0.25);
  EXPECT_EQ(bytes.size(), 128U + 8 * sizeof(float));
  const auto array = test::read_npy(folder / "t.npy");
  EXPECT_EQ(array.shape, (std::vector<std::size_t>{4, 2}));
  const std::vector<double> expected = {0.1F, 1.0F, 0.1F, 1e-20F, 0.2F, 2.0F, 0.2F, 2e-20F};
  EXPECT_EQ(array.values, expected);
  const auto json = core::parse_json(test::read_text(folder / "t.npy.json"), "names");
  EXPECT_EQ(json["names"], core::Json(kNames));
  EXPECT_EQ(json["frame_shift_s"], 0.25);
  EXPECT_EQ(json["recordings"][1]["error"]["code"], "E_AUDIO_FORMAT");
  EXPECT_EQ(json["recordings"][2], (core::Json{{"path", "c.wav"}, {"first_row", 2}, {"rows", 2}}));
}

TEST(FeatureTable, NpyOfNothingIsAnEmptyArray) {
  const test::TemporaryFolder folder;
  FeatureTable::open(folder / "t.npy", kNames, std::nullopt)->commit();
  EXPECT_EQ(test::read_npy(folder / "t.npy").shape, (std::vector<std::size_t>{0, 2}));
  const auto json = core::parse_json(test::read_text(folder / "t.npy.json"), "names");
  EXPECT_TRUE(json["frame_shift_s"].is_null());
}

TEST(FeatureTable, WithoutCommitLeavesNothing) {
  const test::TemporaryFolder folder;
  for (const char* name : {"t.csv", "t.jsonl", "t.npy"}) {
    FeatureTable::open(folder / name, kNames, std::nullopt)
        ->add(numbers("a", Eigen::MatrixXf::Ones(2, 1)));
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(FeatureTable, RefusesOtherEndingsAndFolders) {
  const test::TemporaryFolder folder;
  EXPECT_THROW(FeatureTable::open(folder / "t.xls", kNames, std::nullopt), core::ConfigError);
  EXPECT_THROW(FeatureTable::open(folder / "t", kNames, std::nullopt), core::ConfigError);
  EXPECT_THROW(FeatureTable::open(folder / "none" / "t.npy", kNames, std::nullopt),
               core::OutputError);
}

}  // namespace
}  // namespace ser::report
