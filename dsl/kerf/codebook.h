// Upkeep of a codebook inside the compiled step: measures of use, moving averages in place of a
// gradient, new life for codes that nothing chooses. Rows are added in ascending order, so a step
// has one result.
#pragma once

#include "kerf/train.h"
#include "kerf/vq.h"

namespace kerf {

namespace detail {

/// Rows added by the code of each; one outside of [0, count) is none, and what its row holds does
/// not matter.   rows : C + (…), codes : C i64 -> (count, …)
template <std::int64_t count>
auto add_by_code(const Operand auto &rows, const Operand auto &codes) {
  const auto place = select(codes < count, codes + 1, 0); // those of none meet in row 0
  return take<0, 1, count + 1>(scatter_add<count + 1>(rows, place));
}

/// How often each code was chosen, as integers: a float stops counting at 2^24.   -> (count) i64
template <std::int64_t count> auto number_by_code(const Operand auto &codes) {
  return add_by_code<count>(full_like<i64>(codes, 1), codes);
}

} // namespace detail

// ---- use -----------------------------------------------------------------------------------
// A code outside of [0, Codes) is none: `vq` gives -1 where a row is masked.

/// How often each code was chosen; one outside of [0, Codes) is none.
/// codes : i64, any shape -> (Codes) f32
template <int Codes> auto code_counts(const Operand auto &codes, Line line = Line::current()) {
  let count(cast<f32>(detail::number_by_code<Codes>(codes)), line);
  return count;
}

/// e^H of the codes' frequencies: how many codes are in use, as if equally often. NaN if none is.
template <int Codes> auto perplexity(const Operand auto &codes, Line line = Line::current()) {
  let count(detail::number_by_code<Codes>(codes), line); // (Codes)
  let p(cast<f32>(count) / cast<f32>(sum(count)), line);
  let result(exp(-sum(p * log(maximum(p, 1e-30)))), line); // 0 log 0 = 0
  return result;
}

/// The share of all codes that was chosen at least once, in [0, 1].
template <int Codes> auto usage(const Operand auto &codes, Line line = Line::current()) {
  let used(mean(cast<f32>(detail::number_by_code<Codes>(codes) > 0)), line);
  return used;
}

// ---- moving averages -----------------------------------------------------------------------

/// What a codebook follows in place of a gradient: how many rows each code had of late, and their
/// sum. A block of an entry, beside the codebook.
template <int Codes, int Features, class T = f32> struct CodebookState {
  Tensor<T, Codes> count;
  Tensor<T, Codes, Features> total;
};

inline constexpr auto &decay = option<"decay">;
inline constexpr auto &threshold = option<"threshold">;

namespace detail {

/// The shape of a codebook, if its state and rows of its features along `axis` go with it.
constexpr Rule upkeep_rule(const Shape &codebook, const Shape &state, const Shape &rows, int axis) {
  if (codebook.is_poison() || state.is_poison() || rows.is_poison())
    return Shape::poison();
  if (!(codebook == state))
    return fail("the codebook is ", codebook, ", but its state is of ", state);
  const int at = int(from_front(axis, rows));
  if (at < 0 || at >= rows.rank)
    return fail("the axis of features, ", axis, ", is outside rows of ", rows);
  if (!(rows[at] == codebook[1]))
    return fail("rows have ", rows[at], " features along axis ", at, " of ", rows,
                ", but the codes are ", codebook);
  return codebook;
}

/// The same, and one of each of the options, a mask with one truth per row.
template <int axis, class E, class State, class Rows, class... Options>
constexpr Rule upkeep_rule() {
  const Rule rule =
      upkeep_rule(shape_of<E>, shape_of<decltype(State::total)>, shape_of<Rows>, axis);
  using Mask = OptionValue<decltype(option_set(std::declval<Options>()...)), "mask">;
  using T = computed_t<element_of<E>>;
  if (rule.ok && !rule.shape.is_poison() && !std::is_same_v<element_of<decltype(State::total)>, T>)
    return fail("the state is ", spell(dtype_of<element_of<decltype(State::total)>>),
                ", but that of a codebook of ", spell(dtype_of<element_of<E>>), " is ",
                spell(dtype_of<T>), ", as ema_state makes it");
  if (!rule.ok || rule.shape.is_poison() || std::is_same_v<Mask, NoOption>)
    return rule;
  const Shape codes = without_axis(shape_of<Rows>, int(from_front(axis, shape_of<Rows>)));
  if (!is_tensor<Mask, i1>(codes))
    return fail("mask is i1, a truth per row: ", codes);
  return rule;
}

/// The mask among the options on one axis, or NoOption.
template <class Set> auto flat_mask(const Set &options) {
  const auto given = option_or(options, mask, NoOption());
  if constexpr (Operand<decltype(given)>)
    return reshaped<Shape::of(shape_of<decltype(given)>.numel())>(given);
  else
    return given;
}

/// One number for each code, to stand beside its features.   (K) -> (K, 1)
auto beside_features(const Operand auto &x) { return rearrange<"k -> k 1">(x); }

} // namespace detail

/// The state of a codebook to begin with: as if each code had had `count` rows, all equal to it.
/// codebook : (K, D); count : a number or (K), of rows per step
/// Of a narrow codebook it is f32.
template <class T, Shape S>
auto ema_state(const TensorOf<T, S> &codebook, const auto &count, Line line = Line::current()) {
  using Wide = computed_t<T>;
  CodebookState<int(S[0].value), int(S[1].value), Wide> state;
  state.count = Tensor<Wide, S[0]>(count, line);
  state.total =
      TensorOf<Wide, S>(detail::beside_features(state.count) * detail::widened(codebook), line);
  return state;
}
template <class T, Shape S>
auto ema_state(const TensorOf<T, S> &codebook, Line line = Line::current()) {
  return ema_state(codebook, 1, line);
}

/// The codebook becomes the mean of the rows that chose each code, over about 1 / (1 - decay) steps
///   [van den Oord 2017, app. A.1]:
///     n <- decay n + (1 - decay) (rows of the code),  m <- decay m + (1 - decay) (their sum),
///     e = m / n', with n' = (n + epsilon) / (sum(n) + K epsilon) sum(n), which is 0 only where no
/// code has had a row yet (or so long ago that nothing of it is left); the codebook stays then.
/// codebook : (K, D); rows : as z of `vq`, with features along `axis`; codes : of each row, i64;
/// those outside of [0, K) count for nothing. Options:
///     decay     0.99; a number or a scalar
///     epsilon   1e-5
///     mask      i1, of the shape of the codes: where it is false, a row counts for nothing
///     metric    cosine: rows have length one first, and codes in the end
///
///     ema_update(model.codebook, state, z, q.codes, decay = 0.999);
template <int axis = -1, Operand E, class State, Operand Rows, Operand Codes,
          class O1 = detail::NoOption, class O2 = detail::NoOption, class O3 = detail::NoOption,
          class O4 = detail::NoOption>
void ema_update(E &codebook, State &state, const Rows &rows, const Codes &codes, const O1 &o1 = {},
                const O2 &o2 = {}, const O3 &o3 = {}, const O4 &o4 = {},
                Line line = Line::current()) {
  using namespace detail;
  static constexpr Rule rule =
      [] {
        constexpr Rule options = options_rule<O1, O2, O3, O4>(decay, epsilon, mask, metric);
        if constexpr (!options.ok)
          return options;
        else {
          const Rule upkeep = upkeep_rule<axis, E, State, Rows, O1, O2, O3, O4>();
          if (!upkeep.ok || upkeep.shape.is_poison())
            return upkeep;
          const Shape chosen = without_axis(Rows::shape, int(from_front(axis, Rows::shape)));
          if (!(chosen == shape_of<Codes>))
            return fail("rows ", Rows::shape, " need codes of ", chosen, ", got ", shape_of<Codes>);
          return upkeep;
        }
      }()
          .in("kerf: ema_update: ");
  KERF_CHECK(rule);
  if constexpr (rule.ok && !rule.shape.is_poison()) {
    using T = computed_t<element_of<E>>;
    const auto options = option_set(o1, o2, o3, o4);
    using Metric = OptionValue<decltype(options), "metric", L2>;
    constexpr std::int64_t count = rule.shape[0].value;
    const auto kept = option_or(options, decay, 0.99);
    const double eps = option_or(options, epsilon, 1e-5);

    const auto x = as_compared<Metric, 1>(
        as_rows<int(from_front(axis, Rows::shape))>(widened(rows)), line); // (N, D)
    const auto chosen = [&] {                                              // (N)
      const auto all = reshaped<Shape::of(shape_of<Codes>.numel())>(codes);
      const auto counts = flat_mask(options);
      if constexpr (Operand<decltype(counts)>)
        return select(counts, all, -1);
      else
        return all;
    }();
    let n(cast<T>(number_by_code<count>(chosen)), line);
    let m(add_by_code<count>(x, chosen), line);
    state.count = Tensor<T, rule.shape[0]>(kept * state.count + (1 - kept) * n, line);
    state.total = TensorOf<T, rule.shape>(kept * state.total + (1 - kept) * m, line);
    let all(sum(state.count), line);
    let smoothed((state.count + eps) / (all + eps * double(count)) * all, line);
    let weight(beside_features(smoothed), line);
    let means(as_compared<Metric, 1>(state.total / weight, line), line);
    codebook = TensorOf<element_of<E>, rule.shape>(
        narrowed<element_of<E>>(select(weight == 0, widened(codebook), means)), line);
  }
}

// ---- dead codes ----------------------------------------------------------------------------

namespace detail {

/// `count` rows of a matrix: at random, all different, those first whose mask is true; behind the
/// last of them the matrix begins anew.   rows : (N, D), mask : (N) i1 or NoOption -> (count, D)
template <std::int64_t count>
auto random_rows(const Operand auto &rows, const Operand auto &key, const auto &mask, Line line) {
  constexpr Dim N = shape_of<decltype(rows)>[0];
  const Count<i64, Shape::of(N)> all;
  const auto draws = [&] {
    const auto drawn = uniform<N>(key);
    if constexpr (Operand<decltype(mask)>)
      return select(mask, drawn, drawn - 1);
    else
      return drawn;
  }();
  let order(top_k<count>(concat<0>(draws, as_operand<f32, Shape::of(count)>(-2))), line);
  return gather(rows, select(order < all, order, order - all)); // there may be fewer rows
}

/// The turn of each truth when the true ones go first.   (K) i1 -> (K) i64
auto turns(const Operand auto &truth, Line line) {
  constexpr std::int64_t count = shape_of<decltype(truth)>[0].value;
  let in_turn(top_k<count>(cast<f32>(truth)), line);
  return scatter_add<count>(arange<count>(), in_turn);
}

} // namespace detail

/// Codes whose count is below the threshold become rows of the batch, as if each had had
/// `threshold` rows equal to it   [Zeghidour 2021, sec. III-C]; the others keep every bit.
/// codebook : (K, D); rows : as z of `vq`, with features along `axis`. The rows that such codes
/// become are all different as far as there are enough in the batch. Options:
///     threshold   1
///     mask        i1, one per row: rows of false are taken when no other is left; if all are
///                 false, every code stays
///     metric      cosine: the rows that codes become have length one
///
///     revive(model.codebook, state, z, key, threshold = 2);
template <int axis = -1, Operand E, class State, Operand Rows, class O1 = detail::NoOption,
          class O2 = detail::NoOption, class O3 = detail::NoOption>
void revive(E &codebook, State &state, const Rows &rows, const Key &key, const O1 &o1 = {},
            const O2 &o2 = {}, const O3 &o3 = {}, Line line = Line::current()) {
  using namespace detail;
  static constexpr Rule rule =
      [] {
        constexpr Rule options = options_rule<O1, O2, O3>(threshold, mask, metric);
        if constexpr (!options.ok)
          return options;
        else
          return upkeep_rule<axis, E, State, Rows, O1, O2, O3>();
      }()
          .in("kerf: revive: ");
  KERF_CHECK(rule);
  if constexpr (rule.ok && !rule.shape.is_poison()) {
    using T = computed_t<element_of<E>>;
    const auto options = option_set(o1, o2, o3);
    using Metric = OptionValue<decltype(options), "metric", L2>;
    const auto least = option_or(options, threshold, 1);
    const auto x = as_rows<int(from_front(axis, Rows::shape))>(widened(rows)); // (N, D)
    const auto counts = flat_mask(options);
    const auto known = [&] { // no code is dead where there is no row for it
      if constexpr (Operand<decltype(counts)>)
        return select(sum(cast<i64>(counts)) > 0, state.count, least);
      else
        return state.count;
    }();
    let dead(known < least, line);
    let in_turn(random_rows<rule.shape[0].value>(x, key, counts, line), line);
    let row(as_compared<Metric, 1>(gather(in_turn, turns(dead, line)), line), line);
    let is_dead(beside_features(dead), line);
    codebook = TensorOf<element_of<E>, rule.shape>(
        narrowed<element_of<E>>(select(is_dead, row, widened(codebook))), line);
    state.count = Tensor<T, rule.shape[0]>(select(dead, least, state.count), line);
    state.total = TensorOf<T, rule.shape>(select(is_dead, least * row, state.total), line);
  }
}

} // namespace kerf
