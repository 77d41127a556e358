#pragma once

#include <stdexcept>
#include <string>

namespace ser::core {

// What every failure of the library throws. The message says what happened, where, what was
// expected and how to mend it; the code (`E_AUDIO_TRUNCATED`) is stable and meant for programs.
class Error : public std::runtime_error {
 public:
  Error(std::string code, const std::string& message)
      : std::runtime_error(message), code_(std::move(code)) {}

  const std::string& code() const noexcept { return code_; }

 private:
  std::string code_;
};

// A recording that cannot be read, or holds nothing that can be used.
class AudioError : public Error {
  using Error::Error;
};

// A configuration, recipe or option that is malformed, unknown or out of range.
class ConfigError : public Error {
  using Error::Error;
};

// A corpus that cannot be laid out, labelled or split.
class CorpusError : public Error {
  using Error::Error;
};

// A model file that is damaged, foreign, too new or inconsistent.
class ModelError : public Error {
  using Error::Error;
};

// An output that cannot be written: no permission, no space, no such folder.
class OutputError : public Error {
  using Error::Error;
};

}  // namespace ser::core
