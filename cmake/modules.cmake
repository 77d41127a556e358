# Modules in the order in which they build on each other. cmake/layers.txt says who may include whom.
file(STRINGS ${PROJECT_SOURCE_DIR}/cmake/layers.txt layer_lines REGEX "^[a-z]")
set(SER_MODULES)
foreach(line IN LISTS layer_lines)
  string(REGEX MATCH "^[a-z_]+" name "${line}")
  if(NOT name STREQUAL "apps")
    list(APPEND SER_MODULES ${name})
  endif()
endforeach()

# The settings that every translation unit of the library shares.
function(ser_configure_library target)
  target_include_directories(${target} PUBLIC
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR}/src)
  target_include_directories(${target} SYSTEM PRIVATE ${SER_POCKETFFT_INCLUDE_DIR} ${SER_XXHASH_INCLUDE_DIR})
  target_compile_features(${target} PUBLIC cxx_std_20)
  # Eigen's own threads would make sums depend on their number; large products would allocate their
  # packing buffers at every call; and the alignment of a vector must not depend on who compiles.
  target_compile_definitions(${target} PUBLIC EIGEN_DONT_PARALLELIZE EIGEN_STACK_ALLOCATION_LIMIT=1048576
    EIGEN_MAX_ALIGN_BYTES=32)
  target_link_libraries(${target} PUBLIC Eigen3::Eigen nlohmann_json::nlohmann_json Threads::Threads)
  target_link_libraries(${target} PRIVATE
    PkgConfig::SNDFILE PkgConfig::SOXR $<BUILD_INTERFACE:ser_warnings>)
  # Vectorised Eigen types have the same layout only if everybody compiles for the same instructions.
  target_link_libraries(${target} PUBLIC $<BUILD_INTERFACE:ser_optimisation>)
endfunction()

# The most of the time that a source takes to compile is for these. They bring the options along that they
# were compiled with, and undo those of a source: what needs its own is a target of its own, or goes without.
set(SER_PRECOMPILED <Eigen/Core> <nlohmann/json.hpp>)

function(ser_add_library target)
  add_library(${target} STATIC)
  add_library(ser::${target} ALIAS ${target})
  ser_configure_library(${target})
  target_precompile_headers(${target} PRIVATE ${SER_PRECOMPILED})

  # The modules that compute features are a part of the library with options of its own. Where a fused
  # multiply-add replaces two rounded operations, filter banks, histogram bins and accumulated phases
  # would differ between instruction sets. Without it, all builds give the same bits; that the
  # transform is slower for it cannot be measured.
  add_library(${target}_signal OBJECT)
  ser_configure_library(${target}_signal)
  target_compile_options(${target}_signal PRIVATE -ffp-contract=off)
  # Without these, loops with square roots (for the sake of errno) and selections (for the sake of
  # floating-point exceptions) are not vectorised. Neither changes a result.
  target_compile_options(${target}_signal PRIVATE -fno-math-errno -fno-trapping-math)
  target_precompile_headers(${target}_signal PRIVATE ${SER_PRECOMPILED})
  target_sources(${target} PRIVATE $<TARGET_OBJECTS:${target}_signal>)
endfunction()

option(SER_GROUP_SOURCES "Compile the files of a module some at a time, in half of the time" ON)

# ser_group_sources(ser nn 6 adam.cpp batch.cpp ...): compiles up to six files of a list as one. What takes
# most of the time, headers and templates, files of a module share. Their names in unnamed namespaces
# have to differ.
function(ser_group_sources target name size)
  if(NOT SER_GROUP_SOURCES)
    return()
  endif()
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
  # g++ takes all but the first file for headers, in which no class should have members of unnamed
  # namespaces.
  target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
  list(LENGTH ARGN count)
  math(EXPR groups "(${count} + ${size} - 1) / ${size}")
  set(position 0)
  foreach(source IN LISTS ARGN)
    math(EXPR group "${position} * ${groups} / ${count}")
    math(EXPR position "${position} + 1")
    set_source_files_properties(${source} TARGET_DIRECTORY ${target} PROPERTIES UNITY_GROUP ${name}_${group})
  endforeach()
endfunction()

# ser_module(dsp dct.cpp ... [TOGETHER 4] [ALONE fft.cpp]): adds the sources of one module to the library.
# Six at a time are compiled together, or as many as TOGETHER says; those behind ALONE are not.
function(ser_module name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "TARGET;TOGETHER" "ALONE")
  if(NOT ARG_TARGET)
    set(ARG_TARGET ser)
  endif()
  if(NOT ARG_TOGETHER)
    set(ARG_TOGETHER 6)
  endif()
  list(TRANSFORM ARG_UNPARSED_ARGUMENTS PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/ OUTPUT_VARIABLE together)
  list(TRANSFORM ARG_ALONE PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/ OUTPUT_VARIABLE alone)
  target_sources(${ARG_TARGET} PRIVATE ${together} ${alone})
  ser_group_sources(${ARG_TARGET} ${name} ${ARG_TOGETHER} ${together})
  set_property(GLOBAL PROPERTY SER_SOURCES_${name} ${together})
  set_property(GLOBAL PROPERTY SER_SOURCES_ALONE_${name} ${alone})
endfunction()

# ser_double_library(ser_nn_double nn): the sources of a module once more, with numbers of the network
# in double. Its symbols are those of `ser`, so a program links it before that, which then gives the
# modules below only.
function(ser_double_library target module)
  add_library(${target} STATIC EXCLUDE_FROM_ALL)
  ser_configure_library(${target})
  get_property(together GLOBAL PROPERTY SER_SOURCES_${module})
  get_property(alone GLOBAL PROPERTY SER_SOURCES_ALONE_${module})
  target_sources(${target} PRIVATE ${together} ${alone})
  ser_group_sources(${target} ${module} 6 ${together})
  target_compile_definitions(${target} PUBLIC SER_NN_SCALAR=double)
  target_link_libraries(${target} PRIVATE ser::ser)
  target_precompile_headers(${target} REUSE_FROM ser)
endfunction()

# ser_test(dsp fft_test.cpp ...): one test program for a folder of tests. The tests it holds show up
# in CTest under their own names.
function(ser_test name)
  ser_test_program(${name} "ser::ser;ser_test_support" ${ARGN})
endfunction()

# ser_test_program(nn_double ser_nn_double x_test.cpp ...): the same with a list of libraries.
function(ser_test_program name libraries)
  set(program ser_${name}_tests)
  add_executable(${program} ${ARGN})
  ser_group_sources(${program} ${name} 4 ${ARGN})
  target_link_libraries(${program} PRIVATE ${libraries} GTest::gtest_main ser_warnings ser_quick_build)
  target_include_directories(${program} PRIVATE ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR}/tests)
  # One precompiled header for all of these programs, that of the first; so they need its definitions.
  target_compile_definitions(${program} PRIVATE SER_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  if(name STREQUAL "core")
    target_precompile_headers(${program} PRIVATE <gtest/gtest.h> ${SER_PRECOMPILED})
  else()
    target_precompile_headers(${program} REUSE_FROM ser_core_tests)
  endif()
  gtest_discover_tests(${program} TEST_PREFIX "${name}." PROPERTIES TIMEOUT 300 DISCOVERY_TIMEOUT 60)
endfunction()
