#pragma once

#include <string>

#include "ser/core/error.h"

namespace ser::corpus {

// "CODE message" of the error that an action ends with; "no error" if it does not.
template <class Action>
std::string error_of(Action&& action) {
  try {
    action();
  } catch (const core::Error& error) {
    return error.code() + " " + error.what();
  }
  return "no error";
}

}  // namespace ser::corpus
