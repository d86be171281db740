// Ctrl-C as a question that a training loop asks between two steps.
#pragma once

#include <csignal>

namespace kerf::data {

/// While it lives, the first SIGINT or SIGTERM is noted; a second one ends the program at once.
class Interrupt {
public:
  Interrupt() {
    struct sigaction action{};
    action.sa_handler = [](int) { noted = 1; };
    action.sa_flags = static_cast<int>(SA_RESETHAND | SA_RESTART);
    sigaction(SIGINT, &action, &old_interrupt);
    sigaction(SIGTERM, &action, &old_terminate);
  }
  ~Interrupt() {
    sigaction(SIGINT, &old_interrupt, nullptr);
    sigaction(SIGTERM, &old_terminate, nullptr);
  }
  Interrupt(const Interrupt &) = delete;

  explicit operator bool() const { return noted; }

private:
  static inline volatile std::sig_atomic_t noted = 0;
  struct sigaction old_interrupt, old_terminate;
};

} // namespace kerf::data
