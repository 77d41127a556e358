// write_seeds FOLDER: writes the seeds of each reader to a folder of its name.
#include <filesystem>
#include <fstream>
#include <iostream>

#include "fuzz/readers.h"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: ser_fuzz_seeds FOLDER\n";
    return 2;
  }
  for (const auto& reader : ser::fuzz::readers()) {
    const auto folder = std::filesystem::path(argv[1]) / reader.name;
    std::filesystem::create_directories(folder);
    for (const auto& [name, bytes] : ser::fuzz::seeds_of(reader.name)) {
      std::ofstream file(folder / name, std::ios::binary);
      file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
      if (!file.flush()) {
        std::cerr << "ser_fuzz_seeds: cannot write " << (folder / name) << '\n';
        return 1;
      }
    }
  }
  return 0;
}
