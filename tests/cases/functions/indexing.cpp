// Functions along an axis by indices, with dims that have names.
#include <kerf/kerf.h>

using namespace kerf;

namespace {

constexpr auto B = dim<"B">();
constexpr auto N = dim<"N">();
using X = Tensor<f32, B, N>;

struct Sorted {
  X up, down, largest_first;
  Tensor<i64, B, N> order;
};
Sorted sorted(const X &x) {
  auto [up, order] = sort<1>(x);
  auto [down, from] = sort<0, true>(x);
  return {up, down, take_along<1>(x, argsort<1, true>(x)), order};
}

/// The gradient of sums with weights, of what was sorted and of running products.
struct Slopes {
  X of_sorted, of_products, of_products_of_slopes;
};
Slopes slopes(const X &x, const X &weights) {
  auto by_rank = [&](const X &x) -> Tensor<f32> { return sum(sort<1>(x).values * weights); };
  auto products = [&](const X &x) -> Tensor<f32> { return sum(cumprod<1>(x) * weights); };
  auto steep = [&](const X &x) -> Tensor<f32> {
    return sum(square(value_and_grad(products)(x).gradients));
  };
  return {value_and_grad(by_rank)(x).gradients, value_and_grad(products)(x).gradients,
          value_and_grad(steep)(x).gradients};
}

struct Counted {
  Tensor<i64, 4> bins;
  Tensor<i64, B, N> left, right;
  Tensor<i32, B, N> products;
  Tensor<i64, B, N> whole, rest;
};
Counted counted(const Tensor<i32, B, N> &numbers, const X &x, const Tensor<f32, 7> &table) {
  let wide = cast<i64>(numbers);
  return {bincount<4>(numbers), searchsorted(table, x), searchsorted<true>(table, x),
          cumprod<0>(numbers),  floor_divide(wide, 3L), remainder(wide, -3L)};
}

struct Judged {
  Tensor<i32, B> some, every;
  Tensor<i32> any_at_all, all_at_all, none_of_nothing, all_of_nothing;
};
Judged judged(const X &x) {
  let big = x > 0;
  const auto nothing = take<1, 0, 0>(big);
  return {cast<i32>(any<1>(big)), cast<i32>(all<1>(big)),  cast<i32>(any(big)),
          cast<i32>(all(big)),    cast<i32>(any(nothing)), cast<i32>(all(nothing))};
}

/// Rows along an axis in the middle; a window that moves, and another in its place.
struct Taken {
  Tensor<f32, B, 2, 3, N> rows;
  Tensor<f32, B, 2> window;
  X updated;
};
Taken taken(const X &x, const Tensor<f32, B, 4, N> &y, const Tensor<i64, 2, 3> &indices,
            const Tensor<i64> &place) {
  let window = slice_at<1, 2>(x, place);
  return {gather<1>(y, indices), window, update_at<1>(x, place + 1, 10 * window)};
}

const auto registered =
    model<"indexing">(entry<"sorted">(sorted, roles("x"), bind(B, 3, N, 5)),
                      entry<"slopes">(slopes, roles("x", "weights"), bind(B, 3, N, 5)),
                      entry<"counted">(counted, roles("numbers", "x", "table"), bind(B, 3, N, 5)),
                      entry<"judged">(judged, roles("x"), bind(B, 3, N, 5)),
                      entry<"taken">(taken, roles("x", "y", "indices", "place"), bind(B, 3, N, 5)));

} // namespace
