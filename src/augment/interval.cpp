#include "augment/interval.h"

#include "ser/core/error.h"
#include "ser/core/json.h"

namespace ser::augment {

void check_interval(const std::string& path, const Interval& interval) {
  if (interval.size() == 2 && interval[0] <= interval[1]) return;
  throw core::ConfigError(
      "E_CONFIG_VALUE", path + ": expected a list of two numbers, the least and the most, found " +
                            core::json_text(interval));
}

}  // namespace ser::augment
