#include <cmath>
#include <cstring>
#include <optional>

#include "ser/core/checksum.h"
#include "ser/core/error.h"
#include "ser/core/json.h"
#include "ser/model/model_file.h"

#include "fuzz/readers.h"

namespace ser::fuzz {
namespace {

constexpr std::size_t kPreamble = 24;
constexpr std::size_t kAlignment = 64;
constexpr std::size_t kChecksum = 8;

template <class Number>
Number number_at(std::string_view bytes, std::size_t offset) {
  Number number;
  std::memcpy(&number, bytes.data() + offset, sizeof number);
  return number;
}

void put_checksum(std::string& bytes, std::size_t begin, std::size_t size) {
  const std::string_view file = std::string_view(bytes).substr(begin, size);
  const auto checksum = core::checksum64(file.substr(0, size - kChecksum));
  std::memcpy(bytes.data() + begin + size - kChecksum, &checksum, kChecksum);
}

// Those of the members of an ensemble.
void repair_members(std::string& bytes, std::size_t header_size) {
  core::Json header;
  try {
    header = core::parse_json(std::string_view(bytes).substr(kPreamble, header_size), "header");
  } catch (const core::ConfigError&) {
    return;
  }
  if (!header.is_object() || !header.contains("members")) return;
  const std::size_t end = bytes.size() - kChecksum;
  std::size_t begin = (kPreamble + header_size + kAlignment - 1) / kAlignment * kAlignment;
  for (const auto& member : header["members"]) {
    if (!member.is_object() || !member.contains("bytes")) return;
    const auto& size = member["bytes"];
    if (!size.is_number_unsigned() || begin > end || size.get<std::uint64_t>() > end - begin ||
        size.get<std::size_t>() < kChecksum) {
      return;
    }
    put_checksum(bytes, begin, size.get<std::size_t>());
    begin = (begin + size.get<std::size_t>() + kAlignment - 1) / kAlignment * kAlignment;
  }
}

// Without it nearly every file would be refused by its checksum, and nothing behind that be
// reached: who makes a hostile file makes it with the right one.
void repair(std::string& bytes) {
  if (bytes.size() < kPreamble + kChecksum) return;
  const auto header_size = number_at<std::uint64_t>(bytes, 16);
  if (header_size > bytes.size() - kPreamble - kChecksum) return;
  if (number_at<std::uint32_t>(bytes, 8) == model::kEnsembleFileVersion) {
    repair_members(bytes, static_cast<std::size_t>(header_size));
  }
  put_checksum(bytes, 0, bytes.size());
}

// The numbers behind a key, as digits, that decide how large filter banks and transforms become.
// All of those allowed are within bounds, but the largest take a tenth of a second and 100 MB.
bool is_cheap(std::string_view text) {
  for (const auto& [key, most] :
       {std::pair<std::string_view, long>{"\"fft_size\":", 2048}, {"\"mel_bands\":", 128}}) {
    for (std::size_t at = text.find(key); at != std::string_view::npos;
         at = text.find(key, at + 1)) {
      if (std::atol(std::string(text.substr(at + key.size(), 8)).c_str()) > most) return false;
    }
  }
  return text.find("\\u") == std::string_view::npos;
}

void predict(const model::Recogniser& recogniser) {
  audio::Waveform sound{std::vector<float>(400), 16000};
  for (std::size_t i = 0; i < sound.samples.size(); ++i) {
    sound.samples[i] = std::sin(0.1F * static_cast<float>(i * (1 + i % 7)));
  }
  try {
    const auto probabilities = recogniser.probabilities(sound);
    require(probabilities.size() == std::ssize(recogniser.classes()), "not one number a class");
    require(probabilities.allFinite(), "a probability is no number");
    require(std::abs(probabilities.sum() - 1.0F) < 1e-3F, "probabilities do not add up to 1");
  } catch (const core::Error&) {
  }
}

}  // namespace

// The first byte says in which of several ways the file is read.
bool read_model(Bytes bytes) {
  if (bytes.empty()) return false;
  const unsigned way = bytes.front();
  std::string file(text_of(bytes.subspan(1)));
  if (!is_cheap(file)) return false;
  if (way % 2 == 0) repair(file);
  const auto provenance = way / 2 % 2 == 0 ? model::Provenance::kRead : model::Provenance::kLeftOut;
  std::optional<model::Recogniser> recogniser;
  try {
    recogniser = model::deserialize(file, "input", provenance);
  } catch (const core::ModelError&) {
    return false;
  }
  require(!recogniser->classes().empty(), "a model without classes was read");
  if (way / 4 % 4 == 1) predict(*recogniser);
  if (way / 4 % 4 == 2) {
    const std::string again = model::serialize(*recogniser);
    require(model::serialize(model::deserialize(again, "output")) == again,
            "what was read and written is not read and written alike");
  }
  return true;
}

}  // namespace ser::fuzz
