#pragma once

#include <thread>
#include <vector>

namespace ser::core {

// Starts threads that run(1), run(2), ... run(jobs - 1): the caller is the worker 0. Where one
// cannot be started, those that run already have to end before this can be told: `stop` ends and
// joins them.
template <class Run, class Stop>
void start_threads(std::vector<std::thread>& threads, int jobs, const Run& run, const Stop& stop) {
  try {
    for (int worker = 1; worker < jobs; ++worker) {
      threads.emplace_back([run, worker] { run(worker); });
    }
  } catch (...) {
    stop();
    throw;
  }
}

}  // namespace ser::core
