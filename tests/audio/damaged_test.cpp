#include <cmath>

#include <gtest/gtest.h>
#include <sndfile.h>

#include "ser/core/random.h"

#include "audio/loading.h"
#include "audio/sound_bytes.h"

namespace ser::audio {
namespace {

const std::string& format() {
  static const std::string kFormat = chunk("fmt ", pcm_format(1, 16000, 16));
  return kFormat;
}

class Damaged : public LoadTest {
 protected:
  void expect_code(const std::string& bytes, const std::string& code) const {
    const std::string text = outcome_of(bytes);
    EXPECT_TRUE(text.starts_with(code)) << text;
  }
};

TEST_F(Damaged, AWavCutAnywhereIsReadAsFarAsItGoes) {
  const std::string whole = riff(format() + chunk("LIST", "INFOx") + chunk("data", ramp16(20)));
  const std::size_t sound = whole.size() - 40;
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const std::string bytes = whole.substr(0, size);
    if (size < sound + 2) {
      const std::string text = outcome_of(bytes);
      EXPECT_TRUE(text.starts_with("E_AUDIO_DAMAGED") || text.starts_with("E_AUDIO_EMPTY") ||
                  (size < 4 && text.starts_with("E_AUDIO_FORMAT")))
          << size << ": " << text;
      continue;
    }
    const auto loaded = load(bytes);
    EXPECT_EQ(loaded.waveform.samples, ramp(static_cast<int>(size - sound) / 2)) << size;
    ASSERT_EQ(loaded.warnings.size(), 1U) << size;
    EXPECT_NE(loaded.warnings[0].find(std::to_string(whole.size() - size) + " bytes ("),
              std::string::npos)
        << loaded.warnings[0];
  }
  EXPECT_TRUE(load(whole).warnings.empty());
}

TEST_F(Damaged, AnAiffCutAnywhereIsReadAsFarAsItGoes) {
  std::string sound;
  for (int i = 0; i < 20; ++i) sound += big(static_cast<std::uint64_t>(i * 100), 2);
  const std::string whole = form(big_chunk("COMM", common(1, 20, 16, extended(16000))) +
                                 big_chunk("SSND", std::string(8, '\0') + sound));
  EXPECT_EQ(load(whole).waveform.samples, ramp(20));
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const std::string bytes = whole.substr(0, size);
    const std::size_t header = whole.size() - 40;
    if (size < header + 2) {
      EXPECT_NE(outcome_of(bytes), "read") << size;
      continue;
    }
    const auto loaded = load(bytes);
    EXPECT_EQ(loaded.waveform.samples, ramp(static_cast<int>(size - header) / 2)) << size;
    EXPECT_EQ(loaded.warnings.size(), 1U) << size;
  }
}

TEST_F(Damaged, ChunksAroundTheSoundDoNotMatter) {
  const std::string data = chunk("data", ramp16(20));
  const std::string rubbish(37, '\xFF');
  for (const std::string& bytes : {
           riff(data + format()),                                       // the wrong order
           riff(format() + data + chunk("LIST", rubbish)),              // behind, odd and padded
           riff(format() + data + chunk("LIST", rubbish, 0xFFFFFFFF)),  // behind, endless
           riff(format() + data + "LI"),                                // behind, cut
           riff(format() + chunk("LIST", rubbish) + data),
           riff(format() + chunk("LIST", rubbish, 37) + data),  // no byte of padding
           riff(format() + chunk("LIST", "") + data),           // empty
           riff(format() + chunk("data", ramp16(20)) + chunk("data", ramp16(3))),
           riff(format() + chunk("xxxx", riff(chunk("data", "no"))) + data),  // nested
           riff(chunk("ds64", std::string(28, '\xFF')) + format() + data),    // no RF64
           riff(chunk("fmt ", pcm_format(1, 16000, 16) + rubbish) + data),    // longer format
           std::string("RIFF") + little(0, 4) + riff(format() + data).substr(8),
           std::string("RIFF") + little(7, 4) + riff(format() + data).substr(8),
       }) {
    EXPECT_EQ(outcome_of(bytes), "read");
    const auto loaded = load(bytes);
    EXPECT_EQ(loaded.waveform.samples, ramp(20));
    EXPECT_TRUE(loaded.warnings.empty()) << loaded.warnings[0];
  }
}

TEST_F(Damaged, ManyChunksEndInARefusal) {
  std::string chunks = format();
  for (int i = 0; i < 100000; ++i) chunks += chunk("junk", "");
  const std::string text = outcome_of(riff(chunks + chunk("data", ramp16(20))));
  EXPECT_TRUE(text.starts_with("E_AUDIO_DAMAGED")) << text;
  EXPECT_NE(text.find("more than 10000 chunks"), std::string::npos) << text;
  expect_code(riff(format() + std::string(800000, '\0')), "E_AUDIO_DAMAGED");
}

TEST_F(Damaged, StreamedLengthsReadWhatIsThere) {
  for (const std::uint64_t claim : {0xFFFFFFFFU, 0x80000000U, 0x7FFFFFFFU, 0x7FFFF000U}) {
    const auto loaded = load(riff(format() + chunk("data", ramp16(20), claim)));
    EXPECT_EQ(loaded.waveform.samples, ramp(20));
    EXPECT_TRUE(loaded.warnings.empty());
  }
}

TEST_F(Damaged, FormatsThatCannotBeAreRefused) {
  const auto with = [](const std::string& fmt) {
    return riff(chunk("fmt ", fmt) + chunk("data", ramp16(20)));
  };
  expect_code(with(""), "E_AUDIO_DAMAGED");
  expect_code(with(pcm_format(1, 16000, 16).substr(0, 15)), "E_AUDIO_DAMAGED");
  expect_code(with(pcm_format(0, 16000, 16)), "E_AUDIO_DAMAGED");
  expect_code(with(pcm_format(1, 16000, 0)), "E_AUDIO_DAMAGED");
  expect_code(with(pcm_format(1, 16000, 65)), "E_AUDIO_DAMAGED");
  expect_code(with(pcm_format(1, 16000, 64)), "E_AUDIO_FORMAT");
  expect_code(with(pcm_format(1, 16000, 16, 3)), "E_AUDIO_FORMAT");
  expect_code(with(pcm_format(1, 16000, 16, 0xFFFE)), "E_AUDIO_DAMAGED");
  expect_code(with(pcm_format(1, 16000, 16, 0xFFFE) + std::string(24, 'x')), "E_AUDIO_FORMAT");
  for (const auto& [code, name] : {std::pair{0x31, "GSM 6.10"}, {0x55, "MP3"}, {0x11, "IMA"}}) {
    const std::string text = outcome_of(with(pcm_format(1, 16000, 16, code)));
    EXPECT_TRUE(text.starts_with("E_AUDIO_FORMAT")) << text;
    EXPECT_NE(text.find(name), std::string::npos) << text;
  }
}

TEST_F(Damaged, UnusualIntegersAreReadFromTheTop) {
  // 24 bits in 32: the block alignment tells
  std::string fmt = pcm_format(1, 16000, 24);
  fmt.replace(12, 2, little(4, 2));
  const std::string data = little(0x40000000, 4) + little(0xC0000000, 4);
  EXPECT_EQ(load(riff(chunk("fmt ", fmt) + chunk("data", data))).waveform.samples,
            (std::vector<float>{0.5F, -0.5F}));
  // three bytes of sound and one of padding, before more chunks
  EXPECT_EQ(load(riff(chunk("fmt ", pcm_format(1, 16000, 8)) + chunk("data", "\x80\xC0\x40") +
                      chunk("LIST", "INFO")))
                .waveform.samples,
            (std::vector<float>{0.0F, 0.5F, -0.5F}));
  EXPECT_EQ(load(form(big_chunk("SSND", std::string(9, '\0') + "\x40\xC0") +
                      big_chunk("COMM", common(1, 3, 8, extended(16000)))))
                .waveform.samples,
            (std::vector<float>{0.0F, 0.5F, -0.5F}));
  // 20 bits in 24, big-endian AIFF
  const std::string sound = std::string(8, '\0') + big(0x400000, 3) + big(0xC00000, 3);
  EXPECT_EQ(
      load(form(big_chunk("COMM", common(1, 2, 20, extended(16000))) + big_chunk("SSND", sound)))
          .waveform.samples,
      (std::vector<float>{0.5F, -0.5F}));
}

TEST_F(Damaged, Rf64SizesAreNotBelieved) {
  const auto with = [](std::uint64_t data_size) {
    const std::string ds64 =
        little(~0ULL, 8) + little(data_size, 8) + little(~0ULL, 8) + little(0xFFFFFFFF, 4);
    return riff(chunk("ds64", ds64) + format() + chunk("data", ramp16(20), 0xFFFFFFFF), "RF64");
  };
  EXPECT_EQ(load(with(40)).waveform.samples, ramp(20));
  EXPECT_EQ(load(with(38)).waveform.samples, ramp(19));
  EXPECT_TRUE(load(with(0)).warnings.empty());
  EXPECT_TRUE(load(with(~0ULL)).warnings.empty());
  for (const std::uint64_t size : {std::uint64_t{42}, std::uint64_t{1} << 62, ~std::uint64_t{1}}) {
    const auto loaded = load(with(size));
    EXPECT_EQ(loaded.waveform.samples, ramp(20));
    ASSERT_EQ(loaded.warnings.size(), 1U) << size;
  }
  expect_code(riff(chunk("ds64", "short") + format() + chunk("data", ramp16(20)), "RF64"),
              "E_AUDIO_DAMAGED");
  // sizes of 32 bits, as some writers keep them in short files
  EXPECT_EQ(load(riff(format() + chunk("data", ramp16(20)), "RF64")).waveform.samples, ramp(20));
}

TEST_F(Damaged, AiffRatesThatAreNoneAreRefused) {
  using std::string_literals::operator""s;
  const auto with = [](const std::string& rate) {
    return form(big_chunk("COMM", common(1, 4, 16, rate)) +
                big_chunk("SSND", std::string(16, '\0')));
  };
  EXPECT_EQ(outcome_of(with(extended(16000))), "read");
  EXPECT_EQ(load(with("\x40\x0D\xAD\xDD\x17\x46\0\0\0\0"s)).source_sample_rate_hz, 22254);
  for (const std::string& rate :
       {"\x7F\xFF\xC0\0\0\0\0\0\0\0"s, "\x7F\xFF\x80\0\0\0\0\0\0\0"s, "\xFF\xFF\xC0\0\0\0\0\0\0\0"s,
        "\xC0\x0C\xFA\0\0\0\0\0\0\0"s, "\x7F\xFE\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"s,
        std::string(10, '\xFF'), std::string(10, '\0'), "\0\0\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"s,
        "\x40\x27\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"s, extended(100)}) {
    const std::string text = outcome_of(with(rate));
    EXPECT_TRUE(text.starts_with("E_AUDIO_DAMAGED") || text.starts_with("E_AUDIO_LIMIT")) << text;
  }
}

TEST_F(Damaged, AiffClaimsAreNotBelieved) {
  const std::string zeros(16, '\0');
  const std::string comm = big_chunk("COMM", common(1, 4, 16, extended(16000)));
  expect_code(form(comm), "E_AUDIO_DAMAGED");
  expect_code(form(big_chunk("SSND", zeros)), "E_AUDIO_DAMAGED");
  expect_code(form(comm + big_chunk("SSND", "1234")), "E_AUDIO_DAMAGED");
  expect_code(form(comm + big_chunk("SSND", big(9, 4) + zeros.substr(4))), "E_AUDIO_DAMAGED");
  expect_code(form(big_chunk("COMM", "short") + big_chunk("SSND", zeros)), "E_AUDIO_DAMAGED");
  expect_code(form(comm + big_chunk("SSND", zeros), "AIFC"), "E_AUDIO_DAMAGED");
  for (const int bits : {0, 33, 0xFFFF}) {
    expect_code(
        form(big_chunk("COMM", common(1, 4, bits, extended(16000))) + big_chunk("SSND", zeros)),
        "E_AUDIO_DAMAGED");
  }
  expect_code(form(big_chunk("COMM", common(0, 4, 16, extended(16000))) + big_chunk("SSND", zeros)),
              "E_AUDIO_DAMAGED");
  expect_code(form(big_chunk("COMM", common(1, 0, 16, extended(16000))) + big_chunk("SSND", zeros)),
              "E_AUDIO_EMPTY");
  const auto compressed = [&](const std::string& type) {
    return form(big_chunk("COMM", common(1, 4, 16, extended(16000)) + type + std::string(2, '\0')) +
                    big_chunk("SSND", zeros),
                "AIFC");
  };
  EXPECT_EQ(outcome_of(compressed("NONE")), "read");
  EXPECT_EQ(outcome_of(compressed("twos")), "read");
  EXPECT_NE(outcome_of(compressed("ima4")).find("\"ima4\""), std::string::npos);
  expect_code(compressed("\x01\x02\x03\x04"), "E_AUDIO_FORMAT");
  // frames beyond the chunk
  const auto loaded = load(form(big_chunk("COMM", common(1, 0xFFFFFFFF, 16, extended(16000))) +
                                big_chunk("SSND", zeros)));
  EXPECT_EQ(loaded.waveform.samples.size(), 4U);
  EXPECT_EQ(loaded.warnings.size(), 1U);
}

// Each seed broken in many ways, always the same ones: reading ends, and ends in sound or a
// refusal.
TEST_F(Damaged, MutationsNeverDoWorse) {
  const auto flac = [this] {
    const auto path = folder_ / "seed.flac";
    SF_INFO info{};
    info.samplerate = 16000;
    info.channels = 2;
    info.format = SF_FORMAT_FLAC | SF_FORMAT_PCM_16;
    SNDFILE* file = sf_open(path.c_str(), SFM_WRITE, &info);
    std::vector<float> samples(2000);
    for (std::size_t i = 0; i < samples.size(); ++i) {
      samples[i] = 0.5F * std::sin(0.01F * static_cast<float>(i * i % 977));
    }
    sf_writef_float(file, samples.data(), 1000);
    sf_close(file);
    return test::read_text(path);
  }();
  const std::vector<std::string> seeds = {
      riff(format() + chunk("LIST", "INFOxxxx") + chunk("data", ramp16(200))),
      riff(chunk("ds64", std::string(28, '\1')) + format() + chunk("data", ramp16(200)), "RF64"),
      form(big_chunk("COMM", common(1, 200, 16, extended(16000))) +
           big_chunk("SSND", std::string(8, '\0') + ramp16(200))),
      flac,
  };
  LoadOptions options;
  options.limits.max_duration_s = 60.0;
  core::RandomStream random(1);
  int read = 0;
  int refused = 0;
  for (const auto& seed : seeds) {
    for (int round = 0; round < 400; ++round) {
      std::string bytes = seed;
      const auto edits = 1 + random.below(4);
      for (std::uint64_t edit = 0; edit < edits; ++edit) {
        // half of them in the header
        const auto bound =
            random.below(2) == 0 ? std::min<std::size_t>(64, bytes.size()) : bytes.size();
        const std::size_t at = random.below(bound);
        static const std::string kBytes("\0\1\x7F\x80\xFE\xFF", 6);
        bytes[at] = random.below(2) == 0 ? kBytes[random.below(kBytes.size())]
                                         : static_cast<char>(random.below(256));
      }
      if (random.below(8) == 0) bytes.resize(random.below(bytes.size()));
      const auto path = write(bytes);
      try {
        const auto loaded = load_audio(path, options);
        ++read;
        ASSERT_FALSE(loaded.waveform.samples.empty());
        for (const float sample : loaded.waveform.samples) ASSERT_TRUE(std::isfinite(sample));
      } catch (const core::AudioError&) {
        ++refused;
      }
    }
  }
  EXPECT_GT(read, 200);
  EXPECT_GT(refused, 200);
}

}  // namespace
}  // namespace ser::audio
