# Files come from anywhere, so a mistake that got past the tests should end the program and not serve
# whoever wrote the file: bounds of copies and of the stack are checked, return addresses are guarded,
# code lies at random addresses, and tables of functions cannot be written once the program runs.
# Sanitizers check more, and in their own way.
option(SER_HARDENING "Compile and link with the checks that Debian's hardening flags name" ON)
set(SER_HARDENED OFF)
if(SER_HARDENING AND NOT SER_SANITIZE)
  set(SER_HARDENED ON)
  include(CheckPIESupported)
  check_pie_supported(LANGUAGES CXX)
  add_compile_options(-fstack-protector-strong -fstack-clash-protection)
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
    add_compile_options(-fcf-protection=full)
  endif()
  # glibc checks copies only where the compiler optimises. Some compilers come with a level of their own.
  add_compile_options($<$<NOT:$<CONFIG:Debug>>:-U_FORTIFY_SOURCE> $<$<NOT:$<CONFIG:Debug>>:-D_FORTIFY_SOURCE=2>)
  add_link_options(LINKER:-z,relro LINKER:-z,now LINKER:-z,noexecstack)
endif()
