// What a newcomer writes and expects to work.
#include <kerf/kerf.h>
#include <kerf/tables.h>

/// A user's own function may have the name of an option.
namespace mine {
using namespace kerf;
namespace {

auto dropout(const auto &x) { return x * 0.5; }
auto mask(const auto &x) { return x + 1; }

constexpr auto B = dim<"B">();
using X = Tensor<f32, 4>;

// A result is named where there is no dim to bind.
X options_taken(const X &x) { return mask(dropout(x)); }

// … or of a function of the language: in its namespace it is the user's.
namespace taken {
auto leaky_relu(const auto &x) { return x * 2; }
auto square(const auto &x) { return x + x; }
template <int axis> auto squeeze(const auto &x) { return x - axis; }

X all(const X &x) { return squeeze<3>(leaky_relu(square(x))); }
} // namespace taken

// The gradient in a value that let has named, and in an expression.
struct Slopes {
  X of_let, of_expression;
};
Slopes slopes(const X &x) {
  auto loss = [](const auto &h) { return sum(square(h)); };
  let h = x * 2;
  return {value_and_grad(loss)(h).gradients, value_and_grad(loss)(x * 3).gradients};
}

template <class T> struct Line : Module {
  Param<T, 3, 4> weight;
  Param<T, 3> bias = init::normal(1);
  auto operator()(const auto &x) const { return einsum<"b i, o i -> b o">(x, weight) + bias; }
};

// Class weights and a count are state of the model, not parameters of it.
struct Weighted : Module {
  Line<f32> line;
  Tensor<f32, 3> class_weights;
  Tensor<i64> seen;
};
void init(Weighted &net, Adam<Weighted> &adam, const Key &key) {
  net = initialize<Weighted>(key);
  net.class_weights = net.class_weights + 2;
  adam = zeros<Adam<Weighted>>();
}
Tensor<f32> train(Weighted &net, Adam<Weighted> &adam, const Tensor<f32, B, 4> &x) {
  auto loss = [&](const Weighted &net) { return sum(square(net.line(x) * net.class_weights)); };
  auto [value, gradients] = value_and_grad(loss)(net);
  net.seen = net.seen + 1;
  adam_step(net, gradients, adam, rate = 0.001 * sqrt(value)); // a rate of f32
  return sum(abs(gradients.class_weights)) + cast<f32>(gradients.seen);
}

// Parameters in double precision.
void init_f64(Line<f64> &wide, Adam<Line<f64>> &wide_adam, const Key &key) {
  wide = initialize<Line<f64>>(key);
  wide_adam = zeros<Adam<Line<f64>>>();
}
Tensor<f64> train_f64(Line<f64> &wide, Adam<Line<f64>> &wide_adam, const Tensor<f64, B, 4> &x) {
  auto loss = [&](const Line<f64> &line) { return sum(square(line(x))); };
  auto [value, gradients] = value_and_grad(loss)(wide);
  adam_step(wide, gradients, wide_adam, rate = 0.125);
  return value;
}

// Tables of constants: from a list, from arrays, from a span, with a named dim; equal ones are one.
constexpr std::array<std::array<double, 4>, 2> rows = {{{1, 2, 3, 4}, {5, 6, 7, 8}}};
constexpr float columns[2][4] = {{0.1f, 0.2f, 0.3f, 0.4f}, {-1, -2, -3, -4}};
struct Tables {
  X listed;
  Tensor<f32, 2, 4> of_arrays, of_span;
  Tensor<f32, B, 2> named;
  Tensor<i64, 4> whole;
  Tensor<f32, 2, 3> of_file;
  Tensor<i32, 3> of_bytes;
};
Tables tables(const X &x, const Tensor<f32, B> &y) {
  const X weights{1, 2.5f, -3, 0.1};
  const std::vector<float> squares = {0, 1, 4, 9, 16, 25, 36, 49};
  const Tensor<f32, 2, 4> a(rows), c(columns), s(squares);
  const Tensor<f32, B, 2> pairs{1, 2, 3, 4, 5, 6};
  const Tensor<i1, 4> even{true, false, true, false};
  const Tensor<i32, 4> most{2147483647, -2147483648, 0, 7};
  return {x * weights,
          a + c * X{1, 2.5f, -3, 0.1},
          s * X(2),
          rearrange<"b -> b 1">(y) + pairs,
          select(even, cast<i64>(most), Tensor<i64, 4>{1}),
          constant_from_file<f32, 2, 3>("tables.safetensors", "second"),
          constant_from_file<i32, 3>("numbers.bin")};
}

// A named dim stands wherever a number does.
constexpr auto C = dim<"C">(), H = dim<"H">(), W = dim<"W">();
struct Named {
  Tensor<f32> contrast;
  Tensor<f32, 8, 2> next;
  Tensor<f32, B, B> hot;
  Tensor<f32, B, 2> last;
  Tensor<f32, 2 * B + 1, 2> padded;
  Tensor<i64, B - 1> chosen;
  Tensor<f32, B, 2> sums;
  Tensor<f32, 2> doubled;
  Tensor<f32> share;
};
Named named(const Tensor<f32, B, B> &scores, const Tensor<f32, 8, 2> &queue,
            const Tensor<f32, B, 2> &keys, const Key &key) {
  let labels = arange<B>();
  return {cross_entropy(scores, labels) + sum(eye<f32, B>() * scores),
          concat<0>(keys, take<0, 0, 8 - B>(queue)),
          one_hot<B>(labels),
          take<0, 8 - B, 8>(queue),
          pad<Shape::of(B, 0), Shape::of(1, 0)>(keys),
          choice<B, B - 1>(key),
          scatter_add<B>(queue, minimum(arange<8>(), 2)),
          repeat<B>(mean<0>(keys), [](const auto &x) { return 2 * x; }),
          1 / extent<f32, B, 2>()};
}
Tensor<f32, B * C * H * W> flat(const Tensor<f32, B, C, H, W> &x) {
  return rearrange<"b c h w -> (b c h w)">(x);
}

// Truths and integers have C++'s operators.
struct Truths {
  Tensor<i1, 4> inside, outside, either;
  Tensor<i64, 4> rest, low_bits, shifted;
};
Truths truths(const X &x, const Tensor<i64, 4> &n) {
  return {x > 0 && x < 2, !(x > 0 && x < 2),  (x > 1) || n == 3,
          n % 3,          (n & 1) | (~n & 2), (n << 2) >> 1 ^ 1};
}

// Loops within loops, and within a loss, draw with keys of those around them.
Tensor<f32, 3> walks(const Tensor<f32, 3> &x, const Key &key) {
  return repeat<2>(x, [&](const auto &x, const Tensor<i64> &i) -> Tensor<f32, 3> {
    const Key outer = fold(key, i);
    return repeat<3>(x, [&](const auto &x, const Tensor<i64> &k) -> Tensor<f32, 3> {
      return x + normal<3>(fold(outer, k));
    });
  });
}
Tensor<f32, 3> walks_unrolled(const Tensor<f32, 3> &start, const Key &key) {
  let x = start;
  for (int i = 0; i < 2; ++i)
    for (int k = 0; k < 3; ++k)
      x = x + normal<3>(fold(fold(key, i), k));
  return x;
}
Tensor<f32, 3> slopes_of_walk(const Tensor<f32, 3> &x, const Key &key) {
  const auto loss = [&](const auto &x) {
    const Key own = fold(key, 7);
    let walk = repeat<3>(stop_gradient(x), [&](const auto &x, const Tensor<i64> &k) {
      return let(x + normal<3>(fold(own, k)));
    });
    return sum(x * stop_gradient(walk));
  };
  return value_and_grad(loss)(x).gradients;
}

const auto registered = model<"works">(
    entry<"walks">(walks, roles("x", "key"), returns("y")),
    entry<"walks_unrolled">(walks_unrolled, roles("x", "key"), returns("y")),
    entry<"slopes_of_walk">(slopes_of_walk, roles("x", "key"), returns("y")),
    entry<"options_taken">(options_taken, roles("x"), returns("y")),
    entry<"functions_taken">(taken::all, roles("x"), returns("y")),
    entry<"tables">(tables, roles("x", "y"), bind(B, 3)), entry<"slopes">(slopes, roles("x")),
    entry<"init">(init, roles("params", "adam", "key")),
    entry<"train">(train, roles("params", "adam", "x"), bind(B, 2), returns("of_buffers")),
    entry<"init_f64">(init_f64, roles("wide", "wide_adam", "key")),
    entry<"train_f64">(train_f64, roles("wide", "wide_adam", "x"), bind(B, 2), returns("loss")),
    entry<"named">(named, roles("scores", "queue", "keys", "key"), bind(B, 3)),
    entry<"truths">(truths, roles("x", "n")),
    entry<"flat">(flat, roles("x"), bind(B, 2, C, 1, H, 2, W, 2), returns("y")));

} // namespace
} // namespace mine
