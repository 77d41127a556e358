#pragma once

#include <string>

#include "ser/core/error.h"

namespace ser::train {

// Runs the body; what it throws of recipes, corpora and models says the prefix before its message.
template <class Body>
auto with_prefixed_errors(const std::string& prefix, Body&& body) {
  try {
    return body();
  } catch (const core::ConfigError& error) {
    throw core::ConfigError(error.code(), prefix + error.what());
  } catch (const core::CorpusError& error) {
    throw core::CorpusError(error.code(), prefix + error.what());
  } catch (const core::ModelError& error) {
    throw core::ModelError(error.code(), prefix + error.what());
  }
}

}  // namespace ser::train
