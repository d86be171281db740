// Lines of a tensor: its elements along one axis.
#pragma once

#include "compiler/oracle/evaluate.h"

namespace kerf::compiler {

/// How the elements of a row-major tensor lie along an axis.
struct Lines {
  int64_t outer = 1, n, inner = 1;

  Lines(llvm::ArrayRef<int64_t> shape, int64_t axis) : n(shape[axis]) {
    for (int64_t extent : shape.take_front(axis))
      outer *= extent;
    for (int64_t extent : shape.drop_front(axis + 1))
      inner *= extent;
  }
  /// Of element i of line (o, j).
  int64_t place(int64_t o, int64_t i, int64_t j) const { return (o * n + i) * inner + j; }

  /// body(o, j) for every line.
  void forEach(llvm::function_ref<void(int64_t, int64_t)> body) const {
    for (int64_t o = 0; o < outer; ++o)
      for (int64_t j = 0; j < inner; ++j)
        body(o, j);
  }
};

/// to[i] = from[j], of any element type.
inline void copyElement(const Literal &from, int64_t j, Literal &to, int64_t i) {
  if (to.isFloat())
    to.floats()[i] = from.floats()[j];
  else
    to.ints()[i] = from.ints()[j];
}

} // namespace kerf::compiler
