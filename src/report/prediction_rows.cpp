#include "ser/report/prediction_rows.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <numeric>

#include "report/csv.h"

namespace ser::report {
namespace {

std::string fixed(float value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.4f", static_cast<double>(value));
  return text.data();
}

// Control characters as escapes, so that a row stays one line whatever a file is called.
std::string one_line(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (c == '\r') {
      out += "\\r";
    } else if (c == '\\') {
      out += "\\\\";
    } else if (byte < 0x20 || byte == 0x7F) {
      std::array<char, 8> escape{};
      std::snprintf(escape.data(), escape.size(), "\\x%02x", byte);
      out += escape.data();
    } else {
      out += c;
    }
  }
  return out;
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
  return row.error_code.empty() &&
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
  const auto order = ranking(row);
  for (std::size_t rank = 0; rank < static_cast<std::size_t>(options_.top); ++rank) {
    line += "\t" + (rank == 0 && abstains(row) ? "" : one_line(classes_[order[rank]])) + "\t" +
            fixed(row.probabilities(static_cast<Eigen::Index>(order[rank])));
  }
  if (options_.probabilities == RowOptions::Probabilities::kAll) {
    for (std::size_t c = 0; c < classes_.size(); ++c) {
      line += "\t" + one_line(classes_[c]) + "=" +
              fixed(row.probabilities(static_cast<Eigen::Index>(c)));
    }
  }
  return line + "\n";
}

std::string PredictionRowWriter::csv_row(const PredictionRow& row) const {
  std::string line = csv_field(row.path);
  const bool failed = !row.error_code.empty();
  const auto order = ranking(row);
  for (std::size_t rank = 0; rank < static_cast<std::size_t>(options_.top); ++rank) {
    line += failed ? ",,"
                   : "," + (rank == 0 && abstains(row) ? "" : csv_field(classes_[order[rank]])) +
                         "," + fixed(row.probabilities(static_cast<Eigen::Index>(order[rank])));
  }
  if (options_.probabilities == RowOptions::Probabilities::kAll) {
    for (std::size_t c = 0; c < classes_.size(); ++c) {
      line += failed ? "," : "," + fixed(row.probabilities(static_cast<Eigen::Index>(c)));
    }
  }
  return line + "," + row.error_code + "," + csv_field(row.error) + "\r\n";
}

std::string PredictionRowWriter::json_row(const PredictionRow& row) const {
  core::Json json;
  json["path"] = row.path;
  if (!row.error_code.empty()) {
    json["error"] = {{"code", row.error_code}, {"message", row.error}};
  } else {
    const auto order = ranking(row);
    // Four digits say more than the model knows, and keep rows short.
    const auto probability = [&](std::size_t c) {
      return core::Json::parse(fixed(row.probabilities(static_cast<Eigen::Index>(c))));
    };
    json["label"] = abstains(row) ? core::Json(nullptr) : core::Json(classes_[order.front()]);
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
