// A GPT, trained on text and continuing one in a single call.   [Radford 2019]
#include <kerf/kerf.h>

namespace gpt {
using namespace kerf;
constexpr int tokens = 96, context = 32, width = 32, heads = 4, depth = 2, length = 64;
inline constexpr auto B = dim<"B">();
using Window = Tensor<i64, B, context>;

/// x W^T + b along the last axis.   x : (B, T, In) -> (B, T, Out)
template <int In, int Out> struct Linear : Module {
  Param<f32, Out, In> weight;
  Param<f32, Out> bias;
  auto operator()(const auto &x) const { return einsum<"b t i, o i -> b t o">(x, weight) + bias; }
};

struct LayerNorm : Module {
  Param<f32, width> weight = init::ones(), bias;
  auto operator()(const auto &x) const { // (B, T, C)
    let centred = x - mean<-1, keep>(x);
    return centred * rsqrt(mean<-1, keep>(square(centred)) + 1e-5) * weight + bias;
  }
};

struct Block : Module {
  LayerNorm norm1, norm2;
  Linear<width, width> query, key, value, projection;
  Linear<width, 4 * width> up;
  Linear<4 * width, width> down;

  auto attention(const auto &x) const { // (B, T, C), of heads (h) with features (d)
    let q = rearrange<"b t (h d) -> b t h d", size<"h">(heads)>(query(x));
    let k = rearrange<"b s (h d) -> b s h d", size<"h">(heads)>(key(x));
    let v = rearrange<"b s (h d) -> b s h d", size<"h">(heads)>(value(x));
    let scores = einsum<"b t h d, b s h d -> b h t s">(q, k) / std::sqrt(width / heads);
    let seen = rearrange<"t -> t 1">(arange<context>()) >= rearrange<"s -> 1 s">(arange<context>());
    let mixed = einsum<"b h t s, b s h d -> b t h d">(softmax(select(seen, scores, -INFINITY)), v);
    return projection(rearrange<"b t h d -> b t (h d)">(mixed));
  }

  auto operator()(const auto &input) const {
    let x = input + attention(norm1(input));
    return x + down(gelu(up(norm2(x))));
  }
};

struct Gpt : Module {
  Param<f32, tokens, width> token = init::normal(0.02); // also the last layer
  Param<f32, context, width> position = init::normal(0.02);
  std::array<Block, depth> blocks;
  LayerNorm norm;

  auto operator()(const auto &window) const { // (B, T) -> (B, T, tokens)
    let x = gather(token, window) + position; // (B, T, C)
    for (const Block &block : blocks)
      x = block(x);
    return einsum<"b t c, n c -> b t n">(norm(x), token);
  }
};

/// How badly each token of `next`, the window one further, is foreseen.
auto loss(const Gpt &model, const Window &x, const Window &next) {
  return cross_entropy(rearrange<"b t n -> (b t) n">(model(x)), rearrange<"b t -> (b t)">(next));
}

void init(Gpt &model, Adam<Gpt> &adam, const Key &key) {
  model = initialize<Gpt>(key);
  adam = zeros<Adam<Gpt>>();
}

Tensor<f32> gradients(const Gpt &model, Gpt &gradients, const Window &x, const Window &next) {
  auto [value, found] = value_and_grad(loss)(model, x, next);
  gradients = found;
  return value;
}

Tensor<f32> train_step(Gpt &model, Adam<Gpt> &adam, const Window &x, const Window &next) {
  auto [value, gradients] = value_and_grad(loss)(model, x, next);
  adam_step(model, gradients, adam, rate = 1e-3);
  return value;
}

// [generate]
/// What has been written, and the end of it that the next token depends on.
struct Text {
  Window window;
  Tensor<i64, B, length> written;
};

/// `length` tokens, each drawn from softmax(logits / temperature); 0 takes the likeliest.
Tensor<i64, B, length> generate(const Gpt &model, const Window &prompt,
                                const Tensor<f32> &temperature, const Key &key) {
  auto write = [&](const Text &text, const Tensor<i64> &i) -> Text {
    let last = take<1, context - 1, context>(model(text.window)); // (B, 1, tokens)
    let next = categorical<2>(fold(key, i), last, option<"temperature"> = temperature); // (B, 1)
    return {concat<1>(take<1, 1, context>(text.window), next),
            concat<1>(take<1, 1, length>(text.written), next)};
  };
  return repeat<length>(Text{prompt, zeros<Tensor<i64, B, length>>()}, write).written;
}
// [generate]

const auto registered = model<"gpt">(
    entry<"init">(init, roles("params", "adam", "key")),
    entry<"gradients">(gradients, roles("params", "gradients", "x", "next"), bind(B, 8)),
    entry<"train_step">(train_step, roles("params", "adam", "x", "next"), bind(B, 8),
                        returns("loss")),
    entry<"generate">(generate, roles("params", "prompt", "temperature", "key"), bind(B, 2),
                      returns("text")));
} // namespace gpt
