// Branches inside an entry: one of two functions, as a truth says that is known when it runs.
#pragma once

#include "kerf/loops.h"

namespace kerf {

namespace detail {

/// Do both branches give the same types?
template <class Then, class Otherwise> constexpr Rule same_results() {
  if constexpr (Operand<Then> && Operand<Otherwise>) {
    constexpr Shape a = shape_of<Then>, b = shape_of<Otherwise>;
    constexpr DType type = dtype_of<element_of<Then>>, other = dtype_of<element_of<Otherwise>>;
    if (a.is_poison() || b.is_poison())
      return Shape::poison();
    if (!(a == b) || type != other)
      return fail("one branch returns ", spell(type), " ", a, ", the other one ", spell(other), " ",
                  b);
    return a;
  } else if constexpr (!std::is_same_v<Then, Otherwise>) {
    return fail("both branches must return the same type");
  } else if constexpr (!IsTree<Then>) {
    return fail("a branch returns a tensor or a tree of tensors");
  } else {
    return Shape{};
  }
}

/// Are these functions without arguments that return trees?
template <class Then, class Otherwise> constexpr Rule branches_rule() {
  if constexpr (!std::is_invocable_v<const Then &> || !std::is_invocable_v<const Otherwise &>)
    return fail("its branches are functions without arguments, as in cond(p, [&] { return a; }, "
                "[&] { return b; })");
  else if constexpr (std::is_void_v<std::invoke_result_t<const Then &>> ||
                     std::is_void_v<std::invoke_result_t<const Otherwise &>>)
    return fail(
        "a branch returns nothing; both return a tensor, or a tree of tensors, of one type");
  else
    return Shape{};
}

/// What a branch returns, emitted in the region that is open.
template <class Branch> auto branch(const Branch &function, Line line) {
  Updates::Region region{0, /*is_loop=*/false, line};
  region.is_branch = true;
  Updates::current().open(region);
  const auto result = emitted(function(), line);
  require_bound(result, "cond", line);
  Updates::current().close(); // it updates nothing
  return result;
}

} // namespace detail

/// then() if `predicate`, a scalar of i1, is true, else otherwise(): tensors, or trees of one type.
/// Only the chosen one runs. (`select(c, a, b)` chooses element by element, of what both are.)
///
///     let x = cond(
///         is_first, [&] { return normal<B, 64>(key); }, [&] { return decoder(codes); });
template <class P, class Then, class Otherwise>
[[nodiscard]] auto cond(const P &predicate, const Then &then, const Otherwise &otherwise,
                        Line line = Line::current()) {
  static constexpr Rule truth = detail::is_truth<P>("the predicate").in("kerf: cond: ");
  KERF_CHECK(truth);
  static constexpr Rule functions = detail::branches_rule<Then, Otherwise>().in("kerf: cond: ");
  KERF_CHECK(functions);
  if constexpr (!functions.ok || !Operand<P>) {
    return TensorOf<f32, Shape::poison()>();
  } else {
    const Value p = detail::emitted(predicate, line).emit(line);
    Builder &builder = detail::builder(line);
    builder.begin_region({}, {});
    auto result = detail::branch(then, line);
    using Result = decltype(result);
    builder.next_region(values_of(result), {}, {});
    const auto other = detail::branch(otherwise, line);
    static constexpr Rule rule =
        detail::same_results<Result, std::remove_cvref_t<decltype(other)>>().in("kerf: cond: ");
    KERF_CHECK(rule);
    const std::vector<Type> types = detail::types_of(leaves_of<Result>());
    std::vector<Value> values(types.size());
    builder.end_region(values_of(other), "kerf.cond", {&p, 1}, types, values, {}, line);
    assign(result, values);
    return result;
  }
}

} // namespace kerf
