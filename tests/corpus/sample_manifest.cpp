#include "corpus/sample_manifest.h"

#include <algorithm>
#include <set>

namespace ser::corpus {
namespace {

std::string numbered(const char* prefix, int number, std::size_t width) {
  const std::string digits = std::to_string(number);
  return prefix + std::string(width - std::min(width, digits.size()), '0') + digits;
}

}  // namespace

Manifest make_manifest(const std::vector<Row>& rows) {
  Manifest manifest;
  std::set<std::string> classes;
  for (const auto& row : rows) {
    Utterance utterance;
    utterance.id = numbered("clip", static_cast<int>(manifest.utterances.size()), 7);
    utterance.path = "/corpus/" + utterance.id;
    utterance.speaker = row.speaker;
    utterance.text = row.text;
    utterance.label = row.label;
    manifest.utterances.push_back(std::move(utterance));
    classes.insert(row.label);
  }
  manifest.classes.assign(classes.begin(), classes.end());
  return manifest;
}

Manifest make_full_manifest(int speakers, int texts, int labels) {
  std::vector<Row> rows;
  for (int s = 0; s < speakers; ++s) {
    for (int t = 0; t < texts; ++t) {
      for (int c = 0; c < labels; ++c) {
        rows.push_back({numbered("s", s, 2), numbered("t", t, 3), numbered("c", c, 2)});
      }
    }
  }
  return make_manifest(rows);
}

Manifest make_random_manifest(const Shape& shape, core::RandomStream random) {
  // the smaller of two draws: low numbers are up to twice as frequent as the mean
  const auto uneven = [&](int count) {
    const auto bound = static_cast<std::uint64_t>(count);
    return static_cast<int>(std::min(random.below(bound), random.below(bound)));
  };
  std::vector<Row> rows;
  for (int i = 0; i < shape.clips; ++i) {
    Row row;
    if (shape.speakers > 0) row.speaker = numbered("s", uneven(shape.speakers), 2);
    if (shape.texts > 0) row.text = numbered("t", uneven(shape.texts), 3);
    row.label = numbered("c", uneven(shape.labels), 2);
    rows.push_back(std::move(row));
  }
  return make_manifest(rows);
}

SplitConfig with_protocol(const std::string& protocol) {
  SplitConfig config;
  config.protocol = protocol;
  return config;
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace ser::corpus
