#include "codegen/tools/worker.h"

#include "llvm/Support/raw_ostream.h"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace kerf::codegen {

static constexpr std::size_t stageBytes = 4096;

Stage::Stage() {
  void *page = mmap(nullptr, stageBytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  text = page == MAP_FAILED ? nullptr : static_cast<char *>(page);
}

Stage::~Stage() {
  if (text)
    munmap(text, stageBytes);
}

void Stage::set(llvm::StringRef what) {
  if (!text)
    return;
  std::size_t length = std::min(what.size(), stageBytes - 1);
  std::memcpy(text, what.data(), length);
  text[length] = 0;
}

std::string Stage::get() const { return text && *text ? text : "before it began"; }

/// Waits for `child`, at most until `end`. False: time is up.
static bool waitUntil(pid_t child, int &status, std::chrono::steady_clock::time_point end) {
  auto pause = std::chrono::milliseconds(1);
  for (;;) {
    pid_t done = waitpid(child, &status, WNOHANG);
    if (done == child || (done < 0 && errno != EINTR))
      return true;
    if (std::chrono::steady_clock::now() > end)
      return false;
    std::this_thread::sleep_for(pause);
    pause = std::min(pause * 2, std::chrono::milliseconds(20));
  }
}

/// Ends this process by SIGPROF when its threads have computed for so long.
static void limitWork(double seconds) {
  itimerval limit = {};
  limit.it_value.tv_sec = time_t(seconds);
  limit.it_value.tv_usec = suseconds_t((seconds - double(limit.it_value.tv_sec)) * 1e6);
  setitimer(ITIMER_PROF, &limit, nullptr);
}

int runWorker(llvm::function_ref<int(Stage &)> work, double seconds, std::string &died) {
  Stage stage;
  llvm::outs().flush();
  std::fflush(nullptr);
  pid_t child = fork();
  if (child < 0) {
    died = std::string("no worker process: ") + std::strerror(errno);
    return -1;
  }
  if (child == 0) {
    limitWork(seconds);
    int code = work(stage);
    llvm::outs().flush();
    std::fflush(nullptr);
    _exit(code);
  }
  int status = 0;
  const std::chrono::duration<double> patience(10 * seconds);
  auto end = std::chrono::steady_clock::now() + patience;
  const bool ended = waitUntil(
      child, status, std::chrono::time_point_cast<std::chrono::steady_clock::duration>(end));
  if (!ended) {
    kill(child, SIGKILL);
    waitpid(child, &status, 0);
  }
  if (!ended || (WIFSIGNALED(status) && WTERMSIG(status) == SIGPROF)) {
    died = "took longer than " + std::to_string(int(seconds)) + " s, " + stage.get();
    return -1;
  }
  if (WIFSIGNALED(status)) {
    died = std::string("died (") + strsignal(WTERMSIG(status)) + ") " + stage.get();
    return -1;
  }
  return WEXITSTATUS(status);
}

} // namespace kerf::codegen
