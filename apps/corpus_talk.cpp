#include "corpus_talk.h"

#include <algorithm>

#include <spdlog/spdlog.h>

#include "app_main.h"

namespace ser::apps {

void talk_lines(const std::string& text) {
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    spdlog::info("{}", text.substr(begin, end - begin));
    begin = end + 1;
  }
}

dataset::Survey talk_survey(const corpus::Manifest& manifest, core::ThreadPool& pool) {
  auto survey = dataset::survey_recordings(manifest, pool, stop_requested);
  talk_lines(dataset::describe(survey));
  return survey;
}

}  // namespace ser::apps
