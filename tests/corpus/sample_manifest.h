#pragma once

#include <string>
#include <vector>

#include "ser/core/random.h"
#include "ser/corpus/manifest.h"
#include "ser/corpus/split.h"

namespace ser::corpus {

struct Row {
  std::string speaker;
  std::string text;
  std::string label;
};

// A manifest of these utterances; ids are numbers of one width, in the order of the rows.
Manifest make_manifest(const std::vector<Row>& rows);

// Speakers x texts x labels, one clip each, like TESS.
Manifest make_full_manifest(int speakers, int texts, int labels);

struct Shape {
  int clips = 0;
  int speakers = 0;  // 0: unknown
  int texts = 0;     // 0: unknown
  int labels = 0;
};

// Clips whose speaker, text and label are drawn with uneven probabilities.
Manifest make_random_manifest(const Shape& shape, core::RandomStream random);

// The default configuration with another protocol.
SplitConfig with_protocol(const std::string& protocol);

bool has(const std::string& text, const std::string& part);

}  // namespace ser::corpus
