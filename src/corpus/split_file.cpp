#include "ser/corpus/split_file.h"

#include <algorithm>
#include <array>
#include <limits>
#include <numeric>
#include <optional>
#include <set>
#include <stdexcept>
#include <unordered_map>

#include "ser/core/error.h"
#include "ser/core/file.h"
#include "ser/corpus/display_name.h"
#include "ser/corpus/protocol.h"

#include "corpus/split_checksum.h"
#include "corpus/split_file_events.h"
#include "corpus/split_parts.h"

namespace ser::corpus {
namespace {

// Lists of a fold of the first form, in the order of kPartLetters.
constexpr std::array<std::string_view, 4> kLists = {"train", "validation", "test", "left_out"};

[[noreturn]] void fail_at(const std::string& file, const std::string& where,
                          const std::string& what) {
  throw core::CorpusError("E_SPLIT_FILE", "the split file " + file + " cannot be used: " +
                                              (where.empty() ? "" : where + ": ") + what);
}

std::string place_of(std::size_t fold) { return "folds[" + std::to_string(fold) + "]"; }

struct StoredFold {
  std::string name;
  std::string statement;
  std::string parts;  // parts_text() of the list of ids
};

class StoredFolds final : public FoldList {
 public:
  StoredFolds(std::string file, const Manifest& manifest, std::string protocol,
              std::vector<std::uint32_t> order, std::vector<StoredFold> folds)
      : file_(std::move(file)),
        manifest_(manifest),
        protocol_(std::move(protocol)),
        order_(std::move(order)),
        folds_(std::move(folds)) {}

  std::size_t size() const override { return folds_.size(); }

  Split make(std::size_t fold) const override {
    const StoredFold& stored = folds_[fold];
    Split split;
    split.protocol = protocol_;
    split.fold = stored.name;
    split.statement = stored.statement;
    const std::array parts = {&split.train, &split.validation, &split.test};
    try {
      const auto letters = letters_of(stored.parts, order_.size());
      for (std::size_t i = 0; i < letters.size(); ++i) {
        const std::size_t part = kPartLetters.find(letters[i]);
        if (part < parts.size()) parts[part]->push_back(order_[i]);
      }
    } catch (const std::invalid_argument& error) {
      fail_at(file_, place_of(fold),
              "\"parts\" does not fit \"ids\": " + std::string(error.what()));
    }
    for (auto* part : parts) std::ranges::sort(*part);
    require_sound(split, fold);
    return split;
  }

 private:
  void require_sound(const Split& split, std::size_t fold) const {
    const auto fail = [&](const std::string& what) { fail_at(file_, place_of(fold), what); };
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

  std::string file_;
  const Manifest& manifest_;
  std::string protocol_;
  std::vector<std::uint32_t> order_;  // index of each clip of the list of ids
  std::vector<StoredFold> folds_;
};

// Takes in one file for one manifest.
class Reader final : public SplitFileEvents {
 public:
  Reader(std::string file, const Manifest& manifest, std::string asked)
      : file_(std::move(file)), manifest_(manifest), asked_(std::move(asked)) {
    index_of_.reserve(manifest.utterances.size());
    for (std::size_t i = 0; i < manifest.utterances.size(); ++i) {
      const auto [found, is_new] = index_of_.try_emplace(display_name(manifest.utterances[i].id),
                                                         static_cast<std::uint32_t>(i));
      // Two clips whose names look alike when shown cannot be told apart here.
      if (!is_new) found->second = kSeveral;
    }
  }

  void text(const std::string& key, const std::string& value) override {
    const std::string shown = display_name(value);
    if (key == "schema") take_schema(shown);
    if (key == "protocol") take_protocol(shown);
    if (key == "checksum") checksum_ = shown;
  }

  void begin_ids() override { begin_clips(kSplitFileSchema, "ids"); }

  void id(const std::string& value) override { order_.push_back(take(value, "ids", 0)); }

  void begin_folds() override { have_folds_ = true; }

  void begin_fold() override {
    where_ = place_of(folds_.size());
    if (folds_.size() == static_cast<std::size_t>(SplitConfig::kMaxFolds)) {
      fail("it has more than " + std::to_string(SplitConfig::kMaxFolds) +
           " folds, which are the most that can be trained");
    }
    fold_ = {};
  }

  void fold_text(const std::string& key, const std::string& value) override {
    if (key == "fold") fold_.name = display_name(value);
    if (key == "statement") fold_.statement = display_name(value);
    if (key == "parts") fold_.parts = value;
  }

  void begin_list(const std::string& key) override {
    const bool first = std::ranges::none_of(fold_.lists, [](bool met) { return met; });
    if (first) begin_clips(kFirstSplitFileSchema, key);
    list_ = static_cast<std::size_t>(std::ranges::find(kLists, key) - kLists.begin());
    fold_.lists[list_] = true;
  }

  void list_id(const std::string& value) override {
    take(value, std::string(kLists[list_]), list_);
  }

  void end_fold() override {
    StoredFold stored;
    stored.name = required(fold_.name, "fold");
    stored.statement = required(fold_.statement, "statement");
    if (!names_.insert(stored.name).second) {
      fail("another fold is called \"" + stored.name + "\" too");
    }
    if (schema_ == kFirstSplitFileSchema) {
      for (std::size_t p = 0; p < kLists.size(); ++p) {
        if (!fold_.lists[p]) fail("\"" + std::string(kLists[p]) + "\" is missing");
      }
      require_complete("in none of its lists");
      stored.parts = parts_text(letters_);
    } else {
      stored.parts = required(fold_.parts, "parts");
    }
    folds_.push_back(std::move(stored));
    where_.clear();
  }

  std::unique_ptr<const FoldList> finish() {
    required(schema_, "schema");
    const std::string protocol = required(protocol_, "protocol");
    if (!have_folds_) fail("\"folds\" is missing");
    if (folds_.empty()) fail("\"folds\" is empty");
    if (schema_ == kFirstSplitFileSchema) {
      order_.resize(manifest_.utterances.size());
      std::iota(order_.begin(), order_.end(), 0U);
    } else {
      if (letters_.empty()) fail("\"ids\" is missing");
      require_complete("not in \"ids\"");
    }
    const std::string checksum = required(checksum_, "checksum");
    if (checksum != manifest_checksum(manifest_, order_of_ids(manifest_))) {
      fail(
          "its clips are those of the data, but the labels are not those for which it was written; "
          "read the data as then (labels, mapping), or write the split again");
    }
    return std::make_unique<const StoredFolds>(file_, manifest_, protocol, std::move(order_),
                                               std::move(folds_));
  }

  [[noreturn]] void fail(const std::string& what) const override { fail_at(file_, where_, what); }

 private:
  static constexpr std::uint32_t kSeveral = std::numeric_limits<std::uint32_t>::max();
  static constexpr char kNowhere = '\0';

  struct OpenFold {
    std::optional<std::string> name;
    std::optional<std::string> statement;
    std::optional<std::string> parts;
    std::array<bool, kLists.size()> lists{};
  };

  const std::string& required(const std::optional<std::string>& value, const char* key) const {
    if (!value) fail("\"" + std::string(key) + "\" is missing");
    return *value;
  }

  void take_schema(const std::string& schema) {
    if (schema != kSplitFileSchema && schema != kFirstSplitFileSchema) {
      fail("it is not a split file that this version reads (\"schema\" is \"" + schema +
           "\", not \"" + std::string(kSplitFileSchema) + "\" or \"" +
           std::string(kFirstSplitFileSchema) + "\")");
    }
    schema_ = schema;
  }

  void take_protocol(const std::string& protocol) {
    const auto known = protocols();
    if (std::ranges::find(known, protocol, &Protocol::name) == known.end()) {
      fail("there is no protocol \"" + protocol + "\"");
    }
    if (asked_ != "auto" && asked_ != protocol) {
      fail("it is of protocol " + protocol + ", but " + asked_ + " was asked for");
    }
    protocol_ = protocol;
  }

  void begin_clips(std::string_view schema, const std::string& key) {
    if (!schema_) fail("\"schema\" does not stand before its clips, as it does in a split file");
    if (schema_ != schema) fail("\"" + key + "\" does not belong into a file of " + *schema_);
    letters_.assign(manifest_.utterances.size(), kNowhere);
  }

  // The index of the clip that is called so; it stands in the list from now on.
  std::uint32_t take(const std::string& id, const std::string& list, std::size_t letter) {
    const auto found = index_of_.find(id);
    if (found == index_of_.end()) {
      fail("the data have no clip \"" + display_name(id) + "\", which stands in \"" + list +
           "\"; the file was written for other data, or clips have been moved");
    }
    if (found->second == kSeveral) {
      fail("two clips of the data are both shown as \"" + found->first + "\"");
    }
    char& place = letters_[found->second];
    if (place != kNowhere) {
      const bool in_ids = schema_ == kSplitFileSchema;
      fail("the clip \"" + found->first + "\" stands twice, in \"" +
           (in_ids ? "ids" : std::string(kLists[kPartLetters.find(place)])) + "\" and in \"" +
           list + "\"");
    }
    place = kPartLetters[letter];
    return found->second;
  }

  void require_complete(const std::string& nowhere) const {
    const auto missing = std::ranges::count(letters_, kNowhere);
    if (missing == 0) return;
    const auto first = std::ranges::find(letters_, kNowhere) - letters_.begin();
    fail("of the data's " + std::to_string(letters_.size()) + " clips " + std::to_string(missing) +
         " are " + nowhere + ", the first of them \"" +
         display_name(manifest_.utterances[static_cast<std::size_t>(first)].id) +
         "\"; write the split again");
  }

  std::string file_;
  const Manifest& manifest_;
  std::string asked_;
  std::string where_;
  std::unordered_map<std::string, std::uint32_t> index_of_;
  std::optional<std::string> schema_;
  std::optional<std::string> protocol_;
  std::optional<std::string> checksum_;
  bool have_folds_ = false;
  OpenFold fold_;
  std::size_t list_ = 0;
  std::vector<char> letters_;  // of each clip of the data, in the list of ids or in this fold
  std::vector<std::uint32_t> order_;
  std::vector<StoredFold> folds_;
  std::set<std::string> names_;
};

}  // namespace

std::unique_ptr<const FoldList> list_split_file(const std::filesystem::path& path,
                                                const Manifest& manifest,
                                                const std::string& protocol) {
  const std::string name = display_name(path.string());
  Reader reader(name, manifest, protocol);
  parse_split_file(core::read_file(path, kLargestSplitFile), name, reader);
  return reader.finish();
}

}  // namespace ser::corpus
