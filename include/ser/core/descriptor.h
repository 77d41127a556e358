#pragma once

#include <filesystem>
#include <string_view>

namespace ser::core {

// An open file of the operating system, closed when its owner goes.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int value) : value_(value) {}
  ~Descriptor();
  Descriptor(Descriptor&& other) noexcept;
  Descriptor& operator=(Descriptor&& other) noexcept;

  int get() const { return value_; }
  explicit operator bool() const { return value_ >= 0; }

  // All of the bytes, also where the system takes them in parts. Returns errno, or 0.
  [[nodiscard]] int write(std::string_view bytes) const;
  // What was written is on the disk afterwards. Returns errno, or 0.
  [[nodiscard]] int sync() const;

 private:
  int value_ = -1;
};

// Makes a rename within the file's folder last. Some file systems cannot flush a folder; then there
// is nothing more to do.
void sync_folder_of(const std::filesystem::path& path);

}  // namespace ser::core
