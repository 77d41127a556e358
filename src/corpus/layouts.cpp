#include "corpus/layouts.h"

#include <array>
#include <string>

#include "ser/core/error.h"

namespace ser::corpus {
namespace {

constexpr std::array kLayouts = {
#define SER_LAYOUT(name) &name##_layout,
#include "corpus/layouts.def"
#undef SER_LAYOUT
};

}  // namespace

std::vector<const Layout*> layouts() {
  std::vector<const Layout*> list;
  list.reserve(std::size(kLayouts));
  for (const auto& layout : kLayouts) list.push_back(&layout());
  return list;
}

const Layout& layout_named(std::string_view name) {
  std::string known;
  for (const auto* layout : layouts()) {
    if (layout->name() == name) return *layout;
    known += (known.empty() ? "" : ", ") + std::string(layout->name());
  }
  throw core::ConfigError("E_CONFIG_VALUE", "layout: there is no corpus layout \"" +
                                                std::string(name) + "\"; known are " + known);
}

}  // namespace ser::corpus
