#include "ser/corpus/manifest.h"

#include <algorithm>
#include <iterator>
#include <set>

#include "ser/core/error.h"
#include "ser/corpus/display_name.h"

namespace ser::corpus {
namespace {

std::vector<std::string> distinct(const std::vector<Utterance>& utterances,
                                  std::string Utterance::*member) {
  std::set<std::string> values;
  for (const auto& utterance : utterances) values.insert(utterance.*member);
  values.erase("");
  return {values.begin(), values.end()};
}

}  // namespace

int Manifest::label_index(std::size_t utterance) const {
  const std::string& label = utterances.at(utterance).label;
  const auto found = std::ranges::lower_bound(classes, label);
  if (found == classes.end() || *found != label) {
    throw core::CorpusError("E_CORPUS_LABEL", display_name(utterances[utterance].id) +
                                                  " has the label \"" + display_name(label) +
                                                  "\", which is none of the manifest's classes");
  }
  return static_cast<int>(std::distance(classes.begin(), found));
}

std::vector<std::string> Manifest::speakers() const {
  return distinct(utterances, &Utterance::speaker);
}

std::vector<std::string> Manifest::texts() const { return distinct(utterances, &Utterance::text); }

std::string_view Manifest::attribute(std::size_t utterance, std::string_view name) const {
  const auto& values = utterances.at(utterance).attributes;
  const auto found = std::ranges::find(attribute_names, name);
  const auto index = static_cast<std::size_t>(std::distance(attribute_names.begin(), found));
  return index < values.size() ? std::string_view(values[index]) : std::string_view();
}

}  // namespace ser::corpus
