#include "ser/train/checkpoint.h"

#include <array>
#include <bit>
#include <cstring>

#include "ser/core/checksum.h"
#include "ser/core/error.h"

namespace ser::train {
namespace {

static_assert(std::endian::native == std::endian::little, "checkpoints are little-endian");

constexpr std::string_view kMagic = "SERCHKPT";
constexpr int kVersion = 1;
constexpr std::uint64_t kLargestHeader = std::uint64_t{4} << 20;

constexpr std::size_t kNumbersOfState = 5;
constexpr std::size_t kNumbersOfRecord = 6;

void append_number(std::string& bytes, std::uint64_t number) {
  std::array<char, sizeof number> raw{};
  std::memcpy(raw.data(), &number, sizeof number);
  bytes.append(raw.data(), raw.size());
}

template <class T>
void append_all(std::string& bytes, const T* values, std::size_t count) {
  if (count == 0) return;
  const std::size_t begin = bytes.size();
  bytes.resize(begin + count * sizeof(T));
  std::memcpy(bytes.data() + begin, values, count * sizeof(T));
}

std::vector<double> numbers_of(const FitState& state) {
  std::vector<double> numbers = {state.optimizer.learning_rate, state.best.score, state.best.loss,
                                 state.plateau.score, state.plateau.loss};
  for (const auto& record : state.result.history) {
    numbers.insert(numbers.end(),
                   {record.learning_rate, record.loss, record.accuracy, record.validation_loss,
                    record.validation_accuracy, record.validation_uar});
  }
  return numbers;
}

std::vector<const nn::Vector*> vectors_of(const FitState& state) {
  std::vector<const nn::Vector*> vectors = {&state.parameters, &state.average,
                                            &state.result.parameters};
  for (const auto& moment : state.optimizer.moments) vectors.push_back(&moment);
  return vectors;
}

class Reader {
 public:
  Reader(std::string_view bytes, std::string where) : bytes_(bytes), where_(std::move(where)) {}

  [[noreturn]] void damaged(const std::string& why) const {
    throw core::ConfigError("E_CHECKPOINT_DAMAGED", where_ + " is no whole checkpoint: " + why);
  }

  std::string_view take(std::uint64_t count) {
    if (count > bytes_.size() - at_) damaged("it is cut off");
    const auto taken = bytes_.substr(at_, count);
    at_ += count;
    return taken;
  }

  std::uint64_t number() {
    std::uint64_t value = 0;
    std::memcpy(&value, take(sizeof value).data(), sizeof value);
    return value;
  }

  std::uint64_t left() const { return bytes_.size() - at_; }

 private:
  std::string_view bytes_;
  std::string where_;
  std::uint64_t at_ = 0;
};

// A number of the header, up to `most`.
std::uint64_t count_in(const core::Json& header, const char* key, std::uint64_t most,
                       const Reader& reader) {
  const auto found = header.find(key);
  if (found == header.end() || !found->is_number_unsigned() || found->get<std::uint64_t>() > most) {
    reader.damaged(std::string(key) + " is not what it should be");
  }
  return found->get<std::uint64_t>();
}

core::Json read_header(Reader& reader, const std::string& where) {
  if (reader.left() < kMagic.size() || reader.take(kMagic.size()) != kMagic) {
    reader.damaged("it does not begin as one");
  }
  const std::uint64_t length = reader.number();
  if (length > kLargestHeader) reader.damaged("its header is too long");
  core::Json header = core::Json::object();
  try {
    header = core::parse_json(reader.take(length), where);
  } catch (const core::ConfigError& error) {
    if (error.code() != "E_JSON") throw;
    reader.damaged("its header is no JSON");
  }
  if (!header.is_object()) reader.damaged("its header is no object");
  return header;
}

void require_checksum(std::string_view bytes, Reader& reader) {
  constexpr std::size_t kLength = sizeof(std::uint64_t);
  if (bytes.size() < kLength) reader.damaged("it is cut off");
  std::uint64_t stored = 0;
  std::memcpy(&stored, bytes.data() + bytes.size() - kLength, kLength);
  if (core::checksum64(bytes.substr(0, bytes.size() - kLength)) != stored) {
    reader.damaged("its checksum is another");
  }
}

}  // namespace

bool BestEpoch::update(double new_score, double new_loss) {
  if (new_score > score || (new_score == score && new_loss < loss)) {
    score = new_score;
    loss = new_loss;
    epochs_since = 0;
    return true;
  }
  ++epochs_since;
  return false;
}

std::string serialize(const FitState& state, const std::string& fit) {
  const auto vectors = vectors_of(state);
  core::Json sizes = core::Json::array();
  for (const auto* vector : vectors) sizes.push_back(static_cast<std::uint64_t>(vector->size()));
  const auto number = [](auto value) { return static_cast<std::uint64_t>(value); };
  const core::Json header = {{"version", kVersion},
                             {"fit", fit},
                             {"examples", state.examples},
                             {"done", state.done},
                             {"steps", number(state.steps)},
                             {"optimizer_steps", number(state.optimizer.steps)},
                             {"average_steps", number(state.average_steps)},
                             {"best_epochs_since", number(state.best.epochs_since)},
                             {"plateau_epochs_since", number(state.plateau.epochs_since)},
                             {"best_epoch", number(state.result.best_epoch)},
                             {"early_stopping", state.result.end == FitResult::End::kEarlyStopping},
                             {"records", number(state.result.history.size())},
                             {"scalar_bytes", number(sizeof(nn::Scalar))},
                             {"sizes", std::move(sizes)}};
  std::string bytes(kMagic);
  const std::string text = core::json_text(header);
  append_number(bytes, text.size());
  bytes += text;
  const auto numbers = numbers_of(state);
  append_all(bytes, numbers.data(), numbers.size());
  for (const auto* vector : vectors) {
    append_all(bytes, vector->data(), static_cast<std::size_t>(vector->size()));
  }
  append_number(bytes, core::checksum64(bytes));
  return bytes;
}

FitState deserialize_fit_state(std::string_view bytes, const std::string& fit,
                               const std::string& where) {
  Reader reader(bytes, where);
  require_checksum(bytes, reader);
  const core::Json header = read_header(reader, where);
  constexpr std::uint64_t kMost = std::uint64_t{1} << 40;
  if (count_in(header, "version", kMost, reader) != kVersion ||
      count_in(header, "scalar_bytes", kMost, reader) != sizeof(nn::Scalar)) {
    reader.damaged("another version of the toolkit wrote it");
  }
  const auto found = header.find("fit");
  if (found == header.end() || *found != fit) reader.damaged("it is of another fit");
  FitState state;
  const auto text = header.find("examples");
  const auto done = header.find("done");
  const auto stopped = header.find("early_stopping");
  if (text == header.end() || !text->is_string() || done == header.end() || !done->is_boolean() ||
      stopped == header.end() || !stopped->is_boolean()) {
    reader.damaged("its header is not whole");
  }
  state.examples = text->get<std::string>();
  state.done = done->get<bool>();
  if (stopped->get<bool>()) state.result.end = FitResult::End::kEarlyStopping;
  constexpr std::uint64_t kMostEpochs = 100'000;
  const auto small = [&](const char* key) {
    return static_cast<int>(count_in(header, key, kMostEpochs, reader));
  };
  const auto large = [&](const char* key) {
    return static_cast<std::int64_t>(count_in(header, key, kMost, reader));
  };
  state.steps = large("steps");
  state.optimizer.steps = large("optimizer_steps");
  state.average_steps = large("average_steps");
  state.best.epochs_since = small("best_epochs_since");
  state.plateau.epochs_since = small("plateau_epochs_since");
  state.result.best_epoch = small("best_epoch");
  const auto records = static_cast<std::size_t>(small("records"));
  if (state.result.best_epoch < 1 || static_cast<std::size_t>(state.result.best_epoch) > records) {
    reader.damaged("its best epoch is none of its epochs");
  }

  const auto sizes = header.find("sizes");
  constexpr std::size_t kLeastVectors = 3;
  constexpr std::size_t kMostVectors = kLeastVectors + 4;
  if (sizes == header.end() || !sizes->is_array() || sizes->size() < kLeastVectors ||
      sizes->size() > kMostVectors) {
    reader.damaged("its sizes are not what they should be");
  }
  std::uint64_t scalars = 0;
  for (const auto& size : *sizes) {
    if (!size.is_number_unsigned() || size.get<std::uint64_t>() > kMost) {
      reader.damaged("its sizes are not what they should be");
    }
    scalars += size.get<std::uint64_t>();
  }
  const std::uint64_t doubles = kNumbersOfState + kNumbersOfRecord * records;
  if (reader.left() !=
      doubles * sizeof(double) + scalars * sizeof(nn::Scalar) + sizeof(std::uint64_t)) {
    reader.damaged("its sizes are not those of the file");
  }

  std::vector<double> numbers(doubles);
  std::memcpy(numbers.data(), reader.take(doubles * sizeof(double)).data(),
              doubles * sizeof(double));
  state.optimizer.learning_rate = numbers[0];
  state.best.score = numbers[1];
  state.best.loss = numbers[2];
  state.plateau.score = numbers[3];
  state.plateau.loss = numbers[4];
  for (std::size_t i = 0; i < records; ++i) {
    const double* n = numbers.data() + kNumbersOfState + kNumbersOfRecord * i;
    state.result.history.push_back({static_cast<int>(i + 1), n[0], n[1], n[2], n[3], n[4], n[5]});
  }
  const auto vector = [&](std::size_t i) {
    const auto size = (*sizes)[i].get<std::uint64_t>();
    nn::Vector values(static_cast<nn::Index>(size));
    const auto raw = reader.take(size * sizeof(nn::Scalar));
    if (size > 0) std::memcpy(values.data(), raw.data(), raw.size());
    return values;
  };
  state.parameters = vector(0);
  state.average = vector(1);
  state.result.parameters = vector(2);
  for (std::size_t i = kLeastVectors; i < sizes->size(); ++i) {
    state.optimizer.moments.push_back(vector(i));
  }
  return state;
}

}  // namespace ser::train
