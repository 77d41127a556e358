#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "ser/eval/bootstrap.h"
#include "ser/eval/gate.h"
#include "ser/eval/permutation_importance.h"

#include "evaluation_outputs.h"

namespace ser::apps {

// What ser-eval was asked for.
struct EvaluationRequest {
  std::vector<std::filesystem::path> roots;
  std::string model;
  std::string format = "text";
  std::string part = "unseen";
  std::string layout = "auto";
  std::string map;
  std::string keep;
  std::string drop;
  std::vector<std::string> columns;
  std::optional<double> threshold;
  bool stress = false;
  bool importance = false;
  eval::ImportanceConfig importance_config;
  eval::BootstrapConfig bootstrap;
  std::map<eval::GateKind, std::vector<std::string>> gates;
  std::string baseline;
  std::string compare;
  std::string with;
  EvaluationFiles files;
  int jobs = 1;
};

void add_evaluation_options(CLI::App& app, EvaluationRequest& request);

// Throws ConfigError (E_GATE) for a gate that cannot be, before anything is read.
std::vector<eval::Gate> gates_of(const EvaluationRequest& request);

}  // namespace ser::apps
