#include "features/descriptor.h"

namespace ser::features {

std::vector<std::string> RowLayout::names(std::string_view descriptor) const {
  std::vector<std::string> list;
  for (const std::string& suffix : suffixes_) list.push_back(std::string(descriptor) + suffix);
  return list;
}

}  // namespace ser::features
