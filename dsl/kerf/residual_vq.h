// Vector quantization in more than one part: codes of what codes before them left, codes of groups
// of features, and both.
//
//     auto q = residual_vq(z, codebooks);           // z : (B, T, D), codebooks : L of (K, D)
//     auto q = residual_vq(z, shared<4>(codebook)); // one codebook for all four levels
//     auto q = grouped_vq(z, codebooks);            // z : (B, T, D), codebooks : G of (K, D / G)
//     auto q = multi_head_vq<8>(z, codebook);       // codebook : (K, D / 8)
#pragma once

#include "kerf/codebook.h"
#include "kerf/shapes.h"

#include <array>

namespace kerf {

/// What `residual_vq` gives. Shape S is z's, C is S without the axis of features, P is C with the
/// parts (levels) last.
template <class T, Shape S, Shape C, Shape P, std::size_t parts, class Losses>
struct ResidualQuantization {
  TensorOf<i64, P> codes;   ///< index of the code of each row in each level, -1 where there is none
  TensorOf<T, S> quantized; ///< the sum of those codes; its gradient goes to the codebooks
  TensorOf<T, S> output;    ///< the same value, with the estimator's gradient
  Losses losses;            ///< sums over the levels
  std::array<TensorOf<T, S>, parts> rests;         ///< what each level quantized …
  std::array<TensorOf<i64, C>, parts> level_codes; ///< … and as what: `ema_update` takes these
};

/// What `grouped_vq` gives. Group is what `vq` or `residual_vq` gives of one group.
template <class T, Shape S, Shape P, std::size_t groups, class Rows, class Group>
struct GroupedQuantization {
  TensorOf<i64, P> codes;         ///< of each row in each group, and in each level
  TensorOf<T, S> quantized;       ///< the codes of all groups; its gradient goes to the codebooks
  TensorOf<T, S> output;          ///< the same value, with the estimator's gradient
  decltype(Group::losses) losses; ///< means over the groups
  std::array<Rows, groups> rows;  ///< what each group quantized …
  std::array<Group, groups> of_group; ///< … and as what: `ema_update` takes these
};

/// The same codebook for each of several parts.
template <std::size_t parts, class T, Shape S> auto shared(const TensorOf<T, S> &codebook) {
  std::array<TensorOf<T, S>, parts> all;
  all.fill(codebook);
  return all;
}

/// Of `residual_vq`: a Key that draws how many levels are kept, uniform on 1, …, L, for all rows
/// alike; the levels behind them have code -1, add 0 and have no loss.   [Zeghidour 2021, sec.
/// III-C]
inline constexpr auto &quantize_dropout = option<"quantize_dropout">;

namespace detail {

// ---- parts ---------------------------------------------------------------------------------

/// Part `index` of an axis, without the axis.
template <int axis, std::size_t index> auto part(const Operand auto &x) {
  return reshaped<without_axis(shape_of<decltype(x)>, axis)>(
      take<axis, std::int64_t(index), std::int64_t(index) + 1>(x));
}

/// f(0), f(1), … with compile-time numbers.
template <std::size_t count> void for_each_part(auto f) {
  [&]<std::size_t... i>(std::index_sequence<i...>) {
    (f(std::integral_constant<std::size_t, i>()), ...);
  }(std::make_index_sequence<count>());
}

/// Losses added up, and divided by a number.
template <class Losses, std::size_t parts>
Losses combined(const std::array<Losses, parts> &all, double divisor, Line line) {
  std::vector<Value> sums = values_of(all[0]);
  for (std::size_t loss = 0; loss < sums.size(); ++loss) {
    const Type type = leaves_of<Losses>()[loss].type;
    Any sum(sums[loss], type);
    for (std::size_t i = 1; i < parts; ++i)
      sum = (sum + Any(values_of(all[i])[loss], type)).emitted(line);
    sums[loss] = (divisor == 1 ? sum : sum / Any(divisor)).emit(line);
  }
  Losses result;
  assign(result, sums);
  return result;
}

// ---- options -------------------------------------------------------------------------------

/// An option as `vq` takes it in part `index`, which draws from a key of its own. The mask is left
/// out: parts have their own.
template <class O> auto option_of_part(const O &option, std::size_t index, Line line) {
  if constexpr (is_the<O>(quantize_dropout) || is_the<O>(mask))
    return NoOption();
  else if constexpr (is_the<O>(kerf::key))
    return kerf::key = Key(fold(option.value, std::int64_t(index)), line);
  else
    return option;
}

/// Which rows count in a level: where the mask is true, if the level is kept.
template <Shape C, class Set>
auto mask_of_level(const Set &options, const auto &kept, std::size_t level, Line line) {
  const auto given = option_or(options, mask, NoOption());
  constexpr bool is_masked = Operand<decltype(given)>;
  if constexpr (Operand<decltype(kept)>) {
    let here(stretch<C>(kept > std::int64_t(level)), line);
    if constexpr (is_masked)
      return mask = TensorOf<i1, C>(select(here, given, false), line);
    else
      return mask = TensorOf<i1, C>(here);
  } else if constexpr (is_masked) {
    return mask = TensorOf<i1, C>(given, line);
  } else {
    return NoOption();
  }
}

/// How many levels are kept, in 1, …, levels, or NoOption.
template <std::size_t levels, class Set> auto kept_levels(const Set &options, Line line) {
  const auto drawn_from = option_or(options, quantize_dropout, NoOption());
  if constexpr (Operand<decltype(drawn_from)>)
    return let(1 + cast<i64>(double(levels) * uniform<>(drawn_from)), line);
  else
    return drawn_from;
}

/// The shape of the codes of one part, or what is wrong with a quantization in parts.
template <int axis, class Z, class E, class... O> constexpr Rule part_rule() {
  constexpr auto vq_takes = []<class One>(std::type_identity<One>) {
    if constexpr (is_the<One>(quantize_dropout))
      return std::type_identity<NoOption>();
    else
      return std::type_identity<One>();
  };
  return vq_rule<axis, Z, E, typename decltype(vq_takes(std::type_identity<O>()))::type...>();
}
template <class... O> constexpr bool drops_by_key() {
  if constexpr ((is_the<O>(quantize_dropout) || ...)) {
    using Given = OptionValue<decltype(option_set(std::declval<O>()...)), "quantize_dropout">;
    return is_tensor<Given, u32>(Shape::of(2));
  }
  return true;
}

// ---- levels --------------------------------------------------------------------------------

template <int axis, class Z, class E, class... O> constexpr Rule residual_rule() {
  const Rule rule = part_rule<axis, Z, E, O...>();
  if (!rule.ok)
    return rule;
  return drops_by_key<O...>() ? rule : fail("quantize_dropout is a Key");
}

/// The estimator around all levels: from z to their sum, or their outputs' sum where codes mix.
template <int axis, class Set>
auto estimate_sum(const Operand auto &z, const Operand auto &quantized, const auto &outputs,
                  const Set &, Line line) {
  using Asked = VqChoices<Set>;
  if constexpr (std::is_same_v<typename Asked::Estimator, StraightThroughEstimator>) {
    return let(straight_through(z, quantized), line);
  } else if constexpr (std::is_same_v<typename Asked::Estimator, RotationTrick>) {
    return let(straight_through(rotated<axis>(z, quantized, line), quantized), line);
  } else {
    let sum = outputs[0];
    for (std::size_t level = 1; level < outputs.size(); ++level)
      sum = let(sum + outputs[level], line);
    return sum;
  }
}

template <int axis, class Z, class E, std::size_t levels, class... O>
auto residual_vq_at(Line line, const Z &input, const std::array<E, levels> &codebooks,
                    const O &...o) {
  static constexpr Rule rule = residual_rule<axis, Z, E, O...>().in("kerf: residual_vq: ");
  KERF_CHECK(rule);
  if constexpr (!rule.ok || rule.shape.is_poison()) {
    return ResidualQuantization<f32, Shape::poison(), Shape::poison(), Shape::poison(), levels,
                                QuantizationLosses<f32, true, true>>();
  } else {
    using T = element_of<Z>;
    constexpr Shape S = Z::shape, C = rule.shape;
    constexpr int at = int(from_front(axis, S));
    const auto options = option_set(o...);
    using Set = std::remove_cvref_t<decltype(options)>;
    let z(as_compared<OptionValue<Set, "metric", L2>, at>(counted<at>(input, options), line), line);
    const auto kept = kept_levels<levels>(options, line);
    const auto quantize_level = [&](std::size_t level, const TensorOf<T, S> &rest) {
      return vq_at<axis>(line, rest, codebooks[level], option_of_part(o, level, line)...,
                         mask_of_level<C>(options, kept, level, line));
    };

    using Level = decltype(quantize_level(0, z));
    using Losses = decltype(Level::losses);
    ResidualQuantization<T, S, C, with_axis(C, C.rank, std::int64_t(levels)), levels, Losses>
        result;
    std::array<TensorOf<T, S>, levels> outputs;
    std::array<Losses, levels> losses;
    result.rests[0] = z;
    for (std::size_t level = 0; level < levels; ++level) {
      const Level q = quantize_level(level, result.rests[level]);
      result.level_codes[level] = q.codes;
      result.quantized =
          level == 0 ? q.quantized : TensorOf<T, S>(result.quantized + q.quantized, line);
      outputs[level] = q.output;
      losses[level] = q.losses;
      if (level + 1 < levels)
        result.rests[level + 1] =
            TensorOf<T, S>(result.rests[level] - stop_gradient(q.output), line);
    }
    result.codes = {stack<-1>(result.level_codes), line};
    result.output = estimate_sum<at>(z, result.quantized, outputs, options, line);
    result.losses = combined(losses, 1, line);
    return result;
  }
}

} // namespace detail

/// Replaces every row of z by a sum of codes, one of each level: the nearest to what the levels
/// before it left of the row.   [Zeghidour 2021, alg. 1]
/// z : S, any rank, rows along `axis`; codebooks : an array of (K, D), one per level, or
/// `shared<levels>(codebook)` -> codes : S without the axis, levels last; quantized, output : S
/// Options: those of `vq` for every level, each of which draws from a key of its own;
/// quantize_dropout. The rests are constants beyond z, so losses.commitment draws z to the sum of
/// all levels. The estimators straight_through_estimator and rotation_trick are from z to that sum;
/// others add up.
template <int axis = -1, Operand Z, Operand E, std::size_t levels, class O1 = detail::NoOption,
          class O2 = detail::NoOption, class O3 = detail::NoOption, class O4 = detail::NoOption,
          class O5 = detail::NoOption, class O6 = detail::NoOption, class O7 = detail::NoOption,
          class O8 = detail::NoOption>
auto residual_vq(const Z &z, const std::array<E, levels> &codebooks, const O1 &o1 = {},
                 const O2 &o2 = {}, const O3 &o3 = {}, const O4 &o4 = {}, const O5 &o5 = {},
                 const O6 &o6 = {}, const O7 &o7 = {}, const O8 &o8 = {},
                 Line line = Line::current()) {
  return detail::residual_vq_at<axis>(line, z, codebooks, o1, o2, o3, o4, o5, o6, o7, o8);
}

/// The rows that the codes of all levels stand for, bit for bit what `residual_vq` gave as
/// `quantized`; codes below 0 add nothing, so the first codes alone are a coarser row; those of K
/// or more are clamped, as `decode` does.
/// codes : C with the levels last -> C with D at the axis. Option: metric = cosine, as for
/// `decode`.
template <int axis = -1, Operand E, std::size_t levels, Operand Codes, class O1 = detail::NoOption>
auto residual_decode(const std::array<E, levels> &codebooks, const Codes &codes, const O1 &o1 = {},
                     Line line = Line::current()) {
  static constexpr Rule rule =
      [] {
        if (shape_of<Codes>.is_poison() ||
            (shape_of<Codes>.rank >= 1 && shape_of<Codes>[-1] == Dim(std::int64_t(levels))))
          return Rule(shape_of<Codes>);
        return fail("the last axis of codes ", shape_of<Codes>, " must be the ",
                    std::int64_t(levels), " levels");
      }()
          .in("kerf: residual_decode: ");
  KERF_CHECK(rule);
  if constexpr (!rule.ok || rule.shape.is_poison()) {
    return TensorOf<f32, Shape::poison()>();
  } else {
    constexpr int last = rule.shape.rank - 1;
    constexpr int at = axis < 0 ? axis + last + 1 : axis;
    const auto of_level = [&](auto level) {
      let code(detail::part<last, level>(codes), line);
      let row(decode<axis>(codebooks[level], code, o1, line), line);
      let is_code(detail::reshaped<detail::with_axis(code.shape, at, 1)>(code >= 0), line);
      return let(select(is_code, row, 0), line);
    };
    auto sum = of_level(std::integral_constant<std::size_t, 0>());
    detail::for_each_part<levels - 1>([&](auto before) {
      sum = let(sum + of_level(std::integral_constant<std::size_t, before + 1>()), line);
    });
    return sum;
  }
}

// ---- groups --------------------------------------------------------------------------------

namespace detail {

/// `vq` of one codebook, `residual_vq` of several.
template <int axis, class T, Shape S, class... O>
auto quantize_group(Line line, const auto &z, const TensorOf<T, S> &codebook, const O &...o) {
  return vq_at<axis>(line, z, codebook, o...);
}
template <int axis, class E, std::size_t levels, class... O>
auto quantize_group(Line line, const auto &z, const std::array<E, levels> &codebooks,
                    const O &...o) {
  return residual_vq_at<axis>(line, z, codebooks, o...);
}

/// z's shape without the features of all groups but one.
constexpr Rule group_of(const Shape &z, int axis, std::size_t groups) {
  if (z.is_poison())
    return z;
  const int at = int(from_front(axis, z));
  if (at < 0 || at >= z.rank)
    return fail("the axis of features, ", axis, ", is outside z of ", z);
  const Quotient features = divide(z[at], Dim(std::int64_t(groups)));
  if (!features.exists || features.dim.is_named())
    return fail(z[at], " features of z ", z, " make no ", std::int64_t(groups), " equal groups");
  return with_extent(z, at, features.dim);
}

/// An option as a group takes it: it draws from a key of its own.
template <class O> auto option_of_group(const O &option, std::size_t group, Line line) {
  if constexpr (is_the<O>(kerf::key))
    return option_of_part(option, group, line);
  else
    return option;
}

} // namespace detail

/// Splits the features of z into groups, each with a codebook of its own, or codebooks if it has
/// levels.   [Jegou 2011]
/// z : S, any rank, features along `axis`; codebooks : an array of (K, D / groups), one per group,
/// or of arrays of them, one per level -> codes : S without the axis, groups last, then levels;
/// quantized, output : S. Options: those of `vq` or `residual_vq`, for every group.
template <int axis = -1, Operand Z, class E, std::size_t groups, class O1 = detail::NoOption,
          class O2 = detail::NoOption, class O3 = detail::NoOption, class O4 = detail::NoOption,
          class O5 = detail::NoOption, class O6 = detail::NoOption, class O7 = detail::NoOption,
          class O8 = detail::NoOption>
auto grouped_vq(const Z &z, const std::array<E, groups> &codebooks, const O1 &o1 = {},
                const O2 &o2 = {}, const O3 &o3 = {}, const O4 &o4 = {}, const O5 &o5 = {},
                const O6 &o6 = {}, const O7 &o7 = {}, const O8 &o8 = {},
                Line line = Line::current()) {
  using namespace detail;
  static constexpr Rule rule = group_of(Z::shape, axis, groups).in("kerf: grouped_vq: ");
  KERF_CHECK(rule);
  using T = element_of<Z>;
  constexpr Shape S = rule.ok ? Z::shape : Shape::poison(), group = rule.shape;
  constexpr int at = rule.ok ? int(from_front(axis, S)) : 0;
  using Rows = TensorOf<T, group>;
  const auto quantized = [&](const Rows &rows, std::size_t i) {
    return [&](const auto &...o) {
      return quantize_group<axis>(line, rows, codebooks[i], option_of_group(o, i, line)...);
    }(o1, o2, o3, o4, o5, o6, o7, o8);
  };
  using Group = decltype(quantized(Rows(), 0));
  constexpr Shape codes = shape_of<decltype(Group::codes)>;
  constexpr int place = S.rank - 1; // of the groups among the axes of codes
  GroupedQuantization<T, S, with_axis(codes, place, std::int64_t(groups)), groups, Rows, Group>
      result;
  if constexpr (!S.is_poison() && !codes.is_poison()) {
    constexpr std::int64_t features = group[at].value;
    for_each_part<groups>([&](auto i) {
      result.rows[i] = Rows(take<at, i * features, (i + 1) * features>(z), line);
      result.of_group[i] = quantized(result.rows[i], i);
    });
    const auto every = [&](auto member) {
      std::array<std::remove_cvref_t<decltype(result.of_group[0].*member)>, groups> all;
      for (std::size_t i = 0; i < groups; ++i)
        all[i] = result.of_group[i].*member;
      return all;
    };
    result.codes = {stack<place>(every(&Group::codes)), line};
    result.quantized = {concat<at>(every(&Group::quantized)), line};
    result.output = {concat<at>(every(&Group::output)), line};
    result.losses = combined(every(&Group::losses), double(groups), line);
  }
  return result;
}

/// Splits the features of z into `heads` groups, which share a codebook: one search for all of
/// them. z : S, any rank, features along `axis`; codebook : (K, D / heads) -> codes : S with the
/// heads in place of the features; quantized, output : S. Options: those of `vq`; a mask is of z's
/// rows, and `used_codes` those of any head.
template <int heads, int axis = -1, Operand Z, Operand E, class O1 = detail::NoOption,
          class O2 = detail::NoOption, class O3 = detail::NoOption, class O4 = detail::NoOption,
          class O5 = detail::NoOption, class O6 = detail::NoOption, class O7 = detail::NoOption,
          class O8 = detail::NoOption>
auto multi_head_vq(const Z &z, const E &codebook, const O1 &o1 = {}, const O2 &o2 = {},
                   const O3 &o3 = {}, const O4 &o4 = {}, const O5 &o5 = {}, const O6 &o6 = {},
                   const O7 &o7 = {}, const O8 &o8 = {}, Line line = Line::current()) {
  using namespace detail;
  static constexpr Rule rule = group_of(Z::shape, axis, heads).in("kerf: multi_head_vq: ");
  KERF_CHECK(rule);
  constexpr Shape S = rule.ok ? Z::shape : Shape::poison();
  constexpr int at = rule.ok ? int(from_front(axis, S)) : 0;
  constexpr Shape split = with_axis(rule.shape, at, heads);
  const auto option_of_heads = [&](const auto &option) {
    if constexpr (is_the<std::remove_cvref_t<decltype(option)>>(mask)) {
      const auto &given = option.value;
      constexpr Shape rows = shape_of<decltype(given)>;
      if constexpr (rows == without_axis(S, at))
        return mask = TensorOf<i1, with_axis(rows, at, heads)>(
                   stretch<with_axis(rows, at, heads)>(reshaped<with_axis(rows, at, 1)>(given)),
                   line);
      else
        return option; // of which `vq` says what is wrong
    } else {
      return option;
    }
  };
  const auto q = [&](const auto &...o) {
    return vq_at<at + 1>(line, reshaped<split>(z), codebook, option_of_heads(o)...);
  }(o1, o2, o3, o4, o5, o6, o7, o8);
  Quantization<element_of<Z>, S, shape_of<decltype(q.codes)>, decltype(q.losses)> result;
  if constexpr (!S.is_poison() && !shape_of<decltype(q.codes)>.is_poison()) {
    result.codes = q.codes;
    result.quantized = {reshaped<S>(q.quantized), line};
    result.output = {reshaped<S>(q.output), line};
    result.losses = q.losses;
  }
  return result;
}

} // namespace kerf
