#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "ser/corpus/manifest.h"
#include "ser/dataset/recording_facts.h"
#include "ser/report/page_sound.h"
#include "ser/report/picture.h"
#include "ser/report/terminal.h"

namespace ser::report {

// What is in a corpus.
struct CorpusFindings {
  const corpus::Manifest& manifest;
  const std::vector<dataset::RecordingFacts>& facts;  // one an utterance
  std::vector<dataset::OddRecording> odd;
};

// Clips by class and by speaker, lengths, sample rates, loudness and silence, and how the classes
// differ in these; the name is that of a file, and of the chart in the page.
struct NamedPicture {
  std::string name;
  Picture picture;
};
std::vector<NamedPicture> corpus_pictures(const CorpusFindings& findings);

// The statement of the manifest, a line a class, and the first odd recordings; names come out
// harmless. With a drawing of the counts and lengths if a style is given.
std::string corpus_text(const CorpusFindings& findings, const TerminalStyle* style = nullptr);

// A line a recording (RFC 4180): path, id, corpus, speaker, text, label, all numbers, what is odd
// about it, and its error.
void write_corpus_csv(const CorpusFindings& findings,
                      const std::function<void(std::string_view)>& sink);

// One HTML page as write_page() writes it (ser/report/page.h), with a list of all clips, the odd
// ones first.
void write_corpus_page(const CorpusFindings& findings, const std::vector<NamedPicture>& pictures,
                       const PageSound& sound, const std::function<void(std::string_view)>& sink);

}  // namespace ser::report
