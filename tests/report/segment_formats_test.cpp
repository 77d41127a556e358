#include <algorithm>

#include <gtest/gtest.h>

#include "ser/core/json.h"
#include "ser/report/segment_rows.h"

namespace ser::report {
namespace {

const RecordingSegments kCall = {
    "calls/a \"b\".wav",
    3723.5,
    {{0.25, 2.5, "sad", 0.75, 1.0}, {3600.0, 3723.4567, "a<b,c", 0.5, 0.5}},
    "",
    ""};
const RecordingSegments kSilent = {"s.wav", 4.0, {}, "", ""};
const RecordingSegments kBad = {"b.wav", 0.0, {}, "E_AUDIO_EMPTY", "b.wav: nothing\nat all"};

std::string as(const char* name, const RecordingSegments& recording) {
  return find_segment_format(name)->recording(recording);
}

// A contract of every format: it is found by its name, a row is made of lines that end, and nothing
// that others wrote breaks a line.
TEST(SegmentFormats, EachHoldsWholeLinesWhateverNamesHold) {
  ASSERT_GE(segment_formats().size(), 7U);
  EXPECT_EQ(find_segment_format("none"), nullptr);
  for (const auto& format : segment_formats()) {
    EXPECT_EQ(find_segment_format(format.name), &format);
    EXPECT_FALSE(format.ending.empty());
    RecordingSegments odd = kCall;
    const std::string plain = format.recording(odd);
    EXPECT_TRUE(plain.ends_with('\n')) << format.name;
    for (const char* text : {"x\ny", "\x1B[2J", "\r\n\r\n", "\xFF", "-->", ""}) {
      if (format.name == "csv") continue;  // quotes hold line ends
      odd.rows[0].label = text;
      odd.path = text;
      EXPECT_EQ(std::ranges::count(format.recording(odd), '\n'), std::ranges::count(plain, '\n'))
          << format.name;
      EXPECT_EQ(format.recording(odd).find('\x1B'), std::string::npos) << format.name;
    }
  }
}

TEST(SegmentFormats, LinesAreThoseOfTheirDefinitions) {
  EXPECT_EQ(as("text", kCall),
            "calls/a \"b\".wav\t0.250\t2.500\tsad\t0.7500\t1.000\n"
            "calls/a \"b\".wav\t3600.000\t3723.457\ta<b,c\t0.5000\t0.500\n");
  EXPECT_EQ(as("csv", kCall),
            "\"calls/a \"\"b\"\".wav\",0.250,2.500,sad,0.7500,1.000,,\r\n"
            "\"calls/a \"\"b\"\".wav\",3600.000,3723.457,\"a<b,c\",0.5000,0.500,,\r\n");
  EXPECT_EQ(as("rttm", kCall),
            "SPEAKER calls/a_\"b\".wav 1 0.250 2.250 <NA> <NA> sad 0.7500 <NA>\n"
            "SPEAKER calls/a_\"b\".wav 1 3600.000 123.457 <NA> <NA> a<b,c 0.5000 <NA>\n");
  EXPECT_EQ(find_segment_format("vtt")->header() + as("vtt", kCall),
            "WEBVTT\n\n00:00:00.250 --> 00:00:02.500\nsad 0.75\n"
            "\n01:00:00.000 --> 01:02:03.457\na&lt;b,c 0.50\n");
  EXPECT_EQ(as("srt", kCall),
            "1\n00:00:00,250 --> 00:00:02,500\nsad 0.75\n\n"
            "2\n01:00:00,000 --> 01:02:03,457\na<b,c 0.50\n\n");
  EXPECT_EQ(as("audacity", kCall),
            "0.250000\t2.500000\tsad 0.75\n3600.000000\t3723.456700\ta<b,c 0.50\n");
  const auto json = core::parse_json(as("jsonl", {"p", 1.0, {kCall.rows[0]}, "", ""}), "row");
  EXPECT_EQ(json["start_s"], 0.25);
  EXPECT_EQ(json["label"], "sad");
}

TEST(SegmentFormats, SilenceAndErrorsAreTold) {
  EXPECT_EQ(as("text", kSilent), "s.wav\t0.000\t4.000\tno_speech\t\t0.000\n");
  EXPECT_EQ(as("csv", kSilent), "s.wav,0.000,4.000,no_speech,,0.000,,\r\n");
  EXPECT_EQ(core::parse_json(as("jsonl", kSilent), "row")["label"], "no_speech");
  EXPECT_EQ(as("vtt", kSilent), "");
  EXPECT_EQ(as("text", kBad), "b.wav\terror\tE_AUDIO_EMPTY\tb.wav: nothing\\nat all\n");
  EXPECT_EQ(as("csv", kBad), "b.wav,,,,,,E_AUDIO_EMPTY,\"b.wav: nothing\nat all\"\r\n");
  EXPECT_EQ(core::parse_json(as("jsonl", kBad), "row")["error"]["code"], "E_AUDIO_EMPTY");
  EXPECT_TRUE(as("rttm", kBad).starts_with(";; b.wav E_AUDIO_EMPTY"));
}

TEST(SegmentSummary, CountsSharesOfSpeechAndFindsTheSurestMoments) {
  const RecordingSegments call = {"c",
                                  20.0,
                                  {{0.0, 3.0, "sad", 0.6, 1.0},
                                   {4.0, 10.0, "happy", 0.9, 0.5},
                                   {11.0, 15.0, "sad", 0.8, 1.0},
                                   {15.0, 16.0, "sad", 0.7, 1.0}},
                                  "",
                                  ""};
  const auto json = core::parse_json(segment_summary(call), "summary");
  EXPECT_EQ(json["duration_s"], 20.0);
  EXPECT_EQ(json["speech_s"], 11.0);
  EXPECT_EQ(json["segments"], 4);
  EXPECT_EQ(json["changes"], 2);
  EXPECT_NEAR(json["labels"]["sad"]["share"].get<double>(), 8.0 / 11.0, 1e-4);
  EXPECT_EQ(json["labels"]["sad"]["surest"]["start_s"], 11.0);
  EXPECT_EQ(core::parse_json(segment_summary(kSilent), "summary")["speech_s"], 0.0);
  EXPECT_EQ(core::parse_json(segment_summary(kBad), "summary")["error"]["code"], "E_AUDIO_EMPTY");
}

TEST(SegmentFormats, RowsOneByOneAreThoseOfTheWhole) {
  for (const auto& format : segment_formats()) {
    std::string one_by_one;
    for (std::size_t i = 0; i < kCall.rows.size(); ++i) {
      auto part = kCall;
      part.rows = {kCall.rows[i]};
      part.rows_before = i;
      one_by_one += format.recording(part);
    }
    EXPECT_EQ(one_by_one, format.recording(kCall)) << format.name;
  }
}

}  // namespace
}  // namespace ser::report
