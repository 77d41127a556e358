// Preloaded into a program (LD_PRELOAD), makes one of its calls fail as a machine would: no memory,
// a disk that is full or broken, a file that is gone.
//
//   SER_FAULT_KIND    malloc, read, write, fsync, rename or open
//   SER_FAULT_AT      which call of that kind fails, counted from 1 and from the start of main()
//   SER_FAULT_STAYS   1: and all after it, as on a disk that stays full
//   SER_FAULT_COUNTS  a file to which the numbers of calls are written when main() has ended, a
//   line
//                     for each kind
//
// libsoxr and fontconfig do not look everywhere whether they got the memory that they asked for,
// and nobody can do it for them; so their allocations neither fail nor count.
//
// Allocations go to glibc's own entry points, and most of the rest straight to the kernel: dlsym()
// allocates, and what is replaced here must not.
#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <fcntl.h>
#include <link.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

extern "C" {
void* __libc_malloc(size_t size);
void* __libc_calloc(size_t count, size_t size);
void* __libc_realloc(void* block, size_t size);
void* __libc_memalign(size_t alignment, size_t size);
}

namespace {

enum Kind { kMalloc, kRead, kWrite, kFsync, kRename, kOpen, kKinds };
constexpr const char* kNames[kKinds] = {"malloc", "read", "write", "fsync", "rename", "open"};

std::atomic<long> calls[kKinds];
std::atomic<bool> counting = false;
int failing_kind = kKinds;
long failing_call = 0;
bool stays = false;
int (*real_main)(int, char**, char**) = nullptr;

// Where the code of a library lies.
struct Code {
  const char* name;
  std::uintptr_t begin = 0;
  std::uintptr_t end = 0;
};
Code unchecked[] = {{"libsoxr"}, {"libfontconfig"}};

int find_unchecked(dl_phdr_info* library, size_t /*size*/, void* /*data*/) {
  for (auto& code : unchecked) {
    if (std::strstr(library->dlpi_name, code.name) == nullptr) continue;
    for (int i = 0; i < library->dlpi_phnum; ++i) {
      const auto& segment = library->dlpi_phdr[i];
      if (segment.p_type != PT_LOAD || (segment.p_flags & PF_X) == 0) continue;
      code.begin = library->dlpi_addr + segment.p_vaddr;
      code.end = code.begin + segment.p_memsz;
    }
  }
  return 0;
}

bool is_unchecked(const void* caller) {
  const auto address = reinterpret_cast<std::uintptr_t>(caller);
  for (const auto& code : unchecked) {
    if (address >= code.begin && address < code.end) return true;
  }
  return false;
}

// Counts a call, and tells whether it is to fail.
bool fails(Kind kind, int error_number) {
  if (!counting.load(std::memory_order_relaxed)) return false;
  const long number = calls[kind].fetch_add(1, std::memory_order_relaxed) + 1;
  if (kind != failing_kind || (stays ? number < failing_call : number != failing_call))
    return false;
  errno = error_number;
  return true;
}

bool allocation_fails(const void* caller) {
  return !is_unchecked(caller) && fails(kMalloc, ENOMEM);
}

template <class Function>
Function next(const char* name) {
  return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

int open_at(int folder, const char* path, int flags, va_list rest) {
  const bool has_mode = (flags & (O_CREAT | O_TMPFILE)) != 0;
  const mode_t mode = has_mode ? static_cast<mode_t>(va_arg(rest, unsigned)) : 0;
  if (fails(kOpen, EACCES)) return -1;
  return static_cast<int>(syscall(SYS_openat, folder, path, flags, mode));
}

void write_counts(const char* path) {
  const long file = syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  if (file < 0) return;
  for (int kind = 0; kind < kKinds; ++kind) {
    char line[64];
    const int length =
        std::snprintf(line, sizeof line, "%s %ld\n", kNames[kind], calls[kind].load());
    syscall(SYS_write, file, line, static_cast<size_t>(length));
  }
  syscall(SYS_close, file);
}

int counted_main(int argc, char** argv, char** environment) {
  dl_iterate_phdr(find_unchecked, nullptr);
  counting = true;
  const int status = real_main(argc, argv, environment);
  counting = false;
  if (const char* path = std::getenv("SER_FAULT_COUNTS")) write_counts(path);
  return status;
}

}  // namespace

extern "C" {

int __libc_start_main(int (*main)(int, char**, char**), int argc, char** argv, void (*init)(),
                      void (*fini)(), void (*rtld_fini)(), void* stack_end) {
  if (const char* kind = std::getenv("SER_FAULT_KIND")) {
    for (int i = 0; i < kKinds; ++i) {
      if (std::strcmp(kind, kNames[i]) == 0) failing_kind = i;
    }
  }
  if (const char* at = std::getenv("SER_FAULT_AT")) failing_call = std::atol(at);
  stays = std::getenv("SER_FAULT_STAYS") != nullptr;
  real_main = main;
  using Start =
      int (*)(int (*)(int, char**, char**), int, char**, void (*)(), void (*)(), void (*)(), void*);
  return next<Start>("__libc_start_main")(counted_main, argc, argv, init, fini, rtld_fini,
                                          stack_end);
}

void* malloc(size_t size) {
  return allocation_fails(__builtin_return_address(0)) ? nullptr : __libc_malloc(size);
}

void* calloc(size_t count, size_t size) {
  return allocation_fails(__builtin_return_address(0)) ? nullptr : __libc_calloc(count, size);
}

void* realloc(void* block, size_t size) {
  return allocation_fails(__builtin_return_address(0)) ? nullptr : __libc_realloc(block, size);
}

void* aligned_alloc(size_t alignment, size_t size) {
  return allocation_fails(__builtin_return_address(0)) ? nullptr : __libc_memalign(alignment, size);
}

// For whoever asked for the copy, who is seen here and not in malloc().
char* strdup(const char* text) {
  const size_t size = std::strlen(text) + 1;
  void* copy = allocation_fails(__builtin_return_address(0)) ? nullptr : __libc_malloc(size);
  return copy == nullptr ? nullptr : static_cast<char*>(std::memcpy(copy, text, size));
}

int posix_memalign(void** block, size_t alignment, size_t size) {
  const int before = errno;
  if (allocation_fails(__builtin_return_address(0))) {
    errno = before;  // told by its result
    return ENOMEM;
  }
  *block = __libc_memalign(alignment, size);
  return *block == nullptr ? ENOMEM : 0;
}

ssize_t read(int file, void* bytes, size_t count) {
  return fails(kRead, EIO) ? -1 : syscall(SYS_read, file, bytes, count);
}

ssize_t pread(int file, void* bytes, size_t count, off_t offset) {
  return fails(kRead, EIO) ? -1 : syscall(SYS_pread64, file, bytes, count, offset);
}
ssize_t pread64(int file, void* bytes, size_t count, off_t offset) {
  return pread(file, bytes, count, offset);
}

ssize_t readv(int file, const struct iovec* parts, int count) {
  return fails(kRead, EIO) ? -1 : syscall(SYS_readv, file, parts, count);
}

ssize_t write(int file, const void* bytes, size_t count) {
  return file != STDERR_FILENO && fails(kWrite, ENOSPC) ? -1
                                                        : syscall(SYS_write, file, bytes, count);
}

ssize_t pwrite(int file, const void* bytes, size_t count, off_t offset) {
  return fails(kWrite, ENOSPC) ? -1 : syscall(SYS_pwrite64, file, bytes, count, offset);
}
ssize_t pwrite64(int file, const void* bytes, size_t count, off_t offset) {
  return pwrite(file, bytes, count, offset);
}

ssize_t writev(int file, const struct iovec* parts, int count) {
  return fails(kWrite, ENOSPC) ? -1 : syscall(SYS_writev, file, parts, count);
}

// What stdio writes it writes within glibc; only the call that asks for it can fail here. Standard
// error does not: whether a fault was told is read from there.
size_t fwrite(const void* bytes, size_t size, size_t count, FILE* file) {
  static const auto real = next<size_t (*)(const void*, size_t, size_t, FILE*)>("fwrite");
  return file != stderr && fails(kWrite, ENOSPC) ? 0 : real(bytes, size, count, file);
}

int fflush(FILE* file) {
  static const auto real = next<int (*)(FILE*)>("fflush");
  return file != stderr && fails(kWrite, ENOSPC) ? EOF : real(file);
}

int fsync(int file) { return fails(kFsync, EIO) ? -1 : static_cast<int>(syscall(SYS_fsync, file)); }
int fdatasync(int file) {
  return fails(kFsync, EIO) ? -1 : static_cast<int>(syscall(SYS_fdatasync, file));
}

int rename(const char* from, const char* to) {
  return fails(kRename, EACCES)
             ? -1
             : static_cast<int>(syscall(SYS_renameat, AT_FDCWD, from, AT_FDCWD, to));
}

int open(const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const int file = open_at(AT_FDCWD, path, flags, rest);
  va_end(rest);
  return file;
}
int open64(const char* path, int flags, ...) __attribute__((alias("open")));

int openat(int folder, const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const int file = open_at(folder, path, flags, rest);
  va_end(rest);
  return file;
}
int openat64(int folder, const char* path, int flags, ...) __attribute__((alias("openat")));

FILE* fopen(const char* path, const char* mode) {
  static const auto real = next<FILE* (*)(const char*, const char*)>("fopen");
  return fails(kOpen, EACCES) ? nullptr : real(path, mode);
}
FILE* fopen64(const char* path, const char* mode) __attribute__((alias("fopen")));

int mkostemp(char* pattern, int flags) {
  static const auto real = next<int (*)(char*, int)>("mkostemp");
  return fails(kOpen, EACCES) ? -1 : real(pattern, flags);
}
int mkostemp64(char* pattern, int flags) __attribute__((alias("mkostemp")));

}  // extern "C"
