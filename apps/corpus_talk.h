#pragma once

#include <string>

#include "ser/core/thread_pool.h"
#include "ser/corpus/manifest.h"
#include "ser/dataset/survey.h"

namespace ser::apps {

// A text of several lines, on stderr.
void talk_lines(const std::string& text);

// What the headers of the recordings say, on stderr.
dataset::Survey talk_survey(const corpus::Manifest& manifest, core::ThreadPool& pool);

}  // namespace ser::apps
