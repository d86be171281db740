// A DDPM: a small U-Net that tells noise from pictures, and pictures made of noise.   [Ho 2020]
#include <kerf/kerf.h>
#include <kerf/nn.h>

namespace ddpm {
using namespace kerf;
using nn::Conv2d, nn::ConvTranspose2d, nn::Linear;

constexpr int steps = 100, channels = 8, features = 32;
inline constexpr auto B = dim<"B">();
using Images = Tensor<f32, B, 1, 16, 16>; // pixels in [-1, 1]
using Times = Tensor<i64, B>;             // in [0, steps)

/// Mean 0 and variance 1 within each of 4 groups of channels.
template <int C> struct GroupNorm : Module {
  Param<f32, C> weight = init::ones();
  Param<f32, C> bias;
  auto operator()(const auto &x) const { // (B, C, H, W)
    let grouped = rearrange<"b (g c) h w -> b g c h w", size<"g">(4)>(x);
    let centred = grouped - mean<2, 3, 4, keep>(grouped);
    let scaled = centred * rsqrt(mean<2, 3, 4, keep>(square(centred)) + 1e-5);
    return rearrange<"b g c h w -> b (g c) h w">(scaled) * rearrange<"c -> c 1 1">(weight) +
           rearrange<"c -> c 1 1">(bias);
  }
};

template <int C> struct ResidualBlock : Module {
  GroupNorm<C> norm1, norm2;
  Conv2d<C, C, 3, 1, 1> conv1, conv2;
  Linear<features, C> time;
  auto operator()(const auto &x, const auto &t) const {
    let h = conv1(silu(norm1(x))) + rearrange<"b c -> b c 1 1">(time(t));
    return x + conv2(silu(norm2(h)));
  }
};

struct UNet : Module {
  Param<f32, steps, features> times = init::normal(1);
  Conv2d<1, channels, 3, 1, 1> input;
  ResidualBlock<channels> before;
  Conv2d<channels, 2 * channels, 4, 2, 1> down;
  ResidualBlock<2 * channels> middle;
  ConvTranspose2d<2 * channels, channels, 4, 2, 1> up;
  ResidualBlock<2 * channels> after;
  Conv2d<2 * channels, 1, 3, 1, 1> output;

  /// The noise in x.   (B, 1, 16, 16), (B) -> (B, 1, 16, 16)
  auto operator()(const auto &x, const auto &t) const {
    let time = silu(gather(times, t));
    let wide = before(input(x), time);
    let deep = middle(down(wide), time); // (B, 2 C, 8, 8)
    return output(silu(after(concat<1>(wide, up(deep)), time)));
  }
};

/// beta, from 1e-3 to 0.1, and how much of the picture is left: the product of 1 - beta so far.
struct Schedule {
  Tensor<f32, steps> beta, left;
};
Schedule schedule() {
  let place = arange<steps>();
  let beta = 1e-3 + (0.1 - 1e-3) / (steps - 1) * cast<f32>(place);
  let earlier = rearrange<"s -> 1 s">(place) <= rearrange<"t -> t 1">(place);
  return {beta, exp(sum<1>(select(earlier, log(1 - beta), 0)))};
}

Tensor<f32> loss(const UNet &model, const Images &images, const Times &t, const Images &noise) {
  let left = rearrange<"b -> b 1 1 1">(gather(schedule().left, t));
  return mse(model(sqrt(left) * images + sqrt(1 - left) * noise, t), noise);
}

void init(UNet &model, Adam<UNet> &adam, const Key &key) {
  model = initialize<UNet>(key);
  adam = zeros<Adam<UNet>>();
}

Tensor<f32> gradients(const UNet &model, UNet &gradients, const Images &images, const Times &t,
                      const Images &noise) {
  auto [value, found] = value_and_grad(loss)(model, images, t, noise);
  gradients = found;
  return value;
}

Tensor<f32> train_step(UNet &model, Adam<UNet> &adam, const Images &images, const Key &key) {
  const Times t = cast<i64>(steps * uniform<B>(fold(key, 0)));
  const Images noise = normal_like(fold(key, 1), images);
  auto [value, gradients] = value_and_grad(loss)(model, images, t, noise);
  adam_step(model, gradients, adam, rate = 2e-3);
  return value;
}

Images sample(const UNet &model, const Key &key) {
  const auto [beta, left] = schedule();
  auto denoise = [&](const Images &x, const Tensor<i64> &i) -> Images {
    let t = steps - 1 - i;
    let b = gather(beta, t);
    let rest = 1 - gather(left, t);
    let mean = (x - b / sqrt(rest) * model(x, broadcast_to<B>(t))) / sqrt(1 - b);
    return mean + select(t > 0, sqrt(b), 0) * normal_like(fold(fold(key, 1), i), x);
  };
  return repeat<steps>(Images(normal<B, 1, 16, 16>(fold(key, 0))), denoise);
}

const auto registered = model<"ddpm">(
    entry<"init">(init, roles("params", "adam", "key")),
    entry<"gradients">(gradients, roles("params", "gradients", "images", "t", "noise"), bind(B, 8)),
    entry<"train_step">(train_step, roles("params", "adam", "images", "key"), bind(B, 8),
                        returns("loss")),
    entry<"sample">(sample, roles("params", "key"), bind(B, 4), returns("images")));

} // namespace ddpm
