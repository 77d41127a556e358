#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ser/core/file.h"
#include "ser/interchange/byte_sink.h"
#include "ser/model/emotion_classifier.h"

namespace ser::apps {

// Throws ConfigError (E_USAGE) where two of the files, each with what it is, are one. Empty names
// are left out.
void require_distinct_files(const std::vector<std::pair<std::string, std::string>>& files);

// A recogniser in the format of other programs, in a file that is opened at once and has its name
// once it is committed. Without a name there is no file, and nothing is done.
class ExportFile {
 public:
  using Writer = std::function<void(const model::EmotionClassifier&, const interchange::ByteSink&)>;

  ExportFile(const std::string& path, Writer writer);

  void write(const model::EmotionClassifier& classifier);
  void commit();

 private:
  std::optional<core::AtomicFile> file_;
  Writer writer_;
};

}  // namespace ser::apps
