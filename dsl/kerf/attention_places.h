// Where masks and scores of attention are: indices of queries, keys, heads and batches as tensors.
#pragma once

#include "kerf/indexing.h"

namespace kerf {

namespace detail {

/// A number of elements, whatever named dims are bound to.
template <Dim n> auto number_of() {
  if constexpr (n.is_named())
    return extent<i64, n>();
  else
    return n.value;
}

/// The places of scores of shape S = (b…, M, N), of which the last axis of b is that of the heads.
/// An index is a tensor of i64 along its own axis, with extents of 1 behind it, so that all stretch
/// to S: the compiler takes functions of them apart to scalar ones.
template <Shape S> struct Places {
  static constexpr Shape shape = S;
  static constexpr int batch_rank = S.rank - 2;
  Line line;

  template <int axis> auto along() const {
    constexpr Shape alone = with_ones(Shape::of(S[axis]), S.rank - 1 - axis);
    return TensorOf<i64, alone>(reshaped<alone>(arange<S[axis]>()), line);
  }
  auto query() const { return along<S.rank - 2>(); }
  auto key() const { return along<S.rank - 1>(); }
  auto head() const {
    if constexpr (batch_rank == 0)
      return Tensor<i64>(0, line);
    else
      return along<batch_rank - 1>();
  }
  /// The axes before the heads as one, in row-major order.
  template <int axes = batch_rank - 1> auto batch() const {
    if constexpr (axes < 1) {
      return Tensor<i64>(0, line);
    } else if constexpr (axes == 1) {
      return along<0>();
    } else {
      let flat(batch<axes - 1>() * number_of<S[axes - 1]>() + along<axes - 1>(), line);
      return flat;
    }
  }
  /// N - M: so many keys stand before those of the queries, if both end together.
  static auto keys_before() { return number_of<S[-1]>() - number_of<S[-2]>(); }
};

/// The indices that a function of places may take: (i, j), (h, i, j), (b, h, i, j), or one of each
/// axis.
template <int count> auto indices(const auto &at) {
  if constexpr (count == 2)
    return std::tuple{at.query(), at.key()};
  else if constexpr (count == 3)
    return std::tuple{at.head(), at.query(), at.key()};
  else if constexpr (count == 4)
    return std::tuple{at.batch(), at.head(), at.query(), at.key()};
  else
    return [&]<int... axis>(std::integer_sequence<int, axis...>) {
      return std::tuple_cat(std::tuple{at.template along<axis>()...},
                            std::tuple{at.query(), at.key()});
    }(std::make_integer_sequence<int, count - 2>());
}

template <class F, class Indices, class... Before> inline constexpr bool takes = false;
template <class F, class... I, class... Before>
inline constexpr bool takes<F, std::tuple<I...>, Before...> =
    std::is_invocable_v<const F &, const Before &..., const I &...>;

/// How many indices F takes behind `Before`; -1 if it is no such function.
template <class F, class At, class... Before>
inline constexpr int indices_taken = [] {
  using None = const At &;
  const auto can = [&]<int count>(std::integral_constant<int, count>) {
    return takes<F, decltype(indices<count>(std::declval<None>())), Before...>;
  };
  if (At::batch_rank > 2 && can(std::integral_constant<int, At::batch_rank + 2>()))
    return At::batch_rank + 2;
  if (can(std::integral_constant<int, 4>()))
    return 4;
  if (can(std::integral_constant<int, 3>()))
    return 3;
  if (can(std::integral_constant<int, 2>()))
    return 2;
  return sizeof...(Before) > 0 && std::is_invocable_v<const F &, const Before &...> ? 0 : -1;
}();

/// f at places, which takes indices as above.
template <class F, class At, class... Before>
auto at_places(const F &f, const At &at, const Before &...before) {
  constexpr int count = indices_taken<F, At, Before...>;
  if constexpr (count == 0)
    return f(before...);
  else
    return std::apply([&](const auto &...index) { return f(before..., index...); },
                      indices<count>(at));
}

/// What a tensor has one element of, beside scores: an example, a query or a key of it.
enum class Each { example, query, key };

/// A tensor of [batch…, n], n the queries or keys or left out, as one that stretches to the scores;
/// `batch` are their axes before the heads, or with them, or none.
constexpr Rule beside(const Shape &x, const Shape &scores, Each each, std::string_view name) {
  if (x.is_poison() || scores.is_poison())
    return Shape::poison();
  constexpr std::string_view layouts[] = {"[batch...]", "[batch..., queries]", "[batch..., keys]"};
  const int batch_rank = scores.rank - 2, behind = each == Each::example ? 0 : 1,
            before = x.rank - behind;
  Shape result;
  for (int i = 0; i < before; ++i)
    result.push(x[i]);
  if (before > 0 && before == batch_rank - 1)
    result.push(1); // for all heads
  if (before == 0 || before == batch_rank - 1 || before == batch_rank) {
    result.push(each == Each::query ? x[-1] : Dim(1));
    result.push(each == Each::key ? x[-1] : Dim(1));
    const Rule together = rule::broadcast_together(result, scores);
    if (together.ok && together.shape == scores)
      return result;
  }
  return fail(name, " are ", layouts[int(each)], ", got ", x, " beside scores of ", scores);
}
template <Name name, Each each, class At, class X> auto placed(const At &, const X &x) {
  static constexpr Rule rule =
      beside(shape_of<X>, At::shape, each, name.view()).in("kerf: attention: ");
  KERF_CHECK(rule);
  if constexpr (rule.shape.is_poison())
    return Splat<element_of<X>, Shape::poison()>();
  else
    return reshaped<rule.shape>(static_cast<const stored_t<X> &>(x));
}
/// The same of whole numbers, as i64; a number is for all.
template <Name name, Each each, class At, class X> auto counts_at(const At &at, const X &x) {
  if constexpr (Scalar<X>) {
    static_assert(std::is_integral_v<X>, "kerf: attention: a number of keys is a whole one");
    return x;
  } else {
    static_assert(is_integer<element_of<X>>,
                  "kerf: attention: numbers of documents and of keys are integers");
    if constexpr (std::is_same_v<element_of<X>, i64>)
      return placed<name, each>(at, x);
    else
      return cast<i64>(placed<name, each>(at, x));
  }
}

constexpr Dim product(const Shape &shape) {
  Dim all = 1;
  for (int i = 0; i < shape.rank; ++i)
    all = all * shape[i];
  return all;
}
/// Where an element stands in a table of shape S, row by row.
template <Shape S> auto row_major(const Operand auto &index) { return index; }
template <Shape S, Operand I, Operand J>
auto row_major(const I &first, const J &second, const Operand auto &...others) {
  constexpr int axis = S.rank - 1 - int(sizeof...(others));
  return row_major<S>(first * number_of<S[axis]>() + second, others...);
}

template <class T, class... I> constexpr Rule at_rule(const Shape &table) {
  if (table.is_poison() || (shape_of<I>.is_poison() || ...))
    return Shape::poison();
  if (table.rank != sizeof...(I) || table.rank == 0)
    return fail("one index for each axis of the table, ", table, ", got ", int(sizeof...(I)));
  if (!(std::is_same_v<element_of<I>, i64> && ...))
    return fail("indices must be i64");
  Rule together = Shape{};
  for (const Shape &shape : {shape_of<I>...})
    if (together.ok)
      together = rule::broadcast_together(together.shape, shape);
  return together;
}

} // namespace detail

/// The elements of a table at indices, one of each of its axes, which stretch to one shape: what a
/// function of places reads of a tensor that it captures. Indices must be inside of the table.
///
///     at(table, h, i - j + N - 1) // table : (H, M + N - 1), one number per head and distance
template <class X, Operand I, Operand... Others>
auto at(const X &table, const I &index, const Others &...others) {
  static constexpr Rule rule = detail::at_rule<X, I, Others...>(shape_of<X>).in("kerf: at: ");
  KERF_CHECK(rule);
  if constexpr (rule.shape.is_poison()) {
    return Splat<element_of<X>, Shape::poison()>();
  } else {
    constexpr Shape flat = Shape::of(detail::product(shape_of<X>));
    const auto place = detail::row_major<shape_of<X>>(index, others...);
    return gather(detail::reshaped<flat>(static_cast<const detail::stored_t<X> &>(table)), place);
  }
}

} // namespace kerf
