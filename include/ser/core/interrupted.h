#pragma once

#include <exception>
#include <functional>

namespace ser::core {

// Thrown by long work whose caller asked it to stop: not a failure, so not an Error.
class Interrupted : public std::exception {
 public:
  const char* what() const noexcept override { return "interrupted"; }
};

// Asked often by long work, from any thread; true ends the work with Interrupted.
using StopRequested = std::function<bool()>;

}  // namespace ser::core
