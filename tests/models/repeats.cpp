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

const auto registered = model<"repeats">(
    entry<"power_iteration">(power_iteration, roles("a"), Binding<0>{}, returns("v")),
    entry<"k_means">(k_means, roles("x")), entry<"fibonacci">(fibonacci, roles()),
    entry<"rotation">(rotation, roles("x", "y", "z")), entry<"counts">(counts, roles("x")),
    entry<"nested">(nested, roles("x", "y"), Binding<0>{}, returns("z")),
    entry<"constant_in_the_loop">(constant_in_the_loop, roles("x"), Binding<0>{}, returns("y")),
    entry<"walk">(walk, roles("key"), Binding<0>{}, returns("y")),
    entry<"descent">(descent, roles("line", "x", "y"), Binding<0>{}, returns("length")),
    entry<"beside_a_gradient">(beside_a_gradient, roles("a", "x"), Binding<0>{},
                               returns("gradient")));

} // namespace
} // namespace kerf::models
