// What kernel tests share: all kernels compiled once, awkward data, and sums in the defined order.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <memory>
#include <random>
#include <string>
#include <type_traits>
#include <vector>

namespace kerf::test {

/// The call that kernels are given: of one worker after another, 1, 2, 3, 7, with memory of its own
/// for each, full of NaN, as much as the kernel asks for with these sizes.
class WorkersOfCall {
public:
  WorkersOfCall(const std::string &kernel, const std::vector<int64_t> &sizes);
  ~WorkersOfCall(); ///< fails if a worker wrote behind its own
  const void *call() const;

private:
  struct State;
  std::unique_ptr<State> state;
};

/// Masks of a query i and a key j, which scalar_code.cpp tests, as functions of .mlir.
extern const char *const masks;

/// The address of `kerf_kernel_<name>`, from one object that holds every kernel.
void *kernelAddress(const std::string &name);
/// Takes what the kernel takes behind the call.
template <class Function> class CalledKernel;
template <class... Arguments> class CalledKernel<void(Arguments...)> {
public:
  explicit CalledKernel(const std::string &name) : name(name) {}
  void operator()(Arguments... arguments) const {
    std::vector<int64_t> sizes;
    (note(sizes, arguments), ...);
    WorkersOfCall workers(name, sizes);
    reinterpret_cast<void (*)(const void *, Arguments...)>(kernelAddress(name))(workers.call(),
                                                                                arguments...);
  }

private:
  template <class T> static void note(std::vector<int64_t> &sizes, T argument) {
    if constexpr (std::is_integral_v<T>)
      sizes.push_back(argument);
  }
  std::string name;
};
template <class Function> CalledKernel<Function> kernel(const std::string &name) {
  return CalledKernel<Function>(name);
}

/// Shared by the workers of a call of the kernel with these sizes, "gemm" or "gemm_f64".
size_t scratchBytes(const std::string &name, const std::vector<int64_t> &sizes);
double flops(const std::string &name, const std::vector<int64_t> &sizes);

/// `n` numbers in [-1, 1], multiples of 1/1000.
template <class T> std::vector<T> numbers(size_t n, unsigned seed) {
  std::minstd_rand next(seed);
  std::vector<T> result(n);
  for (T &x : result)
    x = T(int(next() % 2001) - 1000) / 1000;
  return result;
}

/// Few different values, so that ties abound.
template <class T> std::vector<T> coarse(size_t n, unsigned seed) {
  std::minstd_rand next(seed);
  std::vector<T> result(n);
  for (T &x : result)
    x = T(int(next() % 7) - 3);
  return result;
}

template <class T> bool isNan(T x) { return x != x; }

/// Indices of rows, some of them outside of seven, and the row that one means.
inline const std::vector<int64_t> indices = {3, 0, -1, 6, 3, 7, INT64_MAX, INT64_MIN, 2, 3};
inline int64_t clampedRow(int64_t index, int64_t rows) {
  return std::min(std::max<int64_t>(index, 0), rows - 1);
}

/// A sum of products in the order that contractions have: one FMA chain per block of 256 terms,
/// block sums in order within a group of 16, group sums pairwise level by level.
template <class T> class Sum {
public:
  void add(T a, T b) {
    if (terms == 256)
      closeBlock();
    part = std::fma(a, b, part);
    ++terms;
  }
  T value() {
    closeBlock();
    closeGroup();
    while (groups.size() > 1) {
      std::vector<T> above;
      for (size_t i = 0; i < groups.size(); i += 2)
        above.push_back(i + 1 < groups.size() ? groups[i] + groups[i + 1] : groups[i]);
      groups = above;
    }
    return groups[0];
  }

private:
  void closeBlock() {
    if (blocks == 16)
      closeGroup();
    group = blocks ? group + part : part;
    part = 0, terms = 0, ++blocks;
  }
  void closeGroup() {
    groups.push_back(group);
    blocks = 0;
  }
  T group = 0, part = 0;
  int terms = 0, blocks = 0;
  std::vector<T> groups;
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
