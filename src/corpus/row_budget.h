#pragma once

#include <cstddef>
#include <cstdint>

namespace ser::corpus {

// Bounds what the rows of a list take in memory, whatever its bytes are: short rows are many, and a
// row of few bytes may have many cells. A million rows of any length are within it, and so is any
// number of rows that are as long as those of a real list.
class RowBudget {
 public:
  // What a row and each of its further cells take, beside their characters.
  static constexpr std::uint64_t kRowBytes = 320;
  static constexpr std::uint64_t kCellBytes = 32;
  static constexpr std::uint64_t kFreeBytes = std::uint64_t{256} << 20;
  static constexpr std::uint64_t kMultiple = 8;

  explicit RowBudget(std::uint64_t free_bytes = kFreeBytes) : free_bytes_(free_bytes) {}

  // Adds a row; whether all rows so far are within `free_bytes` and kMultiple times the bytes in
  // which they were written.
  bool add(std::uint64_t written_bytes, std::size_t cells) {
    written_ += written_bytes;
    taken_ += kRowBytes + kCellBytes * cells;
    return taken_ <= free_bytes_ + kMultiple * written_;
  }

 private:
  std::uint64_t free_bytes_;
  std::uint64_t written_ = 0;
  std::uint64_t taken_ = 0;
};

}  // namespace ser::corpus
