#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "ser/core/random.h"

#include "corpus/naming.h"

namespace ser::corpus {

// Utterances that stay together: those of one text or of one speaker.
struct Group {
  std::string name;
  std::vector<std::size_t> members;
  std::vector<std::pair<int, std::int64_t>> class_counts;  // classes that it has, in their order
};

// Groups by name, in the order of the names; members keep their order. `names[i]` and `labels[i]`
// belong to utterance i; `members` says which utterances take part.
std::vector<Group> make_groups(const std::vector<std::size_t>& members,
                               const std::vector<std::string>& names,
                               const std::vector<int>& labels);
std::vector<Group> make_groups(const std::vector<std::size_t>& members, const Naming& names,
                               const std::vector<int>& labels);

struct GroupDraw {
  std::vector<std::size_t> part_of_group;
  std::int64_t missing =
      0;  // pairs of a part and a class that the part lacks although it should have it
};

// Draws whole groups for parts whose shares (all positive) add up to 1, so that each part gets
// every class and is near its share of every class and of the whole: groups are placed in random
// order where they are needed most, then moved as long as that brings the parts nearer. If a part
// lacks a class, other orders are tried.
GroupDraw draw_groups(const std::vector<Group>& groups, const std::vector<double>& shares,
                      int class_count, const core::RandomStream& random);

}  // namespace ser::corpus
