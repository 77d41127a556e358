#include "ser/interchange/safetensors.h"

#include "ser/core/error.h"

#include "interchange/exported_model.h"
#include "interchange/numbers.h"

namespace ser::interchange {
namespace {

constexpr std::uint64_t kLargestHeader = 100'000'000;
constexpr std::size_t kAlignment = 8;

// Put together as a text, because an object of so many keys would be searched at each.
std::string header_of(const nn::Graph& graph, const Metadata& metadata) {
  core::Json texts = core::Json::object();
  for (const auto& [key, value] : metadata) texts[key] = value;
  std::string header = R"({"__metadata__":)" + json_text(texts);
  std::uint64_t begin = 0;
  for (const auto& parameter : graph.parameters) {
    const std::uint64_t end = begin + size_of_numbers(parameter);
    header +=
        "," + json_text(parameter.name) + ":" +
        json_text({{"dtype", "F32"}, {"shape", parameter.shape}, {"data_offsets", {begin, end}}});
    begin = end;
  }
  header += "}";
  header.resize((header.size() + kAlignment - 1) / kAlignment * kAlignment, ' ');
  return header;
}

}  // namespace

void write_safetensors(const model::EmotionClassifier& classifier, const ByteSink& sink) {
  const nn::Graph graph = graph_of(classifier);
  const std::string header = header_of(graph, metadata_of(classifier));
  const std::uint64_t length = header.size();
  if (length > kLargestHeader) {
    throw core::ModelError("E_EXPORT_SIZE",
                           "as safetensors the model would have a header of " +
                               std::to_string(length) + " bytes, but the format allows " +
                               std::to_string(kLargestHeader) + "; use shorter class names");
  }
  sink({reinterpret_cast<const char*>(&length), sizeof length});
  sink(header);
  for (const auto& parameter : graph.parameters) write_numbers(parameter, sink);
}

}  // namespace ser::interchange
