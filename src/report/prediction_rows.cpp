#include "ser/report/prediction_rows.h"

#include <algorithm>
#include <numeric>

#include "report/csv.h"
#include "report/row_text.h"

namespace ser::report {
namespace {

// Four digits say more than the model knows, and keep rows short.
std::string probability_text(float probability) {
  return fixed(static_cast<double>(probability), 4);
}

}  // namespace

PredictionRowWriter::PredictionRowWriter(std::vector<std::string> classes,
                                         const RowOptions& options)
    : classes_(std::move(classes)), options_(options) {
  options_.top = std::clamp(options_.top, 1, static_cast<int>(classes_.size()));
}

std::string PredictionRowWriter::header() const {
  if (options_.format != RowFormat::kCsv) return "";
  std::string line = "path,label,probability";
  for (int rank = 2; rank <= options_.top; ++rank) {
    line += ",label_" + std::to_string(rank) + ",probability_" + std::to_string(rank);
  }
  if (options_.probabilities == RowOptions::Probabilities::kAll) {
    for (const auto& name : classes_) line += "," + csv_field("probability." + name);
  }
  return line + ",error_code,error\r\n";
}

bool PredictionRowWriter::abstains(const PredictionRow& row) const {
  return row.error_code.empty() && row.has_speech &&
         static_cast<double>(row.probabilities.maxCoeff()) < options_.threshold;
}

std::string PredictionRowWriter::row(const PredictionRow& row) const {
  switch (options_.format) {
    case RowFormat::kCsv:
      return csv_row(row);
    case RowFormat::kJsonLines:
      return json_row(row);
    case RowFormat::kText:
      break;
  }
  return text_row(row);
}

std::vector<PredictionRowWriter::Named> PredictionRowWriter::named(const PredictionRow& row) const {
  std::vector<Named> classes(static_cast<std::size_t>(options_.top));
  if (!row.error_code.empty()) return classes;
  if (!row.has_speech) {
    classes.front().label = kNoSpeech;
    return classes;
  }
  const auto order = ranking(row);
  for (std::size_t rank = 0; rank < classes.size(); ++rank) {
    classes[rank] = {classes_[order[rank]],
                     probability_text(row.probabilities(static_cast<Eigen::Index>(order[rank])))};
  }
  if (abstains(row)) classes.front().label = kUnknown;
  return classes;
}

std::vector<std::size_t> PredictionRowWriter::ranking(const PredictionRow& row) const {
  std::vector<std::size_t> order(static_cast<std::size_t>(row.probabilities.size()));
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return row.probabilities(static_cast<Eigen::Index>(a)) >
           row.probabilities(static_cast<Eigen::Index>(b));
  });
  return order;
}

std::string PredictionRowWriter::text_row(const PredictionRow& row) const {
  std::string line = one_line(row.path);
  if (!row.error_code.empty()) {
    return line + "\terror\t" + row.error_code + "\t" + one_line(row.error) + "\n";
  }
  for (const auto& [label, probability] : named(row)) {
    line += "\t" + one_line(label) + "\t" + probability;
  }
  if (options_.probabilities == RowOptions::Probabilities::kAll && row.has_speech) {
    for (std::size_t c = 0; c < classes_.size(); ++c) {
      line += "\t" + one_line(classes_[c]) + "=" +
              probability_text(row.probabilities(static_cast<Eigen::Index>(c)));
    }
  }
  return line + "\n";
}

std::string PredictionRowWriter::csv_row(const PredictionRow& row) const {
  std::string line = csv_field(row.path);
  for (const auto& [label, probability] : named(row)) {
    line += "," + csv_field(label) + "," + probability;
  }
  if (options_.probabilities == RowOptions::Probabilities::kAll) {
    for (Eigen::Index c = 0; c < static_cast<Eigen::Index>(classes_.size()); ++c) {
      line += "," + (c < row.probabilities.size() ? probability_text(row.probabilities(c)) : "");
    }
  }
  return line + "," + row.error_code + "," + csv_field(row.error) + "\r\n";
}

std::string PredictionRowWriter::json_row(const PredictionRow& row) const {
  core::Json json = core::Json::object();
  json["path"] = row.path;
  if (!row.error_code.empty()) {
    json["error"] = {{"code", row.error_code}, {"message", row.error}};
  } else if (!row.has_speech) {
    json["label"] = kNoSpeech;
    json["probability"] = nullptr;
  } else {
    const auto order = ranking(row);
    const auto probability = [&](std::size_t c) {
      return rounded(static_cast<double>(row.probabilities(static_cast<Eigen::Index>(c))), 4);
    };
    json["label"] = named(row).front().label;
    json["probability"] = probability(order.front());
    if (options_.threshold > 0.0) json["abstained"] = abstains(row);
    if (options_.top > 1) {
      json["top"] = core::Json::array();
      for (std::size_t rank = 0; rank < static_cast<std::size_t>(options_.top); ++rank) {
        json["top"].push_back(
            {{"label", classes_[order[rank]]}, {"probability", probability(order[rank])}});
      }
    }
    if (options_.probabilities == RowOptions::Probabilities::kAll) {
      json["probabilities"] = core::Json::object();
      for (std::size_t c = 0; c < classes_.size(); ++c) {
        json["probabilities"][classes_[c]] = probability(c);
      }
    }
  }
  if (!row.warnings.empty()) json["warnings"] = row.warnings;
  return core::json_text(json) + "\n";
}

}  // namespace ser::report
