#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ser/core/config.h"
#include "ser/core/json.h"
#include "ser/core/random.h"
#include "ser/corpus/manifest.h"

namespace ser::corpus {

// "auto" and the names of protocols.def.
std::vector<std::string_view> protocol_choices();

struct SplitConfig {
  std::string protocol = "auto";
  double validation_share = 0.1;
  double test_share = 0.1;
  int folds = 5;
  std::vector<std::string> test_speakers;
  std::vector<std::string> validation_speakers;
  std::vector<std::string> test_corpora;
  std::vector<std::string> train_corpora;
  std::string file;

  template <class Self, class Visitor>
  static void fields(Self& self, Visitor&& visit) {
    using core::Range;
    visit("protocol", self.protocol,
          "what is kept apart and in how many folds; auto is speaker wherever speakers are known",
          core::OneOf{protocol_choices()});
    visit("validation_share", self.validation_share, "share of the clips for choosing the epoch",
          Range{0.0, 0.9});
    visit("test_share", self.test_share, "share of the clips for the test", Range{0.0, 0.9});
    visit("folds", self.folds, "with protocol kfold and speaker-kfold: how many",
          Range{2, kMaxFolds});
    visit("test_speakers", self.test_speakers,
          "with protocol speaker, speaker+text and predefined: who is in the test part");
    visit("validation_speakers", self.validation_speakers,
          "with protocol speaker and predefined: who is in the validation part");
    visit("test_corpora", self.test_corpora, "with protocol cross-corpus: which are tested on");
    visit("train_corpora", self.train_corpora,
          "with protocol cross-corpus: which are trained on; none named: all that do not test");
    visit("file", self.file, "a split file that was written before is used instead of a new split");
  }

  static constexpr int kMaxFolds = 1000;
};

// Which utterances of a manifest train, validate and test: sorted indices, disjoint. Made before
// any audio is read. Utterances of a manifest that are in none were left out on purpose.
struct Split {
  std::string protocol;   // a name of protocols.def
  std::string statement;  // one sentence for people: "tests on speaker YAF; validation ..."
  std::vector<std::size_t> train;
  std::vector<std::size_t> validation;
  std::vector<std::size_t> test;
  std::string fold{};  // what tells this fold from the others of its protocol; may be empty
};

// The folds of a protocol, or its one split. Deterministic in (manifest, config, stream); every
// class is spread as evenly as whole groups allow, and nothing depends on the manifest's order.
//  speaker      : no speaker of the test part is in another part; the test speakers are named, or
//                 drawn until they have test_share of the clips.
//  loso         : the same once for each speaker: the fold of a speaker is the split of protocol
//                 speaker that names this one as the test speaker.
//  speaker-kfold: the same for `folds` groups of speakers.
//  text         : no text is in two parts; needs texts.
//  speaker+text : the test part shares neither speakers nor texts with the others. Clips that share
//                 one of them are left out.
//  random       : clips are drawn per class.
//  kfold        : every clip is tested on once in `folds` folds, each with its part of each class.
//  predefined   : as Utterance::part says, or as lists of speakers do.
//  cross-corpus : trains on some corpora and tests on others, by Utterance::corpus; with none named
//                 once for each ordered pair of corpora. Classes that one side lacks are left out.
//
// Where the test part is made of whole speakers, of whole corpora or by the manifest, the
// validation part is another speaker where at least three speakers are left for training and the
// classes allow it; otherwise clips of the training speakers, with texts kept apart from training
// where texts are known. test_share 0 leaves the test part empty, validation_share 0 the validation
// part. Whole test speakers may have more than test_share, so the validation part takes
// validation_share / (1 - test_share) of the clips that they leave (kfold: 1 / folds in place of
// test_share; cross-corpus and predefined: validation_share of them). Where whole speakers test,
// the test part may lack a class, which the statement tells.
//
// Protocol auto is cross-corpus if corpora are named, speaker if a speaker is named or that of any
// clip is known, predefined if the manifest names parts, random otherwise.
//
// Throws CorpusError: E_SPLIT_CLASSES (fewer than two classes), E_SPLIT_CLASS_SIZE (a class that
// cannot be in every part that was asked for, naming it and its count), E_SPLIT_SPEAKERS,
// E_SPLIT_TEXTS, E_SPLIT_CORPORA, E_SPLIT_PARTS (unknown or too few), E_SPLIT_FILE (see
// split_file.h), E_SPLIT_FOLDS (too many, or too many to be in memory at once: see fold_list.h);
// ConfigError E_CONFIG_VALUE (shares that leave nothing to train on; a speaker or corpus that does
// not exist; a name that the protocol has no use for). What is wrong with one fold is said with its
// name.
std::vector<Split> make_folds(const Manifest& manifest, const SplitConfig& config,
                              const core::RandomStream& random);

// The split of a protocol that makes one. Throws as make_folds(), and ConfigError E_CONFIG_VALUE if
// there are several folds.
Split make_split(const Manifest& manifest, const SplitConfig& config,
                 const core::RandomStream& random);

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

// Whether the speakers of the test part are heard in training or validation, as the clips say and
// whatever the protocol: "speaker-independent", "speaker-dependent", or "speakers unknown" if that
// cannot be told. "no test part" without one.
std::string_view speaker_dependence(const Manifest& manifest, const Split& split);

// {"protocol":..., "statement":..., "train":[ids], "validation":[ids], "test":[ids]}.
core::Json to_json(const Manifest& manifest, const Split& split);

}  // namespace ser::corpus
