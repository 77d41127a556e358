#pragma once

#include <string>

#include "ser/report/picture.h"

#include "output_file.h"

namespace ser::apps {

// A picture that a program draws, in the format that its name ends with; opened at once. Without a
// name there is none.
class PictureFile : public OutputFile {
 public:
  // Throws ConfigError (E_CONFIG_VALUE) for a name of another ending, before anything is opened.
  explicit PictureFile(const std::string& path)
      : PictureFile(path,
                    path.empty() ? report::PictureFormat::kSvg : report::picture_format(path)) {}

  void write(const report::Picture& picture) {
    if (*this) OutputFile::write(picture.bytes(format_));
  }

 private:
  PictureFile(const std::string& path, report::PictureFormat format)
      : OutputFile(path), format_(format) {}

  report::PictureFormat format_;
};

}  // namespace ser::apps
