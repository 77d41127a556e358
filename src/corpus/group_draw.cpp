#include "corpus/group_draw.h"

#include <numeric>
#include <span>

namespace ser::corpus {
namespace {

constexpr int kMaxGroupDraws = 16;
constexpr int kMaxPasses = 30;

// What a change does: first to the classes that parts lack, then to the distance from the shares.
struct Change {
  std::int64_t missing = 0;
  double distance = 0.0;

  Change operator+(const Change& other) const {
    return {missing + other.missing, distance + other.distance};
  }
  bool is_better_than(const Change& other) const {
    constexpr double kRounding = 1e-9;
    return missing != other.missing ? missing < other.missing
                                    : distance < other.distance - kRounding;
  }
};

// Counts of clips by part and class, and their distance from what the shares ask for: the sum over
// parts and classes of (count - wanted)^2 / clips of the class, and the same for the parts as a
// whole.
class Tally {
 public:
  Tally(const std::vector<Group>& groups, const std::vector<double>& shares, int class_count)
      : shares_(shares),
        class_sizes_(static_cast<std::size_t>(class_count)),
        counts_(shares.size(), std::vector<std::int64_t>(static_cast<std::size_t>(class_count))),
        part_sizes_(shares.size()) {
    for (const auto& group : groups) {
      for (const auto& [label, count] : group.class_counts) {
        class_sizes_[static_cast<std::size_t>(label)] += count;
        all_ += count;
      }
    }
    for (const auto size : class_sizes_) {
      if (size > 0) missing_ += static_cast<std::int64_t>(shares.size());
    }
  }

  std::int64_t missing() const { return missing_; }

  Change change_of_adding(const Group& group, std::size_t part) const {
    return change(group, part, +1);
  }
  Change change_of_removing(const Group& group, std::size_t part) const {
    return change(group, part, -1);
  }
  Change add(const Group& group, std::size_t part) { return apply(group, part, +1); }
  Change remove(const Group& group, std::size_t part) { return apply(group, part, -1); }

 private:
  static double distance_change(std::int64_t now, std::int64_t step, double share,
                                std::int64_t whole) {
    const double size = static_cast<double>(whole);
    const double off = static_cast<double>(now) - share * size;
    const double added = static_cast<double>(step);
    return added * (2.0 * off + added) / size;
  }

  Change change(const Group& group, std::size_t part, std::int64_t sign) const {
    Change result;
    std::int64_t group_size = 0;
    for (const auto& [label, count] : group.class_counts) {
      const auto c = static_cast<std::size_t>(label);
      const std::int64_t now = counts_[part][c];
      const std::int64_t then = now + sign * count;
      result.missing += (then == 0 ? 1 : 0) - (now == 0 ? 1 : 0);
      result.distance += distance_change(now, sign * count, shares_[part], class_sizes_[c]);
      group_size += count;
    }
    result.distance += distance_change(part_sizes_[part], sign * group_size, shares_[part], all_);
    return result;
  }

  Change apply(const Group& group, std::size_t part, std::int64_t sign) {
    const Change result = change(group, part, sign);
    for (const auto& [label, count] : group.class_counts) {
      counts_[part][static_cast<std::size_t>(label)] += sign * count;
      part_sizes_[part] += sign * count;
    }
    missing_ += result.missing;
    return result;
  }

  const std::vector<double>& shares_;
  std::vector<std::int64_t> class_sizes_;
  std::vector<std::vector<std::int64_t>> counts_;
  std::vector<std::int64_t> part_sizes_;
  std::int64_t all_ = 0;
  std::int64_t missing_ = 0;
};

class Search {
 public:
  Search(const std::vector<Group>& groups, const std::vector<double>& shares, int class_count,
         core::RandomStream random)
      : groups_(groups),
        part_count_(shares.size()),
        tally_(groups, shares, class_count),
        order_(groups.size()),
        part_of_group_(groups.size()) {
    std::iota(order_.begin(), order_.end(), std::size_t{0});
    random.shuffle<std::size_t>(order_);
  }

  GroupDraw run() {
    for (const std::size_t g : order_) {
      part_of_group_[g] = best_part(g);
      tally_.add(groups_[g], part_of_group_[g]);
    }
    // Exchanges of two groups are not tried: they would lead every order of few groups to the same
    // best draw, and the seed would decide nothing.
    for (int pass = 0; pass < kMaxPasses; ++pass) {
      if (!move_groups()) break;
    }
    return {part_of_group_, tally_.missing()};
  }

 private:
  std::size_t best_part(std::size_t g) const {
    std::size_t best = 0;
    Change best_change = tally_.change_of_adding(groups_[g], 0);
    for (std::size_t part = 1; part < part_count_; ++part) {
      const Change change = tally_.change_of_adding(groups_[g], part);
      // Placing looks at distances alone: else the first groups of all would go where classes are
      // missing, and the last ones, whose places are left, to the largest part.
      if (change.distance < best_change.distance) {
        best = part;
        best_change = change;
      }
    }
    return best;
  }

  bool move_groups() {
    bool moved = false;
    for (const std::size_t g : order_) {
      const std::size_t from = part_of_group_[g];
      const Change removal = tally_.change_of_removing(groups_[g], from);
      std::size_t best = from;
      Change best_change;  // staying
      for (std::size_t part = 0; part < part_count_; ++part) {
        if (part == from) continue;
        const Change change = removal + tally_.change_of_adding(groups_[g], part);
        if (change.is_better_than(best_change)) {
          best = part;
          best_change = change;
        }
      }
      if (best == from) continue;
      tally_.remove(groups_[g], from);
      tally_.add(groups_[g], best);
      part_of_group_[g] = best;
      moved = true;
    }
    return moved;
  }

  const std::vector<Group>& groups_;
  std::size_t part_count_;
  Tally tally_;
  std::vector<std::size_t> order_;
  std::vector<std::size_t> part_of_group_;
};

}  // namespace

std::vector<Group> make_groups(const std::vector<std::size_t>& members,
                               const std::vector<std::string>& names,
                               const std::vector<int>& labels) {
  std::map<std::string, std::pair<std::vector<std::size_t>, std::map<int, std::int64_t>>> by_name;
  for (const std::size_t i : members) {
    auto& [own, counts] = by_name[names[i]];
    own.push_back(i);
    ++counts[labels[i]];
  }
  std::vector<Group> groups;
  groups.reserve(by_name.size());
  for (auto& [name, content] : by_name) {
    groups.push_back(
        {name, std::move(content.first), {content.second.begin(), content.second.end()}});
  }
  return groups;
}

std::vector<Group> make_groups(const std::vector<std::size_t>& members, const Naming& names,
                               const std::vector<int>& labels) {
  std::vector<std::vector<std::size_t>> lists(names.names().size());
  for (const std::size_t i : members) lists[names.number_of(i)].push_back(i);
  std::vector<Group> groups;
  std::map<int, std::int64_t> counts;
  for (std::size_t n = 0; n < lists.size(); ++n) {
    if (lists[n].empty()) continue;
    counts.clear();
    for (const std::size_t i : lists[n]) ++counts[labels[i]];
    groups.push_back({names.names()[n], std::move(lists[n]), {counts.begin(), counts.end()}});
  }
  return groups;
}

GroupDraw draw_groups(const std::vector<Group>& groups, const std::vector<double>& shares,
                      int class_count, const core::RandomStream& random) {
  GroupDraw best;
  for (int attempt = 0; attempt < kMaxGroupDraws; ++attempt) {
    auto draw =
        Search(groups, shares, class_count, random.fork(static_cast<std::uint64_t>(attempt))).run();
    if (attempt == 0 || draw.missing < best.missing) best = std::move(draw);
    if (best.missing == 0) break;
  }
  return best;
}

}  // namespace ser::corpus
