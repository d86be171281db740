// What kernel tests share: all kernels compiled once, awkward data, and sums in the defined order.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>
#include <random>
#include <string>
#include <vector>

namespace kerf::test {

/// The address of `kerf_kernel_<name>`, from one object that holds every kernel.
void *kernelAddress(const std::string &name);
template <class Function> Function *kernel(const std::string &name) {
  return reinterpret_cast<Function *>(kernelAddress(name));
}

/// `n` numbers in [-1, 1], multiples of 1/1000.
template <class T> std::vector<T> numbers(size_t n, unsigned seed) {
  std::minstd_rand next(seed);
  std::vector<T> result(n);
  for (T &x : result)
    x = T(int(next() % 2001) - 1000) / 1000;
  return result;
}

/// A sum of products in the order that contractions have: one FMA chain per block of 256 terms,
/// block sums added in order.
template <class T> class Sum {
public:
  void add(T a, T b) {
    if (terms == 256)
      close();
    part = std::fma(a, b, part);
    ++terms;
  }
  T value() {
    if (terms || !blocks)
      close();
    return total;
  }

private:
  void close() {
    total = blocks ? total + part : part;
    part = 0, terms = 0, ++blocks;
  }
  T total = 0, part = 0;
  int terms = 0, blocks = 0;
};

/// Bytes for a kernel's scratch, full of NaN, with a fence behind.
class Scratch {
public:
  explicit Scratch(size_t bytes) : bytes(bytes), storage(bytes + 64 + fence, char(0xff)) {
    std::memset(get() + bytes, 0x5a, fence);
  }
  char *get() {
    return reinterpret_cast<char *>((reinterpret_cast<uintptr_t>(storage.data()) + 63) / 64 * 64);
  }
  /// Has nothing been written behind the end?
  bool intact() {
    for (size_t i = 0; i < fence; ++i)
      if (get()[bytes + i] != 0x5a)
        return false;
    return true;
  }

private:
  static constexpr size_t fence = 64;
  size_t bytes;
  std::vector<char> storage;
};

/// Distance in units in the last place of `want` rounded to float; 0 for equal values and two NaN.
inline double ulps(float got, double want) {
  if (std::isnan(got) && std::isnan(want))
    return 0;
  if (double(got) == want || got == float(want))
    return 0;
  if (!std::isfinite(got) || !std::isfinite(want))
    return INFINITY;
  const int exponent = std::max(std::ilogb(want), -126);
  return std::fabs(got - want) / std::ldexp(1.0, exponent - 23);
}

} // namespace kerf::test
