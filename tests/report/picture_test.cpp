#include "ser/report/picture.h"

#include <numeric>
#include <sstream>

#include <gtest/gtest.h>

#include "ser/core/error.h"
#include "ser/corpus/display_name.h"
#include "ser/eval/stress_conditions.h"
#include "ser/report/evaluation.h"
#include "ser/report/explanation.h"
#include "ser/report/stress.h"
#include "ser/report/timeline.h"
#include "ser/report/training.h"

#include "report/charts/axis.h"
#include "report/charts/palette.h"
#include "report/svg.h"

namespace ser::report {
namespace {

const std::string kLong = "a class whose name goes on and on, as names of folders sometimes do, ";

std::vector<std::string> names(std::size_t count, const std::string& beginning) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < count; ++i) names.push_back(beginning + std::to_string(i));
  return names;
}

// Two clips of each class and of each confidence from 0.4 on; every third is labelled wrong.
Picture evaluated(const std::vector<std::string>& classes) {
  const auto count = static_cast<Eigen::Index>(classes.size());
  eval::ScoredClips clips;
  clips.classes = classes;
  clips.probabilities = Eigen::MatrixXf::Zero(count, 2 * count);
  for (Eigen::Index i = 0; i < 2 * count; ++i) {
    clips.truth.push_back(static_cast<int>(i / 2));
    const Eigen::Index predicted = (i / 2 + (i % 3 == 0 ? 1 : 0)) % count;
    const float confidence = 0.6F + 0.4F * static_cast<float>(i) / static_cast<float>(2 * count);
    clips.probabilities(predicted, i) = confidence;
    clips.probabilities((predicted + 1) % count, i) = 1.0F - confidence;
  }
  return evaluation_picture(eval::compute_metrics(clips), clips,
                            "Protocol: speaker (speaker-independent). " + kLong + kLong + kLong);
}

Picture stressed(const std::string& name) {
  eval::StressReport report;
  auto metrics = eval::compute_metrics(eval::ConfusionMatrix{{3, 1}, {1, 3}}, {"a", "b"});
  double change = 0.02;
  for (const auto& condition : eval::stress_conditions()) {
    metrics.unchanged = 1.0 + change;
    report.results.push_back({condition, metrics, change -= 0.03});
  }
  report.results.front().condition.description = name;
  report.left_out = {"babble20"};
  report.failures.resize(2);
  return stress_picture(report, 0.75, kLong);
}

Picture trained(int epochs) {
  std::vector<train::EpochRecord> history;
  for (int epoch = 1; epoch <= epochs; ++epoch) {
    const double loss = 2.0 / epoch;
    history.push_back({epoch, 0.001, loss, 1.0 - loss / 2.0, std::nan(""), std::nan(""), 0.5});
  }
  return epochs_picture(history, epochs / 2 + 1, kLong);
}

// Of a recording whose loudness rises, or of silence.
Picture explained(const std::string& name, std::size_t samples, float loudness) {
  audio::Waveform clip{std::vector<float>(samples, 0.0F), 22050};
  for (std::size_t i = 0; i < samples; ++i) {
    const auto share = static_cast<float>(i) / static_cast<float>(samples);
    clip.samples[i] = loudness * share * std::sin(0.1F * static_cast<float>(i));
  }
  eval::Explanation explanation;
  explanation.classes = {name, "sad"};
  explanation.probabilities = Eigen::Vector2f(0.75F, 0.25F);
  explanation.duration_s = clip.duration_s();
  for (int i = 0; i < 40; ++i) {
    const double start_s = explanation.duration_s * i / 41.0;
    explanation.windows.push_back(
        {start_s, start_s + explanation.duration_s / 20.5, {}, loudness * std::sin(0.3 * i)});
    explanation.features.push_back({name + std::to_string(i), {}, loudness * std::cos(0.3 * i)});
  }
  explanation.groups = {explanation.features[0], explanation.features[1]};
  return explanation_picture(explanation, clip, name);
}

Picture weighed(const std::string& name) {
  eval::ImportanceReport report;
  report.groups = {
      {name, 5, {}, -0.02, 0.01}, {"rms", 5, {}, 0.0, 0.0}, {"mel", 128, {}, 0.6, 0.1}};
  return importance_picture(report, kLong);
}

// Of a recording whose labels change every so many seconds, and pauses between.
Picture timed(const std::vector<std::string>& labels, double duration_s, double each_s) {
  RecordingSegments recording{kLong, duration_s, {}, "", ""};
  std::size_t turn = 0;
  for (double start_s = 0.0; start_s < duration_s && !labels.empty(); start_s += each_s, ++turn) {
    recording.rows.push_back({start_s, std::min(duration_s, start_s + 0.7 * each_s),
                              labels[turn % labels.size()],
                              0.3 + 0.1 * static_cast<double>(turn % 7), 1.0});
  }
  return timeline_picture(recording);
}

// What it is found to be by its header: width and height in pixels.
std::pair<std::uint32_t, std::uint32_t> png_size(const std::string& png) {
  EXPECT_TRUE(png.starts_with("\x89PNG\r\n\x1A\n"));
  const auto number = [&](std::size_t at) {
    std::uint32_t value = 0;
    for (std::size_t i = at; i < at + 4; ++i)
      value = value << 8U | static_cast<std::uint8_t>(png.at(i));
    return value;
  };
  return {number(16), number(20)};
}

TEST(Pictures, AreSoundAndNothingIsCutOffNorOverlaps) {
  for (const auto& picture : {evaluated(names(2, "class ")),
                              evaluated(names(7, "surprise ")),
                              evaluated(names(30, "c")),
                              evaluated(names(30, kLong)),
                              evaluated(names(200, kLong)),
                              stressed("white noise"),
                              stressed(kLong + kLong),
                              trained(50),
                              trained(1),
                              trained(3),
                              explained("angry", 44100, 0.5F),
                              explained(kLong, 500000, 1.0F),
                              explained("a", 1, 0.5F),
                              explained("silent", 22050, 0.0F),
                              weighed("mfcc"),
                              weighed(kLong + kLong),
                              timed(names(7, "surprise "), 3600.0, 4.0),
                              timed({kLong, "sad"}, 1.0, 0.3),
                              timed({}, 0.0, 1.0),
                              timed(names(200, kLong), 4e5, 100.0)}) {
    const auto svg = picture.svg();
    EXPECT_EQ(test::svg_fault(svg), "");
    EXPECT_EQ(test::svg_collision(svg), "");
  }
}

TEST(Pictures, ThatOverlapOrAreCutOffAreFound) {
  const auto drawn = [](charts::Point at, const std::string& text) {
    auto canvas = charts::Canvas::svg(200.0, 100.0);
    canvas.text_from({20.0, 50.0}, "a name", {});
    canvas.upward_text_from({150.0, 80.0}, "another", {});
    canvas.text_from(at, text, {});
    return test::svg_collision(canvas.finish(""));
  };
  EXPECT_EQ(drawn({20.0, 70.0}, "below"), "");
  for (const charts::Point at : {charts::Point{30.0, 51.0}, {100.0, 60.0}, {180.0, 20.0}}) {
    EXPECT_NE(drawn(at, "a name that goes on"), "") << at.x;
  }
}

TEST(Canvas, ShortensInTheMiddleAndWrapsAtSpaces) {
  const auto ruler = charts::Canvas::ruler();
  const charts::TextStyle style{10.0};
  const double width = ruler.text_width("0123456789", style);
  EXPECT_EQ(ruler.shortened("0123456789", style, width), "0123456789");
  const auto less = ruler.shortened("0123456789", style, 0.9 * width);
  EXPECT_TRUE(less.starts_with("01") && less.ends_with("9") && less.find("...") < 9) << less;
  EXPECT_LE(ruler.text_width(less, style), 0.9 * width);
  const auto lines =
      ruler.wrapped("one two  three four", style, ruler.text_width("one two", style), 3);
  EXPECT_EQ(lines.front(), "one two");
  ASSERT_EQ(lines.size(), 3U);
  for (const auto& line : lines) {
    EXPECT_LE(ruler.text_width(line, style), ruler.text_width("one two", style)) << line;
  }
  // Letters of two bytes are never cut.
  const std::string umlauts = "\xC3\xA4\xC3\xB6\xC3\xBC\xC3\x9F\xC3\xA4\xC3\xB6\xC3\xBC";
  for (double room = 0.0; room < ruler.text_width(umlauts, style); room += 1.0) {
    EXPECT_TRUE(corpus::is_utf8(ruler.shortened(umlauts, style, room)));
  }
}

TEST(Pictures, HaveTwoPixelsForEachPointAndTheSameBytesTwice) {
  const auto picture = stressed("white noise");
  const auto svg = picture.svg();
  const auto [width, height] = png_size(picture.png());
  EXPECT_NE(svg.find("viewBox=\"0 0 " + std::to_string(width / 2) + " " +
                     std::to_string(height / 2) + "\""),
            std::string::npos);
  EXPECT_EQ(width, 1800U);
  const auto other = evaluated(names(3, "c")).svg();
  EXPECT_EQ(picture.svg(), svg);
  EXPECT_EQ(picture.png(), picture.png());
  EXPECT_EQ(evaluated(names(3, "c")).svg(), other);
}

TEST(Pictures, HoldHostileNamesAsVisibleText) {
  for (const std::string name : {"\xFF\xFE\x80", "\x1B[31m\x07\nred", "\xE2\x80\xAEgnp", "",
                                 "<script>alert(1)</script>&\"'", "\xE6\x80\x92\xF0\x9F\x98\xA0"}) {
    const std::vector<std::string> classes = {name, "sad"};
    const auto svg = evaluated(classes).svg();
    EXPECT_EQ(test::svg_fault(svg), "");
    EXPECT_EQ(test::svg_collision(svg), "");
    EXPECT_EQ(svg, evaluated({corpus::display_name(name), "sad"}).svg());
    EXPECT_EQ(name.empty(), svg == evaluated({"", "sad"}).svg()) << name;
    const Picture titled(name, {name}, {});
    EXPECT_EQ(test::svg_fault(titled.svg()), "");
    EXPECT_EQ(titled.png(), Picture(corpus::display_name(name), {name}, {}).png());
  }
  EXPECT_NE(Picture("<i>\x1B", {}, {}).svg().find("<title>&lt;i&gt;\\x1B</title>"),
            std::string::npos);
}

TEST(Pictures, AreBounded) {
  const std::string endless(1 << 16, 'x');
  const auto svg = evaluated(names(500, endless)).svg();
  EXPECT_LT(svg.size(), 4U << 20U);
  EXPECT_EQ(test::svg_collision(svg), "");
  EXPECT_LT(png_size(evaluated(names(500, "c")).png()).second, 6000U);
  // a week, of which every second has another label
  const auto timeline = timed(names(200, "c"), 7.0 * 86400.0, 1.0);
  EXPECT_LT(timeline.svg().size(), 4U << 20U);
  EXPECT_LT(png_size(timeline.png()).second, 9000U);
}

TEST(Pictures, HaveAFormatByTheEndingOfTheirName) {
  EXPECT_EQ(picture_format("a.b/c.svg"), PictureFormat::kSvg);
  EXPECT_EQ(picture_format("c.png"), PictureFormat::kPng);
  for (const char* name : {"c.jpg", "svg", "c", ""}) {
    EXPECT_THROW(picture_format(name), core::ConfigError) << name;
  }
}

// How many rectangles have the colour.
std::size_t rectangles(const std::string& svg, const charts::Colour& colour) {
  std::ostringstream fill;
  fill << "rgb(" << 100.0 * colour.red;
  std::size_t count = 0;
  const std::string text = fill.str();
  for (std::size_t at = svg.find(text); at != std::string::npos; at = svg.find(text, at + 1)) {
    ++count;
  }
  return count;
}

TEST(Pictures, OfATimelineHaveABlockForEachStretch) {
  const auto second = charts::series_colour(1);
  RecordingSegments recording{"a.wav", 100.0, {}, "", ""};
  recording.rows = {{0.0, 40.0, "sad", 0.9, 1.0}, {50.0, 60.0, "angry", 0.5, 1.0}};
  const std::size_t one = rectangles(timeline_picture(recording).svg(), second);
  recording.rows.push_back({70.0, 75.0, "angry", 0.5, 1.0});
  EXPECT_EQ(rectangles(timeline_picture(recording).svg(), second), one + 1);
  // close to the one before
  recording.rows.push_back({75.01, 80.0, "angry", 0.5, 1.0});
  EXPECT_EQ(rectangles(timeline_picture(recording).svg(), second), one + 1);
}

std::string texts(const std::vector<charts::Tick>& ticks) {
  std::string all;
  for (const auto& tick : ticks) all += tick.text + " ";
  return all;
}

TEST(Axis, HasTicksAtRoundNumbers) {
  using charts::round_ticks;
  EXPECT_EQ(texts(round_ticks(0.0, 1.0, 6)), "0.0 0.2 0.4 0.6 0.8 1.0 ");
  EXPECT_EQ(texts(round_ticks(-0.3, 0.1, 5)), "-0.3 -0.2 -0.1 0.0 0.1 ");
  EXPECT_EQ(texts(round_ticks(0.0, 4321.0, 5)), "0 2,000 4,000 ");
  EXPECT_EQ(texts(round_ticks(1.0, 1.0, 3)), "0.5 1.0 1.5 ");
  for (const double wide : {1e-300, 1e300, std::numeric_limits<double>::infinity()}) {
    EXPECT_LE(round_ticks(-wide, wide, 6).size(), 6U) << wide;
  }
}

TEST(Axis, HoldsWhatItIsOverAndEndsAtTicks) {
  const auto axis = charts::axis_over({-0.47, 0.013, std::nan("")}, 6, "");
  EXPECT_EQ(texts(axis.ticks), "-0.5 -0.4 -0.3 -0.2 -0.1 0.0 0.1 ");
  EXPECT_DOUBLE_EQ(axis.low, -0.5);
  EXPECT_DOUBLE_EQ(axis.high, 0.1);
  EXPECT_NEAR(axis.place(-0.2, 100.0, 160.0), 130.0, 1e-9);
}

}  // namespace
}  // namespace ser::report
