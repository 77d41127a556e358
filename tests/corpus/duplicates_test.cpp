#include <gtest/gtest.h>

#include "ser/corpus/manifest.h"

#include "support/temporary_folder.h"

namespace ser::corpus {
namespace {

using Strings = std::vector<std::string>;

Strings remaining_ids(const Manifest& manifest) {
  Strings list;
  for (const auto& utterance : manifest.utterances) list.push_back(utterance.id);
  return list;
}

Strings left_out(const Manifest& manifest) {
  Strings list;
  for (const auto& file : manifest.left_out) {
    list.push_back(file.relative_path + ": " + file.reason);
  }
  return list;
}

TEST(Duplicates, ATreeThatHoldsACopyOfItselfIsTakenOnce) {
  const test::TemporaryFolder folder;
  const std::string copy = "TESS Toronto emotional speech set data/";
  for (const std::string name :
       {"OAF_Fear/OAF_back_fear.wav", "YAF_sad/YAF_back_sad.wav", "YAF_sad/YAF_bar_sad.wav"}) {
    folder.write(name, "sound of " + name);
    folder.write(copy + name, "sound of " + name);
  }
  const Manifest manifest = read_corpus(folder.path());
  // those of the outer tree stay, on either side of the copy in the order of names
  EXPECT_EQ(remaining_ids(manifest),
            (Strings{"OAF_Fear/OAF_back_fear.wav", "YAF_sad/YAF_back_sad.wav",
                     "YAF_sad/YAF_bar_sad.wav"}));
  EXPECT_EQ(left_out(manifest),
            (Strings{copy + "OAF_Fear/OAF_back_fear.wav: duplicate of OAF_Fear/OAF_back_fear.wav",
                     copy + "YAF_sad/YAF_back_sad.wav: duplicate of YAF_sad/YAF_back_sad.wav",
                     copy + "YAF_sad/YAF_bar_sad.wav: duplicate of YAF_sad/YAF_bar_sad.wav"}));
}

TEST(Duplicates, ACorrectedNameIsStillTheSameRecording) {
  const test::TemporaryFolder folder;
  folder.write("a/OA_bite_neutral.wav", "sound");
  folder.write("b/oaf_bite_neutral.WAV", "sound");
  folder.write("b/YAF_bite_neutral.wav", "sound");  // another speaker
  const Manifest manifest = read_corpus(folder.path());
  EXPECT_EQ(remaining_ids(manifest), (Strings{"a/OA_bite_neutral.wav", "b/YAF_bite_neutral.wav"}));
}

TEST(Duplicates, OtherContentIsAnotherRecording) {
  const test::TemporaryFolder folder;
  folder.write("a/OAF_bite_sad.wav", "sound 1");
  folder.write("b/OAF_bite_sad.wav", "sound 2");
  folder.write("c/OAF_bite_sad.wav", "longer sound");
  EXPECT_EQ(read_corpus(folder.path()).utterances.size(), 3U);
}

TEST(Duplicates, LongFilesAreComparedToTheEnd) {
  const test::TemporaryFolder folder;
  std::string sound(3 << 20, 's');
  folder.write("a/OAF_bite_sad.wav", sound);
  folder.write("b/OAF_bite_sad.wav", sound);
  sound.back() = 't';
  folder.write("c/OAF_bite_sad.wav", sound);
  EXPECT_EQ(remaining_ids(read_corpus(folder.path())),
            (Strings{"a/OAF_bite_sad.wav", "c/OAF_bite_sad.wav"}));
}

TEST(Duplicates, TakesOfOneSentenceStayApart) {
  const test::TemporaryFolder folder;
  folder.write("wav/03a01Fa.wav", "take a");
  folder.write("wav/03a01Fb.wav", "take b");
  folder.write("copy/wav/03a01Fb.wav", "take b");
  EXPECT_EQ(remaining_ids(read_corpus(folder.path())),
            (Strings{"wav/03a01Fa.wav", "wav/03a01Fb.wav"}));
}

TEST(Duplicates, InAPlainTreeFileNameAndLabelDecideWhatIsCompared) {
  const test::TemporaryFolder folder;
  folder.write("happy/1.wav", "x");
  folder.write("backup/happy/1.wav", "x");
  folder.write("happy/2.wav", "x");
  folder.write("sad/1.wav", "x");
  EXPECT_EQ(remaining_ids(read_corpus(folder.path())),
            (Strings{"happy/1.wav", "happy/2.wav", "sad/1.wav"}));
}

TEST(Duplicates, EmptyFilesAreLeftToWhoeverReadsTheSound) {
  const test::TemporaryFolder folder;
  folder.write("a/happy/1.wav", "");
  folder.write("b/happy/1.wav", "");
  EXPECT_EQ(read_corpus(folder.path()).utterances.size(), 2U);
}

}  // namespace
}  // namespace ser::corpus
