#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ser/core/interrupted.h"
#include "ser/corpus/utterance.h"
#include "ser/report/page_sound.h"

#include "report/page/html.h"

namespace ser::report::page {

// A column of a list of clips.
struct ClipColumn {
  std::string name;
  // By whose values the list can be filtered; by whose it can be ordered.
  enum class Use { kText, kFilter, kOrder } use = Use::kText;
};

struct ClipRow {
  const corpus::Utterance* clip = nullptr;
  std::vector<std::string> cells;  // one a column
};

// A list of clips with a player for each. Rows of more than kMostListBytes are left out, and how
// many is told; so a page has a bounded size without embedded sound.
struct ClipList {
  static constexpr std::size_t kMostListBytes = 2'200'000;
  // No row is so short that more would be written.
  static constexpr std::size_t kMostRows = 80'000;

  std::string id;  // of ours
  std::vector<ClipColumn> columns;
  std::vector<ClipRow> rows;  // at most kMostRows are worth making
  std::size_t beyond = 0;     // clips that have none
  std::string left_out;  // where else rows beyond the most are to be found, as part of a sentence
};

void write_clip_list(Html& html, const ClipList& list, const PageSound& sound);

// The path of a clip as a browser follows it from a page in `folder`: relative, its bytes
// percent-encoded (RFC 3986); of a segment with its times (Media Fragments URI).
std::string clip_url(const corpus::Utterance& clip, const std::filesystem::path& folder);

}  // namespace ser::report::page
