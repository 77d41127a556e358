#include "ser/corpus/split_file.h"

#include <algorithm>
#include <array>
#include <map>
#include <numeric>
#include <set>

#include "ser/core/checksum.h"
#include "ser/core/error.h"
#include "ser/core/file.h"
#include "ser/core/json.h"
#include "ser/corpus/display_name.h"
#include "ser/corpus/protocol.h"

namespace ser::corpus {
namespace {

using core::Json;

constexpr std::uint64_t kLargestSplitFile = std::uint64_t{256} << 20;

constexpr std::array kLists = {"train", "validation", "test", "left_out"};

std::vector<std::size_t> order_of_ids(const Manifest& manifest) {
  std::vector<std::size_t> order(manifest.utterances.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(
      order, {}, [&](std::size_t i) -> const auto& { return manifest.utterances[i].id; });
  return order;
}

// Of the ids and labels; neither holds a byte 0.
std::string manifest_checksum(const Manifest& manifest) {
  std::string bytes;
  for (const std::size_t i : order_of_ids(manifest)) {
    const auto& utterance = manifest.utterances[i];
    bytes.append(utterance.id).push_back('\0');
    bytes.append(utterance.label).push_back('\0');
  }
  return core::checksum64_hex(bytes);
}

// Reads one file for one manifest; `what` are its problems.
class SplitFile {
 public:
  SplitFile(std::string name, const Manifest& manifest)
      : name_(std::move(name)), manifest_(manifest) {
    for (std::size_t i = 0; i < manifest.utterances.size(); ++i) {
      // Two clips whose names look alike when shown cannot be told apart here.
      index_of_[display_name(manifest.utterances[i].id)].push_back(i);
    }
  }

  std::vector<Split> read(const Json& json, const std::string& asked) {
    if (text_of(json, "schema") != kSplitFileSchema) {
      fail("it is not a split file (\"schema\" is not \"" + std::string(kSplitFileSchema) + "\")");
    }
    const std::string protocol = text_of(json, "protocol");
    require_protocol(protocol, asked);
    const Json& folds = list_of(json, "folds");
    if (folds.empty()) fail("\"folds\" is empty");
    if (folds.size() > static_cast<std::size_t>(SplitConfig::kMaxFolds)) {
      fail("it has " + std::to_string(folds.size()) + " folds, but at most " +
           std::to_string(SplitConfig::kMaxFolds) + " can be trained");
    }
    std::vector<Split> splits;
    std::set<std::string> names;
    for (std::size_t f = 0; f < folds.size(); ++f) {
      where_ = "folds[" + std::to_string(f) + "]";
      Split split = read_fold(folds[f]);
      split.protocol = protocol;
      if (!names.insert(split.fold).second) {
        fail("another fold is called \"" + split.fold + "\" too");
      }
      require_sound(split);
      splits.push_back(std::move(split));
    }
    where_.clear();
    require_checksum(json);
    return splits;
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw core::CorpusError("E_SPLIT_FILE", "the split file " + name_ + " cannot be used: " +
                                                (where_.empty() ? "" : where_ + ": ") + what);
  }

  const Json& member(const Json& json, const char* key) const {
    if (!json.is_object()) fail("expected an object");
    const auto found = json.find(key);
    if (found == json.end()) fail("\"" + std::string(key) + "\" is missing");
    return *found;
  }

  std::string text_of(const Json& json, const char* key) const {
    const Json& value = member(json, key);
    if (!value.is_string()) fail("\"" + std::string(key) + "\" is not a text");
    return display_name(value.get_ref<const std::string&>());
  }

  const Json& list_of(const Json& json, const char* key) const {
    const Json& value = member(json, key);
    if (!value.is_array()) fail("\"" + std::string(key) + "\" is not a list");
    return value;
  }

  void require_protocol(const std::string& protocol, const std::string& asked) const {
    const auto known = protocols();
    if (std::ranges::find(known, protocol, &Protocol::name) == known.end()) {
      fail("there is no protocol \"" + protocol + "\"");
    }
    if (asked != "auto" && asked != protocol) {
      fail("it is of protocol " + protocol + ", but " + asked + " was asked for");
    }
  }

  Split read_fold(const Json& json) const {
    Split split;
    split.fold = text_of(json, "fold");
    split.statement = text_of(json, "statement");
    std::vector<const char*> list_with(manifest_.utterances.size(), nullptr);
    std::vector<std::size_t> left_out;
    const std::array parts = {&split.train, &split.validation, &split.test, &left_out};
    for (std::size_t p = 0; p < parts.size(); ++p) {
      for (const Json& id : list_of(json, kLists[p])) {
        parts[p]->push_back(take(id, kLists[p], list_with));
      }
      std::ranges::sort(*parts[p]);
    }
    require_complete(list_with);
    return split;
  }

  std::size_t take(const Json& id, const char* list, std::vector<const char*>& list_with) const {
    if (!id.is_string()) fail("\"" + std::string(list) + "\" holds something that is no id");
    const auto found = index_of_.find(id.get_ref<const std::string&>());
    if (found == index_of_.end()) {
      fail("the data have no clip \"" + display_name(id.get_ref<const std::string&>()) +
           "\", which stands in \"" + list +
           "\"; the file was written for other data, or clips have been moved");
    }
    const auto& indices = found->second;
    if (indices.size() > 1) {
      fail("two clips of the data are both shown as \"" + found->first + "\"");
    }
    const std::size_t index = indices.front();
    if (list_with[index] != nullptr) {
      fail("the clip \"" + found->first + "\" stands twice, in \"" + list_with[index] +
           "\" and in \"" + list + "\"");
    }
    list_with[index] = list;
    return index;
  }

  void require_complete(const std::vector<const char*>& list_with) const {
    const auto missing = std::ranges::count(list_with, nullptr);
    if (missing == 0) return;
    const auto first = std::ranges::find(list_with, nullptr) - list_with.begin();
    fail("of the data's " + std::to_string(list_with.size()) + " clips " + std::to_string(missing) +
         " are in none of its lists, the first of them \"" +
         display_name(manifest_.utterances[static_cast<std::size_t>(first)].id) +
         "\"; write the split again, or name them in \"left_out\"");
  }

  void require_sound(const Split& split) const {
    if (split.train.empty()) fail("there is nothing to train on");
    if (const auto leaks = check_leaks(manifest_, split); !leaks.empty()) {
      fail("its parts leak: " + leaks.front());
    }
    std::set<std::string_view> trained;
    for (const std::size_t i : split.train) trained.insert(manifest_.utterances[i].label);
    for (const auto* part : {&split.validation, &split.test}) {
      for (const std::size_t i : *part) {
        if (trained.contains(manifest_.utterances[i].label)) continue;
        fail("the class " + display_name(manifest_.utterances[i].label) + " of \"" +
             display_name(manifest_.utterances[i].id) + "\" is not in the training part");
      }
    }
    if (trained.size() < 2) fail("the training part has one class only");
  }

  void require_checksum(const Json& json) const {
    if (text_of(member(json, "manifest"), "checksum") == manifest_checksum(manifest_)) return;
    fail(
        "its clips are those of the data, but the labels are not those for which it was written; "
        "read the data as then (labels, mapping), or write the split again");
  }

  std::string name_;
  const Manifest& manifest_;
  std::string where_;
  std::map<std::string, std::vector<std::size_t>, std::less<>> index_of_;
};

}  // namespace

std::string split_file_text(const Manifest& manifest, const std::vector<Split>& folds,
                            std::uint64_t seed) {
  Json json;
  json["schema"] = kSplitFileSchema;
  json["protocol"] = folds.empty() ? "" : folds.front().protocol;
  json["seed"] = seed;
  json["manifest"] = {{"clips", manifest.utterances.size()},
                      {"checksum", manifest_checksum(manifest)}};
  json["folds"] = Json::array();
  for (const auto& split : folds) {
    Split left_out;
    std::vector<bool> used(manifest.utterances.size());
    for (const auto* part : {&split.train, &split.validation, &split.test}) {
      for (const std::size_t i : *part) used[i] = true;
    }
    for (std::size_t i = 0; i < used.size(); ++i) {
      if (!used[i]) left_out.train.push_back(i);
    }
    Json parts = to_json(manifest, split);
    json["folds"].push_back({{"fold", split.fold},
                             {"statement", split.statement},
                             {"train", std::move(parts["train"])},
                             {"validation", std::move(parts["validation"])},
                             {"test", std::move(parts["test"])},
                             {"left_out", std::move(to_json(manifest, left_out)["train"])}});
  }
  return json.dump(1) + "\n";
}

std::vector<Split> read_split_file(const std::filesystem::path& path, const Manifest& manifest,
                                   const std::string& protocol) {
  const std::string name = display_name(path.string());
  const Json json = core::parse_json(core::read_file(path, kLargestSplitFile), name);
  return SplitFile(name, manifest).read(json, protocol);
}

}  // namespace ser::corpus
