// What several `evaluate` methods do with plain memory: strided copies, matrix products,
// convolution taps.
#pragma once

#include "compiler/oracle/evaluate.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"

#include <algorithm>
#include <numeric>

namespace kerf::compiler {

/// A walk over a tensor's storage: the first element, and one step (in elements) per axis.
struct Walk {
  int64_t offset = 0;
  llvm::SmallVector<int64_t> steps;
};

/// Every element of a row-major tensor of this shape, in order.
inline Walk walkAll(llvm::ArrayRef<int64_t> shape) { return {0, stridesOf(shape)}; }

/// Elements `offsets[i] + n * strides[i]` along axis i of a row-major tensor of this shape.
inline Walk walkSlice(llvm::ArrayRef<int64_t> shape, llvm::ArrayRef<int64_t> offsets,
                      llvm::ArrayRef<int64_t> strides) {
  Walk walk = walkAll(shape);
  for (auto [step, offset, stride] : llvm::zip_equal(walk.steps, offsets, strides)) {
    walk.offset += offset * step;
    step *= stride;
  }
  return walk;
}

/// The axes `order` of a row-major tensor of this shape, in that order.
inline Walk walkAxes(llvm::ArrayRef<int64_t> shape, llvm::ArrayRef<int64_t> order) {
  Walk walk;
  const auto strides = stridesOf(shape);
  for (int64_t axis : order)
    walk.steps.push_back(strides[axis]);
  return walk;
}

/// to[index] = from[index] for every multi-index of `extents`, each side in its own walk.
template <class T>
void copyStrided(llvm::ArrayRef<int64_t> extents, const T *from, llvm::ArrayRef<int64_t> from_steps,
                 T *to, llvm::ArrayRef<int64_t> to_steps) {
  if (extents.empty()) {
    *to = *from;
    return;
  }
  if (extents.size() == 1) {
    for (int64_t i = 0; i < extents[0]; ++i)
      to[i * to_steps[0]] = from[i * from_steps[0]];
    return;
  }
  for (int64_t i = 0; i < extents[0]; ++i)
    copyStrided(extents.drop_front(), from + i * from_steps[0], from_steps.drop_front(),
                to + i * to_steps[0], to_steps.drop_front());
}

/// The same on literals of one element type; `to` has just been made.
inline void copyStrided(llvm::ArrayRef<int64_t> extents, const Literal &from, const Walk &from_walk,
                        Literal &to, const Walk &to_walk) {
  if (llvm::is_contained(extents, 0)) // no storage that an offset could point into
    return;
  if (from.isFloat())
    copyStrided(extents, from.floats().data() + from_walk.offset, llvm::ArrayRef(from_walk.steps),
                to.floats().data() + to_walk.offset, llvm::ArrayRef(to_walk.steps));
  else
    copyStrided(extents, from.ints().data() + from_walk.offset, llvm::ArrayRef(from_walk.steps),
                to.ints().data() + to_walk.offset, llvm::ArrayRef(to_walk.steps));
}

/// Rounds a literal that has just been computed in double, as the mode says.
inline void roundAll(Literal &literal, const Evaluation &evaluation) {
  if (evaluation.mode == Evaluation::Mode::f64)
    return;
  const mlir::Type element = literal.type().getElementType();
  for (double &value : literal.floats())
    value = evaluation.round(value, element);
}

/// c += a b for row-major a : (m, k), b : (k, n), c : (m, n). Four rows of b a pass, so that c is
/// read and written a quarter as often.
inline void multiplyAdd(int64_t m, int64_t n, int64_t k, const double *a, const double *b,
                        double *c) {
  for (int64_t i = 0; i < m; ++i, a += k, c += n) {
    int64_t l = 0;
    for (; l + 4 <= k; l += 4) {
      const double *r = b + l * n;
      for (int64_t j = 0; j < n; ++j)
        c[j] += (a[l] * r[j] + a[l + 1] * r[n + j]) +
                (a[l + 2] * r[2 * n + j] + a[l + 3] * r[3 * n + j]);
    }
    for (; l < k; ++l)
      for (int64_t j = 0; j < n; ++j)
        c[j] += a[l] * b[l * n + j];
  }
}

/// One row of a convolution's trilinear form: `y[i] ~ w * x[i * stride]` for i in [0, count).
struct Tap {
  int64_t x, w, y; ///< offsets of the first elements; x < 0: outside, where x is zero
  int64_t count, stride;

  /// The first element of x, `stride` apart from the next.
  const double *in(const double *pixels) const {
    static constexpr double zero = 0;
    return x < 0 ? &zero : pixels + x;
  }
};

/// Calls `body(tap)` for the taps of y = conv(x, w), which together visit every product
/// `x[n, c, stride * i + k - padding] * w[o, c, k]` of `y[n, o, i]` exactly once, those with pixels
/// outside of x too: zero times infinity or NaN is NaN.
/// Shapes: x : (N, C, H, W), w : (O, C, kh, kw), y : (N, O, h, w).
template <class Body>
void forEachTap(llvm::ArrayRef<int64_t> x, llvm::ArrayRef<int64_t> w, llvm::ArrayRef<int64_t> y,
                llvm::ArrayRef<int64_t> stride, llvm::ArrayRef<int64_t> padding, Body body) {
  // Output positions [first, last) along `axis` whose input at kernel position k is no padding.
  auto inside = [&](int axis, int64_t k) {
    const int64_t s = stride[axis], shift = padding[axis] - k;
    const int64_t first = std::min(shift > 0 ? (shift + s - 1) / s : 0, y[2 + axis]);
    const int64_t room = x[2 + axis] - 1 + shift;
    const int64_t last = room < 0 ? 0 : std::min(y[2 + axis], room / s + 1);
    return std::pair(first, std::max(first, last));
  };
  for (int64_t n = 0; n < y[0]; ++n)
    for (int64_t o = 0; o < y[1]; ++o)
      for (int64_t c = 0; c < x[1]; ++c)
        for (int64_t row = 0; row < w[2]; ++row)
          for (int64_t column = 0; column < w[3]; ++column) {
            const auto [top, bottom] = inside(0, row);
            const auto [left, right] = inside(1, column);
            const int64_t at = ((o * w[1] + c) * w[2] + row) * w[3] + column;
            for (int64_t i = 0; i < y[2]; ++i) {
              const int64_t to = ((n * y[1] + o) * y[2] + i) * y[3];
              const bool isPadding = i < top || i >= bottom || left == right;
              auto outside = [&](int64_t from, int64_t end) {
                if (from < end)
                  body(Tap{-1, at, to + from, end - from, 0});
              };
              outside(0, isPadding ? y[3] : left);
              if (isPadding)
                continue;
              body(Tap{((n * x[1] + c) * x[2] + i * stride[0] + row - padding[0]) * x[3] +
                           left * stride[1] + column - padding[1],
                       at, to + left, right - left, stride[1]});
              outside(right, y[3]);
            }
          }
}

} // namespace kerf::compiler
