#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ser/core/random.h"
#include "ser/corpus/split.h"

#include "corpus/group_draw.h"

namespace ser::corpus {

// A manifest as the draws see it. Vectors other than `order` and the last two are indexed by
// utterance.
struct SplitInput {
  std::vector<std::size_t>
      order;  // utterances by id, so that a result does not depend on their order
  std::vector<int> labels;
  std::vector<std::string> speakers;
  std::vector<std::string> texts;
  std::vector<std::string> classes;
  std::vector<std::int64_t> class_sizes;
};

// The three protocols. They fill the parts, sorted, and the statement.
Split split_by_clip(const SplitInput& input, const SplitConfig& config,
                    const core::RandomStream& random);
Split split_by_text(const SplitInput& input, const SplitConfig& config,
                    const core::RandomStream& random);
Split split_by_speaker(const SplitInput& input, const SplitConfig& config,
                       const core::RandomStream& random);

// Number of parts that are asked for, training among them.
int part_count(const SplitConfig& config);

// Members of a list by class, each in the order of the list.
std::vector<std::vector<std::size_t>> by_class(const SplitInput& input,
                                               const std::vector<std::size_t>& members);

// One stream for each class, named after it.
std::vector<core::RandomStream> class_streams(const SplitInput& input,
                                              const core::RandomStream& random);

// Throws E_SPLIT_CLASS_SIZE for the first class that fewer groups have than there are parts;
// `groups_are` names them
// ("texts").
void require_groups_of_each_class(const SplitInput& input, const std::vector<Group>& groups,
                                  int parts, const std::string& groups_are);

// Throws E_SPLIT_CLASS_SIZE because no draw of whole groups gave every part every class.
[[noreturn]] void fail_draw(const std::string& groups_are);

// "1 clip", "7 clips".
std::string counted(std::size_t count, const std::string& what);

}  // namespace ser::corpus
