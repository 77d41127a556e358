#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "ser/corpus/manifest.h"

namespace ser::corpus {

// What each utterance of a manifest has of something, such as its speaker: by the number of its
// name among all, which are sorted. Comparing numbers is comparing names.
class Naming {
 public:
  Naming(const Manifest& manifest, std::string Utterance::*member);

  std::size_t number_of(std::size_t utterance) const { return numbers_[utterance]; }
  const std::string& name_of(std::size_t utterance) const { return names_[numbers_[utterance]]; }
  const std::vector<std::string>& names() const { return names_; }
  // Number of utterances of which it is not known.
  std::size_t unknown() const { return unknown_; }

 private:
  std::vector<std::string> names_;
  std::vector<std::uint32_t> numbers_;
  std::size_t unknown_ = 0;
};

}  // namespace ser::corpus
