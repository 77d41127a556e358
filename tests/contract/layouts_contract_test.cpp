// What every layout of layouts.def owes, so that a new one is tested by its line.
#include <set>

#include <gtest/gtest.h>

#include "ser/core/error.h"
#include "ser/core/random.h"
#include "ser/corpus/layout.h"

namespace ser::corpus {
namespace {

using namespace std::string_view_literals;

// Whether labels may stand in tables and not in the names.
bool has_tables(const Layout& layout) { return !layout.table_examples().empty(); }

class LayoutContract : public testing::TestWithParam<const Layout*> {};

TEST_P(LayoutContract, ParsesItsExamples) {
  const Layout& layout = *GetParam();
  int fitting = 0;
  int unfitting = 0;
  for (const auto& example : layout.examples()) {
    SCOPED_TRACE(example.relative_path);
    const auto parsed = layout.parse(example.relative_path);
    ASSERT_EQ(parsed.has_value(), example.expected.has_value());
    (parsed ? fitting : unfitting) += 1;
    if (!parsed) continue;
    EXPECT_EQ(parsed->id, example.relative_path);
    EXPECT_EQ(parsed->id, example.expected->id);
    EXPECT_TRUE(parsed->path.empty());
    EXPECT_EQ(parsed->corpus, example.expected->corpus);
    EXPECT_EQ(parsed->speaker, example.expected->speaker);
    EXPECT_EQ(parsed->text, example.expected->text);
    EXPECT_EQ(parsed->label, example.expected->label);
    EXPECT_EQ(parsed->part, example.expected->part);
    EXPECT_EQ(parsed->attributes, example.expected->attributes);
    EXPECT_LE(parsed->attributes.size(), layout.attribute_names().size());
    EXPECT_TRUE(!parsed->label.empty() || has_tables(layout));
  }
  EXPECT_GE(fitting, 2);
  EXPECT_GE(unfitting, 2);
}

TEST_P(LayoutContract, HasANameAndADescriptionOfOneLine) {
  const Layout& layout = *GetParam();
  EXPECT_FALSE(layout.name().empty());
  EXPECT_NE(layout.name(), "auto");
  EXPECT_FALSE(layout.description().empty());
  EXPECT_EQ(layout.description().find('\n'), std::string_view::npos);
  EXPECT_EQ(&layout_named(layout.name()), &layout);
}

TEST_P(LayoutContract, NeverThrowsOnNonsense) {
  const Layout& layout = *GetParam();
  std::vector<std::string> nonsense = {"",       "/",   "//",    ".",    "..",     ".wav",
                                       "/.wav",  "_",   "__",    "._",   "a/.wav", "_.wav",
                                       "__.wav", "...", "a.wav", "a/..", "-/-"};
  nonsense.emplace_back("\0/\0.wav"sv);
  nonsense.emplace_back("\0/\0_\0_fear.wav"sv);
  nonsense.push_back(std::string(10000, 'a') + ".wav");
  nonsense.push_back(std::string(10000, '_') + ".wav");
  nonsense.push_back(std::string(10000, '/') + ".wav");
  nonsense.push_back("OAF_" + std::string(10000, 'a') + "_fear.wav");
  nonsense.push_back("a/" + std::string(10000, '.') + "wav");
  for (const auto& path : nonsense) EXPECT_NO_THROW(layout.parse(path)) << path.substr(0, 20);

  core::RandomStream random(20240717);
  for (int i = 0; i < 20000; ++i) {
    std::string path(random.below(24), '\0');
    for (char& c : path) c = static_cast<char>(random.below(256));
    if (i % 2 == 0) path += ".wav";
    ASSERT_NO_THROW(layout.parse(path));
  }
}

// One wrong, missing or added byte in a sound name: whatever is still accepted has a label and
// keeps the id.
TEST_P(LayoutContract, DamagedNamesAreRefusedOrHaveALabel) {
  const Layout& layout = *GetParam();
  core::RandomStream random(7);
  for (const auto& example : layout.examples()) {
    if (!example.expected) continue;
    for (int i = 0; i < 2000; ++i) {
      std::string path = example.relative_path;
      const auto at = random.below(path.size());
      const auto byte = static_cast<char>(random.below(256));
      if (i % 3 == 0) path[at] = byte;
      if (i % 3 == 1) path.erase(at, 1);
      if (i % 3 == 2) path.insert(at, 1, byte);
      const auto parsed = layout.parse(path);
      if (!parsed) continue;
      ASSERT_EQ(parsed->id, path);
      ASSERT_TRUE(!parsed->label.empty() || has_tables(layout));
    }
  }
}

TEST_P(LayoutContract, ReadsTheTablesOfItsExamples) {
  const Layout& layout = *GetParam();
  EXPECT_FALSE(layout.is_table(""));
  EXPECT_FALSE(layout.is_table("notes.doc"));
  for (const auto& example : layout.table_examples()) {
    SCOPED_TRACE(example.relative_path);
    EXPECT_TRUE(layout.is_table(example.relative_path));
    EXPECT_FALSE(layout.parse(example.relative_path));
    std::vector<Utterance> rows;
    std::size_t latest = 0;
    layout.parse_table(example.content, example.relative_path,
                       [&](std::size_t line, Utterance& row) {
                         EXPECT_GT(line, latest);
                         latest = line;
                         rows.push_back(std::move(row));
                       });
    ASSERT_EQ(rows.size(), example.expected.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      EXPECT_EQ(rows[i].id, example.expected[i].id);
      EXPECT_EQ(rows[i].speaker, example.expected[i].speaker);
      EXPECT_EQ(rows[i].text, example.expected[i].text);
      EXPECT_EQ(rows[i].label, example.expected[i].label);
      EXPECT_EQ(rows[i].attributes, example.expected[i].attributes);
      EXPECT_LE(rows[i].attributes.size(), layout.attribute_names().size());
    }
  }
}

// Random bytes, and sound tables with a wrong, missing or added byte.
TEST_P(LayoutContract, DamagedTablesAreReadOrRefused) {
  const Layout& layout = *GetParam();
  core::RandomStream random(11);
  for (const auto& example : layout.table_examples()) {
    for (int i = 0; i < 3000; ++i) {
      std::string content = example.content;
      const auto at = random.below(content.size());
      const auto byte = static_cast<char>(random.below(256));
      if (i % 4 == 0) content[at] = byte;
      if (i % 4 == 1) content.erase(at, 1);
      if (i % 4 == 2) content.insert(at, 1, byte);
      if (i % 4 == 3) {
        content.resize(random.below(200));
        for (char& c : content) c = static_cast<char>(random.below(256));
      }
      try {
        layout.parse_table(content, example.relative_path, [&](std::size_t, Utterance& row) {
          ASSERT_LE(row.attributes.size(), layout.attribute_names().size());
        });
      } catch (const core::CorpusError& error) {
        ASSERT_EQ(error.code(), "E_CORPUS_TABLE");
        ASSERT_EQ(std::string_view(error.what()).find(example.relative_path), 0U) << error.what();
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(AllLayouts, LayoutContract, testing::ValuesIn(layouts()),
                         [](const auto& tested) { return std::string(tested.param->name()); });

TEST(Layouts, AreKnownByOneNameEachAndThePlainTreeIsLast) {
  std::set<std::string_view> names;
  for (const auto* layout : layouts()) names.insert(layout->name());
  EXPECT_EQ(names.size(), layouts().size());
  EXPECT_EQ(layouts().back()->name(), "folder");
}

TEST(Layouts, AnUnknownNameIsAnErrorThatListsTheKnownOnes) {
  try {
    layout_named("tesss");
    FAIL();
  } catch (const core::ConfigError& error) {
    EXPECT_EQ(error.code(), "E_CONFIG_VALUE");
    for (const auto* layout : layouts()) {
      EXPECT_NE(std::string_view(error.what()).find(layout->name()), std::string_view::npos);
    }
  }
}

// With the layout chosen by itself, no specific layout may claim what is another's.
TEST(Layouts, NoExampleFitsTwoSpecificLayouts) {
  const auto list = layouts();
  for (const auto* layout : list) {
    if (layout == list.back()) continue;
    for (const auto& example : layout->examples()) {
      if (!example.expected) continue;
      for (const auto* other : list) {
        if (other == layout || other == list.back()) continue;
        EXPECT_FALSE(other->parse(example.relative_path)) << other->name() << example.relative_path;
      }
    }
  }
}

}  // namespace
}  // namespace ser::corpus
