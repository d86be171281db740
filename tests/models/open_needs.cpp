// Entries whose batch is open and of which each needs some rows: fewer are refused at the call.
// Compared with entries bound to the rows of the call, bit for bit, for each number of rows.
#include <kerf/kerf.h>

namespace {
using namespace kerf;
inline constexpr auto B = dim<"B">();
constexpr auto any = bind(B, up_to(13));
using X = Tensor<f32, B, 3>;

// ---- parts at places that do not depend on the rows ----
Tensor<f32, 3> fourth(const X &x) { return x[3]; }
Tensor<f32, 3> last(const X &x) { return x[-1] * 2; }
Tensor<f32, 5, 3> first_five(const X &x) { return take<0, 0, 5>(x); }
Tensor<f32, 3> last_three(const X &x) { return sum<0>(take<0, B - 3, B>(x)); }
Tensor<f32, 3> without_three(const X &x) { return sum<0>(exp(take<0, 3, B>(x))); }
Tensor<f32, 3, 3> every_third(const X &x) {
  return slice<Shape::of(1, 0), Shape::of(8, 3), Ints::of(3, 1)>(x);
}
Tensor<f32, 3> head_and_tail(const X &x) {
  auto [head, tail] = split<0, 2, B - 2>(x);
  return sum<0>(head) * mean<0>(tail);
}
Tensor<f32, 3> steps(const X &x) { return sum<0>(square(take<0, 1, B>(x) - take<0, 0, B - 1>(x))); }

// ---- parts at places that the call says ----
Tensor<f32, 3> one_of(const X &x, const Tensor<i64> &i) { return x[i]; }
Tensor<f32, 5, 3> window(const X &x, const Tensor<i64> &i) { return slice_at<0, 5>(x, i); }
Tensor<f32, 3> open_window(const X &x, const Tensor<i64> &i) {
  return sum<0>(slice_at<0, B - 4>(x, i));
}
X overwritten(const X &x, const Tensor<i64> &i, const Tensor<f32, 4, 3> &update) {
  return update_at<0>(x, i, update);
}
Tensor<f32, 6, 3> looked_up(const X &x, const Tensor<i64, 6> &i) { return gather(x, i); }
Tensor<f32, 2, 3> along(const X &x, const Tensor<i64, 2, 3> &i) { return take_along<0>(x, i); }
X scattered(const Tensor<f32, 6, 3> &x, const Tensor<i64, 6> &i, const X &y) {
  return scatter_add<B>(x, i) + y;
}

// ---- so many of the rows ----
Tensor<i64, 5> five_largest(const Tensor<f32, B> &x) { return top_k<5>(x); }
Tensor<f32, 4, 3> chosen(const X &x, const Key &key) { return gather(x, choice<B, 4>(key)); }
Tensor<f32, 3> middle(const X &x) {
  auto [values, order] = sort<0>(x);
  return values[4];
}

// ---- rows with their neighbours ----
Tensor<f32, B, 3> mirrored(const X &x) { return take<0, 2, B + 2>(reflect_pad<0, 2, 2>(x)) + 1; }
Tensor<f32, B, 3> around(const X &x) {
  let y = circular_pad<0, 3, 1>(x);
  return take<0, 0, B>(y) - take<0, 4, B + 4>(y);
}
Tensor<f32, 3, 4> windows(const X &x) { return sum<0>(exp(unfold<0, 4, 1>(x))); }
Tensor<f32, 2> over_rows(const X &x, const Tensor<f32, 2, 3, 4, 1> &w) {
  let image = rearrange<"b c -> 1 c b 1">(x);
  return sum<0, 2, 3>(square(conv<1, Both(1, 0)>(image, w)));
}
Tensor<f32, 2> cropped(const X &x, const Tensor<f32, 3, 2, 3, 3> &w) { // padding takes away
  let image = rearrange<"b c -> 1 c b 1">(x);
  return sum<0, 2, 3>(square(conv_transpose<1, Both(2, 1)>(image, w)));
}
Tensor<f32, 2> stretched(const X &x, const Tensor<f32, 3, 2, 4, 1> &w) {
  let image = rearrange<"b c -> 1 c b 1">(take<0, 2, B>(x));
  return sum<0, 2, 3>(square(conv_transpose<Both(2, 1)>(image, w)));
}

// ---- what follows from them ----
X slope(const X &x) { // each part's gradient stands among zeros
  auto loss = [](const X &x) -> Tensor<f32> {
    return sum(square(x[3])) + sum(exp(take<0, B - 2, B>(x)));
  };
  auto [value, dx] = value_and_grad(loss)(x);
  return dx;
}
Tensor<f32, 2, 3> joined(const X &x, const Tensor<f32, 2, 3> &y) { // the inverse of a concat
  auto loss = [&](const Tensor<f32, 2, 3> &y) -> Tensor<f32> {
    return sum(exp(take<0, 0, B - 1>(concat<0>(y, take<0, 2, B>(x)))));
  };
  auto [value, dy] = value_and_grad(loss)(y);
  return dy;
}
Tensor<f32> pairs_but(const X &x) { // B x B scores, without some
  let scores = einsum<"b d, c d -> b c">(x, x);
  return mean(mean<1>(take<1, 2, B>(take<0, 1, B - 1>(scores))));
}

const auto registered = model<"open_needs">(
    entry<"fourth">(fourth, roles("x"), any, returns("y")),
    entry<"last">(last, roles("x"), any, returns("y")),
    entry<"first_five">(first_five, roles("x"), any, returns("y")),
    entry<"last_three">(last_three, roles("x"), any, returns("y")),
    entry<"without_three">(without_three, roles("x"), any, returns("y")),
    entry<"every_third">(every_third, roles("x"), any, returns("y")),
    entry<"head_and_tail">(head_and_tail, roles("x"), any, returns("y")),
    entry<"steps">(steps, roles("x"), any, returns("y")),
    entry<"one_of">(one_of, roles("x", "i"), any, returns("y")),
    entry<"window">(window, roles("x", "i"), any, returns("y")),
    entry<"open_window">(open_window, roles("x", "i"), any, returns("y")),
    entry<"overwritten">(overwritten, roles("x", "i", "update"), any, returns("y")),
    entry<"looked_up">(looked_up, roles("x", "i"), any, returns("y")),
    entry<"along">(along, roles("x", "i"), any, returns("y")),
    entry<"scattered">(scattered, roles("x", "i", "z"), any, returns("y")),
    entry<"five_largest">(five_largest, roles("x"), any, returns("y")),
    entry<"chosen">(chosen, roles("x", "key"), any, returns("y")),
    entry<"middle">(middle, roles("x"), any, returns("y")),
    entry<"mirrored">(mirrored, roles("x"), any, returns("y")),
    entry<"around">(around, roles("x"), any, returns("y")),
    entry<"windows">(windows, roles("x"), any, returns("y")),
    entry<"over_rows">(over_rows, roles("x", "w"), any, returns("y")),
    entry<"cropped">(cropped, roles("x", "w"), any, returns("y")),
    entry<"stretched">(stretched, roles("x", "w"), any, returns("y")),
    entry<"slope">(slope, roles("x"), any, returns("y")),
    entry<"joined">(joined, roles("x", "z"), any, returns("y")),
    entry<"pairs_but">(pairs_but, roles("x"), any, returns("y")));
} // namespace
