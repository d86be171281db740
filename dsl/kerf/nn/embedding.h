// Tables of rows, looked up by index.
#pragma once

#include "kerf/nn/layer.h"

namespace kerf::nn {

/// A table of rows, looked up by index; an index outside of it counts as the nearest row.
/// indices : i64, any shape S -> S + (Size)
template <int Rows, int Size> struct Embedding : Module {
  Param<f32, Rows, Size> weight = init::normal(1);

  [[nodiscard]] auto operator()(const Operand auto &indices, Line line = Line::current()) const {
    using I = std::remove_cvref_t<decltype(indices)>;
    static constexpr Rule rule =
        (std::is_same_v<element_of<I>, i64> || I::shape.is_poison()
             ? Rule(I::shape)
             : fail("the indices must be i64, got ", spell(dtype_of<element_of<I>>)))
            .in("kerf: Embedding: ");
    KERF_CHECK(rule);
    const Scope scope(weight);
    if constexpr (rule.shape.is_poison()) {
      return detail::Nothing();
    } else {
      let y(gather(weight, indices), line);
      return y;
    }
  }
};

} // namespace kerf::nn
