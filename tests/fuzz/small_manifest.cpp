#include "fuzz/small_manifest.h"

namespace ser::fuzz {

corpus::Manifest small_manifest() {
  corpus::Manifest manifest;
  for (const std::string speaker : {"A", "B", "C"}) {
    for (const std::string label : {"happy", "sad"}) {
      for (const std::string text : {"one", "two"}) {
        const std::string id = speaker + "_" + label + "_" + text + ".wav";
        manifest.utterances.push_back({id, "/corpus/" + id, "", speaker, text, label});
      }
    }
  }
  manifest.classes = {"happy", "sad"};
  manifest.layout = "csv";
  manifest.labels = "emotion";
  manifest.label_mapping = {{"happy", "happy"}, {"sad", "sad"}};
  return manifest;
}

}  // namespace ser::fuzz
