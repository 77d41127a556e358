#include <fstream>

#include "ser/core/error.h"

#include "corpus/manifest_file.h"
#include "fuzz/memory_file.h"
#include "fuzz/readers.h"

namespace ser::fuzz {
namespace {

// A folder with two recordings, as far as a list looks at them, and lists whose bytes are in
// memory.
class Corpus {
 public:
  Corpus() : folder_(scratch_folder() / "corpus") {
    std::filesystem::create_directories(folder_ / "b");
    std::ofstream(folder_ / "a.wav") << "sound";
    std::ofstream(folder_ / "b" / "c.wav") << "sound";
    for (const char* name : {"list.csv", "list.tsv", "list.jsonl", "db.emotion.csv"}) {
      std::filesystem::create_symlink(list.path(), folder_ / name);
    }
    std::filesystem::create_symlink(files.path(), folder_ / "db.files.csv");
  }

  std::filesystem::path operator/(const char* name) const { return folder_ / name; }

  MemoryFile list;
  MemoryFile files;

 private:
  std::filesystem::path folder_;
};

void check(const corpus::Manifest& manifest) {
  require(!manifest.utterances.empty(), "a list without recordings was read");
  for (const auto& utterance : manifest.utterances) {
    require(utterance.start_s.value_or(0.0) < utterance.end_s.value_or(1e300),
            "a segment ends where it starts or before");
    require(!utterance.label.empty() && !utterance.id.empty(), "a recording has no label or id");
  }
}

}  // namespace

// The first byte names the form of the list; of audformat two tables follow, apart by a line of
// "=".
bool read_manifest(Bytes bytes) {
  static const Corpus kCorpus;
  if (bytes.empty()) return false;
  Bytes text = bytes.subspan(1);
  std::filesystem::path file;
  switch (bytes.front()) {
    case 't':
      file = kCorpus / "list.tsv";
      break;
    case 'j':
      file = kCorpus / "list.jsonl";
      break;
    case 'a': {
      file = kCorpus / "db.emotion.csv";
      const std::size_t border = std::min(text_of(text).find("\n=\n"), text.size());
      kCorpus.files.hold(text.subspan(std::min(border + 3, text.size())));
      text = text.first(border);
      break;
    }
    default:
      file = kCorpus / "list.csv";
  }
  kCorpus.list.hold(text);
  try {
    check(corpus::read_manifest_file(file, {}));
    return true;
  } catch (const core::CorpusError&) {
    return false;
  }
}

}  // namespace ser::fuzz
