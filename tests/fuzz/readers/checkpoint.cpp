#include "ser/train/checkpoint.h"

#include <cstring>

#include "ser/core/checksum.h"
#include "ser/core/error.h"

#include "fuzz/readers.h"

namespace ser::fuzz {

// The first byte says whether the checksum is made right, without which nothing behind it is
// reached.
bool read_checkpoint(Bytes bytes) {
  if (bytes.empty()) return false;
  std::string file(text_of(bytes.subspan(1)));
  if (bytes.front() % 2 == 0 && file.size() >= sizeof(std::uint64_t)) {
    const auto checksum =
        core::checksum64(std::string_view(file).substr(0, file.size() - sizeof(std::uint64_t)));
    std::memcpy(file.data() + file.size() - sizeof checksum, &checksum, sizeof checksum);
  }
  try {
    const auto state = train::deserialize_fit_state(file, "fit", "input");
    const std::string again = train::serialize(state, "fit");
    require(train::serialize(train::deserialize_fit_state(again, "fit", "output"), "fit") == again,
            "what was read and written is not read and written alike");
    return true;
  } catch (const core::ConfigError& error) {
    require(error.code() == "E_CHECKPOINT_DAMAGED", "another error than is documented");
    return false;
  }
}

}  // namespace ser::fuzz
