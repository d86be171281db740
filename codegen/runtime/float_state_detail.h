// How a thread computes with floats, beside its instructions.
#pragma once

#include <stdint.h>

namespace kerf::runtime::detail {

/// For as long as it lives the thread rounds to nearest, keeps subnormals and traps nothing; then
/// it has its own state again, exception flags too. So a call has the same bits on any thread,
/// whatever its program or the owner of a foreign pool has set.
class DefaultFloatState {
#if defined(__x86_64__)
public:
  DefaultFloatState() {
    __asm__ volatile("stmxcsr %0\n\tfnstcw %1" : "=m"(mxcsr), "=m"(x87));
    load(0x1f80, 0x37f);
  }
  ~DefaultFloatState() { load(mxcsr, x87); }
  DefaultFloatState(const DefaultFloatState &) = delete;

private:
  static void load(uint32_t mxcsr, uint16_t x87) {
    __asm__ volatile("ldmxcsr %0\n\tfldcw %1" : : "m"(mxcsr), "m"(x87) : "memory");
  }
  uint32_t mxcsr;
  uint16_t x87;
#endif
};

} // namespace kerf::runtime::detail
