#include "corpus/stratified_draw.h"

#include <algorithm>
#include <cmath>
#include <queue>
#include <span>

namespace ser::corpus {
namespace {

struct Claim {
  double remainder = 0.0;  // how much is missing to the exact share
  std::size_t index = 0;

  // for a queue whose top is the largest remainder, then the lowest index
  bool operator<(const Claim& other) const {
    return remainder != other.remainder ? remainder < other.remainder : index > other.index;
  }
};

}  // namespace

std::vector<std::int64_t> apportion(std::int64_t total, const std::vector<std::int64_t>& weights,
                                    const std::vector<Bounds>& bounds) {
  double weight = 0.0;
  for (const auto one : weights) weight += static_cast<double>(one);
  std::vector<double> exact;
  std::vector<std::int64_t> counts;
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    exact.push_back(
        weight > 0.0 ? static_cast<double>(total) * static_cast<double>(weights[i]) / weight : 0.0);
    counts.push_back(std::clamp(static_cast<std::int64_t>(std::floor(exact[i])), bounds[i].lower,
                                bounds[i].upper));
    sum += counts[i];
  }
  const std::int64_t step = sum < total ? 1 : -1;
  std::priority_queue<Claim> claims;
  const auto claim = [&](std::size_t i) {
    const bool possible = step > 0 ? counts[i] < bounds[i].upper : counts[i] > bounds[i].lower;
    const double missing = exact[i] - static_cast<double>(counts[i]);
    if (possible) claims.push({step > 0 ? missing : -missing, i});
  };
  if (sum != total) {
    for (std::size_t i = 0; i < counts.size(); ++i) claim(i);
  }
  for (; sum != total && !claims.empty(); sum += step) {
    const std::size_t i = claims.top().index;
    claims.pop();
    counts[i] += step;
    claim(i);
  }
  return counts;
}

Draw draw_members(const std::vector<std::vector<std::size_t>>& members_by_class,
                  const DrawShares& shares, std::vector<core::RandomStream> streams) {
  std::vector<std::int64_t> sizes;
  std::int64_t all = 0;
  for (const auto& members : members_by_class) {
    sizes.push_back(static_cast<std::int64_t>(members.size()));
    all += sizes.back();
  }
  // What a part takes of each class when `reserved` members of each have to stay for later parts.
  const auto counts_for = [&](double share, std::int64_t reserved,
                              const std::vector<std::int64_t>& taken) {
    std::vector<Bounds> bounds;
    std::int64_t least = 0;
    for (std::size_t c = 0; c < sizes.size(); ++c) {
      bounds.push_back({1, std::max<std::int64_t>(1, sizes[c] - taken[c] - reserved)});
      least += 1;
    }
    const auto wanted = static_cast<std::int64_t>(std::llround(share * static_cast<double>(all)));
    return apportion(std::max(wanted, least), sizes, bounds);
  };
  const std::vector<std::int64_t> none(sizes.size(), 0);
  const auto test =
      shares.test > 0.0 ? counts_for(shares.test, shares.validation > 0.0 ? 2 : 1, none) : none;
  const auto validation = shares.validation > 0.0 ? counts_for(shares.validation, 1, test) : none;

  Draw draw;
  for (std::size_t c = 0; c < members_by_class.size(); ++c) {
    auto members = members_by_class[c];
    streams[c].shuffle<std::size_t>(members);
    const auto test_end = members.begin() + test[c];
    const auto validation_end = test_end + validation[c];
    draw.test.insert(draw.test.end(), members.begin(), test_end);
    draw.validation.insert(draw.validation.end(), test_end, validation_end);
    draw.train.insert(draw.train.end(), validation_end, members.end());
  }
  return draw;
}

}  // namespace ser::corpus
