#include "ser/report/page.h"

#include <algorithm>
#include <numeric>

#include <gtest/gtest.h>

#include "ser/corpus/display_name.h"

#include "report/html.h"
#include "report/page/clip_list.h"
#include "support/temporary_folder.h"

namespace ser::report {
namespace {

const std::vector<std::string> kHostile = {"<script>alert(1)</script>",
                                           "a\"b,c'",
                                           "new\nline",
                                           "gr\xC3\xBC\xC3\x9F"
                                           "e \xE6\x97\xA5\xE6\x9C\xAC",
                                           "\xFF\xFE no UTF-8",
                                           "\"><img src=x onerror=alert(2)>"};

// An evaluation of `clips` clips in which every second one is labelled wrong, with names that are
// hostile wherever names may be.
PageContent content_of(std::size_t clips, const std::vector<std::string>& classes = kHostile) {
  const auto count = static_cast<Eigen::Index>(classes.size());
  PageContent content;
  content.title = "Evaluation of " + kHostile[0];
  content.protocol = kHostile[5];
  content.statement = kHostile[0] + kHostile[2];
  content.reservations = {kHostile[5]};
  content.leak_check = {{kHostile[0], kHostile[1]}};
  content.scored = kHostile[0];
  eval::ScoredClips scored{
      classes, {}, Eigen::MatrixXf::Zero(count, static_cast<Eigen::Index>(clips))};
  for (std::size_t i = 0; i < clips; ++i) {
    const std::size_t truth = i % classes.size();
    const std::size_t predicted = i % 2 == 0 ? truth : (truth + 1) % classes.size();
    scored.truth.push_back(static_cast<int>(truth));
    const float confidence = 0.6F + 0.3F * static_cast<float>(i) / static_cast<float>(clips);
    const auto column = static_cast<Eigen::Index>(i);
    scored.probabilities(static_cast<Eigen::Index>(predicted), column) = confidence;
    scored.probabilities(static_cast<Eigen::Index>((predicted + 2) % classes.size()), column) +=
        1.0F - confidence;
    if (predicted == truth) continue;
    corpus::Utterance clip;
    clip.id = std::to_string(i) + "/" + kHostile[i % kHostile.size()] + ".wav";
    clip.path = "/corpora/a folder/" + clip.id;
    clip.speaker = kHostile[(i + 1) % kHostile.size()];
    content.wrong.push_back({std::move(clip), classes[truth], classes[predicted], confidence, 0.1});
  }
  content.metrics = eval::compute_metrics(scored);
  content.clips = std::move(scored);
  content.tables = {{kHostile[0], {{"Fold"}, {kHostile[5]}}}};
  content.curves = {
      {kHostile[0], {{1, 0.1, 2.0, 0.3, 1.0, 0.4, 0.4}, {2, 0.1, 1.0, 0.5, 0.9, 0.5, 0.5}}, 2}};
  content.calibration = {{"Temperature", kHostile[5]}};
  content.data = {{"Classes", kHostile[0]}};
  content.model = {{kHostile[5], kHostile[0]}};
  content.configuration = {{"name", kHostile[0]}, {"description", kHostile[5]}};
  return content;
}

std::string page_of(const PageContent& content, const PageSound& sound = {"/reports/one", {}, {}}) {
  std::string page;
  write_page(content, sound, [&](std::string_view piece) { page += piece; });
  return page;
}

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++count;
  }
  return count;
}

TEST(Page, IsWellFormedWhateverNamesAre) {
  const auto page = page_of(content_of(60));
  EXPECT_EQ(test::html_fault(page), "");
  EXPECT_EQ(count_of(page, "<script"), 1U) << "ours";
  EXPECT_EQ(count_of(page, "<img"), 0U);
  EXPECT_EQ(count_of(page, "onerror=alert"), count_of(page, "&lt;img src=x onerror=alert"));
}

TEST(Page, ShowsNamesAsText) {
  const auto content = content_of(60);
  const auto texts = test::html_texts(page_of(content));
  for (const auto& name : kHostile) {
    EXPECT_GT(std::ranges::count(texts, corpus::display_name(name)), 0) << name;
  }
  for (const auto& wrong : content.wrong) {
    EXPECT_EQ(std::ranges::count(texts, corpus::display_name(wrong.clip.id)), 1);
  }
}

TEST(Page, ForbidsTheNetworkAndEveryScriptButItsOwn) {
  const auto policies = test::html_attributes(page_of(content_of(10)), "content");
  ASSERT_FALSE(policies.empty());
  EXPECT_TRUE(policies[0].starts_with("default-src 'none'; script-src 'sha256-")) << policies[0];
  EXPECT_EQ(policies[0].find("http"), std::string::npos);
  EXPECT_EQ(policies[0].find("script-src 'unsafe"), std::string::npos);
  for (const std::string attribute : {"src", "href", "xlink:href", "action"}) {
    for (const auto& value : test::html_attributes(page_of(content_of(10)), attribute)) {
      EXPECT_TRUE(value.starts_with("../../") || value.starts_with("#") ||
                  value.starts_with("data:image/png;"))
          << value.substr(0, 100);
    }
  }
}

TEST(Page, HasTheSurestMistakesAndAPlayerForEach) {
  const auto content = content_of(240);
  const auto page = page_of(content);
  const std::size_t players = count_of(page, "<audio ");
  const std::size_t links = count_of(page, ">play</a>");
  EXPECT_EQ(players, 50U) << "a browser has room for some hundred";
  EXPECT_EQ(players + links, content.wrong.size());
}

TEST(Page, OfTenThousandClipsHasLessThanThreeMegabytes) {
  auto content = content_of(10000, {"angry", "happy", "sad"});
  std::size_t bytes = 0;
  std::size_t largest = 0;
  write_page(content, {"/reports/one", {}, {}}, [&](std::string_view piece) {
    bytes += piece.size();
    largest = std::max(largest, piece.size());
  });
  EXPECT_LT(bytes, 3'000'000U);
  EXPECT_LT(largest, 500'000U) << "it is written piece by piece";
  // Also where names are as long as they can be.
  for (auto& wrong : content.wrong) {
    wrong.clip.id = std::string(1000, 'a');
    wrong.clip.path = "/corpora/" + std::string(200, '"') + "/" + std::string(200, '\n');
  }
  const auto page = page_of(content);
  EXPECT_LT(page.size(), 3'000'000U);
  EXPECT_NE(page.find("more clips are not listed here"), std::string::npos);
  EXPECT_EQ(test::html_fault(page), "");
}

TEST(Page, OfAModelWithoutTestClipsHasNoScore) {
  PageContent content;
  content.title = "Training";
  content.reservations = {"There are no test clips, and so no scores."};
  const auto page = page_of(content);
  EXPECT_EQ(test::html_fault(page), "");
  EXPECT_EQ(page.find("UAR"), std::string::npos);
  EXPECT_NE(model_card(content).find("nothing is known of how well it does"), std::string::npos);
}

TEST(Page, SaysWhatIsForbidden) {
  const auto content = content_of(10);
  EXPECT_NE(page_of(content).find("article 5(1)(f)"), std::string::npos);
  EXPECT_NE(model_card(content).find("article 5\\(1\\)\\(f\\)"), std::string::npos);
}

TEST(ModelCard, HasNoMarkupOfNames) {
  const auto card = model_card(content_of(60));
  EXPECT_EQ(card.find("<script"), std::string::npos);
  EXPECT_EQ(card.find("<img"), std::string::npos);
  EXPECT_NE(card.find("&lt;script&gt;alert\\(1\\)&lt;/script&gt;"), std::string::npos);
  EXPECT_NE(card.find("new\\\\x0Aline"), std::string::npos) << card;
  EXPECT_NE(card.find("gr\xC3\xBC\xC3\x9F"
                      "e"),
            std::string::npos);
  for (const char* heading :
       {"## Intended use", "## Not for", "## Data", "## Protocol", "## Scores", "## Limits"}) {
    EXPECT_EQ(count_of(card, heading), 1U) << heading;
  }
}

corpus::Utterance at(const std::string& path) {
  corpus::Utterance clip;
  clip.path = path;
  return clip;
}

TEST(ClipUrl, IsRelativeAndPercentEncoded) {
  const std::string reports = "/data/reports/one";
  EXPECT_EQ(page::clip_url(at("/data/tess/a_b-1.wav"), reports), "../../tess/a_b-1.wav");
  EXPECT_EQ(page::clip_url(at("/data/tess/a\"b,c'.wav"), reports + "/"),
            "../../tess/a%22b%2Cc%27.wav");
  EXPECT_EQ(page::clip_url(at("/data/reports/one/new\nline?#%.wav"), reports),
            "new%0Aline%3F%23%25.wav");
  EXPECT_EQ(page::clip_url(at("/data/reports/one/javascript:alert(1).wav"), reports),
            "javascript%3Aalert%281%29.wav");
  EXPECT_EQ(page::clip_url(at("/data/gr\xC3\xBC\xC3\x9F"
                              "e/\xFF.wav"),
                           reports),
            "../../gr%C3%BC%C3%9Fe/%FF.wav");
  EXPECT_EQ(page::clip_url(at("/x/a.wav"), "/"), "x/a.wav");
}

TEST(ClipUrl, OfASegmentHasItsTimes) {
  auto clip = at("/data/a.wav");
  clip.start_s = 1.5;
  EXPECT_EQ(page::clip_url(clip, "/data"), "a.wav#t=1.500");
  clip.end_s = 2.25;
  EXPECT_EQ(page::clip_url(clip, "/data"), "a.wav#t=1.500,2.250");
}

TEST(ClipUrl, FollowsLinksOnTheWayToTheClipOnly) {
  const test::TemporaryFolder folder;
  folder.write("real/clip.wav", "");
  std::filesystem::create_directory(folder / "pages");
  std::filesystem::create_directory_symlink(folder / "real", folder / "link");
  std::filesystem::create_directory_symlink(folder / "pages", folder / "linked-pages");
  const auto real = std::filesystem::canonical(folder.path());
  EXPECT_EQ(page::clip_url(at((real / "link" / "clip.wav").string()), real / "linked-pages"),
            "../real/clip.wav");
}

}  // namespace
}  // namespace ser::report
