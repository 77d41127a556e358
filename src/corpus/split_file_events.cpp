#include "corpus/split_file_events.h"

#include <algorithm>
#include <initializer_list>
#include <set>
#include <vector>

#include "ser/core/error.h"
#include "ser/core/json.h"
#include "ser/corpus/display_name.h"

namespace ser::corpus {
namespace {

using core::Json;

constexpr std::size_t kMaxNesting = 32;

// What a value is part of.
enum class In { kNothing, kFile, kManifest, kIds, kFolds, kFold, kList, kElsewhere };

// What a value has to be.
enum class Want { kAnything, kText, kId, kList, kObject };

class Parser final : public nlohmann::json_sax<Json> {
 public:
  Parser(std::string where, SplitFileEvents& events) : where_(std::move(where)), events_(events) {}

  bool null() override { return scalar(nullptr); }
  bool boolean(bool) override { return scalar(nullptr); }
  bool number_integer(number_integer_t) override { return scalar(nullptr); }
  bool number_unsigned(number_unsigned_t) override { return scalar(nullptr); }
  bool number_float(number_float_t, const string_t&) override { return scalar(nullptr); }
  bool binary(binary_t&) override { return scalar(nullptr); }
  bool string(string_t& value) override { return scalar(&value); }

  bool start_object(std::size_t) override { return begin(Want::kObject); }
  bool start_array(std::size_t) override { return begin(Want::kList); }
  bool end_array() override { return end(); }
  bool end_object() override {
    if (in() == In::kFold) events_.end_fold();
    return end();
  }

  bool key(string_t& name) override {
    Level& level = levels_.back();
    level.key = name;
    if (wanted() != Want::kAnything && !level.met.insert(name).second) {
      events_.fail("\"" + name + "\" stands twice");
    }
    return true;
  }

  bool parse_error(std::size_t, const std::string&, const Json::exception& error) override {
    throw core::ConfigError("E_JSON", where_ + ": " + display_name(error.what()));
  }

 private:
  struct Level {
    In in = In::kElsewhere;
    std::string key{};  // of the value that is next
    std::set<std::string> met{};
  };

  In in() const { return levels_.empty() ? In::kNothing : levels_.back().in; }

  Want wanted() const {
    const auto one_of = [&](std::initializer_list<const char*> names) {
      return std::ranges::find(names, levels_.back().key) != names.end();
    };
    switch (in()) {
      case In::kNothing:
      case In::kFolds:
        return Want::kObject;
      case In::kIds:
      case In::kList:
        return Want::kId;
      case In::kFile:
        if (one_of({"schema", "protocol"})) return Want::kText;
        if (one_of({"ids", "folds"})) return Want::kList;
        return one_of({"manifest"}) ? Want::kObject : Want::kAnything;
      case In::kManifest:
        return one_of({"checksum"}) ? Want::kText : Want::kAnything;
      case In::kFold:
        if (one_of({"fold", "statement", "parts"})) return Want::kText;
        return one_of({"train", "validation", "test", "left_out"}) ? Want::kList : Want::kAnything;
      case In::kElsewhere:
        break;
    }
    return Want::kAnything;
  }

  void fail(Want want) const {
    // of an id the member is that of the list which it stands in
    const std::size_t back = want == Want::kId ? 2 : 1;
    const std::string name =
        levels_.size() < back ? "" : "\"" + levels_[levels_.size() - back].key + "\"";
    if (want == Want::kText) events_.fail(name + " is not a text");
    if (want == Want::kList) events_.fail(name + " is not a list");
    if (want == Want::kId) events_.fail(name + " holds something that is no id");
    events_.fail("expected an object");
  }

  bool scalar(const std::string* text) {
    const Want want = wanted();
    if (want == Want::kAnything) return true;
    if (text == nullptr || want == Want::kList || want == Want::kObject) fail(want);
    if (in() == In::kIds) events_.id(*text);
    if (in() == In::kList) events_.list_id(*text);
    if (in() == In::kFold) events_.fold_text(levels_.back().key, *text);
    if (in() == In::kFile || in() == In::kManifest) events_.text(levels_.back().key, *text);
    return true;
  }

  bool begin(Want what) {
    const Want want = wanted();
    if (want != Want::kAnything && want != what) fail(want);
    if (levels_.size() >= kMaxNesting) {
      events_.fail("nested deeper than " + std::to_string(kMaxNesting) + " levels");
    }
    Level next;
    if (want != Want::kAnything) {
      switch (in()) {
        case In::kNothing:
          next.in = In::kFile;
          break;
        case In::kFolds:
          next.in = In::kFold;
          events_.begin_fold();
          break;
        case In::kFold:
          next.in = In::kList;
          events_.begin_list(levels_.back().key);
          break;
        default:
          next.in = begin_member();
      }
    }
    levels_.push_back(std::move(next));
    return true;
  }

  In begin_member() {
    const std::string& key = levels_.back().key;
    if (key == "manifest") return In::kManifest;
    if (key == "folds") {
      events_.begin_folds();
      return In::kFolds;
    }
    events_.begin_ids();
    return In::kIds;
  }

  bool end() {
    levels_.pop_back();
    return true;
  }

  std::string where_;
  SplitFileEvents& events_;
  std::vector<Level> levels_;
};

}  // namespace

void parse_split_file(std::string_view text, const std::string& where, SplitFileEvents& events) {
  Parser parser(where, events);
  Json::sax_parse(text.begin(), text.end(), &parser);
}

}  // namespace ser::corpus
