// A million names of recordings laid out, split by every protocol and checked, in less than 20 s
// and 1 GiB: prints what each step took, and fails where a limit is missed. No file is touched.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <sys/resource.h>
#include <vector>

#include "ser/corpus/split.h"

namespace {

using namespace ser;

constexpr double kMostSeconds = 20.0;
constexpr double kMostMib = 1024.0;

double peak_mib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024.0;
}

// Names of the layout nemo: 6,760 speakers at most, six emotions, 25 of 999 sentences for each.
std::vector<std::string> make_names(std::size_t count) {
  constexpr const char* kEmotions[] = {"anger",   "fear",    "happiness",
                                       "neutral", "sadness", "surprised"};
  std::vector<std::string> names;
  names.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t speaker = i / 150;
    const std::string code = {static_cast<char>('A' + speaker / 260 % 26),
                              static_cast<char>('A' + speaker / 10 % 26),
                              static_cast<char>('0' + speaker % 10)};
    const std::size_t sentence = 1 + (speaker * 7 + i % 150 / 6) % 999;
    names.push_back("corpus/speakers/" + code + "/samples/" + code + "_" + kEmotions[i % 6] + "_" +
                    std::to_string(sentence) + ".wav");
  }
  return names;
}

class Steps {
 public:
  void run(const char* name, const std::function<void()>& step) {
    const auto start = std::chrono::steady_clock::now();
    step();
    const double seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    total_s_ += seconds;
    std::printf("%-28s %6.2f s   peak %5.0f MiB\n", name, seconds, peak_mib());
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
  for (const char* protocol : {"speaker", "text", "random"}) {
    corpus::SplitConfig config;
    config.protocol = protocol;
    corpus::Split split;
    steps.run((std::string("split by ") + protocol).c_str(),
              [&] { split = corpus::make_split(manifest, config, core::RandomStream(1)); });
    steps.run("  checked", [&] { sound = sound && corpus::check_leaks(manifest, split).empty(); });
    sound = sound && !split.test.empty() && !split.validation.empty();
  }
  const bool kept = steps.total_s() < kMostSeconds && peak_mib() < kMostMib;
  std::printf("%zu names, %zu speakers, %zu texts: %.2f s, %.0f MiB: %s\n", count,
              manifest.speakers().size(), manifest.texts().size(), steps.total_s(), peak_mib(),
              !sound ? "WRONG"
              : kept ? "within 20 s and 1 GiB"
                     : "LIMIT MISSED");
  return sound && kept ? 0 : 1;
}
