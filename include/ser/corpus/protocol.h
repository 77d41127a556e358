#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ser/core/random.h"
#include "ser/corpus/split.h"
#include "ser/corpus/utterance.h"

namespace ser::corpus {

struct SplitInput;
struct FoldPlan;

// What parts of a split must not have in common.
struct KeptApart {
  std::string_view what;  // "speaker"
  std::string Utterance::*member;
  enum class From {
    kTest,       // the test part shares none with the training and the validation part
    kEachOther,  // no two of the three parts share one
  } from = From::kTest;
};

// A way to split a manifest: what it keeps apart, and into how many folds. One object an entry of
// protocols.def; protocols are stateless.
class Protocol {
 public:
  enum class Folds { kOne, kMany };

  virtual ~Protocol() = default;
  virtual std::string_view name() const = 0;         // "speaker+text"
  virtual std::string_view description() const = 0;  // one line
  virtual Folds folds() const = 0;
  // What check_leaks() enforces, whoever made the split.
  virtual std::vector<KeptApart> kept_apart() const = 0;
  // A split for each fold, made when it is asked for: parts and statement, and where there are
  // several folds their names. Forks its own stream off `random`. `input` has to outlive the plan.
  virtual FoldPlan plan(const SplitInput& input, const SplitConfig& config,
                        const core::RandomStream& random) const = 0;
};

// In order of protocols.def.
std::vector<const Protocol*> protocols();

// Throws ConfigError (E_CONFIG_VALUE) for an unknown name.
const Protocol& protocol_named(std::string_view name);

}  // namespace ser::corpus
