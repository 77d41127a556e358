# Everything the build needs comes from Debian's packages; scripts/install_dependencies names them.
find_package(Threads REQUIRED)
find_package(Eigen3 3.4 REQUIRED NO_MODULE)
find_package(nlohmann_json 3.11 REQUIRED)
find_package(spdlog REQUIRED)
find_package(CLI11 REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(SNDFILE REQUIRED IMPORTED_TARGET sndfile)
pkg_check_modules(SOXR REQUIRED IMPORTED_TARGET soxr)
pkg_check_modules(CAIRO REQUIRED IMPORTED_TARGET cairo>=1.16 cairo-svg cairo-png)

# pocketfft is one header. Debian ships it inside gemmi-dev.
find_path(SER_POCKETFFT_INCLUDE_DIR pocketfft_hdronly.h PATH_SUFFIXES gemmi/third_party pocketfft
          DOC "Folder of pocketfft_hdronly.h")
if(NOT SER_POCKETFFT_INCLUDE_DIR)
  message(FATAL_ERROR "pocketfft_hdronly.h was not found: install gemmi-dev, or pass -DSER_POCKETFFT_INCLUDE_DIR=DIR")
endif()
find_path(SER_XXHASH_INCLUDE_DIR xxhash.h DOC "Folder of xxhash.h")
if(NOT SER_XXHASH_INCLUDE_DIR)
  message(FATAL_ERROR "xxhash.h was not found: install libxxhash-dev")
endif()
