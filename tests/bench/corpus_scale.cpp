// A million names of recordings laid out and split by every protocol into all of its folds, of
// which the last is checked for leaks, in less than 20 s of processor time and 1 GiB: prints what
// each step took, and fails where a limit is missed. No file is touched.
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <memory>
#include <string>
#include <sys/resource.h>
#include <vector>

#include "ser/corpus/fold_list.h"
#include "ser/corpus/protocol.h"

namespace {

using namespace ser;

constexpr double kMostSeconds = 20.0;
constexpr double kMostMib = 1024.0;

double peak_mib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024.0;
}

constexpr std::size_t kSpeakers = 100;
constexpr int kFolds = 5;

// Names of the layout nemo: as many speakers as there are folds of protocol loso, six emotions, any
// of 999 sentences; a folder a take, so that a name may come again.
std::vector<std::string> make_names(std::size_t count) {
  constexpr const char* kEmotions[] = {"anger",   "fear",    "happiness",
                                       "neutral", "sadness", "surprised"};
  std::vector<std::string> names;
  names.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t speaker = i % kSpeakers;
    const std::string code = {static_cast<char>('A' + speaker / 10), 'B',
                              static_cast<char>('0' + speaker % 10)};
    const std::size_t clip = i / kSpeakers;
    names.push_back("corpus/take" + std::to_string(clip / 5994) + "/" + code + "_" +
                    kEmotions[clip % 6] + "_" + std::to_string(1 + clip / 6 % 999) + ".wav");
  }
  return names;
}

// Gives clips what names do not tell: the corpus, by groups of speakers, and the part.
void fill_in(corpus::Manifest& manifest) {
  for (std::size_t i = 0; i < manifest.utterances.size(); ++i) {
    auto& utterance = manifest.utterances[i];
    utterance.corpus = std::string(1, static_cast<char>('A' + (utterance.speaker[0] - 'A') / 2));
    utterance.part = i % 10 == 0 ? "test" : i % 10 == 1 ? "validation" : "train";
  }
}

class Steps {
 public:
  void run(const std::string& name, const std::function<void()>& step) {
    const std::clock_t start = std::clock();
    step();
    const double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
    total_s_ += seconds;
    std::printf("%-28s %6.2f s   peak %5.0f MiB\n", name.c_str(), seconds, peak_mib());
  }

  double total_s() const { return total_s_; }

 private:
  double total_s_ = 0.0;
};

}  // namespace

int main(int argc, char** argv) {
  const std::size_t count = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 1000000;
  auto names = make_names(count);
  Steps steps;
  corpus::Manifest manifest;
  steps.run("layout", [&] { manifest = corpus::lay_out("/data/large", std::move(names)); });
  std::string statement;
  steps.run("statement", [&] { statement = corpus::describe(manifest); });
  bool sound = manifest.utterances.size() == count && manifest.layout == "nemo";
  fill_in(manifest);
  for (const auto* protocol : corpus::protocols()) {
    corpus::SplitConfig config;
    config.protocol = protocol->name();
    config.folds = kFolds;
    // Folds are made one at a time, as they are written to a file.
    std::unique_ptr<const corpus::FoldList> folds;
    corpus::Split split;
    steps.run(config.protocol, [&] {
      folds = corpus::list_folds(manifest, config, core::RandomStream(1));
      for (std::size_t f = 0; f < folds->size(); ++f) {
        split = folds->make(f);
        sound = sound && !split.train.empty() && !split.validation.empty() && !split.test.empty();
      }
    });
    steps.run("  the last checked",
              [&] { sound = sound && corpus::check_leaks(manifest, split).empty(); });
    std::printf("  %zu fold%s\n", folds->size(), folds->size() == 1 ? "" : "s");
  }
  const bool kept = steps.total_s() < kMostSeconds && peak_mib() < kMostMib;
  std::printf("%zu names, %zu speakers, %zu texts: %.2f s, %.0f MiB: %s\n", count,
              manifest.speakers().size(), manifest.texts().size(), steps.total_s(), peak_mib(),
              !sound ? "WRONG"
              : kept ? "within 20 s and 1 GiB"
                     : "LIMIT MISSED");
  return sound && kept ? 0 : 1;
}
