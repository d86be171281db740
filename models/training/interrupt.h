// Ctrl-C as a question that a training loop asks between two steps.
#pragma once

#include <csignal>

namespace kerf::training {

/// While it lives, the first SIGINT, SIGTERM or SIGHUP is noted, and a second one ends the program
/// at once. SIGPIPE is noted, too: whoever read what is printed has left, but what was learned is
/// still to be saved.
class Interrupt {
public:
  Interrupt() {
    for (Signal &signal : signals) {
      struct sigaction action{};
      action.sa_handler = [](int) { noted = 1; };
      action.sa_flags = SA_RESTART;
      if (signal.number != SIGPIPE)
        action.sa_flags |= static_cast<int>(SA_RESETHAND);
      sigaction(signal.number, &action, &signal.before);
      if (signal.before.sa_handler == SIG_IGN) // as under nohup: it stays ignored
        sigaction(signal.number, &signal.before, nullptr);
    }
  }
  ~Interrupt() {
    for (const Signal &signal : signals)
      sigaction(signal.number, &signal.before, nullptr);
  }
  Interrupt(const Interrupt &) = delete;

  explicit operator bool() const { return noted; }

private:
  struct Signal {
    int number;
    struct sigaction before{};
  };
  static inline volatile std::sig_atomic_t noted = 0;
  Signal signals[4] = {{SIGINT}, {SIGTERM}, {SIGHUP}, {SIGPIPE}};
};

} // namespace kerf::training
