// Counts allocations by standing in front of glibc's.
#include "allocations.h"

#include <atomic>
#include <cerrno>
#include <cstddef>

#if defined(__SANITIZE_ADDRESS__)
#define KERF_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define KERF_SANITIZED 1
#endif
#endif

#ifdef KERF_SANITIZED
long kerf::test::allocations() { return -1; }
long kerf::test::allocated_bytes() { return -1; }
#else
static std::atomic<long> count, sum;
long kerf::test::allocations() { return count; }
long kerf::test::allocated_bytes() { return sum; }

static void note(size_t bytes) {
  ++count;
  sum += static_cast<long>(bytes);
}

extern "C" {
void *__libc_malloc(size_t);
void *__libc_calloc(size_t, size_t);
void *__libc_realloc(void *, size_t);
void *__libc_memalign(size_t, size_t);

void *malloc(size_t bytes) {
  note(bytes);
  return __libc_malloc(bytes);
}
void *calloc(size_t number, size_t bytes) {
  note(number * bytes);
  return __libc_calloc(number, bytes);
}
void *realloc(void *old, size_t bytes) {
  note(bytes);
  return __libc_realloc(old, bytes);
}
void *memalign(size_t alignment, size_t bytes) {
  note(bytes);
  return __libc_memalign(alignment, bytes);
}
void *aligned_alloc(size_t alignment, size_t bytes) {
  note(bytes);
  return __libc_memalign(alignment, bytes);
}
int posix_memalign(void **result, size_t alignment, size_t bytes) {
  note(bytes);
  *result = __libc_memalign(alignment, bytes);
  return *result ? 0 : ENOMEM;
}
}
#endif
