// Loops inside an entry: a function of its own results, a fixed number of times.
#pragma once

#include "kerf/train.h"

namespace kerf {

namespace detail {

/// `State` goes into an iteration, `Result` comes out of it.
template <Operand State, Operand Result> constexpr Rule carried() {
  constexpr Shape is = shape_of<Result>, should = shape_of<State>;
  constexpr DType type = dtype_of<element_of<Result>>, want = dtype_of<element_of<State>>;
  if (is.is_poison() || should.is_poison())
    return Shape::poison();
  if (!(is == should) || type != want)
    return fail("the function takes ", spell(want), " ", should, " but returns ", spell(type), " ",
                is);
  return is;
}

/// body(state), or body(state, i) with the number of the iteration.
template <class Body, class State>
auto iteration(const Body &body, const State &state, const Tensor<i64> &i) {
  if constexpr (std::is_invocable_v<const Body &, const State &, const Tensor<i64> &>)
    return body(state, i);
  else
    return body(state);
}

template <class X> inline constexpr bool is_plain_tensor = false;
template <class T, Shape S> inline constexpr bool is_plain_tensor<TensorOf<T, S>> = true;

// Results are deduced, so that clang looks into these functions where the program calls `repeat`:
// its messages name the program's line then.

/// Ends the compilation with a message if an iteration does not give what the next one takes.
template <class State, class Result> auto check_carried() {
  if constexpr (Operand<State> && Operand<Result>) {
    static constexpr Rule rule = carried<State, Result>().in("kerf: repeat: ");
    KERF_CHECK(rule);
  } else {
    static_assert(std::is_same_v<State, Result>,
                  "kerf: repeat: the function must return the type that it takes");
  }
}

/// Emits the region, and gives the handles of what an iteration returns.
template <class State, class Body>
auto emit_iteration(const State &state, const Body &body, Line line) {
  std::vector<Type> types = types_of(leaves_of<State>());
  types.push_back(Tensor<i64>::type);
  std::vector<Value> arguments(types.size());
  builder(line).begin_region(types, arguments);
  Updates::Region region{arguments.front(), /*is_loop=*/true, line};
  Updates::current().open(region);
  State carried = state;
  assign(carried, std::span(arguments).first(types.size() - 1));
  const auto i = Tensor<i64>::from(arguments.back());
  auto result = materialised(iteration(body, carried, i), line);
  check_carried<State, decltype(result)>();
  require_bound(result, "repeat", line);
  Updates::current().close(); // those of the state are results
  return values_of(result);
}

} // namespace detail

/// body(… body(body(state)) …), `count` times: one loop in the compiled entry, whose code and
/// memory do not grow with `count`. `state` is a tensor or an aggregate of them, and `body` returns
/// what it takes; as a second argument it may take the number of the iteration, an i64 scalar from
/// 0. `repeat<0>` is `state`. What `body` captures is the same in every iteration; fold that number
/// into the keys of draws. `body` may take gradients itself.
///
///     let direction = repeat<20>(start, [&](const auto &v) { // the largest eigenvector of a
///       let w = einsum<"i j, j -> i">(a, v);
///       return w / sqrt(sum(square(w)));
///     });
template <Dim count, class State, class Body>
[[nodiscard]] auto repeat(const State &state, const Body &body, Line line = Line::current()) {
  static_assert(count.is_named() || count.value >= 0, "kerf: repeat: the count is negative");
  if constexpr (Operand<State> && !detail::is_plain_tensor<State>) {
    return repeat<count>(TensorOf<element_of<State>, shape_of<State>>(state, line), body, line);
  } else {
    detail::require_bound(state, "repeat", line);
    const std::vector<Value> first = values_of(state);
    const std::vector<Value> yielded = detail::emit_iteration(state, body, line);
    static constexpr Dim times = count;
    const Attribute counts[] = {{"count", &times}, {"num_carried", std::int64_t(first.size())}};
    std::vector<Value> results(first.size());
    detail::builder(line).end_region(yielded, "kerf.scan", first,
                                     detail::types_of(leaves_of<State>()), results, counts, line);
    State last = state;
    assign(last, results);
    return last;
  }
}

} // namespace kerf
