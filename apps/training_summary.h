#pragma once

#include <string>

#include "ser/train/train_classifier.h"

namespace ser::apps {

// What a score is a score of: recipe, seed, protocol and split, in a line.
std::string training_statement(const train::TrainingReport& report);

// What stands on stdout when a model is trained: the score, and what it is a score of.
std::string training_summary(const train::TrainingReport& report);

}  // namespace ser::apps
