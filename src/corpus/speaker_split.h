#pragma once

#include "ser/corpus/split.h"

#include "corpus/fold_plan.h"
#include "corpus/split_input.h"

namespace ser::corpus {

// The split of protocol speaker, of which other protocols make theirs: the speakers that the
// configuration names are tested on, or, if it names none, some that are drawn. `random` is the
// stream of all splits; the draws are from its fork("speaker"), so that who names a speaker gets
// the same split, whatever the protocol is called.
Split split_by_speaker(const SplitInput& input, const SplitConfig& config,
                       const core::RandomStream& random);

// Speakers of a whole manifest with their clips, by name. Throws E_SPLIT_SPEAKERS if that of a clip
// is unknown.
std::vector<Group> known_speakers(const SplitInput& input, const std::string& protocol);

// Indices into `speakers` of the names, sorted. Throws ConfigError (E_CONFIG_VALUE) for one that
// the corpus does not have; `member` is what the configuration calls the list.
std::vector<std::size_t> indices_of(const std::vector<Group>& speakers,
                                    const std::vector<std::string>& names,
                                    const std::string& member);

// One fold for each group of test speakers: the split of protocol speaker that names them.
// `speakers` are all of the input.
FoldPlan plan_for_each(const SplitInput& input, const SplitConfig& config,
                       const core::RandomStream& random, std::vector<Group> speakers,
                       std::vector<std::vector<std::string>> test_speakers,
                       std::vector<std::string> fold_names);

}  // namespace ser::corpus
