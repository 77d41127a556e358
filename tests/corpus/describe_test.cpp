#include <gtest/gtest.h>

#include "ser/corpus/manifest.h"

#include "support/temporary_folder.h"

namespace ser::corpus {
namespace {

TEST(Describe, TellsWhatWasReadAndHow) {
  const test::TemporaryFolder folder;
  for (const char* name : {"OAF_back_fear.wav", "OAF_bar_fear.wav", "YAF_back_ps.wav"}) {
    folder.write(std::string("a/") + name, name);
    folder.write(std::string("a/copy/") + name, name);
  }
  for (int i = 0; i < 7; ++i) folder.write("b/take\x1B" + std::to_string(i) + ".mp3", "");
  folder.write("other.wav", "x");
  EXPECT_EQ(describe(read_corpus(folder.path())), R"(Layout      tess
Recordings  3
Speakers    2: OAF (2), YAF (1)
Texts       2
Labels      emotions, in canonical names
Classes     2
  fear      2
  surprise  1
Spellings and what they became:
  ps  -> surprise
Left out: 11
  duplicate of another recording: 3
    a/copy/OAF_back_fear.wav = a/OAF_back_fear.wav
    a/copy/OAF_bar_fear.wav = a/OAF_bar_fear.wav
    a/copy/YAF_back_ps.wav = a/YAF_back_ps.wav
  its name does not fit the layout tess: 1
    other.wav
  this format is not read (convert it to WAV or FLAC): 7
    b/take\x1B0.mp3
    b/take\x1B1.mp3
    b/take\x1B2.mp3
    b/take\x1B3.mp3
    b/take\x1B4.mp3
    ...
)");
}

TEST(Describe, AlignsNamesByTheirCodePoints) {
  const test::TemporaryFolder folder;
  folder.write("\xC3\xA4\xC3\xB6\xC3\xBC/1.wav", "1");
  folder.write("abcd/1.wav", "2");
  CorpusConfig config;
  config.labels = "folder";
  EXPECT_EQ(describe(read_corpus(folder.path(), config)),
            "Layout      folder\n"
            "Recordings  2\n"
            "Speakers    unknown\n"
            "Texts       unknown\n"
            "Labels      names of the folders, as written\n"
            "Classes     2\n"
            "  abcd  1\n"
            "  \xC3\xA4\xC3\xB6\xC3\xBC   1\n");
}

}  // namespace
}  // namespace ser::corpus
