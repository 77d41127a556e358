#pragma once

#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace ser::core {

// A fixed number of workers for loops whose iterations do not depend on each other. Which worker
// runs an iteration is not determined, so nothing that reaches a result may depend on the worker's
// number.
class ThreadPool {
 public:
  // `jobs` workers in all, the calling thread among them; at least 1.
  explicit ThreadPool(int jobs);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  int jobs() const { return static_cast<int>(threads_.size()) + 1; }

  // Calls body(index, worker) once for each index in [0, count), worker in [0, jobs()), and returns
  // when all are done. If iterations throw, the rest of the indices is skipped and the exception of
  // the lowest index that threw is rethrown. Not reentrant; allocates nothing.
  void parallel_for(std::size_t count, const std::function<void(std::size_t, int)>& body);

 private:
  void run_worker(int worker);
  // Ends the threads.
  void stop();
  void take_indices(int worker);

  std::vector<std::thread> threads_;
  std::mutex mutex_;
  std::condition_variable work_available_;
  std::condition_variable work_done_;
  const std::function<void(std::size_t, int)>* body_ = nullptr;
  std::size_t count_ = 0;
  std::size_t next_ = 0;
  std::size_t generation_ = 0;
  int busy_ = 0;
  bool stopping_ = false;
  std::exception_ptr error_;
  std::size_t error_index_ = 0;
};

// The number of processors this process may use; at least 1.
int available_processors();

}  // namespace ser::core
