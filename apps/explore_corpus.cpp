#include "explore_corpus.h"

#include <algorithm>
#include <filesystem>
#include <memory>

#include <spdlog/spdlog.h>

#include "ser/core/error.h"
#include "ser/core/thread_pool.h"
#include "ser/report/corpus.h"

#include "app_main.h"
#include "output_file.h"
#include "progress.h"
#include "recipe_options.h"
#include "report_page.h"
#include "terminal_options.h"

namespace ser::apps {
namespace {

struct CorpusRequest {
  std::vector<std::filesystem::path> roots;
  std::string out;
  bool embed_audio = false;
  corpus::CorpusConfig config;
  std::string map;
  std::string keep;
  std::string drop;
  TerminalRequest terminal;
  int jobs = 1;
};

void add_corpus_options(CLI::App& app, CorpusRequest& request) {
  app.add_option("CORPUS", request.roots,
                 "folder with the recordings, or manifest (.csv, .tsv, .jsonl); several are one")
      ->required();
  app.add_option("-o,--out", request.out,
                 "folder for a page to look at, its pictures as .svg and .png, and clips.csv")
      ->type_name("DIR");
  app.add_flag("--embed-audio", request.embed_audio, "the page holds the sound of the clips");
  app.add_option("--layout", request.config.layout,
                 "how files are named; default: found by itself");
  app.add_option("--labels", request.config.labels,
                 "emotion, or folder: the folder's name is the class")
      ->check(CLI::IsMember({"emotion", "folder"}));
  app.add_option("--map", request.map,
                 "a label that becomes another, as in calm=neutral; repeatable")
      ->join(',');
  app.add_option("--keep", request.keep, "the labels that are looked at, with commas between")
      ->join(',');
  app.add_option("--drop", request.drop, "labels that are not looked at, with commas between")
      ->join(',');
  add_terminal_options(app, request.terminal);
  add_jobs_option(app, request.jobs);
}

// What the folder is filled with.
class CorpusOutputs {
 public:
  explicit CorpusOutputs(const CorpusRequest& request)
      : folder_(request.out),
        page_(folder_.file("index.html")),
        clips_(folder_.file("clips.csv")),
        sound_{folder_.path(),
               request.embed_audio ? report::PageSound::Kind::kEmbedded
                                   : report::PageSound::Kind::kLinked,
               stop_requested} {}

  void write(const report::CorpusFindings& findings) {
    if (!page_) return;
    const auto pictures = report::corpus_pictures(findings);
    report::write_corpus_page(findings, pictures, sound_, page_.sink());
    report::write_corpus_csv(findings, clips_.sink());
    std::vector<OutputFile*> all = {&page_, &clips_};
    for (const auto& [name, picture] : pictures) {
      drawn_.push_back(std::make_unique<OutputFile>(folder_.file(name + ".svg")));
      drawn_.back()->write(picture.svg());
      drawn_.push_back(std::make_unique<OutputFile>(folder_.file(name + ".png")));
      drawn_.back()->write(picture.png());
    }
    for (const auto& file : drawn_) all.push_back(file.get());
    commit(all);
    folder_.keep();
  }

 private:
  OutputFolder folder_;
  OutputFile page_;
  OutputFile clips_;
  std::vector<std::unique_ptr<OutputFile>> drawn_;
  report::PageSound sound_;
};

int explore_corpus(CorpusRequest request) {
  if (request.embed_audio && request.out.empty()) {
    throw core::ConfigError("E_USAGE", "--embed-audio is for the page of --out DIR");
  }
  for (const auto& root : request.roots) {
    require_distinct_files(
        {{"the corpus", root.string()}, {"the folder of the page", request.out}});
  }
  request.config.map = split_list(request.map);
  request.config.keep = split_list(request.keep);
  request.config.drop = split_list(request.drop);
  CorpusOutputs outputs(request);
  const auto manifest = corpus::read_corpora(request.roots, request.config);
  core::ThreadPool pool(request.jobs);
  Progress progress("clips");
  const auto facts = dataset::measure_recordings(
      manifest, pool, [&](std::size_t done) { progress.update(done, manifest.utterances.size()); },
      stop_requested);
  progress.finish();
  const auto failed =
      std::ranges::count_if(facts, [](const auto& one) { return !one.error_code.empty(); });
  if (failed == static_cast<std::ptrdiff_t>(facts.size())) {
    throw core::AudioError(
        "E_AUDIO_NONE_USABLE",
        "none of the recordings could be read; the first: " + facts.front().error);
  }
  const report::CorpusFindings findings{manifest, facts, dataset::odd_recordings(manifest, facts)};
  outputs.write(findings);
  const auto style = terminal_style(request.terminal.colour);
  print(report::corpus_text(findings, request.terminal.draw ? &style : nullptr));
  if (failed > 0) spdlog::warn("{} of {} recordings could not be read", failed, facts.size());
  return failed == 0 ? kDone : kIncomplete;
}

}  // namespace

Subcommand add_corpus_command(CLI::App& parent) {
  CLI::App* const app = parent.add_subcommand(
      "corpus", "Shows what is in a corpus: classes, speakers, lengths, loudness, odd recordings.");
  const auto request = std::make_shared<CorpusRequest>();
  add_corpus_options(*app, *request);
  return {app, [request] { return explore_corpus(*request); }};
}

}  // namespace ser::apps
