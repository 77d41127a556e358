#include "ser/model/model_file.h"

#include <bit>
#include <cstring>

#include "ser/core/checksum.h"
#include "ser/core/error.h"
#include "ser/core/file.h"

#include "model/header_text.h"

namespace ser::model {
namespace {

using core::Json;
using core::ModelError;

constexpr std::string_view kMagic = "SERMODEL";
constexpr std::size_t kPreamble = 24;  // magic, version, reserved, header length
constexpr std::size_t kAlignment = 64;
constexpr std::size_t kChecksum = 8;

static_assert(std::endian::native == std::endian::little,
              "numbers are copied to and from the file as they lie in memory");

template <class Number>
void append(std::string& bytes, Number number) {
  bytes.append(reinterpret_cast<const char*>(&number), sizeof number);
}

template <class Number>
Number read_at(std::string_view bytes, std::size_t offset) {
  Number number;
  std::memcpy(&number, bytes.data() + offset, sizeof number);
  return number;
}

// Of a file that has at least a preamble.
std::uint32_t version_of(std::string_view bytes) { return read_at<std::uint32_t>(bytes, 8); }

std::size_t aligned(std::size_t size) { return (size + kAlignment - 1) / kAlignment * kAlignment; }

struct Tensor {
  const char* name;
  const Eigen::VectorXf* values;
};

// The arrays of a file, in order.
std::vector<Tensor> tensors_of(const ClassifierParts& parts) {
  return {{"normalizer.mean", &parts.normalizer.mean()},
          {"normalizer.scale", &parts.normalizer.scale()},
          {"network.parameters", &parts.parameters}};
}

// The member `key` of an object, or a ModelError that names it.
const Json& member(const Json& object, const char* key, const std::string& where) {
  const auto found = object.find(key);
  if (found == object.end()) {
    throw ModelError("E_MODEL_CONTENT", where + ": the header has no \"" + key + "\"");
  }
  return *found;
}

void check_version(std::uint32_t version, std::uint32_t newest, const std::string& where) {
  if (version >= kModelFileVersion && version <= newest) return;
  throw ModelError("E_MODEL_VERSION",
                   where + " has version " + std::to_string(version) +
                       " of the model format; this program reads version " +
                       std::to_string(kModelFileVersion) +
                       (newest > kModelFileVersion ? " to " + std::to_string(newest) : "") +
                       (version > newest ? ": a newer program made it" : ""));
}

// The header of a file whose checksum fits, of this version or an older one.
std::string_view checked_header(std::string_view bytes, std::uint32_t newest,
                                const std::string& where) {
  if (bytes.substr(0, kMagic.size()) != kMagic) {
    throw ModelError("E_MODEL_FORMAT", where + " is not a model file: it does not begin with \"" +
                                           std::string(kMagic) + "\"");
  }
  const auto truncated = [&] {
    return ModelError("E_MODEL_TRUNCATED", where + " is cut off: it has only " +
                                               std::to_string(bytes.size()) +
                                               " bytes; copy it again from where it came");
  };
  if (bytes.size() < kPreamble + kChecksum) throw truncated();
  check_version(version_of(bytes), newest, where);
  const auto header_size = read_at<std::uint64_t>(bytes, 16);
  if (header_size > bytes.size() - kPreamble - kChecksum) throw truncated();
  const auto stored = read_at<std::uint64_t>(bytes, bytes.size() - kChecksum);
  if (stored != core::checksum64(bytes.substr(0, bytes.size() - kChecksum))) {
    throw ModelError("E_MODEL_CHECKSUM",
                     where +
                         " is damaged: its checksum does not fit its content; copy it again "
                         "from where it came");
  }
  return bytes.substr(kPreamble, header_size);
}

// The tensors that the header lists, after checking the list against the bytes that are there.
std::vector<Eigen::VectorXf> read_tensors(std::string_view bytes, std::size_t header_size,
                                          const Json& header, const std::string& where) {
  const Json& list = member(header, "tensors", where);
  const std::vector<std::string> expected = {"normalizer.mean", "normalizer.scale",
                                             "network.parameters"};
  const auto bad_list = [&] {
    return ModelError("E_MODEL_CONTENT", where + ": the list of tensors is not as expected");
  };
  if (!list.is_array() || list.size() != expected.size()) throw bad_list();
  const std::size_t begin = aligned(kPreamble + header_size);
  const std::size_t end = bytes.size() - kChecksum;
  if (begin > end || (end - begin) % sizeof(float) != 0) {
    throw ModelError("E_MODEL_SIZE", where + ": no room for the tensors behind the header");
  }
  std::size_t available = (end - begin) / sizeof(float);
  std::vector<std::size_t> counts;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const Json& entry = list[i];
    if (!entry.is_object() || entry.value("name", Json()) != expected[i]) throw bad_list();
    const Json& count = member(entry, "count", where);
    if (!count.is_number_unsigned() || count.get<std::uint64_t>() > available) {
      throw ModelError("E_MODEL_SIZE",
                       where + ": the tensor \"" + expected[i] + "\" is larger than the file");
    }
    counts.push_back(count.get<std::size_t>());
    available -= counts.back();
  }
  if (available != 0) {
    throw ModelError("E_MODEL_SIZE", where + ": there are bytes behind the last tensor");
  }
  std::vector<Eigen::VectorXf> tensors;
  std::size_t offset = begin;
  for (const std::size_t count : counts) {
    auto& tensor = tensors.emplace_back(static_cast<Eigen::Index>(count));
    if (count > 0) std::memcpy(tensor.data(), bytes.data() + offset, count * sizeof(float));
    offset += count * sizeof(float);
  }
  return tensors;
}

// Magic, version and header, and zeros up to where the content begins.
std::string preamble(std::uint32_t version, const Json& header) {
  const std::string text = core::json_text(header);
  std::string bytes(kMagic);
  append(bytes, version);
  append(bytes, std::uint32_t{0});
  append(bytes, std::uint64_t{text.size()});
  bytes += text;
  bytes.resize(aligned(bytes.size()), '\0');
  return bytes;
}

std::string serialize_classifier(const EmotionClassifier& classifier, const Json& provenance) {
  const auto& parts = classifier.parts();
  Json header = Json::object();
  header["classes"] = parts.classes;
  header["clip"] = core::config_to_json(parts.clip);
  header["features"] = core::config_to_json(parts.features);
  header["network"] = classifier.network().to_json();
  header["normalization"] = parts.normalization;
  header["temperature"] = parts.temperature;
  header["provenance"] = provenance;
  header["tensors"] = Json::array();
  for (const auto& tensor : tensors_of(parts)) {
    header["tensors"].push_back({{"name", tensor.name}, {"count", tensor.values->size()}});
  }
  std::string bytes = preamble(kModelFileVersion, header);
  for (const auto& tensor : tensors_of(parts)) {
    bytes.append(reinterpret_cast<const char*>(tensor.values->data()),
                 static_cast<std::size_t>(tensor.values->size()) * sizeof(float));
  }
  append(bytes, core::checksum64(bytes));
  return bytes;
}

std::string serialize_ensemble(const Recogniser& recogniser) {
  Json header = Json::object();
  header["classes"] = recogniser.classes();
  header["temperature"] = recogniser.temperature();
  header["provenance"] = recogniser.provenance();
  header["members"] = Json::array();
  std::string members;
  for (const auto& member : recogniser.members()) {
    const std::string bytes = serialize_classifier(member, Json::object());
    header["members"].push_back({{"bytes", bytes.size()}});
    members += bytes;
    members.resize(aligned(members.size()), '\0');
  }
  std::string bytes = preamble(kEnsembleFileVersion, header) + members;
  append(bytes, core::checksum64(bytes));
  return bytes;
}

// Says of what is wrong where it is, unless that is said already.
template <class Body>
auto naming_the_source(const std::string& where, Body&& body) {
  try {
    return body();
  } catch (const core::ConfigError& error) {
    throw ModelError("E_MODEL_CONTENT", where + ": " + error.what());
  } catch (const ModelError& error) {
    const std::string message = error.what();
    if (message.starts_with(where)) throw;
    throw ModelError(error.code(), where + ": " + message);
  }
}

Json parsed_header(std::string_view text, Provenance provenance, const std::string& where) {
  Json header = provenance == Provenance::kRead
                    ? core::parse_json(text, "header")
                    : core::parse_json(without_member(text, "provenance"), "header");
  if (!header.is_object()) throw ModelError("E_MODEL_CONTENT", where + ": no header");
  return header;
}

EmotionClassifier deserialize_classifier(std::string_view bytes, Provenance provenance,
                                         const std::string& where) {
  const std::string_view header_text = checked_header(bytes, kModelFileVersion, where);
  return naming_the_source(where, [&] {
    const Json header = parsed_header(header_text, provenance, where);
    auto tensors = read_tensors(bytes, header_text.size(), header, where);
    ClassifierParts parts;
    core::config_detail::read_value(member(header, "classes", where), "classes", parts.classes);
    parts.clip = core::config_from_json<dataset::ClipConfig>(member(header, "clip", where), "clip");
    parts.features = core::config_from_json<features::FeatureConfig>(
        member(header, "features", where), "features");
    parts.network = member(header, "network", where);
    const Json& origin = member(header, "provenance", where);
    if (provenance == Provenance::kRead) parts.provenance = origin;
    // Either is absent in files of before there was a choice.
    if (const auto found = header.find("normalization"); found != header.end()) {
      core::config_detail::read_value(*found, "normalization", parts.normalization);
    }
    if (const auto found = header.find("temperature"); found != header.end()) {
      core::config_detail::read_value(*found, "temperature", parts.temperature);
    }
    parts.normalizer = dataset::Normalizer(std::move(tensors[0]), std::move(tensors[1]));
    parts.parameters = std::move(tensors[2]);
    return EmotionClassifier(std::move(parts));
  });
}

// The files of the members, after checking the list against the bytes that are there.
std::vector<std::string_view> read_members(std::string_view bytes, std::size_t header_size,
                                           const Json& header, const std::string& where) {
  const Json& list = member(header, "members", where);
  if (!list.is_array() || list.size() < 2 || list.size() > kMostMembers) {
    throw ModelError("E_MODEL_CONTENT", where + ": the list of members is not as expected");
  }
  std::size_t begin = aligned(kPreamble + header_size);
  const std::size_t end = bytes.size() - kChecksum;
  std::vector<std::string_view> members;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const Json size = list[i].is_object() ? list[i].value("bytes", Json()) : Json();
    if (!size.is_number_unsigned() || begin > end || size.get<std::uint64_t>() > end - begin) {
      throw ModelError("E_MODEL_SIZE",
                       where + ": member " + std::to_string(i + 1) + " is larger than the file");
    }
    members.push_back(bytes.substr(begin, size.get<std::size_t>()));
    begin = aligned(begin + members.back().size());
  }
  if (begin != end) {
    throw ModelError("E_MODEL_SIZE", where + ": there are bytes behind the last member");
  }
  return members;
}

Recogniser deserialize_ensemble(std::string_view bytes, Provenance provenance,
                                const std::string& where) {
  const std::string_view header_text = checked_header(bytes, kEnsembleFileVersion, where);
  return naming_the_source(where, [&] {
    const Json header = parsed_header(header_text, provenance, where);
    std::vector<EmotionClassifier> members;
    for (const auto file : read_members(bytes, header_text.size(), header, where)) {
      members.push_back(deserialize_classifier(
          file, provenance, where + ", member " + std::to_string(members.size() + 1)));
    }
    std::vector<std::string> classes;
    core::config_detail::read_value(member(header, "classes", where), "classes", classes);
    double temperature = 1.0;
    core::config_detail::read_value(member(header, "temperature", where), "temperature",
                                    temperature);
    const Json& origin = member(header, "provenance", where);
    Recogniser recogniser(std::move(members), temperature,
                          provenance == Provenance::kRead ? origin : Json::object());
    if (recogniser.classes() != classes) {
      throw ModelError("E_MODEL_CONTENT", where + ": the members have other classes");
    }
    return recogniser;
  });
}

}  // namespace

std::string serialize(const Recogniser& recogniser) {
  return recogniser.is_ensemble()
             ? serialize_ensemble(recogniser)
             : serialize_classifier(recogniser.only(), recogniser.provenance());
}

Recogniser deserialize(std::string_view bytes, std::string_view source, Provenance provenance) {
  const std::string where(source);
  const bool is_ensemble = bytes.size() >= kPreamble && bytes.starts_with(kMagic) &&
                           version_of(bytes) != kModelFileVersion;
  if (is_ensemble) return deserialize_ensemble(bytes, provenance, where);
  return deserialize_classifier(bytes, provenance, where);
}

Recogniser load_model(const std::filesystem::path& path, Provenance provenance) {
  std::string bytes;
  try {
    bytes = core::read_file(path, kLargestModelFile);
  } catch (const core::ConfigError& error) {
    throw ModelError(error.code() == "E_FILE_MISSING" ? "E_MODEL_MISSING" : "E_MODEL_READ",
                     error.what());
  }
  return deserialize(bytes, path.string(), provenance);
}

}  // namespace ser::model
