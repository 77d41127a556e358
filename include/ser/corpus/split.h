#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ser/core/config.h"
#include "ser/core/json.h"
#include "ser/core/random.h"
#include "ser/corpus/manifest.h"

namespace ser::corpus {

struct SplitConfig {
  std::string protocol = "auto";
  double validation_share = 0.1;
  double test_share = 0.1;
  std::vector<std::string> test_speakers;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor&& visit) {
    using core::Range;
    visit(
        "protocol", self.protocol,
        "what is kept apart: speaker, text, or nothing (random, by clip); auto is speaker wherever "
        "speakers are known",
        core::OneOf{{"auto", "speaker", "text", "random"}});
    visit("validation_share", self.validation_share, "share of the clips for choosing the epoch",
          Range{0.0, 0.9});
    visit("test_share", self.test_share, "share of the clips for the test", Range{0.0, 0.9});
    visit("test_speakers", self.test_speakers, "with protocol speaker: who is in the test part");
  }
};

// Which utterances of a manifest train, validate and test: sorted indices, disjoint. Made before
// any audio is read. Utterances of a manifest that are in none were left out on purpose.
struct Split {
  std::string protocol;   // "speaker", "text" or "random"
  std::string statement;  // one sentence for people: "tests on speaker YAF; validation ..."
  std::vector<std::size_t> train;
  std::vector<std::size_t> validation;
  std::vector<std::size_t> test;
};

// Deterministic in (manifest, config, stream); every class is spread as evenly as whole groups
// allow.
//  random : clips are drawn per class.
//  text   : no text stands on two sides; needs texts.
//  speaker: no speaker stands on both sides of the test; the validation part is another speaker
//  where at least
//           three speakers are left for training and the test share allows; otherwise clips of the
//           training speakers, with texts kept apart from training where texts are known.
// test_share 0 leaves the test part empty, validation_share 0 the validation part. Test speakers
// are drawn until they have test_share of the clips; as that may be more, the validation part takes
// validation_share / (1 - test_share) of the clips that they leave. With protocol speaker the test
// part may lack a class, which the statement tells. Protocol auto is speaker if the speaker of any
// clip is known, random otherwise. Throws CorpusError: E_SPLIT_CLASSES (fewer than two classes),
// E_SPLIT_CLASS_SIZE (a class that cannot be in every part that was asked for, naming it and its
// count), E_SPLIT_SPEAKERS, E_SPLIT_TEXTS (unknown or too few), ConfigError E_CONFIG_VALUE (shares
// that leave nothing to train on; a test speaker that does not exist).
Split make_split(const Manifest& manifest, const SplitConfig& config, core::RandomStream random);

// What a protocol forbids and parts of a split nevertheless share. `kind`: "speaker", "text", or
// "split" for what no protocol allows: an index or a file in two parts.
struct ProtocolLeak {
  std::string kind;
  std::string sentence;  // for people
};

std::vector<ProtocolLeak> find_protocol_leaks(const Manifest& manifest, const Split& split);

// What the split's protocol forbids and its parts nevertheless share: sentences for people; empty
// if none. Checked on the result, not on the intention: an index twice, a speaker or text on two
// sides.
std::vector<std::string> check_leaks(const Manifest& manifest, const Split& split);

// {"protocol":..., "statement":..., "train":[ids], "validation":[ids], "test":[ids]}.
core::Json to_json(const Manifest& manifest, const Split& split);

}  // namespace ser::corpus
