#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>

#include <gtest/gtest.h>

#include "ser/corpus/display_name.h"
#include "ser/report/corpus.h"
#include "ser/report/sounds.h"

#include "report/charts/boxes.h"
#include "report/charts/sound_panels.h"
#include "report/html.h"
#include "report/svg.h"

namespace ser::report {
namespace {

const std::string kLongName = "a name that goes on and on, as those of folders sometimes do, ";

// A tone that glides from 150 to 300 Hz.
audio::Waveform glide(std::size_t samples, int rate_hz, double loudness = 0.5) {
  audio::Waveform clip{std::vector<float>(samples), rate_hz};
  double phase = 0.0;
  for (std::size_t i = 0; i < samples; ++i) {
    const double share = static_cast<double>(i) / static_cast<double>(samples);
    phase += 2.0 * std::numbers::pi * 150.0 * (1.0 + share) / rate_hz;
    clip.samples[i] =
        static_cast<float>(loudness * (std::sin(phase) + 0.5 * std::sin(2.0 * phase)));
  }
  return clip;
}

void expect_sound(const Picture& picture) {
  const auto svg = picture.svg();
  EXPECT_EQ(test::svg_fault(svg), "");
  EXPECT_EQ(test::svg_collision(svg), "");
  const auto element = picture.element(560.0);
  EXPECT_TRUE(element.starts_with("<svg role=\"img\" "));
  EXPECT_EQ(test::html_fault(element), "");
  EXPECT_EQ(test::svg_collision(element), "");
}

TEST(PicturesOfSounds, AreSoundAndNothingIsCutOffNorOverlaps) {
  for (const auto& sounds :
       {std::vector<NamedSound>{{"a.wav", glide(22050, 22050)}},
        {{"one sample", glide(1, 8000)}},
        {{kLongName + kLongName, glide(16000, 16000)}, {"\x1B[31m\n", glide(4000, 48000)}},
        {{"silence", glide(20000, 16000, 0.0)}},
        {{"short", glide(300, 16000)},
         {"long", glide(300000, 16000)},
         {"third", glide(16000, 4000)}}}) {
    expect_sound(sounds_picture(sounds, {kLongName}));
  }
}

TEST(PicturesOfSounds, AreTheSameBytesTwice) {
  const std::vector<NamedSound> sounds = {{"a.wav", glide(8000, 16000)}};
  EXPECT_EQ(sounds_picture(sounds, {}).svg(), sounds_picture(sounds, {}).svg());
  EXPECT_EQ(sounds_picture(sounds, {}).png(), sounds_picture(sounds, {}).png());
}

TEST(PicturesOfSounds, FollowThePitch) {
  const auto contour = charts::pitch_contour(glide(32000, 16000));
  std::size_t voiced = 0;
  for (const auto& point : contour) {
    if (!std::isfinite(point.y)) continue;
    ++voiced;
    EXPECT_NEAR(point.y, 150.0 * (1.0 + point.x / 2.0), 12.0) << "at " << point.x << " s";
  }
  EXPECT_GT(voiced, contour.size() * 3 / 4);
}

TEST(PicturesOfSounds, OnATerminalHaveWaveAndSpectrogram) {
  const auto text = sounds_text({{"a\nb.wav", glide(16000, 16000)}}, {});
  EXPECT_NE(text.find("a\\x0Ab.wav: 1.00 s, 16000 Hz\n"), std::string::npos) << text;
  EXPECT_EQ(std::ranges::count(text, '\n'), 1 + 7 + 2 + 16);
}

TEST(Augmentations, AreAllDrawnButForThoseWithoutTheirRecordings) {
  const NamedSound sound{kLongName, glide(16000, 16000)};
  const core::RandomStream random(1);
  std::vector<std::unique_ptr<augment::Augmentation>> augmentations;
  std::vector<const augment::Augmentation*> pointers;
  for (const auto& kind : augment::augmentation_kinds()) {
    if (kind.starts_with("recorded_")) continue;
    augmentations.push_back(augment::make_augmentation(kind, core::Json::object()));
    pointers.push_back(augmentations.back().get());
    const auto altered = alter_sound(sound, *augmentations.back(), random);
    expect_sound(altered.picture);
    EXPECT_EQ(altered.stage != augment::Stage::kWaveform,
              altered.clip.samples == sound.clip.samples)
        << kind;
    // What cannot be heard can be seen.
    if (altered.stage == augment::Stage::kWaveform) continue;
    const auto as_it_is = charts::mel_bands_db(sound.clip);
    features::Alteration alteration;
    const auto stream = random.fork(kind);
    alteration.warp = augmentations.back()->frequency_warp(stream);
    if (altered.stage == augment::Stage::kFeatures) {
      alteration.frames = [&](Eigen::MatrixXf& values) {
        const dsp::RowRange all{0, values.rows()};
        augmentations.back()->apply_to_features(values, {&all, 1}, stream);
      };
    }
    const auto bands = charts::mel_bands_db(sound.clip, alteration);
    EXPECT_TRUE(bands.cols() != as_it_is.cols() || bands != as_it_is) << kind;
  }
  expect_sound(altered_sounds_picture(sound, pointers, random));
}

TEST(Augmentations, PageHoldsNamesAsText) {
  const NamedSound sound{"<script>alert(1)</script>", glide(4000, 8000)};
  const auto noise = augment::make_augmentation("noise", core::Json::object());
  std::vector<AlteredSound> altered = {alter_sound(sound, *noise, core::RandomStream(1))};
  altered.front().file = "noise.wav";
  std::string page;
  write_augmentation_page(sound, "as_it_is.wav", altered, {{"recorded_noise", "\"><img>"}},
                          [&](std::string_view piece) { page += piece; });
  EXPECT_EQ(test::html_fault(page), "");
  EXPECT_EQ(page.find("<script>alert"), std::string::npos);
  EXPECT_EQ(test::html_attributes(page, "src"),
            (std::vector<std::string>{"as_it_is.wav", "noise.wav"}));
}

// `clips` clips of each class and speaker, of lengths and levels that differ.
struct MadeCorpus {
  MadeCorpus(std::size_t clips, const std::vector<std::string>& classes,
             const std::vector<std::string>& speakers) {
    std::mt19937 random(1);
    std::uniform_real_distribution<double> uniform(0.0, 1.0);
    manifest.layout = "folder";
    for (std::size_t i = 0; i < clips; ++i) {
      corpus::Utterance clip;
      clip.label = classes[i % classes.size()];
      clip.speaker = speakers[i % speakers.size()];
      clip.corpus = "corpus";
      clip.id = clip.label + "/" + clip.speaker + "/" + std::to_string(i) + ".wav";
      clip.path = "/corpora/" + clip.id;
      manifest.utterances.push_back(clip);
      dataset::RecordingFacts one;
      one.duration_s = 1.0 + uniform(random);
      one.sample_rate_hz = 16000;
      one.channels = 1;
      one.format = "WAV PCM_16";
      one.peak_db = -3.0;
      one.loudness_db = -30.0 + 10.0 * uniform(random);
      one.silence_share = 0.3 * uniform(random);
      facts.push_back(one);
    }
    manifest.classes = classes;
    std::ranges::sort(manifest.classes);
  }

  CorpusFindings findings() const {
    return {manifest, facts, dataset::odd_recordings(manifest, facts)};
  }

  corpus::Manifest manifest;
  std::vector<dataset::RecordingFacts> facts;
};

std::vector<std::string> numbered(std::size_t count, const std::string& beginning) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < count; ++i) names.push_back(beginning + std::to_string(i));
  return names;
}

std::string corpus_page(const CorpusFindings& findings) {
  std::string page;
  write_corpus_page(findings, corpus_pictures(findings), {"/reports/corpus", {}, {}},
                    [&](std::string_view piece) { page += piece; });
  return page;
}

TEST(CorpusPictures, AreSoundAndNothingIsCutOffNorOverlaps) {
  for (const auto& made : {MadeCorpus(1, {"a"}, {""}), MadeCorpus(60, numbered(2, "c"), {"s"}),
                           MadeCorpus(900, numbered(30, "class "), numbered(70, "speaker ")),
                           MadeCorpus(500, numbered(30, kLongName), numbered(200, kLongName)),
                           MadeCorpus(10000, numbered(7, "surprise "), numbered(3, "s"))}) {
    for (const auto& [name, picture] : corpus_pictures(made.findings())) {
      SCOPED_TRACE(name);
      expect_sound(picture);
    }
    EXPECT_EQ(test::html_fault(corpus_page(made.findings())), "");
  }
}

TEST(CorpusPage, OfTenThousandClipsHasLessThanThreeMegabytes) {
  const auto page =
      corpus_page(MadeCorpus(10000, numbered(7, "class "), numbered(24, "speaker ")).findings());
  EXPECT_LT(page.size(), 3'000'000U);
  EXPECT_GT(std::ranges::count(page, '\n'), 10000) << "every clip has a line";
  EXPECT_EQ(page.find("more clips are not listed"), std::string::npos);
}

TEST(CorpusPage, HoldsNamesAsText) {
  MadeCorpus made(12, {"<script>alert(1)</script>", "a\"b,c'", "new\nline"}, {"\"><img src=x>"});
  made.facts[3].error_code = "E_AUDIO_DAMAGED";
  made.facts[3].error = "<b>\n";
  const auto page = corpus_page(made.findings());
  EXPECT_EQ(test::html_fault(page), "");
  EXPECT_EQ(page.find("<script>alert"), std::string::npos);
  EXPECT_EQ(page.find("<img"), std::string::npos);
  const auto texts = test::html_texts(page);
  EXPECT_EQ(std::ranges::count(texts, made.manifest.utterances[0].id), 1);
  EXPECT_EQ(std::ranges::count(texts, "E_AUDIO_DAMAGED: <b>\\x0A"), 1);
}

TEST(CorpusCsv, HasALineARecordingThatRfc4180CanRead) {
  MadeCorpus made(3, {"a\"b,c", "new\nline", "z"}, {"s"});
  made.facts[2].error_code = "E_AUDIO_EMPTY";
  made.facts[2].error = "empty";
  std::string csv;
  write_corpus_csv(made.findings(), [&](std::string_view piece) { csv += piece; });
  // Fields by quotes and commas.
  std::vector<std::vector<std::string>> rows(1, std::vector<std::string>(1));
  bool quoted = false;
  for (std::size_t i = 0; i < csv.size(); ++i) {
    if (csv[i] == '"') {
      if (quoted && i + 1 < csv.size() && csv[i + 1] == '"')
        rows.back().back() += csv[i++];
      else
        quoted = !quoted;
    } else if (!quoted && csv[i] == ',') {
      rows.back().emplace_back();
    } else if (!quoted && csv[i] == '\r') {
      continue;
    } else if (!quoted && csv[i] == '\n') {
      rows.emplace_back(1);
    } else {
      rows.back().back() += csv[i];
    }
  }
  rows.pop_back();
  ASSERT_EQ(rows.size(), 4U);
  for (const auto& row : rows) ASSERT_EQ(row.size(), rows.front().size());
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(rows[i + 1][0], made.manifest.utterances[i].path);
    EXPECT_EQ(rows[i + 1][5], made.manifest.utterances[i].label);
  }
  EXPECT_EQ(rows[3][6], "");
  EXPECT_EQ(rows[3][16], "E_AUDIO_EMPTY");
}

TEST(CorpusText, CountsAndDraws) {
  const auto made = MadeCorpus(40, {"angry", "sad"}, {"A", "B"});
  const auto text = corpus_text(made.findings());
  EXPECT_NE(text.find("Nothing odd was found"), std::string::npos) << text;
  EXPECT_EQ(text.find("####"), std::string::npos);
  const TerminalStyle style;
  const auto drawn = corpus_text(made.findings(), &style);
  EXPECT_NE(drawn.find("\nangry 20 ####"), std::string::npos) << drawn;
}

TEST(Boxes, StandAtTheQuantiles) {
  std::vector<double> values;
  for (int i = 100; i >= 0; --i) values.push_back(i);
  values.push_back(std::nan(""));
  const auto box = charts::box_of(values);
  EXPECT_DOUBLE_EQ(box.low, 5.0);
  EXPECT_DOUBLE_EQ(box.lower_quartile, 25.0);
  EXPECT_DOUBLE_EQ(box.median, 50.0);
  EXPECT_DOUBLE_EQ(box.upper_quartile, 75.0);
  EXPECT_DOUBLE_EQ(box.high, 95.0);
  EXPECT_TRUE(std::isnan(charts::box_of({}).median));
}

ClassComparison compared(const std::vector<std::string>& names) {
  ClassComparison comparison{{}, {"same", "differs", "differs too", "noise"}, 16000, "corpus"};
  for (std::size_t c = 0; c < names.size(); ++c) {
    ClassSounds sounds{names[c], Eigen::MatrixXf::Constant(80, 10, -20.0F),
                       Eigen::MatrixXf::Zero(4, 10)};
    for (Eigen::Index i = 0; i < 10; ++i) {
      sounds.features(1, i) = static_cast<float>(c);
      sounds.features(2, i) = -2.0F * static_cast<float>(c);
      sounds.features(3, i) = static_cast<float>(i % 2);
    }
    comparison.classes.push_back(std::move(sounds));
  }
  return comparison;
}

TEST(ClassComparison, TellsWhatTheClassExplains) {
  const auto effects = feature_effects(compared({"a", "b", "c"}));
  ASSERT_EQ(effects.size(), 4U);
  EXPECT_EQ(effects[0].feature, 1U);
  EXPECT_NEAR(effects[0].explained, 1.0, 1e-12);
  EXPECT_NEAR(effects[1].explained, 1.0, 1e-12);
  EXPECT_NEAR(effects[3].explained, 0.0, 1e-12);
}

TEST(ClassComparison, LeavesOutWhatSaysTheSame) {
  const auto distinct = distinct_effects(compared({"a", "b", "c"}), 8);
  ASSERT_EQ(distinct.size(), 3U);
  EXPECT_EQ(distinct[0].feature, 1U);
  for (const auto& effect : distinct) EXPECT_NE(effect.feature, 2U);
  EXPECT_EQ(distinct_effects(compared({"a", "b"}), 1).size(), 1U);
}

TEST(ClassComparison, IsDrawnForAnyNumberOfClasses) {
  expect_sound(comparison_picture(compared({"a", "b"})));
  expect_sound(comparison_picture(compared(numbered(30, kLongName))));
  auto empty = compared({"a", "b"});
  empty.classes[1].mel_db.resize(80, 0);
  empty.classes[1].features.resize(4, 0);
  expect_sound(comparison_picture(empty));
  EXPECT_NE(comparison_by_class_text(empty).find(" -\n"), std::string::npos);
}

}  // namespace
}  // namespace ser::report
