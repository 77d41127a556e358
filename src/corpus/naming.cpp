#include "corpus/naming.h"

#include <algorithm>
#include <numeric>
#include <string_view>
#include <unordered_map>

namespace ser::corpus {

Naming::Naming(const Manifest& manifest, std::string Utterance::*member) {
  std::unordered_map<std::string_view, std::uint32_t> met;
  numbers_.reserve(manifest.utterances.size());
  for (const auto& utterance : manifest.utterances) {
    const std::string& name = utterance.*member;
    if (name.empty()) ++unknown_;
    const auto [found, is_new] = met.try_emplace(name, static_cast<std::uint32_t>(names_.size()));
    if (is_new) names_.push_back(name);
    numbers_.push_back(found->second);
  }
  std::vector<std::uint32_t> order(names_.size());
  std::iota(order.begin(), order.end(), 0U);
  std::ranges::sort(order, {}, [&](std::uint32_t i) -> const std::string& { return names_[i]; });
  std::vector<std::uint32_t> rank(names_.size());
  std::vector<std::string> sorted;
  sorted.reserve(names_.size());
  for (const std::uint32_t i : order) {
    rank[i] = static_cast<std::uint32_t>(sorted.size());
    sorted.push_back(std::move(names_[i]));
  }
  names_ = std::move(sorted);
  for (std::uint32_t& number : numbers_) number = rank[number];
}

}  // namespace ser::corpus
