#include "search_run.h"

#include <optional>
#include <vector>

#include <spdlog/spdlog.h>

#include "ser/core/config.h"
#include "ser/core/error.h"
#include "ser/core/file.h"
#include "ser/core/interrupted.h"
#include "ser/core/json.h"
#include "ser/core/resumable_file.h"
#include "ser/corpus/display_name.h"
#include "ser/report/search.h"
#include "ser/train/search.h"

#include "app_main.h"
#include "output_file.h"
#include "progress.h"

namespace ser::apps {
namespace {

constexpr std::uint64_t kLargestSpace = 1 << 20;
constexpr std::uint64_t kLargestScores = std::uint64_t{256} << 20;

core::Json read_space(const std::string& path) {
  return core::parse_json(core::read_file(path, kLargestSpace), path);
}

// The scores in the lines behind the first, which says of which search they are.
std::vector<train::TrialScore> read_scores(const std::string& path, const core::Json& settings) {
  const std::string text = core::read_file(path, kLargestScores);
  std::vector<train::TrialScore> scores;
  std::size_t number = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string where = path + ", line " + std::to_string(++number);
    const auto json = core::parse_json(std::string_view(text).substr(begin, end - begin), where);
    if (number > 1) {
      scores.push_back(train::trial_score_from_json(json, where));
    } else if (json != settings) {
      throw core::ConfigError("E_RESUME_SETTINGS",
                              path +
                                  " holds another search: another recipe, space, number of "
                                  "trials, or other clips; name another --out");
    }
    begin = end + 1;
  }
  return scores;
}

// Keeps each score as it comes, so that a search that ends in whatever way can be resumed.
class ScoreFile {
 public:
  ScoreFile(const SearchOptions& options, const core::Json& settings) {
    if (options.resume && core::ResumableFile::is_complete(options.scores)) {
      known_ = read_scores(options.scores, settings);
      return;
    }
    file_.emplace(
        options.scores, settings,
        options.resume ? core::ResumableFile::Start::kResume : core::ResumableFile::Start::kNew);
    if (!file_->locked()) {
      spdlog::warn("this file system has no locks: see to it that no other run writes {}",
                   options.scores);
    }
    if (file_->resumed_from().is_null()) {
      file_->write(core::json_text(settings) + "\n");
    } else {
      known_ = read_scores(core::ResumableFile::partial_path(options.scores).string(), settings);
      spdlog::info("going on with {} scores of before", known_.size());
    }
  }

  const std::vector<train::TrialScore>& known() const { return known_; }

  void add(const train::TrialScore& score) {
    if (!file_) return;
    file_->write(core::json_text(train::to_json(score)) + "\n");
    file_->checkpoint({{"trial", score.trial}, {"fold", score.fold}});
  }

  void commit() {
    if (file_) file_->commit();
  }

 private:
  std::optional<core::ResumableFile> file_;
  std::vector<train::TrialScore> known_;
};

class SearchTalk : public train::SearchObserver {
 public:
  explicit SearchTalk(ScoreFile& scores) : scores_(scores) {}

  void on_plan(const std::string& statement) override {
    spdlog::info("{}; the test part is not read", statement);
  }
  void on_rung(std::size_t, std::size_t trials, std::size_t folds) override {
    clips_.reset();
    spdlog::info("{} trial{} in {} fold{}", trials, trials == 1 ? "" : "s", folds,
                 folds == 1 ? "" : "s");
  }
  void on_clips(std::size_t done, std::size_t total) override {
    if (!clips_) clips_.emplace("features");
    clips_->update(done, total);
  }
  void on_score(const train::TrialScore& score) override {
    clips_.reset();
    scores_.add(score);
    spdlog::info(
        "trial {}, fold {}: {}", score.trial, score.fold,
        score.uar ? fmt::format("UAR {:.4f}", *score.uar) : corpus::display_name(score.error));
  }
  bool stop_requested() override { return apps::stop_requested(); }

 private:
  ScoreFile& scores_;
  std::optional<Progress> clips_;
};

}  // namespace

int search_recipes(const SearchOptions& options, const train::Recipe& recipe,
                   const corpus::Manifest& manifest, const corpus::Split& split) {
  const train::SearchSpace space(read_space(options.space), recipe);
  train::SearchRequest request{recipe, space, options.trials, {}};
  OutputFile best(options.recipe);
  OutputFile markdown(options.markdown);
  ScoreFile scores(options, train::search_settings(manifest, split, request));
  request.known = scores.known();
  SearchTalk talk(scores);
  try {
    const auto report = train::search(manifest, split, request, options.jobs, talk);
    best.write(core::json_text(core::config_to_json(report.best), 2) + "\n");
    markdown.write(report::search_markdown(report));
    scores.commit();
    commit({&best, &markdown});
    print(report::search_text(report));
  } catch (const core::Interrupted&) {
    spdlog::info("{} holds the scores of before; go on with --resume",
                 core::ResumableFile::partial_path(options.scores).string());
    throw;
  }
  spdlog::info("the best recipe: {}; ser-train CORPUS --config {} trains and tests it",
               options.recipe, options.recipe);
  return kDone;
}

}  // namespace ser::apps
