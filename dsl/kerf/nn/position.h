// Where a token or a pixel stands: tables of waves, learned rows, and rotations of queries and
// keys.
#pragma once

#include "kerf/nn/layer.h"

namespace kerf::nn {

namespace detail {

/// sin and cos of a number of radians, and b^-x, for tables: by the same arithmetic everywhere, so
/// that a table has the same bits on every machine. Within 1e-10 below 10^6, far below half an ulp
/// of f32.
struct Wave {
  double sine, cosine;
};
constexpr Wave wave(double angle) {
  constexpr double turn = 6.283185307179586476925, rest = 2.4492935982947064e-16;
  const double turns = double(std::int64_t(angle / turn + (angle < 0 ? -0.5 : 0.5)));
  const double x = (angle - turns * turn) - turns * rest, quarter = x / 4; // in [-pi / 4, pi / 4]
  double sine = 0, cosine = 0, term = 1;
  for (int n = 0; n < 20; n += 2) {
    cosine += n % 4 == 0 ? term : -term;
    term *= quarter / (n + 1);
    sine += n % 4 == 0 ? term : -term;
    term *= quarter / (n + 2);
  }
  for (int doubling = 0; doubling < 2; ++doubling) {
    const double s = 2 * sine * cosine;
    cosine = (cosine - sine) * (cosine + sine);
    sine = s;
  }
  return {sine, cosine};
}
/// log b, b > 0, and e^x.
constexpr double logarithm(double b) {
  int halvings = 0;
  for (; b > 1.5; b /= 2)
    ++halvings;
  for (; b < 0.75; b *= 2)
    --halvings;
  const double z = (b - 1) / (b + 1);
  double sum = 0, power = z;
  for (int n = 1; n < 40; n += 2, power *= z * z)
    sum += power / n;
  return 2 * sum + halvings * 0.693147180559945309417;
}
constexpr double exponential(double x) {
  double sum = 1, term = 1;
  const double part = x / 1024;
  for (int n = 1; n < 16; ++n)
    sum += term *= part / n;
  for (int squaring = 0; squaring < 10; ++squaring)
    sum *= sum;
  return sum;
}

/// base^(-i / count)
constexpr double frequency(std::int64_t i, std::int64_t count, double base) {
  return exponential(-logarithm(base) * double(i) / double(count));
}

/// The elements of a table of this shape, row by row; a template, so that who has no table does not
/// pay for its making.
template <Shape S, class T = f32> struct Table {
  std::vector<T> elements;

  void push(double element) { elements.push_back(T(element)); }
  auto made(Line line) const { return TensorOf<T, S>(std::span<const T>(elements), line); }
};

} // namespace detail

/// Rows of sines and cosines, a constant: of position t at 2 i and 2 i + 1 they are those of
/// t / base^(2 i / Features).   -> (Length, Features), Features even   [Vaswani 2017, 3.5]
template <int Length, int Features>
auto sinusoidal_positions(double base = 10000, Line line = Line::current()) {
  static_assert(Length >= 1 && Features >= 2 && Features % 2 == 0,
                "kerf: sinusoidal_positions: the features are sines and cosines, an even number");
  detail::Table<Shape::of(Length, Features)> rows;
  for (int t = 0; t < Length; ++t)
    for (int i = 0; i < Features / 2; ++i) {
      const detail::Wave wave = detail::wave(t * detail::frequency(i, Features / 2, base));
      rows.push(wave.sine);
      rows.push(wave.cosine);
    }
  return rows.made(line);
}

/// The same of a grid: half of the features say the row, the others the column; in each half all
/// sines stand before all cosines.   -> (Height Width, Features), Features a multiple of 4
/// [He 2022; MAE]
template <int Height, int Width, int Features>
auto sinusoidal_positions_2d(double base = 10000, Line line = Line::current()) {
  static_assert(Height >= 1 && Width >= 1 && Features >= 4 && Features % 4 == 0,
                "kerf: sinusoidal_positions_2d: the features are divided by 4");
  detail::Table<Shape::of(Height * Width, Features)> rows;
  const auto wave = [&](int place, int i) {
    return detail::wave(place * detail::frequency(i, Features / 4, base));
  };
  for (int y = 0; y < Height; ++y)
    for (int x = 0; x < Width; ++x)
      for (int place : {y, x}) {
        for (int i = 0; i < Features / 4; ++i)
          rows.push(wave(place, i).sine);
        for (int i = 0; i < Features / 4; ++i)
          rows.push(wave(place, i).cosine);
      }
  return rows.made(line);
}

/// The waves of times that are data, as diffusion models take them: cos and sin of
/// t / base^(2 i / Features), all cosines before all sines.   t : (B) f32 -> (B, Features)
/// [Ho 2020; Dhariwal 2021]
template <int Features>
auto timestep_embedding(const Operand auto &t, double base = 10000, Line line = Line::current()) {
  using X = std::remove_cvref_t<decltype(t)>;
  static constexpr Rule rule =
      detail::takes_f32<X>(
          Features < 2 || Features % 2 != 0
              ? fail("the features are cosines and sines, an even number, got ", Features)
          : X::shape.is_poison() || X::shape.rank == 1 ? Rule(X::shape)
                                                       : fail("needs times of [B], got ", X::shape))
          .in("kerf: timestep_embedding: ");
  KERF_CHECK(rule);
  if constexpr (rule.shape.is_poison()) {
    return detail::Nothing();
  } else {
    detail::Table<Shape::of(Features / 2)> rates;
    for (int i = 0; i < Features / 2; ++i)
      rates.push(detail::frequency(i, Features / 2, base));
    let angle(detail::per_channel<1>(t) * rates.made(line), line);
    let y(concat<1>(cos(angle), sin(angle)), line);
    return y;
  }
}

/// A row for each place, learned.   x : (…, Length, Features) -> x + weight
template <int Length, int Features> struct LearnedPositions : Module {
  Param<f32, Length, Features> weight = init::normal(0.02);

  [[nodiscard]] auto operator()(const Operand auto &x, Line line = Line::current()) const {
    using X = std::remove_cvref_t<decltype(x)>;
    static constexpr Rule rule =
        detail::takes_f32<X>(
            X::shape.is_poison() || (X::shape.rank >= 2 && X::shape[-1] == Dim(Features) &&
                                     X::shape[-2] == Dim(Length))
                ? Rule(X::shape)
                : fail("the input ", X::shape, " does not end in ", Shape::of(Length, Features)))
            .in("kerf: LearnedPositions: ");
    KERF_CHECK(rule);
    const Scope scope(weight);
    if constexpr (rule.shape.is_poison()) {
      return detail::Nothing();
    } else {
      let y(x + weight, line);
      return y;
    }
  }
};

/// Which features rotary positions turn together: neighbours, as the paper has it, or the i-th of
/// each half, as GPT-NeoX and LLaMA do.
enum class Pairs { neighbours, halves };

namespace detail {

/// x : (…, T, D), T the product of the extents, D in as many parts as there are axes.
constexpr Rule turned(const Shape &x, const Ints &extents) {
  if (x.is_poison())
    return x;
  std::int64_t places = 1;
  for (int i = 0; i < extents.size(); ++i)
    places *= extents[i];
  if (x.rank < 2 || !(x[-2] == Dim(places)))
    return fail("needs an input of [..., ", places, ", features], got ", x);
  if (x[-1].is_named() || x[-1].value % (2 * extents.size()) != 0)
    return fail(x[-1], " features are not divisible into pairs for ", extents.size(),
                extents.size() == 1 ? " axis" : " axes", ", in ", x);
  return x;
}

/// (…, features) as (…, parts, features of a part / 2, 2), or with the last two the other way.
template <Pairs pairs> constexpr Shape paired(const Shape &x, int parts) {
  Shape result = x;
  const Dim half = x[-1].value / (2 * parts);
  result[-1] = parts;
  result.push(pairs == Pairs::neighbours ? half : Dim(2));
  result.push(pairs == Pairs::neighbours ? Dim(2) : half);
  return result;
}
/// The same of angles, of which a pair has one.   (…, parts, half)
template <Pairs pairs> constexpr Shape of_pairs(Shape angles) {
  const Dim half = angles[-1];
  angles[-1] = pairs == Pairs::neighbours ? half : Dim(1);
  angles.push(pairs == Pairs::neighbours ? Dim(1) : half);
  return angles;
}

/// x with each pair turned, by sines and cosines of (…, parts, half) that stretch over it.
template <Pairs pairs>
auto turn(const Operand auto &input, const auto &sines, const auto &cosines, Line line) {
  using X = std::remove_cvref_t<decltype(input)>;
  constexpr Shape angles = shape_of<decltype(sines)>;
  constexpr Shape split = paired<pairs>(X::shape, int(angles[-2].value));
  constexpr int last = pairs == Pairs::neighbours ? split.rank - 1 : split.rank - 2;
  const auto sine = reshaped<of_pairs<pairs>(angles)>(sines);
  const auto cosine = reshaped<of_pairs<pairs>(angles)>(cosines);
  let x(make<op::reshape, computed_t<element_of<X>>, split>(widened(input)), line);
  let a(cut_out<last, 0, Dim(1)>(x), line);
  let b(cut_out<last, 1, Dim(2)>(x), line);
  let turned(concat<last>(a * cosine - b * sine, a * sine + b * cosine), line);
  let y(narrowed<element_of<X>>(reshaped<X::shape>(turned)), line);
  return y;
}

/// Sines and cosines of places on a grid, one axis of it each part of the features.
/// (places, parts, half)
template <class T, Dim half, int... extents> struct Turns {
  static constexpr int axes = sizeof...(extents);
  static constexpr std::int64_t places = (std::int64_t(extents) * ...);
  Table<Shape::of(places, axes, half), T> sines, cosines;

  explicit Turns(double base) {
    for (std::int64_t place = 0; place < places; ++place) {
      std::int64_t behind = places, rest = place;
      for (const int extent : {extents...}) {
        behind /= extent;
        for (std::int64_t i = 0; i < half.value; ++i) {
          const Wave at = wave(double(rest / behind) * frequency(i, half.value, base));
          sines.push(at.sine);
          cosines.push(at.cosine);
        }
        rest %= behind;
      }
    }
  }
};

/// Does x have more features than the part?
constexpr Rule part_rule(const Shape &x, std::int64_t features) {
  if (x.is_poison())
    return x;
  if (x.rank < 1 || features < 1 || x[-1].is_named() || x[-1].value <= features)
    return fail("needs more than ", features, " features on the last axis, got ", x);
  return x;
}

/// Where the queries or keys x stand: a scalar, or (…, T) of as many axes as x has without heads.
template <class P> constexpr Rule places_rule(const Shape &x) {
  const Shape &p = shape_of<P>;
  if (x.is_poison() || p.is_poison())
    return Shape::poison();
  if (!std::is_same_v<element_of<P>, i64>)
    return fail("positions are i64, got ", spell(dtype_of<element_of<P>>));
  if (x.rank < 2 || x[-1].is_named() || x[-1].value % 2 != 0)
    return fail("needs an input of [..., T, an even number of features], got ", x);
  Shape result = p; // of the angles: (…, T, 1, half)
  if (p.rank > 1 && p.rank + 2 == x.rank)
    result = with_axis(p, p.rank - 1, 1); // for all heads
  if (p.rank > 0) {
    const Shape rows = without_axis(x, x.rank - 1);
    const Rule together = rule::broadcast_together(result, rows);
    if (!together.ok || !(together.shape == rows) || !(p[-1] == x[-2]))
      return fail("positions are a scalar, [T] or [batch..., T], got ", p, " beside ", x);
  } else {
    result = Shape::of(x[-2]);
  }
  result.push(1);
  result.push(x[-1].value / 2);
  return result;
}

} // namespace detail

/// Queries or keys turned by where they stand, so that their products depend on distances alone:
/// pair i of the features of an axis by the angle t / base^(2 i / features), t the coordinate on
/// that axis. `rotary<T>(q)` is of a sequence, `rotary<H, W>` of an image whose rows follow one
/// another, `rotary<F, H, W>` of a video; each axis has its part of the features.
/// x : (…, T, D), T = H W -> the same   [Su 2021]
template <Pairs pairs, int... extents>
auto rotary(const Operand auto &x, double base = 10000, Line line = Line::current()) {
  using X = std::remove_cvref_t<decltype(x)>;
  constexpr Ints sizes = Ints::of(extents...);
  static_assert(sizeof...(extents) >= 1, "kerf: rotary: needs the extent of each axis");
  static constexpr Rule rule =
      detail::of_floats<X>(detail::turned(X::shape, sizes)).in("kerf: rotary: ");
  KERF_CHECK(rule);
  if constexpr (rule.shape.is_poison()) {
    return detail::Nothing();
  } else {
    constexpr Dim half = X::shape[-1].value / (2 * int(sizeof...(extents)));
    const detail::Turns<computed_t<element_of<X>>, half, extents...> turns(base);
    return detail::turn<pairs>(x, turns.sines.made(line), turns.cosines.made(line), line);
  }
}
template <int... extents>
auto rotary(const Operand auto &x, double base = 10000, Line line = Line::current()) {
  return rotary<Pairs::neighbours, extents...>(x, base, line);
}

/// The same of a sequence whose places are data, below Length: a scalar, where it begins, as the
/// keys that a decoder has seen say; or one of each, (T) or (batch…, T), for all heads.
/// x : (batch…, heads, T, D), positions : i64
///
///     let q = nn::rotary_at<4096>(query(x), length); // of a cache with so many keys
template <Pairs pairs, int Length>
auto rotary_at(const Operand auto &x, const Operand auto &positions, double base = 10000,
               Line line = Line::current()) {
  using X = std::remove_cvref_t<decltype(x)>;
  using P = std::remove_cvref_t<decltype(positions)>;
  static_assert(Length >= 1, "kerf: rotary_at: needs the number of places");
  static constexpr Rule rule =
      detail::of_floats<X>(detail::places_rule<P>(X::shape)).in("kerf: rotary_at: ");
  KERF_CHECK(rule);
  if constexpr (rule.shape.is_poison()) {
    return detail::Nothing();
  } else {
    constexpr Dim half = rule.shape[-1];
    const detail::Turns<computed_t<element_of<X>>, half, Length> turns(base);
    const auto rows = [&](const auto &table) {
      if constexpr (P::shape.rank == 0)
        return let(slice_at<0, X::shape[-2]>(table, positions), line);
      else
        return let(detail::reshaped<rule.shape>(gather(table, positions)), line);
    };
    return detail::turn<pairs>(x, rows(turns.sines.made(line)), rows(turns.cosines.made(line)),
                               line);
  }
}
template <int Length>
auto rotary_at(const Operand auto &x, const Operand auto &positions, double base = 10000,
               Line line = Line::current()) {
  return rotary_at<Pairs::neighbours, Length>(x, positions, base, line);
}

/// A function of the first features, beside the others as they are: rotary positions of a part.
/// x : (…, D), f : (…, features) -> the same
///
///     let q = nn::of_part<32>(query(x), [](const auto &x) { return nn::rotary<T>(x); });
template <int features, class F>
auto of_part(const Operand auto &x, const F &f, Line line = Line::current()) {
  using X = std::remove_cvref_t<decltype(x)>;
  static constexpr Rule rule = detail::part_rule(X::shape, features).in("kerf: of_part: ");
  KERF_CHECK(rule);
  if constexpr (rule.shape.is_poison()) {
    return detail::Nothing();
  } else {
    let first(f(detail::cut_out<X::shape.rank - 1, 0, Dim(features)>(x)), line);
    let y(concat<-1>(first, detail::cut_out<X::shape.rank - 1, features, X::shape[-1]>(x)), line);
    return y;
  }
}

} // namespace kerf::nn
