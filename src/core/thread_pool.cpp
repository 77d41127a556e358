#include "ser/core/thread_pool.h"

#include <algorithm>
#include <sched.h>
#include <utility>

#include "core/start_threads.h"

namespace ser::core {

ThreadPool::ThreadPool(int jobs) {
  start_threads(
      threads_, jobs, [this](int worker) { run_worker(worker); }, [this] { stop(); });
}

ThreadPool::~ThreadPool() { stop(); }

void ThreadPool::stop() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  work_available_.notify_all();
  for (auto& thread : threads_) thread.join();
}

void ThreadPool::parallel_for(std::size_t count,
                              const std::function<void(std::size_t, int)>& body) {
  {
    const std::scoped_lock lock(mutex_);
    body_ = &body;
    count_ = count;
    next_ = 0;
    error_ = nullptr;
    busy_ = jobs();
    ++generation_;
  }
  work_available_.notify_all();
  take_indices(0);
  std::unique_lock lock(mutex_);
  work_done_.wait(lock, [this] { return busy_ == 0; });
  body_ = nullptr;
  if (error_) std::rethrow_exception(std::exchange(error_, nullptr));
}

void ThreadPool::run_worker(int worker) {
  std::size_t seen = 0;
  while (true) {
    {
      std::unique_lock lock(mutex_);
      work_available_.wait(lock, [&] { return stopping_ || generation_ != seen; });
      if (stopping_) return;
      seen = generation_;
    }
    take_indices(worker);
  }
}

void ThreadPool::take_indices(int worker) {
  std::unique_lock lock(mutex_);
  while (next_ < count_) {
    const std::size_t index = next_++;
    lock.unlock();
    std::exception_ptr error;
    try {
      (*body_)(index, worker);
    } catch (...) {
      error = std::current_exception();
    }
    lock.lock();
    // Indices are handed out in order, so every index below the one that threw has been started,
    // and the lowest failure is known once all workers are done.
    if (error) {
      if (!error_ || index < error_index_) {
        error_ = error;
        error_index_ = index;
      }
      next_ = count_;
    }
  }
  if (--busy_ == 0) work_done_.notify_all();
}

int available_processors() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof set, &set) == 0) return std::max(1, CPU_COUNT(&set));
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

}  // namespace ser::core
