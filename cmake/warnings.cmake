# Warnings are errors in our own code; the libraries' headers are included as SYSTEM and stay out of it.
option(SER_WARNINGS_AS_ERRORS "Treat warnings in our own code as errors" ON)
add_library(ser_warnings INTERFACE)
target_compile_options(ser_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Wold-style-cast -Wcast-align
  -Woverloaded-virtual -Wformat=2 -Wimplicit-fallthrough -Wextra-semi
  $<$<BOOL:${SER_WARNINGS_AS_ERRORS}>:-Werror>)
# g++ 12 optimising string concatenation warns of overlaps and sizes that cannot be (its bug 105651). The
# same checks stay on in the debug build without sanitizers, and these look at what really happens.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  set(unsure -Wno-restrict -Wno-stringop-overflow -Wno-stringop-overread -Wno-array-bounds)
  if(SER_SANITIZE)
    target_compile_options(ser_warnings INTERFACE ${unsure})
  else()
    target_compile_options(ser_warnings INTERFACE "$<$<NOT:$<CONFIG:Debug>>:${unsure}>")
  endif()
endif()
