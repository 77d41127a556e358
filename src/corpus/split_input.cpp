#include "corpus/split_input.h"

#include <algorithm>
#include <numeric>

#include "ser/core/error.h"
#include "ser/corpus/display_name.h"

namespace ser::corpus {

SplitInput make_input(const Manifest& manifest) {
  SplitInput input;
  input.manifest = &manifest;
  const std::size_t count = manifest.utterances.size();
  input.order.resize(count);
  std::iota(input.order.begin(), input.order.end(), std::size_t{0});
  std::ranges::stable_sort(input.order, {}, [&](std::size_t i) -> const std::string& {
    return manifest.utterances[i].id;
  });
  input.classes = manifest.classes;
  input.class_sizes.resize(manifest.classes.size());
  for (std::size_t i = 0; i < count; ++i) {
    input.labels.push_back(manifest.label_index(i));
    ++input.class_sizes[static_cast<std::size_t>(input.labels.back())];
  }
  input.speakers = std::make_shared<const Naming>(manifest, &Utterance::speaker);
  input.texts = std::make_shared<const Naming>(manifest, &Utterance::text);
  return input;
}

SplitInput restricted_to(const SplitInput& input, const std::vector<std::size_t>& members) {
  SplitInput part;
  part.manifest = input.manifest;
  part.order = in_order(input, members);
  part.speakers = input.speakers;
  part.texts = input.texts;
  part.labels.assign(input.labels.size(), -1);
  const auto lists = by_class(input, part.order);
  for (std::size_t c = 0; c < lists.size(); ++c) {
    if (lists[c].empty()) continue;
    for (const std::size_t i : lists[c]) part.labels[i] = static_cast<int>(part.classes.size());
    part.classes.push_back(input.classes[c]);
    part.class_sizes.push_back(static_cast<std::int64_t>(lists[c].size()));
  }
  return part;
}

int part_count(const SplitConfig& config) {
  return 1 + (config.validation_share > 0.0 ? 1 : 0) + (config.test_share > 0.0 ? 1 : 0);
}

std::vector<std::vector<std::size_t>> by_class(const SplitInput& input,
                                               const std::vector<std::size_t>& members) {
  std::vector<std::vector<std::size_t>> lists(input.classes.size());
  for (const std::size_t i : members) lists[static_cast<std::size_t>(input.labels[i])].push_back(i);
  return lists;
}

std::vector<core::RandomStream> class_streams(const SplitInput& input,
                                              const core::RandomStream& random) {
  std::vector<core::RandomStream> streams;
  for (const auto& name : input.classes) streams.push_back(random.fork(name));
  return streams;
}

std::vector<std::size_t> in_order(const SplitInput& input, const std::vector<std::size_t>& chosen) {
  std::vector<bool> is_chosen(input.labels.size());
  for (const std::size_t i : chosen) is_chosen[i] = true;
  std::vector<std::size_t> list;
  std::ranges::copy_if(input.order, std::back_inserter(list),
                       [&](std::size_t i) { return is_chosen[i]; });
  return list;
}

void require_class_sizes(const SplitInput& input, std::int64_t least) {
  for (std::size_t c = 0; c < input.classes.size(); ++c) {
    if (input.class_sizes[c] >= least) continue;
    throw core::CorpusError("E_SPLIT_CLASS_SIZE",
                            "the class " + display_name(input.classes[c]) + " has " +
                                counted(static_cast<std::size_t>(input.class_sizes[c]), "clip") +
                                ", but every part needs one, which makes " + std::to_string(least) +
                                "; add clips, leave the class out, or set a share to 0");
  }
}

void require_groups_of_each_class(const SplitInput& input, const std::vector<Group>& groups,
                                  int parts, const std::string& groups_are) {
  std::vector<std::size_t> groups_of_class(input.classes.size());
  for (const auto& group : groups) {
    for (const auto& [label, count] : group.class_counts) {
      ++groups_of_class[static_cast<std::size_t>(label)];
    }
  }
  const auto scarce = std::ranges::find_if(
      groups_of_class, [&](std::size_t count) { return count < static_cast<std::size_t>(parts); });
  if (scarce == groups_of_class.end()) return;
  const auto c = static_cast<std::size_t>(scarce - groups_of_class.begin());
  throw core::CorpusError("E_SPLIT_CLASS_SIZE",
                          "the class " + display_name(input.classes[c]) + " (" +
                              counted(static_cast<std::size_t>(input.class_sizes[c]), "clip") +
                              ") occurs in " + std::to_string(groups_of_class[c]) + " " +
                              groups_are + ", but " + std::to_string(parts) +
                              " parts that share no " + groups_are +
                              " need one each; set a share to 0 or choose another protocol");
}

void require_texts_known(const SplitInput& input, const std::string& protocol) {
  const std::size_t unknown = input.texts->unknown();
  if (unknown == 0) return;
  throw core::CorpusError("E_SPLIT_TEXTS", "protocol " + protocol +
                                               " needs to know what is said in each clip, but of " +
                                               std::to_string(input.labels.size()) +
                                               " clips the text of " + std::to_string(unknown) +
                                               " is unknown; choose protocol speaker or random");
}

void fail_draw(const std::string& groups_are) {
  throw core::CorpusError("E_SPLIT_CLASS_SIZE",
                          "no draw of whole " + groups_are +
                              " was found that gives every part every class; set a share to 0 or "
                              "choose another protocol");
}

std::string counted(std::size_t count, const std::string& what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

std::string listed(const std::vector<std::string>& names) {
  std::string list;
  for (std::size_t i = 0; i < std::min(names.size(), kMaxNames); ++i) {
    list += (i == 0 ? "" : ", ") + display_name(names[i]);
  }
  return names.size() > kMaxNames ? list + ", ..." : list;
}

std::string lacking_classes(const SplitInput& input, const std::vector<std::size_t>& members) {
  std::string text;
  std::size_t count = 0;
  const auto lists = by_class(input, members);
  for (std::size_t c = 0; c < lists.size(); ++c) {
    if (!lists[c].empty() || ++count > kMaxNames) continue;
    text += (count == 1 ? ", none of " : ", ") + display_name(input.classes[c]);
  }
  if (count > kMaxNames) text += " and " + std::to_string(count - kMaxNames) + " more";
  return text;
}

std::string speakers_of(const SplitInput& input, const std::vector<std::size_t>& members) {
  const auto& all = input.speakers->names();
  std::vector<bool> speaks(all.size());
  for (const std::size_t i : members) speaks[input.speakers->number_of(i)] = true;
  std::vector<std::string> names;
  for (std::size_t n = 0; n < all.size(); ++n) {
    if (speaks[n]) names.push_back(all[n]);
  }
  if (names.empty() || names.front().empty()) return "";
  if (names.size() > kMaxNames) return std::to_string(names.size()) + " speakers";
  std::string text = names.size() == 1 ? "speaker " : "speakers ";
  std::size_t written = 0;
  for (const auto& name : names) {
    if (written > 0) text += written + 1 == names.size() ? " and " : ", ";
    text += display_name(name);
    ++written;
  }
  return text;
}

}  // namespace ser::corpus
