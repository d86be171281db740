// Entries whose batch is open: one for each way in which rows meet. Compared with entries bound to
// the rows of the call, bit for bit.
#include <kerf/kerf.h>
#include <kerf/nn.h>
#include <kerf/optimizers.h>

namespace {
using namespace kerf;
inline constexpr auto B = dim<"B">();
inline constexpr auto T = dim<"T">();
constexpr auto any = bind(B, up_to(256));

// ---- rows apart ----
Tensor<f32, B, 5> elementwise(const Tensor<f32, B, 5> &x, const Tensor<f32, 5> &c) {
  return tanh(2 * x + c) * x;
}
Tensor<f32, B> of_vectors(const Tensor<f32, B> &x) { return exp(-square(x)) + 1; }
Tensor<f32, B> sums_of_rows(const Tensor<f32, B, 7, 9> &x) { return sum<1, 2>(x); }
Tensor<f32, B, 9> sums_within(const Tensor<f32, B, 7, 9> &x) { return sum<1>(x); }
Tensor<f32, B, 19> softmax_of_rows(const Tensor<f32, B, 19> &x) { return softmax(x); }
Tensor<i64, B> choice(const Tensor<f32, B, 19> &x) { return argmax<1>(x); }
Tensor<f32, B, 3, 4> turned(const Tensor<f32, B, 4, 3> &x) {
  return rearrange<"b h w -> b w h">(x);
}
Tensor<f32, B * T, 3> merged(const Tensor<f32, B, T, 3> &x) {
  return rearrange<"b t d -> (b t) d">(x) + 1;
}
Tensor<f32, B, T, 3> split_again(const Tensor<f32, B * T, 3> &x, const Tensor<f32, B, T> &y) {
  return rearrange<"(b t) d -> b t d", size<"t">(T)>(x) * rearrange<"b t -> b t 1">(y);
}
Tensor<f32, B, 6> sliced(const Tensor<f32, B, 9> &x) { return take<1, 2, 8>(x); }
Tensor<f32, B, 4> looked_up(const Tensor<f32, 11, 4> &table, const Tensor<i64, B> &i) {
  return gather(table, i);
}
Tensor<f32, B, 8> dense(const Tensor<f32, B, 40> &x, const Tensor<f32, 8, 40> &w) {
  return relu(einsum<"b i, o i -> b o">(x, w));
}
Tensor<f32, B, 3, 3> per_row_products(const Tensor<f32, B, 3, 5> &x) {
  return einsum<"b i d, b j d -> b i j">(x, x);
}
Tensor<f32, B, 4, 8, 8> convolved(const Tensor<f32, B, 3, 8, 8> &x,
                                  const Tensor<f32, 4, 3, 3, 3> &w) {
  return conv<1, 1>(x, w);
}
Tensor<f32, B, 5> looped(const Tensor<f32, B, 5> &x) {
  auto step = [&](const Tensor<f32, B, 5> &y, const Tensor<i64> &i) -> Tensor<f32, B, 5> {
    return y * 0.5 + x * cast<f32>(i);
  };
  return repeat<4>(Tensor<f32, B, 5>(x), step);
}
/// So many scores are run by blocks of rows where the batch is bound.
Tensor<f32, B, 8> soft_codes(const Tensor<f32, B, 8> &x, const Tensor<f32, 1024, 8> &codes) {
  return einsum<"b k, k d -> b d">(softmax<1>(einsum<"b d, k d -> b k">(x, codes)), codes);
}

// ---- over rows ----
struct Sums {
  Tensor<f32> all, mean_of_all, of_vector, largest;
  Tensor<f32, 5> each, mean_of_each;
  Tensor<f32, 2> within;
};
Sums over_rows(const Tensor<f32, B, 5> &x, const Tensor<f32, B> &y, const Tensor<f32, B, 2, 3> &z) {
  return {sum(x), mean(x), sum(y), max<0>(y), sum<0>(x), mean<0>(square(x)), sum<0, 2>(z)};
}
struct Long {
  Tensor<f32> all;
  Tensor<f32, 40> each;
  Tensor<f32, 3> between;
};
Long long_sums(const Tensor<f32, B, 40> &x, const Tensor<f32, B, 3, 70> &y) {
  return {mean(x * x), sum<0>(x), sum<0, 2>(y)};
}
Tensor<f32, 8, 40> outer(const Tensor<f32, B, 40> &x, const Tensor<f32, B, 8> &y) {
  return einsum<"b i, b o -> o i">(x, y);
}
Tensor<f32, 11, 4> scattered(const Tensor<f32, B, 4> &x, const Tensor<i64, B> &i) {
  return scatter_add<11>(x, i);
}
Tensor<f32, B, 3> running(const Tensor<f32, B, 3> &x) { return cumsum<0>(x); }
Tensor<f32, B, 3> sorted(const Tensor<f32, B, 3> &x) {
  auto [values, order] = sort<0>(x);
  return values;
}
Tensor<f32, B, 3> standardised(const Tensor<f32, B, 3> &x) {
  return (x - mean<0>(x)) * rsqrt(mean<0>(square(x - mean<0>(x))) + 1e-5);
}

// ---- rows with rows ----
Tensor<f32, B, 6> mixed(const Tensor<f32, B, 6> &x) { // each row of those like it
  return einsum<"b c, c d -> b d">(softmax<1>(einsum<"b d, c d -> b c">(x, x)), x);
}
Tensor<f32, B, 3> turned_around(const Tensor<f32, B, 2, 3> &x) { // rows behind another axis
  let y = rearrange<"b t d -> (t b) d">(x) * 2;
  return sum<1>(rearrange<"(t b) d -> b t d", size<"t">(2)>(y));
}
Tensor<f32, 5> sums_behind(const Tensor<f32, B, 5> &x) {
  let y = rearrange<"b d -> d b">(x);
  return sum<1>(y * y);
}
Tensor<f32, B> back_half(const Tensor<f32, 2 * B> &x) { return take<0, B, 2 * B>(x); }
Tensor<f32, B, 3> shuffled(const Key &key, const Tensor<f32, B, 3> &x) {
  return gather(x, permutation<B>(key));
}
Tensor<f32, B, 3> as_often(const Tensor<f32, B, 3> &x) { // a loop of B iterations
  auto step = [&](const Tensor<f32, B, 3> &y, const Tensor<i64> &) -> Tensor<f32, B, 3> {
    return y * 0.5 + x;
  };
  return repeat<B>(Tensor<f32, B, 3>(x), step);
}
/// The gradient of a loop of B iterations, which keeps the state before each.
Tensor<f32, B, 3> through_loops(const Tensor<f32, B, 3> &x) {
  auto loss = [](const Tensor<f32, B, 3> &x) -> Tensor<f32> {
    auto step = [&](const Tensor<f32, B, 3> &y, const Tensor<i64> &i) -> Tensor<f32, B, 3> {
      return tanh(y * 0.5 + x[i]);
    };
    auto [last, all] = scan(
        zeros<Tensor<f32, 3>>(), x,
        [](const auto &h, const auto &row) {
          let next = tanh(h * 0.5 + row);
          return std::pair(next, next * row);
        },
        keeping = every(3));
    return sum(repeat<B>(Tensor<f32, B, 3>(x), step, keeping = every_sqrt)) + sum(last * all[-1]);
  };
  auto [value, dx] = value_and_grad(loss)(x);
  return dx;
}
Tensor<f32> contrastive(const Tensor<f32, B, 6> &x, const Tensor<f32, B, 6> &y) {
  return cross_entropy(einsum<"b d, c d -> b c">(x, y), arange<B>());
}
Tensor<f32, 2 * B, 3> twice(const Tensor<f32, B, 3> &x, const Tensor<f32, B, 3> &y) {
  return concat<0>(x, y);
}

// ---- draws ----
Tensor<f32, B, 5> noise(const Key &key) { return normal<B, 5>(key); }
Tensor<f32, B, 5> dropped(const Key &key, const Tensor<f32, B, 5> &x) {
  return select(uniform<B, 5>(key) < 0.5, x, 0);
}

// ---- training ----
struct Net : Module {
  nn::Conv2d<1, 4, 3, 1, nn::same> conv;
  nn::BatchNorm2d<4> norm;
  nn::Linear<4 * 4 * 4, 16> hidden;
  nn::Dropout dropout{.p = 0.1};
  nn::Linear<16, 3> out;
  auto operator()(const auto &images, Mode mode, const auto &...key) const {
    let h = nn::MaxPool2d<2>()(relu(norm(conv(images), mode)));
    let x = relu(hidden(rearrange<"b c h w -> b (c h w)">(h)));
    return out(dropout(x, mode, key...));
  }
};
void init(Net &net, Adam<Net> &adam, const Key &key) {
  net = initialize<Net>(key);
  adam = zeros<Adam<Net>>();
}
Tensor<f32> train_step(Net &net, Adam<Net> &adam, const Tensor<f32, B, 1, 8, 8> &images,
                       const Tensor<i64, B> &labels, const Key &key) {
  auto loss = [&](const Net &net) -> Tensor<f32> {
    return cross_entropy(net(images, Mode::training, key), labels);
  };
  auto [value, gradients] = value_and_grad(loss)(net);
  adam_step(net, gradients, adam, rate = 1e-3);
  return value;
}
Tensor<i64, B> predict(const Net &net, const Tensor<f32, B, 1, 8, 8> &images) {
  return argmax<1>(net(images, Mode::inference));
}

struct Encoder : Module {
  Param<f32, 13, 8> token = init::normal(0.3);
  nn::TransformerEncoderLayer<8, 2, 16> layer{.dropout = 0};
  auto operator()(const auto &tokens, Mode mode) const {
    let x = layer(gather(token, tokens), mode);
    return einsum<"b t c, n c -> b t n">(x, token);
  }
};
Tensor<f32> sequence_step(Encoder &encoder, const Tensor<i64, B, 6> &tokens,
                          const Tensor<i64, B, 6> &next) {
  auto loss = [&](const Encoder &encoder) -> Tensor<f32> {
    return cross_entropy<-1>(encoder(tokens, Mode::training), next);
  };
  auto [value, gradients] = value_and_grad(loss)(encoder);
  sgd_step(encoder, gradients, rate = 0.1);
  return value;
}

struct Quantizer : Module {
  nn::Linear<6, 4> encoder;
  Param<f32, 9, 4> codebook = init::normal(1);
  nn::Linear<4, 6> decoder;
};
Tensor<f32> quantizer_step(Quantizer &model, const Tensor<f32, B, 6> &x) {
  auto loss = [&](const Quantizer &model) -> Tensor<f32> {
    auto q = vq(model.encoder(x), model.codebook);
    return mse(model.decoder(q.output), x) + q.losses.codebook + 0.25 * q.losses.commitment;
  };
  auto [value, gradients] = value_and_grad(loss)(model);
  sgd_step(model, gradients, rate = 0.1);
  return value;
}

const auto registered = model<"open_batches">(
    entry<"elementwise">(elementwise, roles("x", "c"), any, returns("y")),
    entry<"of_vectors">(of_vectors, roles("x"), any, returns("y")),
    entry<"sums_of_rows">(sums_of_rows, roles("x"), any, returns("y")),
    entry<"sums_within">(sums_within, roles("x"), any, returns("y")),
    entry<"softmax_of_rows">(softmax_of_rows, roles("x"), any, returns("y")),
    entry<"choice">(choice, roles("x"), any, returns("y")),
    entry<"turned">(turned, roles("x"), any, returns("y")),
    entry<"merged">(merged, roles("x"), bind(B, up_to(256), T, 3), returns("y")),
    entry<"split_again">(split_again, roles("x", "w"), bind(B, up_to(256), T, 3), returns("y")),
    entry<"sliced">(sliced, roles("x"), any, returns("y")),
    entry<"looked_up">(looked_up, roles("table", "i"), any, returns("y")),
    entry<"dense">(dense, roles("x", "w"), any, returns("y")),
    entry<"per_row_products">(per_row_products, roles("x"), any, returns("y")),
    entry<"convolved">(convolved, roles("x", "w"), any, returns("y")),
    entry<"looped">(looped, roles("x"), any, returns("y")),
    entry<"soft_codes">(soft_codes, roles("x", "codes"), any, returns("y")),
    entry<"over_rows">(over_rows, roles("x", "y", "z"), any),
    entry<"long_sums">(long_sums, roles("x", "y"), any),
    entry<"outer">(outer, roles("x", "y"), any, returns("z")),
    entry<"scattered">(scattered, roles("x", "i"), any, returns("y")),
    entry<"running">(running, roles("x"), any, returns("y")),
    entry<"sorted">(sorted, roles("x"), any, returns("y")),
    entry<"standardised">(standardised, roles("x"), any, returns("y")),
    entry<"mixed">(mixed, roles("x"), any, returns("y")),
    entry<"turned_around">(turned_around, roles("x"), any, returns("y")),
    entry<"sums_behind">(sums_behind, roles("x"), any, returns("y")),
    entry<"back_half">(back_half, roles("x"), any, returns("y")),
    entry<"shuffled">(shuffled, roles("key", "x"), any, returns("y")),
    entry<"as_often">(as_often, roles("x"), any, returns("y")),
    entry<"through_loops">(through_loops, roles("x"), any, returns("dx")),
    entry<"contrastive">(contrastive, roles("x", "y"), any, returns("z")),
    entry<"twice">(twice, roles("x", "y"), any, returns("z")),
    entry<"noise">(noise, roles("key"), any, returns("y")),
    entry<"dropped">(dropped, roles("key", "x"), any, returns("y")),
    entry<"init">(init, roles("net", "adam", "key")),
    entry<"train_step">(train_step, roles("net", "adam", "images", "labels", "key"), any,
                        returns("loss")),
    entry<"predict">(predict, roles("net", "images"), any, returns("labels")),
    entry<"sequence_step">(sequence_step, roles("encoder", "tokens", "next"), any, returns("loss")),
    entry<"quantizer_step">(quantizer_step, roles("quantizer", "x"), any, returns("loss")));
} // namespace
