#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace ser::report {

namespace charts {
class Panel;
}

enum class PictureFormat { kSvg, kPng };

// By the ending of a file's name, .svg or .png. Throws ConfigError (E_CONFIG_VALUE) for any other.
PictureFormat picture_format(const std::filesystem::path& path);

// Charts one under the other, with a heading above them.
struct PictureColumn {
  std::string heading;
  std::vector<std::shared_ptr<const charts::Panel>> panels;
};

// A title, remarks, and charts one under the other, or several columns of them side by side, whose
// charts then stand in rows. Text may be any bytes: names come out harmless, too long ones with
// dots in their middle, and what stands in a chart is bounded, so that a picture is at most some
// thousand points high. Drawn twice, it is the same bytes. Immutable.
class Picture {
 public:
  Picture(std::string title, std::vector<std::string> remarks,
          std::vector<std::shared_ptr<const charts::Panel>> panels);
  static Picture side_by_side(std::string title, std::vector<std::string> remarks,
                              std::vector<PictureColumn> columns);

  // Both throw OutputError (E_PICTURE) where there is no memory to draw it. SVG has letters as
  // outlines and needs no font; PNG has two pixels for each of SVG's, or fewer if that were more
  // than 100 million.
  std::string svg() const;
  std::string png() const;
  std::string bytes(PictureFormat format) const;

  // The charts alone as an element of an HTML page, `width` points wide: an SVG that has the title
  // for those who do not see it. Its ids are those of no other drawing.
  std::string element(double width) const;

 private:
  std::string title_;
  std::vector<std::string> remarks_;
  std::vector<PictureColumn> columns_;
};

}  // namespace ser::report
