// The examples of dsl/guide.md that are in no other model; guide_laws.cpp holds what it says of
// them.
#include <kerf/derivatives.h>
#include <kerf/kerf.h>
#include <kerf/nn.h>
#include <kerf/optimizers.h>

namespace guide {
using namespace kerf;

// [layers]
/// The batch: a dim with a name, which every entry binds to a number.
inline constexpr auto B = dim<"B">();
using Points = Tensor<f32, B, 2>;
using Labels = Tensor<i64, B>; // in [0, 3)

/// x W^T + b   (B, In) -> (B, Out)
template <int In, int Out> struct Linear : Module {
  Param<f32, Out, In> weight;              // drawn as PyTorch draws it
  Param<f32, Out> bias = init::fan_in(In); // without this it would begin at 0
  auto operator()(const auto &x) const { return einsum<"b i, o i -> b o">(x, weight) + bias; }
};

struct Classifier : Module {
  Linear<2, 16> hidden;
  Linear<16, 3> out;
  auto operator()(const auto &x) const {
    let h = relu(hidden(x)); // (B, 16)
    return out(h);           // (B, 3)
  }
};
// [layers]

// [state]
/// Of the data seen so far: what a step changes, but no gradient does.
struct Statistics {
  Tensor<f32, 2> mean;
  Tensor<i64> steps;
};

struct Report {
  Tensor<f32> loss, accuracy;
};

Report train_step(Classifier &model, Adam<Classifier> &adam, Statistics &statistics,
                  const Points &x, const Labels &labels) {
  statistics.mean = 0.9 * statistics.mean + 0.1 * mean<0>(x);
  statistics.steps = statistics.steps + 1;
  auto loss = [&](const Classifier &model, const Points &x) -> Report {
    let logits = model(x - statistics.mean); // captured, so a constant here
    return {cross_entropy(logits, labels), mean(cast<f32>(argmax<1>(logits) == labels))};
  };
  auto [report, gradients] = value_and_grad(loss)(model, x);
  adam_step(model, gradients, adam, rate = linear_decay(statistics.steps, 1e-2, 400, 0.5));
  return report;
}
// [state]

void init(Classifier &model, Adam<Classifier> &adam, Statistics &statistics, const Key &key) {
  model = initialize<Classifier>(key);
  adam = zeros<Adam<Classifier>>();
  statistics = zeros<Statistics>();
}

Labels predict(const Classifier &model, const Statistics &statistics, const Points &x) {
  return argmax<1>(model(x - statistics.mean));
}

Tensor<f32, B, 3> logits(const Classifier &model, const Points &x) { return model(x); }

// [buffers]
/// (x - shift) scale: the scale is trained, the shift follows the data.
struct Affine : Module {
  Param<f32> scale = init::ones();
  Buffer<f32> shift = init::zeros();
  auto operator()(const auto &x) const {
    let y = (x - shift) * scale;
    shift.update(0.9 * shift + 0.1 * x); // the call after this one sees it
    return y;
  }
};
Tensor<f32> affine_step(Affine &affine, Adam<Affine> &adam, const Tensor<f32> &x) {
  auto loss = [](const Affine &affine, const Tensor<f32> &x) -> Tensor<f32> {
    return square(affine(x));
  };
  auto [value, gradients] = value_and_grad(loss)(affine, x); // affine.shift is the new one now
  adam_step(affine, gradients, adam);                        // leaves affine.shift as it is
  return value;
}
// [buffers]

// [players]
struct Generator : Module {
  Linear<2, 16> hidden;
  Linear<16, 2> out;
  auto operator()(const auto &noise) const { return out(relu(hidden(noise))); }
};
struct Critic : Module {
  Linear<2, 16> hidden;
  Linear<16, 1> out;
  auto operator()(const auto &points) const { return out(relu(hidden(points))); }
};

struct Game {
  Tensor<f32> critic, generator, norm;
};

/// A step of each player: the critic on points real and made, then the generator through it.
Game play(Generator &generator, Critic &critic, Adam<Generator> &adam, RmsProp<Critic> &rmsprop,
          Generator &smooth, const Points &real, const Key &key) {
  const Points noise = normal<B, 2>(key);
  auto critic_loss = [&](const Critic &critic) -> Tensor<f32> {
    return mean(softplus(-critic(real))) + mean(softplus(critic(generator(noise))));
  };
  auto [of_critic, slopes] = value_and_grad(critic_loss)(critic);
  let norm = clip_by_norm(slopes, 1); // all gradients as one vector
  rmsprop_step(critic, slopes, rmsprop, rate = 1e-3);

  auto generator_loss = [&](const Generator &generator) -> Tensor<f32> {
    return mean(softplus(-critic(generator(noise)))); // the new critic, a constant here
  };
  auto [of_generator, gradients] = value_and_grad(generator_loss)(generator);
  adamw_step(generator, gradients, adam, rate = 1e-3, option<"decayed"> = is_matrix);
  average(smooth, generator, 0.99);
  return {of_critic, of_generator, norm};
}
// [players]

void start(Generator &generator, Critic &critic, Adam<Generator> &adam, RmsProp<Critic> &rmsprop,
           Generator &smooth, const Key &key) {
  generator = smooth = initialize<Generator>(fold(key, 0));
  critic = initialize<Critic>(fold(key, 1));
  adam = zeros<Adam<Generator>>();
  rmsprop = zeros<RmsProp<Critic>>();
}

// [tree_map]
/// p = p - rate sign(m), m = 0.9 m + 0.1 g
template <class Tree> void sign_step(Tree &params, const Tree &gradients, Tree &m, double rate) {
  m = tree_map([](const Any &m, const Any &g) { return 0.9 * m + 0.1 * g; }, m, gradients);
  params = tree_map([&](const Any &p, const Any &m) { return p - rate * sign(m); }, params, m);
}
// [tree_map]

void sign_steps(Affine &affine, const Affine &slopes, Affine &m) {
  sign_step(affine, slopes, m, 0.25);
}

// [nested]
/// f = a b^2, with its derivatives.
struct Slopes {
  Tensor<f32> value, by_a, by_a_then_b;
};
Slopes slopes(const Tensor<f32> &a, const Tensor<f32> &b) {
  auto f = [](const Tensor<f32> &a, const Tensor<f32> &b) -> Tensor<f32> { return a * b * b; };
  auto inner = [&](const Tensor<f32> &b, const Tensor<f32> &a) -> Tensor<f32> {
    return value_and_grad(f)(a, b).gradients; // b^2: in this call b is a constant …
  };
  auto [by_a, by_a_then_b] = value_and_grad(inner)(b, a); // … whose gradient still is 2 b
  return {f(a, b), by_a, by_a_then_b};
}
// [nested]

// [along]
/// Of sin(a x): along v, of second order times v, in both arguments; and a cut that has none.
struct Bends {
  Tensor<f32, 2> along, curved, by_x, by_a, cut;
};
Bends bends(const Tensor<f32, 2> &x, const Tensor<f32, 2> &a, const Tensor<f32, 2> &v) {
  auto wave = [](const auto &x, const auto &a) { return sin(a * x); };
  auto loss = [&](const auto &x, const auto &a) { return sum(wave(x, a)); };
  auto [y, along] = jvp(wave, v)(x, a);                       // y = sin(a x), J v = a cos(a x) v
  let curved = hvp(loss, v)(x, a);                            // -a^2 sin(a x) v
  auto [value, gradients] = value_and_grad<0, 1>(loss)(x, a); // in the arguments 0 and 1
  auto [by_x, by_a] = gradients;
  auto small = custom_vjp([](const auto &x) { return select(abs(x) < 0.5, 0, x); },
                          [](const auto &, const auto &, const auto &dy) { return dy; });
  auto [z, cut] = vjp(small, v)(x); // v, as if nothing were cut off
  return {along, curved, by_x, by_a, cut};
}
// [along]

// [keys]
struct Draws {
  Tensor<f32, 4> first, second, sum;
};
Draws draws(const Key &key) {
  let first = normal<4>(fold(key, 0));
  let second = normal<4>(fold(key, 1));
  // What a loop draws it draws from keys that depend on the number of the iteration.
  const Key walk = fold(key, 2);
  let sum = repeat<100>(zeros<Tensor<f32, 4>>(), [&](const auto &x, const Tensor<i64> &i) {
    return x + 0.1 * normal<4>(fold(walk, i));
  });
  return {first, second, sum};
}
// [keys]

// [dims]
inline constexpr auto T = dim<"T">();

/// Pairs of rows, each with each.   (B, T, 2) -> (B T, 2), (B, T, T)
struct Pairs {
  Tensor<f32, B * T, 2> rows;
  Tensor<f32, B, T, T> products;
};
Pairs pairs(const Tensor<f32, B, T, 2> &x) {
  return {rearrange<"b t d -> (b t) d">(x), einsum<"b t d, b s d -> b t s">(x, x)};
}
// [dims]

// [loops]
struct Steps {
  Tensor<f32, B, 2> last;
  Tensor<f32, T, B, 2> all;
};
/// A recurrent net over the steps of sequences.
Steps recurrence(const Tensor<f32, T, B, 2> &x, const Tensor<f32, 2, 2> &w) {
  auto [last, all] = scan(zeros<Tensor<f32, B, 2>>(), x, [&](const auto &h, const auto &x) {
    let next = tanh(einsum<"b i, o i -> b o">(h, w) + x); // of the state and a row (B, 2)
    return std::pair(next, next);                         // the next state, a row of the output
  });
  return {last, all};
}
/// Newton's iteration, at most 40 steps of it; of what did not come to an end 0.
Tensor<f32> root(const Tensor<f32> &a) {
  const auto [x, steps] = while_loop<40>(
      a, [&](const auto &x) { return abs(x * x - a) > 1e-5 * a; },
      [&](const auto &x) { return 0.5 * (x + a / x); });
  return cond(steps < 40, [&] { return x; }, [&] { return 0 * x; });
}
// [loops]

// [library]
/// Images (B, 1, 8, 8) as logits of ten digits.
struct Digits : Module {
  nn::Conv2d<1, 8, 3, 1, nn::same> conv; // channels in, out, kernel, stride, padding
  nn::BatchNorm2d<8> norm{.weight = init::normal(1, 0.02), .epsilon = 1e-4};
  nn::Dropout dropout{.p = 0.1};
  nn::Linear<8 * 4 * 4, 10> out{.weight = init::normal(0.02)};
  /// In training with a key, in inference without.
  auto operator()(const auto &images, Mode mode, const auto &...key) const {
    let h = nn::MaxPool2d<2>()(relu(norm(conv(images), mode))); // (B, 8, 4, 4)
    return out(dropout(rearrange<"b c h w -> b (c h w)">(h), mode, key...));
  }
};
Tensor<f32> digits_step(Digits &digits, Adam<Digits> &adam, const Tensor<f32, B, 1, 8, 8> &images,
                        const Labels &labels, const Key &key) {
  auto loss = [&](const Digits &digits) -> Tensor<f32> {
    return cross_entropy(digits(images, Mode::training, key), labels,
                         option<"label_smoothing"> = 0.05);
  };
  auto [value, gradients] = value_and_grad(loss)(digits); // digits.norm has seen the batch
  adam_step(digits, gradients, adam);
  return value;
}
Labels digit_of(const Digits &digits, const Tensor<f32, B, 1, 8, 8> &images) {
  return argmax<1>(digits(images, Mode::inference));
}
// [library]

// [attention]
/// Texts one after another in a row: of its own text each place sees those up to itself, which
/// count the less the further back they are; each head sees no further than its reach.
using Queries = Tensor<f32, B, 4, T, 8>; // four heads
using Keys = Tensor<f32, B, 2, T, 8>;    // each for two of them
Queries read(const Queries &q, const Keys &k, const Keys &v, const Tensor<i64, B, T> &text,
             const Tensor<i64, 4> &reach) {
  auto is_near = [&](auto h, auto i, auto j) { return i - j < at(reach, h); };
  return attention(q, k, v, mask = masks::causal && masks::documents(text) && is_near,
                   score = scores::softcap(30) | scores::alibi(alibi_slopes<4>()));
}
// [attention]

// [entries]
const auto registered = model<"guide">(
    entry<"init">(init, roles("params", "adam", "statistics", "key")),
    entry<"train_step">(train_step, roles("params", "adam", "statistics", "x", "labels"),
                        bind(B, 64)),
    entry<"predict">(predict, roles("params", "statistics", "x"), bind(B, up_to(64)),
                     returns("labels")),
    entry<"logits">(logits, roles("params", "x"), bind(B, 5), returns("logits")),
    entry<"affine_step">(affine_step, roles("affine", "affine_adam", "x")),
    entry<"digits_step">(digits_step, roles("digits", "digits_adam", "images", "labels", "key"),
                         bind(B, 4), returns("loss")),
    entry<"digit_of">(digit_of, roles("digits", "images"), bind(B, 4), returns("labels")),
    entry<"start">(
        start, roles("generator", "critic", "generator_adam", "critic_rmsprop", "smooth", "key")),
    entry<"play">(
        play,
        roles("generator", "critic", "generator_adam", "critic_rmsprop", "smooth", "real", "key"),
        bind(B, 64)),
    entry<"sign_steps">(sign_steps, roles("affine", "affine_slopes", "affine_m")),
    entry<"slopes">(slopes, roles("a", "b")), entry<"bends">(bends, roles("x", "a", "v")),
    entry<"draws">(draws, roles("key")), entry<"pairs">(pairs, roles("x"), bind(B, 2, T, 3)),
    entry<"recurrence">(recurrence, roles("x", "w"), bind(B, 2, T, 3)),
    entry<"read">(read, roles("q", "k", "v", "text", "reach"), bind(B, 2, T, 3), returns("y")),
    entry<"root">(root, roles("a"), returns("x")), constant("classes", 3));
// [entries]

} // namespace guide
