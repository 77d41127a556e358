#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "ser/core/random.h"
#include "ser/corpus/split.h"

#include "corpus/group_draw.h"
#include "corpus/naming.h"

namespace ser::corpus {

constexpr std::size_t kMaxNames = 10;  // in a statement or an error

// A manifest as the draws see it. Labels are indexed by utterance.
struct SplitInput {
  const Manifest* manifest = nullptr;
  // The utterances that take part, by id, so that a result does not depend on their order.
  std::vector<std::size_t> order;
  std::vector<int> labels;  // indices into classes; -1 for what does not take part
  // Of the whole manifest, also where a part of it takes part.
  std::shared_ptr<const Naming> speakers;
  std::shared_ptr<const Naming> texts;
  std::vector<std::string> classes;
  std::vector<std::int64_t> class_sizes;
};

SplitInput make_input(const Manifest& manifest);

// The same manifest as if `members` were all of it, with the classes that these have.
SplitInput restricted_to(const SplitInput& input, const std::vector<std::size_t>& members);

// Number of parts that are asked for, training among them.
int part_count(const SplitConfig& config);

// Members of a list by class, each in the order of the list.
std::vector<std::vector<std::size_t>> by_class(const SplitInput& input,
                                               const std::vector<std::size_t>& members);

// One stream for each class, named after it.
std::vector<core::RandomStream> class_streams(const SplitInput& input,
                                              const core::RandomStream& random);

// `chosen` in the order of ids.
std::vector<std::size_t> in_order(const SplitInput& input, const std::vector<std::size_t>& chosen);

// Throws E_SPLIT_CLASS_SIZE for the first class of fewer clips.
void require_class_sizes(const SplitInput& input, std::int64_t least);

// Throws E_SPLIT_CLASS_SIZE for the first class that fewer groups have than there are parts;
// `groups_are` names them ("texts").
void require_groups_of_each_class(const SplitInput& input, const std::vector<Group>& groups,
                                  int parts, const std::string& groups_are);

// Throws E_SPLIT_TEXTS if the text of a clip is unknown. `protocol` stands in the message.
void require_texts_known(const SplitInput& input, const std::string& protocol);

// Throws E_SPLIT_CLASS_SIZE because no draw of whole groups gave every part every class.
[[noreturn]] void fail_draw(const std::string& groups_are);

// "1 clip", "7 clips".
std::string counted(std::size_t count, const std::string& what);

// "03, 08", and "..." behind the first ten.
std::string listed(const std::vector<std::string>& names);

// ", none of boredom, sad" for the classes that no member has.
std::string lacking_classes(const SplitInput& input, const std::vector<std::size_t>& members);

// "speaker YAF", "speakers 03 and 08", "14 speakers"; of unknown speakers nothing is said: "".
std::string speakers_of(const SplitInput& input, const std::vector<std::size_t>& members);

}  // namespace ser::corpus
