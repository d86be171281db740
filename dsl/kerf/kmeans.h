// k-means: a codebook to begin with, from rows that an encoder gives.
//
//     model.codebook = kmeans<512, 10>(z, key).centers;   // z : (N, D), N >= 512 or some are equal
#pragma once

#include "kerf/codebook.h"
#include "kerf/loops.h"

#include <limits>

namespace kerf {

/// What `kmeans` gives: centers of clusters of rows, and how many rows each has, in f32 where a
/// narrow type would not count so far.
template <int Centers, int Features, class T> struct Clusters {
  Tensor<T, Centers, Features> centers;
  Tensor<computed_t<T>, Centers> count;
};

namespace detail {

/// Centers chosen so far, all others equal to the first, and the squared distance of each row to
/// the nearest of them.
template <class T, Shape Rows, int Centers> struct Seeds {
  Tensor<T, Centers, Rows[1]> centers;
  Tensor<T, Rows[0]> distance;
};

/// |row - center|^2   (N, D), (D) -> (N)
auto squared_distances(const Operand auto &rows, const Operand auto &center) {
  return sum<1>(square(rows - center));
}

/// Rows as centers: the first at random, each other with a probability in proportion to the squared
/// distance to the nearest before it; rows equal to one of those only when all are.
///   [Arthur 2007, alg. 2.2]
/// With u uniform, the i of least -log(u_i) / w_i has the probability w_i / sum(w).
template <int Centers> auto plus_plus(const Operand auto &rows, const Key &key, Line line) {
  using T = element_of<decltype(rows)>;
  static constexpr Shape shape = shape_of<decltype(rows)>;
  constexpr Dim N = shape[0];
  let place(cast<i64>(Count<f32, Shape::of(N)>{} * uniform<>(fold(key, 0))), line);
  let first(gather(rows, place), line);
  let numbers(arange<Centers>(), line);
  Seeds<T, shape, Centers> start;
  start.centers = Tensor<T, Centers, shape[1]>(broadcast_to<Centers, shape[1]>(first), line);
  start.distance = Tensor<T, N>(squared_distances(rows, first), line);
  const auto next = [&](const Seeds<T, shape, Centers> &seeds, const Tensor<i64> &i) {
    let number(i + 1, line);
    let wait(-log(1 - cast<T>(uniform<N>(fold(key, number)))), line); // exponential, >= 0
    let order(select(seeds.distance > 0, wait / seeds.distance, std::numeric_limits<T>::infinity()),
              line);
    let center(gather(rows, argmin<0>(order)), line);
    Seeds<T, shape, Centers> more;
    more.centers = Tensor<T, Centers, shape[1]>(
        select(beside_features(numbers == number), center, seeds.centers), line);
    more.distance = Tensor<T, N>(minimum(seeds.distance, squared_distances(rows, center)), line);
    return more;
  };
  return repeat<Centers - 1>(start, next, detail::NoOption(), line).centers;
}

} // namespace detail

/// Centers of clusters of rows: chosen by k-means++, then `iterations` times moved to the mean of
/// the rows that are nearest to each; a center of no row stays.   [Lloyd 1982; Arthur 2007]
/// rows : as z of `vq`, with features along `axis` -> centers : (Centers, D), count : (Centers)
/// Option: metric = cosine: rows and centers have length one.
template <int Centers, int iterations, int axis = -1, Operand Rows, class O1 = detail::NoOption>
auto kmeans(const Rows &rows, const Key &key, const O1 &o1 = {}, Line line = Line::current()) {
  using namespace detail;
  using T = element_of<Rows>;
  static_assert(Centers >= 1 && iterations >= 0,
                "kerf: kmeans: needs one center or more, and no negative number of iterations");
  static constexpr Rule rule =
      [] {
        if (const Rule options = options_rule<O1>(metric); !options.ok)
          return options;
        if (Rows::shape.is_poison())
          return Rule(Rows::shape);
        if (!is_float<T>)
          return fail("rows must be f32, f64, bf16 or f16, got ", spell(dtype_of<T>));
        const int at = int(from_front(axis, Rows::shape));
        if (at < 0 || at >= Rows::shape.rank)
          return fail("the axis of features, ", axis, ", is outside rows of ", Rows::shape);
        if (Rows::shape[at].is_named())
          return fail("needs a known number of features along axis ", at, " of ", Rows::shape);
        return Rule(Shape::of(Centers, Rows::shape[at]));
      }()
          .in("kerf: kmeans: ");
  KERF_CHECK(rule);
  if constexpr (!rule.ok || rule.shape.is_poison()) {
    return Clusters<1, 1, T>();
  } else {
    using Metric = OptionValue<decltype(option_set(o1)), "metric", L2>;
    using Wide = computed_t<T>;
    let x(as_compared<Metric, 1>(as_rows<int(from_front(axis, Rows::shape))>(widened(rows)), line),
          line);
    const auto assigned = [&](const Operand auto &centers) {
      return let(argmin<1>(distances<L2>(x, centers)), line);
    };
    const auto sizes = [&](const Operand auto &nearest) {
      return let(cast<Wide>(number_by_code<Centers>(nearest)), line);
    };
    const auto moved = [&](const TensorOf<Wide, rule.shape> &centers) {
      const auto nearest = assigned(centers);
      const auto count = sizes(nearest);
      let mean(add_by_code<Centers>(x, nearest) / beside_features(maximum(count, 1)), line);
      const auto compared = as_compared<Metric, 1>(mean, line);
      return let(select(beside_features(count > 0), compared, centers), line);
    };
    Clusters<Centers, int(rule.shape[1].value), T> result;
    const auto centers =
        repeat<iterations>(plus_plus<Centers>(x, key, line), moved, detail::NoOption(), line);
    result.centers = cast_tree<TensorOf<T, rule.shape>>(centers, line);
    result.count = sizes(assigned(centers));
    return result;
  }
}

} // namespace kerf
