#pragma once

#include "ser/core/thread_pool.h"
#include "ser/dataset/examples.h"
#include "ser/nn/network.h"
#include "ser/train/fit.h"

namespace ser::train {

struct Judgement {
  double loss = 0.0;  // cross-entropy, mean over the examples
  double accuracy = 0.0;
  double uar = 0.0;
};

// How well a network does on normalised examples, of which there is at least one; dropout off.
Judgement judge(const nn::Network& network, const nn::Vector& parameters,
                const dataset::ExampleSet& examples, core::ThreadPool& pool);

// Notes in the record how well it does on the validation part.
void validate(const nn::Network& network, const nn::Vector& parameters,
              const dataset::ExampleSet& validation, core::ThreadPool& pool, EpochRecord& record);

}  // namespace ser::train
