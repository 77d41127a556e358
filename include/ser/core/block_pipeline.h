#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace ser::core {

// Carries blocks of items through three steps on a fixed number of threads, in memory that does not
// grow with their number: while the items of one block are worked on, earlier blocks are combined
// and finished, and the caller fills the next one. A block lies in one of a fixed number of slots,
// which are the caller's.
class BlockPipeline {
 public:
  struct Steps {
    // For each item of a block; items of any blocks run at one time.
    std::function<void(std::size_t slot, std::size_t item, int worker)> work;
    // Once all its items are done; different blocks run at one time.
    std::function<void(std::size_t slot, int worker)> combine;
    // After that, for one block after the other, in the order in which they were submitted.
    std::function<void(std::size_t slot)> finish;
  };

  // `jobs` workers in all, the calling thread among them, which works while it waits.
  BlockPipeline(int jobs, std::size_t slots, Steps steps);
  // Waits for what is being worked on; what was not begun is dropped.
  ~BlockPipeline();
  BlockPipeline(const BlockPipeline&) = delete;
  BlockPipeline& operator=(const BlockPipeline&) = delete;

  // The slot that the next block is to be put in; waits until it is free. Rethrows what a step
  // threw; then nothing is begun any more.
  std::size_t next_slot();
  // The block in next_slot() is complete; it has at least one item.
  void submit(std::size_t items);
  // Returns when all blocks are finished. Throws as next_slot() does.
  void drain();

 private:
  struct Block {
    std::size_t items = 0;
    std::size_t begun = 0;
    std::size_t done = 0;
    enum class State { kFilled, kCombining, kCombined } state = State::kFilled;
  };

  std::size_t slot_of(std::uint64_t number) const {
    return static_cast<std::size_t>(number % blocks_.size());
  }
  Block& block(std::uint64_t number) { return blocks_[slot_of(number)]; }
  void run_worker(int worker);
  // Ends the threads.
  void stop();
  // Does one piece of work; false if there is none at the moment.
  bool do_something(std::unique_lock<std::mutex>& lock, int worker);
  // Runs a step without the lock and keeps what it throws.
  template <class Step>
  void run(std::unique_lock<std::mutex>& lock, const Step& step);
  void help_until(const std::function<bool()>& reached);

  Steps steps_;
  std::vector<Block> blocks_;  // one a slot
  std::vector<std::thread> threads_;
  std::mutex mutex_;
  std::condition_variable changed_;
  // Numbers of blocks, counted from the first: those before finished_ are done with, those before
  // begun_ have no item left to begin, those before submitted_ are filled.
  std::uint64_t finished_ = 0;
  std::uint64_t begun_ = 0;
  std::uint64_t submitted_ = 0;
  bool finishing_ = false;
  bool stopping_ = false;
  std::exception_ptr error_;
};

}  // namespace ser::core
