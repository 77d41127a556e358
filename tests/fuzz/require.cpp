#include <stdexcept>

#include "fuzz/readers.h"

namespace ser::fuzz {

void require(bool holds, const char* what) {
  if (!holds) throw std::logic_error(what);
}

}  // namespace ser::fuzz
