#include "features/descriptor.h"

namespace ser::features {

std::vector<std::string> RowLayout::names(std::string_view descriptor) const {
  const std::string name(descriptor);
  if (naming_ == Naming::kPlain) return {name};
  std::vector<std::string> list;
  for (int row = 0; row < rows_; ++row) list.push_back(name + "_" + std::to_string(row));
  return list;
}

}  // namespace ser::features
