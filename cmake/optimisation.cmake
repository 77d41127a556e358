# Eigen chooses its vector width by the compiler's target. AVX-512 makes its matrix products slower
# than AVX2 with FMA on the machines measured (81 against 98 GFLOP/s on the network's largest
# convolution), so a native build takes everything the machine has except AVX-512.
include(CheckCXXCompilerFlag)
add_library(ser_optimisation INTERFACE)
if(SER_NATIVE)
  check_cxx_compiler_flag("-march=native" SER_HAVE_MARCH_NATIVE)
  if(SER_HAVE_MARCH_NATIVE)
    target_compile_options(ser_optimisation INTERFACE -march=native)
  endif()
  check_cxx_compiler_flag("-mno-avx512f" SER_HAVE_MNO_AVX512F)
  if(SER_HAVE_MNO_AVX512F)
    target_compile_options(ser_optimisation INTERFACE -mno-avx512f)
  endif()
elseif(NOT SER_PORTABLE_ARCH STREQUAL "baseline" AND CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  target_compile_options(ser_optimisation INTERFACE -march=${SER_PORTABLE_ARCH})
endif()

# For programs whose time is spent in the library: their own code (options, messages, expectations)
# takes longer to optimise than it will ever run.
add_library(ser_quick_build INTERFACE)
target_compile_options(ser_quick_build INTERFACE $<$<CONFIG:Release>:-O1>)

# g++ collects its garbage whenever the heap has grown by a half or so, for an eighth of its time. That
# it begins later costs a fifth more memory, 1 GB for the largest source.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  add_compile_options(--param=ggc-min-heapsize=524288)
endif()
