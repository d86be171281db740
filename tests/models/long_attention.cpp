// Attention over so many positions that it is run by blocks of rows, for a batch that is open.
#include <kerf/kerf.h>
#include <kerf/nn.h>

namespace {
using namespace kerf;
inline constexpr auto B = dim<"B">();
constexpr int heads = 2, length = 520, features = 8;
constexpr auto any = bind(B, up_to(3));
using X = Tensor<f32, B, length, heads, features>; // positions before heads

X attend(const X &q, const X &k, const X &v) {
  let scores = einsum<"b i h d, b j h d -> b h i j">(q, k) / std::sqrt(float(features));
  let seen = select(nn::causal_mask<length>(), -std::numeric_limits<float>::infinity(), scores);
  return einsum<"b h i j, b j h d -> b i h d">(softmax<3>(seen), v);
}

struct Gradients {
  X dq, dk, dv;
};
Gradients gradients(const X &q, const X &k, const X &v, const X &c) {
  auto loss = [&](const auto &q, const auto &k, const auto &v) { return sum(attend(q, k, v) * c); };
  auto [value, slopes] = value_and_grad<0, 1, 2>(loss)(q, k, v);
  auto [dq, dk, dv] = slopes;
  return {dq, dk, dv};
}

const auto registered =
    model<"long_attention">(entry<"attend">(attend, roles("q", "k", "v"), any),
                            entry<"gradients">(gradients, roles("q", "k", "v", "c"), any));
} // namespace
