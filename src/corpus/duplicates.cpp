#include "corpus/duplicates.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <fstream>
#include <functional>
#include <optional>
#include <string_view>
#include <system_error>

#include "ser/core/checksum.h"

#include "corpus/ascii.h"

namespace ser::corpus {
namespace {

using Members = std::vector<std::size_t>;
using Fingerprint = std::function<std::optional<std::uint64_t>(const Utterance&)>;

constexpr std::size_t kBlock = 1 << 20;
constexpr std::size_t kSample = 4096;

// By what the names say.
std::optional<std::uint64_t> name_fingerprint(const Utterance& utterance) {
  std::string key;
  if (!utterance.speaker.empty() && !utterance.text.empty()) {
    key = "recording" + utterance.speaker + '\0' + utterance.text;
  } else {
    key = "file" + lower_case(std::string_view(utterance.id).substr(utterance.id.rfind('/') + 1));
  }
  return core::checksum64(key + '\0' + lower_case(utterance.label));
}

std::optional<std::uint64_t> size_fingerprint(const Utterance& utterance) {
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(utterance.path, error);
  if (error || size == 0) return std::nullopt;
  return size;
}

// A few bytes from the middle tell most different recordings of one length apart without reading
// them.
std::optional<std::uint64_t> sample_fingerprint(const Utterance& utterance) {
  const auto size = size_fingerprint(utterance);
  if (!size) return std::nullopt;
  std::ifstream file(utterance.path, std::ios::binary);
  file.seekg(static_cast<std::streamoff>(*size / 2));
  std::array<char, kSample> bytes{};
  file.read(bytes.data(), bytes.size());
  if (file.bad() || file.gcount() == 0) return std::nullopt;
  return core::checksum64({bytes.data(), static_cast<std::size_t>(file.gcount())});
}

std::optional<std::uint64_t> content_fingerprint(const Utterance& utterance) {
  std::ifstream file(utterance.path, std::ios::binary);
  std::string block(kBlock, '\0');
  std::uint64_t checksum = 0;
  while (file) {
    file.read(block.data(), static_cast<std::streamsize>(block.size()));
    if (file.bad() || (file.gcount() == 0 && !file.eof())) return std::nullopt;
    checksum = core::checksum64({block.data(), static_cast<std::size_t>(file.gcount())}, checksum);
  }
  return checksum;
}

// Cuts each group into those that share a fingerprint; what stands alone, or has none, is dropped.
std::vector<Members> refine(const std::vector<Utterance>& utterances,
                            const std::vector<Members>& groups, const Fingerprint& fingerprint) {
  std::vector<Members> refined;
  for (const auto& group : groups) {
    std::vector<std::pair<std::uint64_t, std::size_t>> keyed;
    for (const std::size_t index : group) {
      if (const auto key = fingerprint(utterances[index])) keyed.emplace_back(*key, index);
    }
    std::ranges::sort(keyed);
    for (std::size_t begin = 0; begin < keyed.size();) {
      std::size_t end = begin + 1;
      while (end < keyed.size() && keyed[end].first == keyed[begin].first) ++end;
      if (end - begin > 1) {
        auto& members = refined.emplace_back();
        for (std::size_t i = begin; i < end; ++i) members.push_back(keyed[i].second);
      }
      begin = end;
    }
  }
  return refined;
}

}  // namespace

std::vector<Duplicate> find_duplicates(const std::vector<Utterance>& utterances) {
  Members all(utterances.size());
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = i;
  std::vector<Members> groups = {std::move(all)};
  for (const auto& fingerprint :
       {name_fingerprint, size_fingerprint, sample_fingerprint, content_fingerprint}) {
    groups = refine(utterances, groups, fingerprint);
  }
  std::vector<Duplicate> duplicates;
  const auto depth = [&](std::size_t index) {
    return std::ranges::count(utterances[index].id, '/');
  };
  for (const auto& group : groups) {
    // the first of those that lie least deep, since the members are in the order of their ids
    const std::size_t original = *std::ranges::min_element(group, {}, depth);
    for (const std::size_t index : group) {
      if (index != original) duplicates.push_back({index, original});
    }
  }
  std::ranges::sort(duplicates, {}, &Duplicate::index);
  return duplicates;
}

}  // namespace ser::corpus
