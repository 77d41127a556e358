#include "ser/core/block_pipeline.h"

#include <utility>

#include "core/start_threads.h"

namespace ser::core {

BlockPipeline::BlockPipeline(int jobs, std::size_t slots, Steps steps)
    : steps_(std::move(steps)), blocks_(slots) {
  start_threads(
      threads_, jobs, [this](int worker) { run_worker(worker); }, [this] { stop(); });
}

BlockPipeline::~BlockPipeline() { stop(); }

void BlockPipeline::stop() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  for (auto& thread : threads_) thread.join();
}

std::size_t BlockPipeline::next_slot() {
  help_until([this] { return submitted_ - finished_ < blocks_.size(); });
  return slot_of(submitted_);
}

void BlockPipeline::submit(std::size_t items) {
  {
    const std::scoped_lock lock(mutex_);
    block(submitted_) = {};
    block(submitted_).items = items;
    ++submitted_;
  }
  changed_.notify_all();
}

void BlockPipeline::drain() {
  help_until([this] { return finished_ == submitted_; });
}

void BlockPipeline::help_until(const std::function<bool()>& reached) {
  std::unique_lock lock(mutex_);
  while (!error_ && !reached()) {
    if (!do_something(lock, 0)) changed_.wait(lock);
  }
  if (error_) std::rethrow_exception(error_);
}

void BlockPipeline::run_worker(int worker) {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    if (!do_something(lock, worker)) changed_.wait(lock);
  }
}

template <class Step>
void BlockPipeline::run(std::unique_lock<std::mutex>& lock, const Step& step) {
  lock.unlock();
  std::exception_ptr error;
  try {
    step();
  } catch (...) {
    error = std::current_exception();
  }
  lock.lock();
  if (!error) return;
  if (!error_) error_ = error;
  changed_.notify_all();
}

bool BlockPipeline::do_something(std::unique_lock<std::mutex>& lock, int worker) {
  if (error_) return false;
  // What is furthest comes first, so that slots become free.
  if (!finishing_ && finished_ < submitted_ && block(finished_).state == Block::State::kCombined) {
    finishing_ = true;
    run(lock, [this, slot = slot_of(finished_)] { steps_.finish(slot); });
    finishing_ = false;
    ++finished_;
    changed_.notify_all();
    return true;
  }
  for (std::uint64_t number = finished_; number < submitted_; ++number) {
    Block& complete = block(number);
    if (complete.state != Block::State::kFilled || complete.done < complete.items) continue;
    complete.state = Block::State::kCombining;
    run(lock, [&] { steps_.combine(slot_of(number), worker); });
    complete.state = Block::State::kCombined;
    changed_.notify_all();
    return true;
  }
  if (begun_ == submitted_) return false;
  const std::uint64_t number = begun_;
  Block& open = block(number);
  const std::size_t item = open.begun++;
  if (open.begun == open.items) ++begun_;
  run(lock, [&] { steps_.work(slot_of(number), item, worker); });
  // The block cannot have been finished meanwhile, so its slot still holds it.
  if (++open.done == open.items) changed_.notify_all();
  return true;
}

}  // namespace ser::core
