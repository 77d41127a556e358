#include "support/run_program.h"

#include <array>
#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <stdexcept>
#include <sys/resource.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace ser::test {
namespace {

struct Pipe {
  int read_end = -1;
  int write_end = -1;
  Pipe() {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("pipe failed");
    read_end = ends[0];
    write_end = ends[1];
  }
};

[[noreturn]] void become(const std::string& program, const std::vector<std::string>& arguments,
                         const RunOptions& options, int in, int out, int err) {
  if (!options.stdout_path.empty()) out = open(options.stdout_path.c_str(), O_WRONLY | O_CLOEXEC);
  dup2(in, STDIN_FILENO);
  dup2(out, STDOUT_FILENO);
  dup2(err, STDERR_FILENO);
  if (options.largest_file > 0) {
    const rlimit limit{options.largest_file, options.largest_file};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  std::string path = program.starts_with('/') ? program : program_path(program);
  std::vector<std::string> texts = arguments;
  std::vector<char*> argv = {path.data()};
  for (auto& text : texts) argv.push_back(text.data());
  argv.push_back(nullptr);
  execv(path.c_str(), argv.data());
  _exit(127);
}

}  // namespace

std::string program_path(const std::string& program) {
  return std::string(SER_PROGRAM_FOLDER) + "/" + program;
}

ProgramResult run_program(const std::string& program, const std::vector<std::string>& arguments,
                          const RunOptions& options) {
  // A program that leaves without reading its input must not end the test.
  std::signal(SIGPIPE, SIG_IGN);
  const Pipe in;
  const Pipe out;
  const Pipe err;
  const pid_t child = fork();
  if (child < 0) throw std::runtime_error("fork failed");
  if (child == 0) {
    std::signal(SIGPIPE, SIG_DFL);
    become(program, arguments, options, in.read_end, out.write_end, err.write_end);
  }
  close(in.read_end);
  close(out.write_end);
  close(err.write_end);
  std::thread feeder([&] {
    std::size_t sent = 0;
    while (sent < options.input.size()) {
      const ssize_t put =
          write(in.write_end, options.input.data() + sent, options.input.size() - sent);
      if (put <= 0) break;
      sent += static_cast<std::size_t>(put);
    }
    if (!options.input_stays_open) close(in.write_end);
  });

  ProgramResult result;
  bool signalled = options.signal == 0;
  const auto deadline = std::chrono::steady_clock::now() + options.longest;
  std::array<pollfd, 2> open_ends = {pollfd{out.read_end, POLLIN, 0},
                                     pollfd{err.read_end, POLLIN, 0}};
  const std::array<std::string*, 2> texts = {&result.out, &result.err};
  while (open_ends[0].fd >= 0 || open_ends[1].fd >= 0) {
    if (poll(open_ends.data(), open_ends.size(), 100) < 0) break;
    for (std::size_t i = 0; i < open_ends.size(); ++i) {
      if (open_ends[i].fd < 0 || open_ends[i].revents == 0) continue;
      std::array<char, 65536> buffer{};
      const ssize_t got = read(open_ends[i].fd, buffer.data(), buffer.size());
      if (got <= 0) {
        close(open_ends[i].fd);
        open_ends[i].fd = -1;
        continue;
      }
      texts[i]->append(buffer.data(), static_cast<std::size_t>(got));
    }
    if (!signalled && result.err.find(options.signal_after) != std::string::npos &&
        result.out.find(options.signal_after_output) != std::string::npos) {
      for (int i = 0; i < options.signals; ++i) {
        kill(child, options.signal);
        // One that waits already is not sent again.
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
      }
      signalled = true;
    }
    if (std::chrono::steady_clock::now() > deadline) kill(child, SIGKILL);
  }
  int status = 0;
  waitpid(child, &status, 0);
  feeder.join();
  if (options.input_stays_open) close(in.write_end);
  result.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return result;
}

}  // namespace ser::test
