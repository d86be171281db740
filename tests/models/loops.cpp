// Loops inside entries, as people write them.
#include <kerf/kerf.h>

namespace kerf::models {
namespace {

/// The eigenvector of the eigenvalue that is largest in magnitude.   a : (9, 9) -> (9)
auto power_iteration(const Tensor<f32, 9, 9> &a) {
  return repeat<12>(Tensor<f32, 9>(1), [&](const auto &v) {
    let w = einsum<"i j, j -> i">(a, v);
    return w / sqrt(sum(square(w)));
  });
}

struct Means {
  Tensor<f32, 5, 3> centres;
  Tensor<i64, 65> codes;
  Tensor<f32, 65, 3> errors;
};
/// Lloyd's algorithm; what it found last, and what it gets wrong.
Means k_means(const Tensor<f32, 65, 3> &x) {
  const Means first{take<0, 0, 5>(x), 0, 0};
  return repeat<7>(first, [&](const Means &now) -> Means {
    let codes = vq(x, now.centres).codes;
    let counts = scatter_add<5>(Tensor<f32, 65>(1), codes);
    let sums = scatter_add<5>(x, codes);
    let centres = sums / maximum(reshape<5, 1>(counts), 1);
    return {centres, codes, x - gather(centres, codes)};
  });
}

struct Pair {
  Tensor<i64> a, b;
};
Pair fibonacci() {
  return repeat<10>(Pair{0, 1}, [](const Pair &p) -> Pair { return {p.b, p.a + p.b}; });
}

struct Three {
  Tensor<f32, 7> a, b, c;
};
/// Each takes the place of another, 4 times.
Three rotation(const Tensor<f32, 7> &x, const Tensor<f32, 7> &y, const Tensor<f32, 7> &z) {
  return repeat<4>(Three{x, y, z}, [](const Three &t) -> Three { return {t.b, t.c, t.a}; });
}

struct Counts {
  Tensor<f32, 7> none, once;
  Tensor<i64> numbers;
};
Counts counts(const Tensor<f32, 7> &x) {
  auto twice = [](const auto &v) { return v * 2; };
  let numbers = repeat<6>(Tensor<i64>(0), [](const auto &sum, const auto &i) { return sum + i; });
  return {repeat<0>(x, twice), repeat<1>(x * 3, twice), numbers};
}

/// Both numbers count; the inner loop goes on with what the outer one carries.
auto nested(const Tensor<f32, 3, 7> &x, const Tensor<f32, 7> &y) {
  return repeat<3>(x, [&](const auto &outer, const auto &i) {
    let inner = repeat<2>(
        outer, [&](const auto &v, const auto &j) { return v * y + cast<f32>(10 * i + j); });
    return tanh(inner);
  });
}

/// What an iteration captures is made once, before the loop.
auto constant_in_the_loop(const Tensor<f32, 4, 7> &x) {
  let scale = exp(sum<0>(x));
  return repeat<3>(x, [&](const auto &v) { return v + scale * sum<0>(scale) - v * v; });
}

/// Noise of its own in every iteration.
auto walk(const Key &key) {
  return repeat<5>(Tensor<f32, 33>(0),
                   [&](const auto &v, const auto &i) { return v + normal<33>(fold(key, i)); });
}

struct Line2 : Module {
  Param<f32, 3> slope;
  Param<f32> offset;
};
/// Gradient descent in one entry; the state is what the model keeps.
auto descent(Line2 &line, const Tensor<f32, 17, 3> &x, const Tensor<f32, 17> &y) {
  line = repeat<20>(line, [&](const Line2 &now) -> Line2 {
    auto loss = [](const Line2 &l, const auto &x, const auto &y) {
      return mean(square(einsum<"n d, d -> n">(x, l.slope) + l.offset - y));
    };
    auto [value, gradients] = value_and_grad(loss)(now, x, y);
    Line2 next = now;
    next.slope = Tensor<f32, 3>(now.slope - 0.1 * gradients.slope);
    next.offset = Tensor<f32>(now.offset - 0.1 * gradients.offset);
    return next;
  });
  return sum(square(line.slope));
}

/// A loop inside of what is differentiated: on what is constant to the gradient.
auto beside_a_gradient(const Tensor<f32, 9, 9> &a, const Tensor<f32, 9> &x) {
  auto loss = [&](const auto &x) {
    let fixed = stop_gradient(x);
    let v = repeat<3>(fixed, [&](const auto &v) { return tanh(einsum<"i j, j -> i">(a, v)); });
    return sum(x * x * v);
  };
  auto [value, gradient] = value_and_grad(loss)(x);
  return gradient;
}

inline constexpr auto T = dim<"T">();
inline constexpr auto B = dim<"B">();

struct Steps {
  Tensor<f32, B, 5> last;
  Tensor<f32, T, B, 5> all;
};
/// A recurrent net, over rows that are made before the loop.   x : (T, B, 5)
Steps recurrent(const Tensor<f32, T, B, 5> &x, const Tensor<f32, 5, 5> &w) {
  auto [last, all] = scan(Tensor<f32, B, 5>(0), x * 2, [&](const auto &h, const auto &x) {
    let next = tanh(einsum<"b i, o i -> b o">(h, w) + x);
    return std::pair(next, next);
  });
  return {last, all};
}

struct Rows {
  Tensor<f32, B, T, 5> values;
  Tensor<i64, B, T> codes;
};
struct Seen {
  Tensor<f32, B, T> sums;
  Tensor<i64, B, T> numbers;
  Tensor<i64, B> total;
};
/// Several inputs, outputs and states, along the second axis, from its end.
Seen several(const Rows &rows) {
  auto [state, outputs] = scan<1>(
      std::tuple(Tensor<f32, B>(0), Tensor<i64, B>(0)), rows,
      [](const auto &state, const auto &row, const auto &i) {
        const auto &[sum_before, before] = state;
        const auto &[x, code] = row;
        let total = 0.5 * sum_before + sum<1>(x);
        let number = before + code % 3 + i;
        return std::pair(std::tuple(total, number), std::tuple(total, number));
      },
      option<"reverse"> = true);
  return {std::get<0>(outputs), std::get<1>(outputs), std::get<1>(state)};
}

struct Root {
  Tensor<f32, B> x;
  Tensor<i64> iterations, none;
};
/// Newton's iteration until all are close, and a loop whose condition never holds.
Root square_roots(const Tensor<f32, B> &a) {
  let positive = square(a) + 0.5;
  auto [x, iterations] = while_loop<40>(
      positive, [&](const auto &x) { return max(abs(x * x - positive)) > 1e-3; },
      [&](const auto &x) { return 0.5 * (x + positive / x); });
  auto [y, none] = while_loop<40>(
      x, [](const auto &x, const auto &i) { return sum(x) < 0 && i < 3; },
      [](const auto &x) { return x + 1; });
  return {y, iterations, none};
}

/// A branch in every iteration, and one around a loop.
auto branches(const Tensor<f32, T, 5> &x, const Tensor<f32, 5, 5> &w) {
  auto [last, all] = scan(Tensor<f32, 5>(1), x, [&](const auto &h, const auto &x) {
    let next =
        cond(sum(x) > 0, [&] { return tanh(einsum<"i, o i -> o">(h, w)); }, [&] { return h - x; });
    return std::pair(next, next);
  });
  return cond(
      sum(last) > 1, [&] { return repeat<3>(last, [](const auto &h) { return h * h; }); },
      [&] { return sum<0>(all); });
}

/// Fewer values are kept for its gradient; the value is that of f.
auto checkpointed(const Tensor<f32, B, 5> &x, const Tensor<f32, 5, 5> &w) {
  const auto layer = [&](const auto &x) { return tanh(einsum<"b i, o i -> b o">(x, w)); };
  let h = checkpoint(layer)(x);
  return checkpoint(layer)(h) + repeat<9>(h, layer, keeping = every_sqrt) +
         repeat<9>(h, layer, keeping = every(2));
}

/// What a decoder has seen so far grows by a row at a time.
auto generate(const Tensor<f32, 7, 5> &table, const Tensor<i64> &first) {
  struct Drawn {
    Tensor<i64> last;
    Tensor<i64, 12> tokens;
  };
  const Drawn start{first, 0};
  auto [drawn, count] = while_loop<12>(
      start, [](const Drawn &drawn) { return drawn.last != 0; },
      [&](const Drawn &drawn, const auto &i) -> Drawn {
        let scores = einsum<"k d, d -> k">(table, gather(table, drawn.last));
        let next = argmax<0>(scores);
        return {next, update_at<0>(drawn.tokens, i, reshape<1>(next))};
      });
  return drawn.tokens + count;
}

const auto registered = model<"loops">(
    entry<"power_iteration">(power_iteration, roles("a"), Binding<0>{}, returns("v")),
    entry<"k_means">(k_means, roles("x")), entry<"fibonacci">(fibonacci, roles()),
    entry<"rotation">(rotation, roles("x", "y", "z")), entry<"counts">(counts, roles("x")),
    entry<"nested">(nested, roles("x", "y"), Binding<0>{}, returns("z")),
    entry<"constant_in_the_loop">(constant_in_the_loop, roles("x"), Binding<0>{}, returns("y")),
    entry<"walk">(walk, roles("key"), Binding<0>{}, returns("y")),
    entry<"descent">(descent, roles("line", "x", "y"), Binding<0>{}, returns("length")),
    entry<"beside_a_gradient">(beside_a_gradient, roles("a", "x"), Binding<0>{},
                               returns("gradient")),
    entry<"recurrent">(recurrent, roles("x", "w"), bind(T, 6, B, 3)),
    entry<"several">(several, roles("rows"), bind(T, 7, B, 2)),
    entry<"square_roots">(square_roots, roles("a"), bind(B, 5)),
    entry<"branches">(branches, roles("x", "w"), bind(T, 9), returns("y")),
    entry<"checkpointed">(checkpointed, roles("x", "w"), bind(B, 4), returns("y")),
    entry<"generate">(generate, roles("table", "first"), Binding<0>{}, returns("tokens")));

} // namespace
} // namespace kerf::models
