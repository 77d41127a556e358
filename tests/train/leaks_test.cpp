#include "ser/train/leaks.h"

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <numbers>
#include <numeric>
#include <set>

#include <gtest/gtest.h>

#include "ser/audio/fingerprint.h"
#include "ser/audio/write.h"
#include "ser/core/error.h"
#include "ser/core/random.h"
#include "ser/dsp/resample.h"

#include "support/temporary_folder.h"

namespace ser::train {
namespace {

constexpr int kRate_hz = 24000;

// A voice of its own for each number: pitch and loudness wander, three formants, a little breath.
std::vector<float> voice(std::uint64_t number, double seconds = 1.5) {
  auto random = core::RandomStream(7).fork(number);
  const double pitch_hz = random.uniform(100.0, 250.0);
  const double wander_hz = random.uniform(0.5, 3.0);
  const double formants_hz[] = {random.uniform(300.0, 800.0), random.uniform(900.0, 1800.0),
                                random.uniform(2000.0, 2800.0)};
  std::vector<float> samples(static_cast<std::size_t>(seconds * kRate_hz));
  double phase = random.uniform(0.0, 1.0);
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const double t = static_cast<double>(i) / kRate_hz;
    const double turn = 2.0 * std::numbers::pi * wander_hz * t;
    const double pitch = pitch_hz * (1.0 + 0.2 * std::sin(turn) + 0.05 * std::sin(7.3 * turn));
    phase += pitch / kRate_hz;
    double sum = 0.002 * random.normal();
    for (int harmonic = 1; harmonic * pitch < 3500.0; ++harmonic) {
      double gain = 0.02;
      for (const double formant : formants_hz) {
        gain +=
            std::exp(-std::abs(harmonic * pitch - formant * (1.0 + 0.2 * std::cos(turn))) / 150.0);
      }
      sum += 0.06 * gain * std::sin(2.0 * std::numbers::pi * harmonic * phase);
    }
    samples[i] = static_cast<float>(sum * (0.6 + 0.4 * std::sin(1.7 * turn)));
  }
  return samples;
}

std::vector<float> with_gain(std::vector<float> samples, double gain_db) {
  for (float& sample : samples) sample *= static_cast<float>(std::pow(10.0, gain_db / 20.0));
  return samples;
}

// A manifest of clips that a test writes; none has a speaker or text unless it says so.
class Clips {
 public:
  std::size_t add(const std::vector<float>& samples, const std::string& label = "x",
                  audio::WavFormat format = audio::WavFormat::kPcm16, int rate_hz = kRate_hz) {
    const std::size_t index = manifest.utterances.size();
    const std::string name = "clip" + std::to_string(100 + index) + ".wav";
    audio::write_wav(folder_ / name, {samples, rate_hz}, format);
    auto& utterance = manifest.utterances.emplace_back();
    utterance.id = name;
    utterance.path = (folder_ / name).string();
    utterance.label = label;
    return index;
  }

  ClipSounds listen(int jobs = 2) const {
    std::vector<std::size_t> all(manifest.utterances.size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    core::ThreadPool pool(jobs);
    return listen_to_clips(manifest, all, pool, {});
  }

  LeakFindings settle(corpus::Split& split, const LeakConfig& config = {}) const {
    return settle_leaks(manifest, split, listen(), config);
  }

  corpus::Manifest manifest;

 private:
  test::TemporaryFolder folder_;
};

std::string stopped_by(const Clips& clips, corpus::Split split, const LeakConfig& config = {}) {
  try {
    clips.settle(split, config);
  } catch (const core::CorpusError& error) {
    EXPECT_EQ(error.code(), "E_SPLIT_LEAK");
    return error.what();
  }
  return "";
}

corpus::Split random_split(std::vector<std::size_t> train, std::vector<std::size_t> validation,
                           std::vector<std::size_t> test) {
  return {"random", "by hand", std::move(train), std::move(validation), std::move(test)};
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(Leaks, CopiesUnderOtherNamesAreTakenOutOfThePartThatIsJudged) {
  Clips clips;
  for (std::uint64_t number : {0, 1, 2, 1, 2, 0, 0}) clips.add(voice(number));
  // 0 and 5 are copies of the test clip 6, 2 of the validation clip 4; 1 and 3 of each other.
  auto split = random_split({0, 1, 2, 3}, {4, 5}, {6});
  const auto findings = clips.settle(split);
  EXPECT_EQ(split.train, (std::vector<std::size_t>{1, 3}));
  EXPECT_EQ(split.validation, (std::vector<std::size_t>{4}));
  EXPECT_EQ(split.test, (std::vector<std::size_t>{6}));
  ASSERT_EQ(findings.removed.size(), 3U);
  EXPECT_EQ(findings.removed[0].clip, 0U);
  EXPECT_EQ(findings.removed[0].twin, 6U);
  EXPECT_EQ(findings.removed[1].twin, 4U);
  EXPECT_EQ(findings.removed[2].twin, 6U);
}

TEST(Leaks, AValidationPartOfCopiesAloneStopsTraining) {
  Clips clips;
  for (std::uint64_t number : {0, 1, 1, 2}) clips.add(voice(number));
  EXPECT_TRUE(has(stopped_by(clips, random_split({0, 3}, {1}, {2})), "the validation part"));
  EXPECT_EQ(stopped_by(clips, random_split({0}, {1, 3}, {2})), "");
  EXPECT_EQ(stopped_by(clips, random_split({0}, {}, {2, 3})), "");
}

TEST(Leaks, OtherSampleFormatsOfTheSameSamplesAreIdentical) {
  Clips clips;
  auto exact = voice(1);
  for (float& sample : exact) sample = std::round(sample * 32768.0F) / 32768.0F;
  clips.add(exact);
  clips.add(exact, "x", audio::WavFormat::kFloat32);
  auto split = random_split({0}, {}, {1});
  const auto findings = clips.settle(split);
  ASSERT_EQ(findings.removed.size(), 1U);
  EXPECT_EQ(findings.removed[0].kind, SoundPair::Kind::kIdentical);
}

TEST(Leaks, ReEncodedAndAlteredCopiesAreFound) {
  const auto original = voice(3);
  auto noisy = original;
  auto random = core::RandomStream(4);
  for (float& sample : noisy) sample += static_cast<float>(0.002 * random.normal());  // 30 dB
  auto padded = original;
  padded.insert(padded.begin(), kRate_hz / 20, 0.0F);
  const std::vector<float> cropped(original.begin() + kRate_hz / 20, original.end());
  struct Copy {
    const char* what;
    std::vector<float> samples;
    audio::WavFormat format = audio::WavFormat::kPcm16;
    int rate_hz = kRate_hz;
  };
  const std::vector<Copy> copies = {
      {"12 dB softer", with_gain(original, -12.0)},
      {"12 dB louder, clipped", with_gain(original, 12.0)},
      {"mu-law", original, audio::WavFormat::kMuLaw},
      {"16 kHz", dsp::resample(original, kRate_hz, 16000), audio::WavFormat::kPcm16, 16000},
      {"noise", noisy},
      {"50 ms longer", padded},
      {"50 ms shorter", cropped}};
  for (const auto& copy : copies) {
    Clips clips;
    for (std::uint64_t number = 10; number < 14; ++number) clips.add(voice(number));
    clips.add(copy.samples, "x", copy.format, copy.rate_hz);
    clips.add(original);
    const auto error = stopped_by(clips, random_split({0, 1, 4}, {2}, {3, 5}));
    EXPECT_TRUE(has(error, "clip104.wav (as clip105.wav)")) << copy.what << ": " << error;
    EXPECT_TRUE(has(error, "1 clips have a near-identical copy")) << copy.what << ": " << error;
  }
}

// A call of six seconds of which a manifest names stretches by start and end.
TEST(Leaks, CopiesAmongSegmentsOfOneFileAreFound) {
  auto call = voice(1);
  for (const auto& part : {voice(2), with_gain(voice(1), -6.0), voice(1)}) {
    call.insert(call.end(), part.begin(), part.end());
  }
  Clips clips;
  const auto segment = [&](double start_s, double end_s) {
    const auto index = clips.manifest.utterances.size();
    if (index == 0) {
      clips.add(call);
    } else {
      clips.manifest.utterances.push_back(clips.manifest.utterances.front());
    }
    auto& utterance = clips.manifest.utterances[index];
    utterance.id = "call#" + std::to_string(index);
    utterance.start_s = start_s;
    utterance.end_s = end_s;
    return index;
  };
  const auto first = segment(0.0, 1.5);
  const auto other = segment(1.5, 3.0);
  const auto softer = segment(3.0, 4.5);
  const auto again = segment(4.5, 6.0);

  auto split = random_split({other, first}, {}, {again});
  const auto findings = clips.settle(split);
  ASSERT_EQ(findings.removed.size(), 1U);
  EXPECT_EQ(findings.removed[0].clip, first);
  EXPECT_EQ(findings.removed[0].kind, SoundPair::Kind::kIdentical);
  EXPECT_EQ(split.train, std::vector<std::size_t>{other});

  EXPECT_TRUE(has(stopped_by(clips, random_split({other, softer}, {}, {again})),
                  "1 clips have a near-identical copy in a part that judges them: call#2 (as "
                  "call#3)"));
  EXPECT_EQ(stopped_by(clips, random_split({first}, {}, {other})), "");
  // The same stretch twice, and one that is cropped a little more.
  EXPECT_EQ(segment(0.0, 1.5), 4U);
  EXPECT_EQ(segment(0.03, 1.5), 5U);
  split = random_split({4, other}, {}, {first});
  EXPECT_EQ(clips.settle(split).removed.size(), 1U);
  EXPECT_TRUE(has(stopped_by(clips, random_split({5, other}, {}, {first})), "near-identical"));
}

TEST(Leaks, WhoeverListensToALongRecordingCanBeStopped) {
  Clips clips;
  clips.add(voice(1, 20.0));
  core::ThreadPool pool(1);
  int asked = 0;
  EXPECT_THROW(listen_to_clips(clips.manifest, {0}, pool, [&] { return ++asked > 2; }),
               core::Interrupted);
  EXPECT_EQ(asked, 3);
}

TEST(Leaks, AClipThatIsReadOnlyTheSecondTimeIsWarnedOf) {
  Clips clips;
  clips.add(voice(1));
  const std::size_t gone = clips.add(voice(2));
  std::filesystem::remove(clips.manifest.utterances[gone].path);
  const auto sounds = clips.listen();
  ASSERT_EQ(sounds.unheard.size(), 1U);
  EXPECT_EQ(sounds.unheard[0].utterance, gone);
  EXPECT_EQ(sounds.unheard[0].code, "E_AUDIO_MISSING");

  std::vector<dataset::Remark> warnings = {{0, "", "too loud"}, {gone, "", "too soft"}};
  warn_of_unheard(sounds, {{gone, "E_AUDIO_MISSING", "is not there"}}, warnings);
  EXPECT_EQ(warnings[1].message, "too soft");
  warn_of_unheard(sounds, {}, warnings);
  ASSERT_EQ(warnings.size(), 2U);
  EXPECT_EQ(warnings[0].message, "too loud");
  EXPECT_TRUE(has(warnings[1].message, "E_AUDIO_MISSING")) << warnings[1].message;
}

TEST(Leaks, DifferentVoicesAreNoCopies) {
  Clips clips;
  for (std::uint64_t number = 20; number < 60; ++number) clips.add(voice(number, 0.6));
  EXPECT_TRUE(clips.listen().near_identical.empty());
}

TEST(Leaks, NoTwoRecordingsOfTessOrEmoDbAreCopies) {
  const char* corpora = std::getenv("SER_CORPORA");
  if (corpora == nullptr) {
    GTEST_SKIP() << "set SER_CORPORA to the folder that holds TESS and EmoDB to run this test";
  }
  for (const char* name : {"TESS", "EmoDB"}) {
    const auto manifest = corpus::read_corpus(std::filesystem::path(corpora) / name);
    std::vector<std::size_t> all(manifest.utterances.size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    core::ThreadPool pool(2);
    const auto sounds = listen_to_clips(manifest, all, pool, {});
    EXPECT_TRUE(sounds.near_identical.empty()) << name;
    EXPECT_EQ(std::set(sounds.checksums.begin(), sounds.checksums.end()).size(), all.size());
  }
}

TEST(Leaks, NearIdenticalCopiesAreRemovedOrAllowedByName) {
  Clips clips;
  clips.add(voice(1));
  clips.add(with_gain(voice(1), -6.0));
  LeakConfig config;
  config.remove = {"near-identical"};
  auto split = random_split({0}, {}, {1});
  EXPECT_EQ(clips.settle(split, config).removed.size(), 1U);
  EXPECT_TRUE(split.train.empty());

  split = random_split({0}, {}, {1});
  config.allow = {"near-identical"};
  const auto findings = clips.settle(split, config);
  EXPECT_EQ(split.train.size(), 1U);
  ASSERT_EQ(findings.allowed.size(), 1U);
  EXPECT_EQ(findings.allowed[0].kind, "near-identical");
  EXPECT_TRUE(has(findings.allowed[0].statement, "clip100.wav (as clip101.wav)"));
  config.allow = {"speaker"};
  config.remove = {};
  EXPECT_NE(stopped_by(clips, random_split({0}, {}, {1}), config), "");
}

// A search finds some dozens of copies only, so that of a large family not every pair is known.
TEST(Leaks, CopiesOfCopiesOfAJudgingClipAreRemoved) {
  Clips clips;
  for (std::size_t i = 0; i < 7; ++i) clips.manifest.utterances.emplace_back().label = "x";
  ClipSounds sounds;
  sounds.checksums = {"a", "b", "c", "d", "e", "f", "a"};
  // a - b - c - d, and e - f beside them; 6 is 0 again.
  sounds.families = {0, 0, 0, 0, 4, 4, 0};
  for (const auto& [first, second] :
       std::vector<std::pair<std::size_t, std::size_t>>{{0, 1}, {1, 2}, {2, 3}, {4, 5}}) {
    sounds.near_identical.push_back({first, second, SoundPair::Kind::kNearIdentical, 0.05});
  }
  LeakConfig config;
  config.remove = {"near-identical"};
  auto split = random_split({0, 2, 4, 5, 6}, {1}, {3});
  split.validation.push_back(4);
  split.train = {0, 2, 5, 6};
  const auto findings = settle_leaks(clips.manifest, split, sounds, config);
  EXPECT_EQ(split.validation, (std::vector<std::size_t>{4}));
  EXPECT_TRUE(split.train.empty());
  ASSERT_EQ(findings.removed.size(), 5U);
  for (const auto& removed : findings.removed) {
    EXPECT_EQ(removed.twin, removed.clip == 5 ? 4U : 3U) << removed.clip;
    EXPECT_EQ(removed.kind, SoundPair::Kind::kNearIdentical);
  }
}

TEST(Leaks, AFamilyIsKnownByItsFirstClip) {
  Clips clips;
  const auto one = voice(1, 0.7);
  const auto other = voice(2, 0.7);
  for (const auto& samples : {voice(3, 0.7), other, one, with_gain(one, -6.0), one,
                              with_gain(other, -6.0), voice(3, 0.7)}) {
    clips.add(samples);
  }
  std::filesystem::resize_file(clips.manifest.utterances[clips.add(one)].path, 20);
  const std::optional<std::size_t> none;
  // 0 and 6 are identical and near-identical to no other.
  EXPECT_EQ(clips.listen().families,
            (std::vector<std::optional<std::size_t>>{none, 1, 2, 2, 2, 1, none, none}));
}

TEST(Leaks, EveryCopyOfALargeFamilyIsRemoved) {
  Clips clips;
  const auto original = voice(1, 0.7);
  std::vector<std::size_t> train;
  // More than are listened to at one time, and far more than one search finds.
  for (int copy = 0; copy < 300; ++copy) {
    train.push_back(clips.add(with_gain(original, -0.03 * copy)));
  }
  const std::size_t other = clips.add(voice(2, 0.7));
  train.push_back(other);
  LeakConfig config;
  config.remove = {"near-identical"};
  const auto sounds = clips.listen();
  for (std::size_t clip = 0; clip < other; ++clip) EXPECT_EQ(sounds.families[clip], 0U) << clip;
  EXPECT_EQ(sounds.families[other], std::nullopt);
  for (const std::size_t tested : {0, 150, 299}) {
    auto split = random_split(train, {}, {tested});
    split.train.erase(split.train.begin() + static_cast<long>(tested));
    settle_leaks(clips.manifest, split, sounds, config);
    EXPECT_EQ(split.train, (std::vector<std::size_t>{other})) << tested;
  }
}

TEST(Leaks, ASpeakerOnBothSidesStopsTrainingUnlessItIsAllowed) {
  Clips clips;
  for (std::uint64_t number : {1, 2, 3}) clips.add(voice(number));
  for (const std::size_t i : {0, 1, 2}) clips.manifest.utterances[i].speaker = i == 1 ? "b" : "a";
  auto split = random_split({0}, {1}, {2});
  split.protocol = "speaker";
  EXPECT_TRUE(has(stopped_by(clips, split), "the speaker a is both in the train part"));
  LeakConfig config;
  config.allow = {"text"};
  EXPECT_NE(stopped_by(clips, split, config), "");
  config.allow = {"speaker"};
  const auto findings = clips.settle(split, config);
  ASSERT_EQ(findings.allowed.size(), 1U);
  EXPECT_EQ(findings.allowed[0].kind, "speaker");
}

TEST(Leaks, OneSoundWithSeveralLabelsIsTold) {
  Clips clips;
  clips.add(voice(1), "sad");
  clips.add(voice(2), "sad");
  clips.add(voice(1), "happy");
  auto split = random_split({0, 2}, {}, {1});
  const auto findings = clips.settle(split);
  ASSERT_EQ(findings.label_conflicts.size(), 1U);
  EXPECT_EQ(findings.label_conflicts[0], (LabelConflict{0, 2}));
}

TEST(Leaks, AFingerprintIsReadFromItsBytesAndFromNoOthers) {
  const auto reduced = audio::fingerprint(voice(1), kRate_hz).reduced();
  EXPECT_GT(reduced.landmarks.size(), 10U);
  const auto bytes = audio::to_bytes(reduced);
  EXPECT_LT(bytes.size(), 571U);
  EXPECT_EQ(audio::fingerprint_from_bytes(bytes), reduced);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_EQ(audio::fingerprint_from_bytes(bytes.substr(0, size)), std::nullopt) << size;
  }
  EXPECT_EQ(audio::fingerprint_from_bytes(bytes + "x"), std::nullopt);
  EXPECT_EQ(audio::fingerprint_from_bytes("\xFF\xFF" + bytes.substr(2)), std::nullopt);
}

TEST(Leaks, SilenceAndUnreadableFilesAreNobodysCopies) {
  Clips clips;
  clips.add(std::vector<float>(kRate_hz, 0.0F));
  clips.add(std::vector<float>(kRate_hz / 2, 0.0F));
  clips.add(voice(1));
  clips.add(voice(2));
  for (const std::size_t i : {2, 3}) {
    std::filesystem::resize_file(clips.manifest.utterances[i].path, 20);
  }
  auto split = random_split({0, 2}, {}, {1, 3});
  EXPECT_TRUE(clips.settle(split).removed.empty());
  EXPECT_EQ(split.train.size(), 2U);
}

TEST(Leaks, WhatIsFoundDoesNotDependOnTheNumberOfWorkers) {
  Clips clips;
  for (std::uint64_t number : {1, 2, 1, 3}) clips.add(with_gain(voice(number), -6.0));
  clips.add(voice(3));
  const auto one = clips.listen(1);
  const auto three = clips.listen(3);
  EXPECT_EQ(one.checksums, three.checksums);
  EXPECT_EQ(one.fingerprints, three.fingerprints);
  EXPECT_EQ(one.families, three.families);
  ASSERT_EQ(one.near_identical.size(), 1U);
  ASSERT_EQ(three.near_identical.size(), 1U);
  EXPECT_EQ(one.near_identical[0].difference, three.near_identical[0].difference);
}

}  // namespace
}  // namespace ser::train
