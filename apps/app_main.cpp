#include "app_main.h"

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <exception>
#include <initializer_list>
#include <new>
#include <system_error>
#include <typeinfo>
#include <unistd.h>

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "ser/core/error.h"
#include "ser/core/file.h"
#include "ser/core/interrupted.h"
#include "ser/core/thread_pool.h"
#include "ser/core/version.h"
#include "ser/corpus/display_name.h"

namespace ser::apps {
namespace {

const char* program_name = "ser";

std::atomic<int> received_signal = 0;
static_assert(std::atomic<int>::is_always_lock_free, "it is set in a signal handler");

void on_signal(int signal) {
  if (received_signal.exchange(signal) == 0 || signal != SIGINT) return;
  core::remove_temporary_files();
  _exit(128 + SIGINT);
}

void handle_signals() {
  struct sigaction action {};
  action.sa_handler = on_signal;
  sigemptyset(&action.sa_mask);
  // No SA_RESTART: a read that waits for input returns, and the program can leave.
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  // A file beyond the limit of the shell (ulimit -f) is an error like a full disk.
  std::signal(SIGXFSZ, SIG_IGN);
}

// What a program says holds names and texts that others wrote: of files, in their headers and
// lists. Lines are its own; whatever else could steer a terminal is shown and not obeyed.
class DisplayedText : public spdlog::custom_flag_formatter {
 public:
  void format(const spdlog::details::log_msg& message, const std::tm& /*time*/,
              spdlog::memory_buf_t& to) override {
    std::string_view text(message.payload.data(), message.payload.size());
    while (true) {
      const std::size_t end = text.find('\n');
      const std::string line = corpus::display_name(text.substr(0, end));
      to.append(line.data(), line.data() + line.size());
      if (end == std::string_view::npos) return;
      to.push_back('\n');
      text.remove_prefix(end + 1);
    }
  }

  std::unique_ptr<custom_flag_formatter> clone() const override {
    return std::make_unique<DisplayedText>();
  }
};

// In one piece, without memory of its own, and for the same reason bluntly: bytes that are no
// letters become question marks, and what is too long is cut off.
void write_to_stderr(std::initializer_list<std::string_view> parts) noexcept {
  std::array<char, 1024> line{};
  std::size_t length = 0;
  for (const auto part : parts) {
    for (const char byte : part) {
      if (length == line.size() - 1) break;
      line[length++] = byte == '\n' || (byte >= ' ' && byte <= '~') ? byte : '?';
    }
  }
  if (length > 0 && line[length - 1] != '\n') line[length++] = '\n';
  if (::write(STDERR_FILENO, line.data(), length) < 0) return;
}

// The thread that ends the program, where it ends at once; 0: none does.
std::atomic<pid_t> leaving = 0;

// Of several threads that run into the same, one tells it and the others wait for the end.
void be_the_one_that_leaves() noexcept {
  pid_t nobody = 0;
  const pid_t self = ::gettid();
  if (leaving.compare_exchange_strong(nobody, self)) return;
  if (nobody == self) _exit(kInternal);  // again, on the way out
  while (true) ::pause();
}

void tell_defect(std::string_view what) noexcept {
  write_to_stderr(
      {program_name, ": error E_INTERNAL: ", what, "; this is a defect of the program\n"});
}

void tell_no_memory() noexcept {
  write_to_stderr({program_name, ": error E_MEMORY: not enough memory\n"});
}

[[noreturn]] void leave_at_once() {
  core::remove_temporary_files();
  std::fflush(stdout);  // rows that are complete
  _exit(kInternal);
}

// Libraries promise not to throw where they may run out of memory: the destructor of a JSON value,
// the step to the next name in a folder.
[[noreturn]] void on_terminate() {
  be_the_one_that_leaves();
  if (std::current_exception()) {
    report_exception();
  } else {
    tell_defect("terminated");
  }
  leave_at_once();
}

// Before anything is thrown: not everything can be destroyed after that (a matrix that was being
// resized).
[[noreturn]] void on_no_memory() {
  be_the_one_that_leaves();
  tell_no_memory();
  leave_at_once();
}

}  // namespace
}  // namespace ser::apps

// Where the programs throw by themselves (cmake: --wrap): Eigen 3.4 has no handler that is asked
// first, and destroys a matrix twice that was being resized.
extern "C" {
// NOLINTBEGIN(bugprone-reserved-identifier)
[[noreturn]] void __real___cxa_throw(void* thrown, std::type_info* type, void (*destroy)(void*));
[[noreturn]] void __wrap___cxa_throw(void* thrown, std::type_info* type, void (*destroy)(void*)) {
  if (*type == typeid(std::bad_alloc)) ser::apps::on_no_memory();
  __real___cxa_throw(thrown, type, destroy);
}
// NOLINTEND(bugprone-reserved-identifier)
}

namespace ser::apps {
namespace {

void on_crash(int /*signal*/) {
  core::remove_temporary_files();
  tell_defect("crashed");
}

int report_error(const core::Error& error, int exit_code) {
  spdlog::error("error {}: {}", error.code(), error.what());
  return exit_code;
}

// The one place where exceptions end.
int run_body(const std::function<int()>& body) {
  try {
    const int exit_code = body();
    flush_output();
    return exit_code;
  } catch (const core::Interrupted&) {
    spdlog::error("stopped by signal {}", received_signal.load());
    return 128 + received_signal.load();
  } catch (const core::ConfigError& error) {
    return report_error(error, kUsage);
  } catch (const core::CorpusError& error) {
    return report_error(error, kNoData);
  } catch (const core::AudioError& error) {
    return report_error(error, kNoData);
  } catch (const core::ModelError& error) {
    return report_error(error, kBadModel);
  } catch (const core::OutputError& error) {
    return report_error(error, kOutput);
  }
}

}  // namespace

int run_app(CLI::App& app, int argc, char** argv, const std::function<int()>& body) {
  // spdlog's own default logger writes to stdout, which is for data.
  auto logger = std::make_shared<spdlog::logger>(app.get_name(),
                                                 std::make_shared<spdlog::sinks::stderr_sink_mt>());
  auto formatter = std::make_unique<spdlog::pattern_formatter>();
  formatter->add_flag<DisplayedText>('*').set_pattern("%n: %*");
  logger->set_formatter(std::move(formatter));
  spdlog::set_default_logger(logger);
  app.set_version_flag("--version", std::string(core::kVersion));
  app.get_formatter()->column_width(44);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    // CLI11's own exit codes are 100 and more. Help and version are no mistake.
    if (error.get_exit_code() == 0) return app.exit(error), kDone;
    spdlog::error("error E_USAGE: {}; {} --help lists the options", error.what(), app.get_name());
    return kUsage;
  }
  handle_signals();
  return run_body(body);
}

void begin_program(const char* name) {
  program_name = name;
  std::set_terminate(on_terminate);
  std::set_new_handler(on_no_memory);
#ifndef __SANITIZE_ADDRESS__  // which tells more
  struct sigaction action {};
  action.sa_handler = on_crash;
  sigemptyset(&action.sa_mask);
  // The handler returns to what crashed, which then ends the program as it would have without one.
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  for (const int signal : {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT}) {
    sigaction(signal, &action, nullptr);
  }
#endif
}

int report_exception() noexcept {
  try {
    throw;
  } catch (const std::bad_alloc&) {
    tell_no_memory();
  } catch (const std::system_error& error) {
    if (error.code() == std::errc::resource_unavailable_try_again) {
      write_to_stderr({program_name,
                       ": error E_MEMORY: not enough memory for a thread, or too many of them\n"});
    } else {
      tell_defect(error.what());
    }
  } catch (const std::exception& error) {
    tell_defect(error.what());
  } catch (...) {
    tell_defect("an unknown exception");
  }
  return kInternal;
}

bool stop_requested() { return received_signal.load() != 0; }

void print(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size()) {
    throw core::OutputError(
        "E_OUTPUT_WRITE", std::string("cannot write to standard output: ") + std::strerror(errno));
  }
}

void flush_output() {
  if (std::fflush(stdout) != 0) {
    throw core::OutputError(
        "E_OUTPUT_WRITE", std::string("cannot write to standard output: ") + std::strerror(errno));
  }
}

bool talks_to_terminal() { return isatty(STDERR_FILENO) == 1; }

CLI::Validator probability() {
  return CLI::Validator(
      [](const std::string& text) {
        double value = -1.0;
        // written so that NaN fails
        const bool good = CLI::detail::lexical_cast(text, value) && value >= 0.0 && value <= 1.0;
        return good ? std::string() : "expected a number from 0 to 1, found " + text;
      },
      "0 to 1");
}

void add_jobs_option(CLI::App& app, int& jobs) {
  jobs = core::available_processors();
  app.add_option("-j,--jobs", jobs, "threads (results do not depend on it)")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
}

}  // namespace ser::apps
