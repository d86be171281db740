// Narrow element types at an entry's border, and one training with a policy and without: images of
// bytes through convolutions, a norm and a linear layer.
#include <kerf/kerf.h>
#include <kerf/nn.h>
#include <kerf/optimizers.h>

namespace narrow {
using namespace kerf;
inline constexpr auto B = dim<"B">();
constexpr int classes = 4;
using Images = Tensor<u8, B, 1, 8, 8>;
using Labels = Tensor<i64, B>;

struct Net : Module {
  nn::Conv2d<1, 8, 3, 1, nn::same> first;
  nn::Conv2d<8, 12, 3, 2, 1> second;
  nn::LayerNorm<Shape::of(12, 4, 4)> norm;
  nn::Linear<12 * 4 * 4, 16> hidden;
  nn::Linear<16, classes> out;
  auto operator()(const auto &images) const {
    let x = cast<f32>(images) / 255;      // (B, 1, 8, 8)
    let h = norm(second(relu(first(x)))); // (B, 12, 4, 4)
    let flat = rearrange<"b c h w -> b (c h w)">(relu(h));
    return out(gelu(hidden(flat))); // (B, classes)
  }
};

void begin(Net &net, Adam<Net> &adam, const Key &key) {
  net = initialize<Net>(key);
  adam = zeros<Adam<Net>>();
}

Tensor<f32> train_step(Net &net, Adam<Net> &adam, const Images &images, const Labels &labels) {
  auto loss = [&](const Net &net) -> Tensor<f32> { return cross_entropy(net(images), labels); };
  auto [value, gradients] = value_and_grad(loss)(net);
  adam_step(net, gradients, adam, rate = 3e-3);
  return value;
}

struct Sums {
  Tensor<bf16, 5> b2;
  Tensor<f16, 5> h2;
  Tensor<i8, 5> c2;
  Tensor<i16, 5> s2;
  Tensor<u8, 5> w2;
  Tensor<f32, 5> numbers;
};
/// Twice each; words and integers wrap.
Sums twice(const Tensor<bf16, 5> &b, const Tensor<f16, 5> &h, const Tensor<i8, 5> &c,
           const Tensor<i16, 5> &s, const Tensor<u8, 5> &w) {
  return {b + b, h + h, c + c, s + s, w + w, cast<f32>(w)};
}

/// What is stored narrow and computed with: a table of constants, and a cast of what is too large.
Tensor<u8, 3> clipped(const Tensor<bf16, 3> &x) {
  const Tensor<bf16, 3> offset{0.5, 1, 2};
  return cast<u8>(cast<f32>(x + offset));
}

/// Parameters that are held narrow: drawn and stepped in f32, rounded once.
struct Row : Module {
  Param<bf16, 64> weight = init::normal(0, 1.0 / 3);
};
Tensor<f32, 64> row_step(Row &row, Adam<Row> &row_adam, const Tensor<bf16, 64> &x, const Key &key) {
  row = initialize<Row>(key);
  const Tensor<f32, 64> drawn = cast<f32>(row.weight);
  auto loss = [](const Row &row, const auto &x) -> Tensor<f32> {
    return sum(cast<f32>(row.weight * x));
  };
  Row gradients = value_and_grad(loss)(row, x).gradients;
  sgd_step(row, gradients, rate = 0.3);
  adam_step(row, zeros<Row>(), row_adam);
  return drawn;
}
} // namespace narrow

using namespace narrow;
const auto registered = kerf::model<"narrow_types">(
    entry<"begin">(begin, roles("net", "adam", "key")),
    entry<"train_step">(train_step, roles("net", "adam", "images", "labels"), bind(B, 16),
                        returns("loss"), compute<bf16>),
    entry<"train_step_f32">(train_step, roles("net", "adam", "images", "labels"), bind(B, 16),
                            returns("loss")),
    entry<"row_step">(row_step, roles("row", "row_adam", "x", "key"), returns("drawn")),
    entry<"twice">(twice, roles("b", "h", "c", "s", "w")),
    entry<"clipped">(clipped, roles("x"), returns("y")));
