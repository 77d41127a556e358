#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "ser/model/recogniser.h"

namespace ser::model {

// One file holds everything that prediction needs. All numbers are little-endian:
//
//   8 bytes   "SERMODEL"
//   u32       version of the format (1: a classifier)
//   u32       0
//   u64       length of the header
//   header    JSON: classes, clip, features, network, normalization, temperature, provenance, and
//             "tensors": a list of {"name", "count"} in the order in which they follow
//   zeros     up to a multiple of 64 bytes
//   float32   the tensors, one behind the other
//   u64       XXH3-64 of all bytes before it
//
// An ensemble has version 2. Its header has classes, temperature, provenance, and "members": a list
// of {"bytes"}, 2 to kMostMembers; behind it, in place of tensors, stand as many files of version
// 1, each followed by zeros up to a multiple of 64 bytes. Their own provenances are empty.
//
// There is no code in it. Every size is checked against the file before anything is allocated by
// it.
inline constexpr std::uint32_t kModelFileVersion = 1;
inline constexpr std::uint32_t kEnsembleFileVersion = 2;
inline constexpr std::uint64_t kLargestModelFile = std::uint64_t{1} << 31;

// The bytes of such a file.
std::string serialize(const Recogniser& recogniser);

// Most of a file may be how the recogniser was trained, such as fingerprints of its recordings
// (Recogniser::provenance()). Who only predicts leaves it out, which spares the time to read it:
// it is then an empty object.
enum class Provenance { kRead, kLeftOut };

// `where` names the source in messages. Throws ModelError: E_MODEL_FORMAT (not a model file),
// E_MODEL_VERSION (made by a newer program), E_MODEL_TRUNCATED, E_MODEL_CHECKSUM (damaged),
// E_MODEL_CONTENT, E_MODEL_SIZE (parts that do not fit each other).
Recogniser deserialize(std::string_view bytes, std::string_view where,
                       Provenance provenance = Provenance::kRead);

// Throws ModelError as above, and E_MODEL_MISSING or E_MODEL_READ.
Recogniser load_model(const std::filesystem::path& path, Provenance provenance = Provenance::kRead);

}  // namespace ser::model
