#pragma once

namespace ser::test {

// How often this program has asked for memory since it started. The source beside this header
// replaces the allocation functions of the C library and belongs into such programs only.
long allocations();

// False where a sanitizer brings its own functions, or the C library does not let its be replaced.
bool counts_allocations();

}  // namespace ser::test
