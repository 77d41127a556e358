#pragma once

#include <string>
#include <vector>

#include "ser/core/random.h"

#include "corpus/split_input.h"

namespace ser::corpus {

struct ValidationDraw {
  std::vector<std::size_t> train;
  std::vector<std::size_t> validation;
  std::string statement;  // "validates on speaker 03 (49 clips); trains on 400 clips of ..."
};

// Cuts what the test leaves (`left`, in the order of ids) into training and validation part:
// another speaker validates where three or more are left and the classes allow it; otherwise clips
// of the training speakers, with texts kept apart where texts are known. `share` is that of `left`;
// with 0 there is no validation part.
ValidationDraw draw_validation(const SplitInput& input, const std::vector<std::size_t>& left,
                               double share, const core::RandomStream& random);

// The same where the speakers of `left` are grouped already.
ValidationDraw draw_validation(const SplitInput& input, const std::vector<std::size_t>& left,
                               const std::vector<Group>& left_speakers, double share,
                               const core::RandomStream& random);

// "trains on 400 clips of speakers 03 and 08".
std::string training_statement(const SplitInput& input, const std::vector<std::size_t>& train);

}  // namespace ser::corpus
