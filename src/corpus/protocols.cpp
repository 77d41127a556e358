#include "corpus/protocols.h"

#include <array>

#include "ser/core/error.h"
#include "ser/corpus/display_name.h"

namespace ser::corpus {
namespace {

constexpr std::array kProtocols = {
#define SER_PROTOCOL(name) &name##_protocol,
#include "corpus/protocols.def"
#undef SER_PROTOCOL
};

}  // namespace

std::vector<const Protocol*> protocols() {
  std::vector<const Protocol*> list;
  list.reserve(std::size(kProtocols));
  for (const auto& protocol : kProtocols) list.push_back(&protocol());
  return list;
}

const Protocol& protocol_named(std::string_view name) {
  std::string known;
  for (const auto* protocol : protocols()) {
    if (protocol->name() == name) return *protocol;
    known += (known.empty() ? "" : ", ") + std::string(protocol->name());
  }
  throw core::ConfigError("E_CONFIG_VALUE", "there is no split protocol \"" + display_name(name) +
                                                "\"; known are " + known);
}

std::vector<std::string_view> protocol_choices() {
  std::vector<std::string_view> names = {"auto"};
  for (const auto* protocol : protocols()) names.push_back(protocol->name());
  return names;
}

}  // namespace ser::corpus
