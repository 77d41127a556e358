#include "ser/report/feature_table.h"

#include <array>
#include <bit>
#include <cassert>
#include <charconv>
#include <string_view>
#include <utility>

#include "ser/core/error.h"
#include "ser/core/file.h"
#include "ser/core/json.h"

#include "report/csv.h"

namespace ser::report {
namespace {

// The shortest text from which the same number is read.
template <class Number>
std::string shortest(Number value) {
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  return {text.data(), end};
}

std::string json_text(const core::Json& json) { return core::json_text(json); }

core::Json error_json(const RecordingFeatures& recording) {
  return {{"path", recording.path},
          {"error", {{"code", recording.error_code}, {"message", recording.error}}}};
}

class CsvTable : public FeatureTable {
 public:
  CsvTable(const std::filesystem::path& path, std::vector<std::string> names,
           std::optional<double> frame_shift_s)
      : FeatureTable(std::move(names), frame_shift_s), file_(path) {
    std::string line = frame_shift_s_ ? "path,time_s" : "path";
    for (const auto& name : names_) line += "," + csv_field(name);
    file_.write(line + ",error_code,error\r\n");
  }

  void add(const RecordingFeatures& recording) override {
    const std::string path = csv_field(recording.path);
    if (!recording.error_code.empty()) {
      const std::size_t numbers = names_.size() + (frame_shift_s_ ? 1 : 0);
      file_.write(path + std::string(numbers, ',') + "," + csv_field(recording.error_code) + "," +
                  csv_field(recording.error) + "\r\n");
      return;
    }
    for (Eigen::Index row = 0; row < recording.values.cols(); ++row) {
      std::string line = path;
      if (frame_shift_s_) line += "," + shortest(static_cast<double>(row) * *frame_shift_s_);
      for (const float value : recording.values.col(row)) line += "," + shortest(value);
      file_.write(line + ",,\r\n");
    }
  }

  void commit() override { file_.commit(); }

 private:
  core::AtomicFile file_;
};

class JsonLinesTable : public FeatureTable {
 public:
  JsonLinesTable(const std::filesystem::path& path, std::vector<std::string> names,
                 std::optional<double> frame_shift_s)
      : FeatureTable(std::move(names), frame_shift_s), file_(path) {}

  void add(const RecordingFeatures& recording) override {
    if (!recording.error_code.empty()) {
      file_.write(json_text(error_json(recording)) + "\n");
      return;
    }
    std::string line = R"({"path":)" + json_text(recording.path);
    if (frame_shift_s_) line += R"(,"frame_shift_s":)" + shortest(*frame_shift_s_);
    line += R"(,"features":{)";
    for (std::size_t i = 0; i < names_.size(); ++i) {
      line += (i > 0 ? "," : "") + json_text(names_[i]) + ":" +
              numbers(recording.values.row(static_cast<Eigen::Index>(i)));
    }
    file_.write(line + "}}\n");
  }

  void commit() override { file_.commit(); }

 private:
  std::string numbers(const Eigen::RowVectorXf& values) const {
    if (!frame_shift_s_) return shortest(values[0]);
    std::string list = "[";
    for (const float value : values) list += (list.size() > 1 ? "," : "") + shortest(value);
    return list + "]";
  }

  core::AtomicFile file_;
};

class NpyTable : public FeatureTable {
 public:
  NpyTable(const std::filesystem::path& path, std::vector<std::string> names,
           std::optional<double> frame_shift_s)
      : FeatureTable(std::move(names), frame_shift_s),
        file_(path),
        sidecar_(path.string() + ".json") {
    file_.write(header());
  }

  void add(const RecordingFeatures& recording) override {
    if (!recording.error_code.empty()) {
      recordings_.push_back(error_json(recording));
      return;
    }
    static_assert(std::endian::native == std::endian::little, "floats are written as they lie");
    const auto rows = static_cast<std::size_t>(recording.values.cols());
    // One column of Eigen's is one row of C's.
    file_.write({reinterpret_cast<const char*>(recording.values.data()),
                 static_cast<std::size_t>(recording.values.size()) * sizeof(float)});
    recordings_.push_back({{"path", recording.path}, {"first_row", rows_}, {"rows", rows}});
    rows_ += rows;
  }

  void commit() override {
    core::Json json = {{"names", names_}, {"frame_shift_s", nullptr}, {"recordings", recordings_}};
    if (frame_shift_s_) json["frame_shift_s"] = *frame_shift_s_;
    sidecar_.write(json_text(json) + "\n");
    file_.replace_start(header());
    const std::array files = {&sidecar_, &file_};
    core::commit_together(files);
  }

 private:
  // Always as long, since the number of rows is known at the end only.
  std::string header() const {
    constexpr std::size_t kSize = 128;
    constexpr std::string_view kMagic{"\x93NUMPY\x01\x00\x76\x00", 10};  // 0x76: what follows
    static_assert(kMagic.size() + 0x76 == kSize);
    std::string text(kMagic);
    text += "{'descr': '<f4', 'fortran_order': False, 'shape': (" + std::to_string(rows_) + ", " +
            std::to_string(names_.size()) + "), }";
    assert(text.size() < kSize);
    text.resize(kSize - 1, ' ');
    return text + "\n";
  }

  core::AtomicFile file_;
  core::AtomicFile sidecar_;
  core::Json recordings_ = core::Json::array();
  std::size_t rows_ = 0;
};

}  // namespace

std::unique_ptr<FeatureTable> FeatureTable::open(const std::filesystem::path& path,
                                                 std::vector<std::string> names,
                                                 std::optional<double> frame_shift_s) {
  const auto ending = path.extension();
  if (ending == ".csv") return std::make_unique<CsvTable>(path, std::move(names), frame_shift_s);
  if (ending == ".jsonl") {
    return std::make_unique<JsonLinesTable>(path, std::move(names), frame_shift_s);
  }
  if (ending == ".npy") return std::make_unique<NpyTable>(path, std::move(names), frame_shift_s);
  throw core::ConfigError("E_CONFIG_VALUE",
                          "the name of a table of features ends with .csv, .jsonl "
                          "or .npy; found " +
                              path.string());
}

}  // namespace ser::report
