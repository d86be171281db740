// Shape rules of ops that go along one axis by indices; see `kerf/shape.h`.
#pragma once

#include "kerf/shape.h"

namespace kerf::rule {

namespace detail {
/// Is there such an axis, and are all extents but that of the axis equal?
constexpr Rule equal_but_along(const Shape &x, std::string_view what, const Shape &other,
                               std::int64_t axis) {
  if (poisoned(x, other))
    return Shape::poison();
  if (Rule rule = along(x, axis); !rule.ok)
    return rule;
  if (x.rank != other.rank)
    return fail("x ", x, " and the ", what, " ", other, " need equal ranks");
  for (int i = 0; i < x.rank; ++i)
    if (i != axis && !(x[i] == other[i]))
      return fail("axis ", i, " of x ", x, " is ", x[i], ", of the ", what, " ", other[i]);
  return other;
}
constexpr Rule is_number(const Shape &offset) {
  if (offset.rank != 0)
    return fail("the offset is one number, a tensor of shape [], got ", offset);
  return offset;
}
constexpr bool is_surely_above(const Dim &a, const Dim &b) { return surely_negative(b - a); }
} // namespace detail

/// Elements of x along an axis, one for each index.
constexpr Rule take_along(const Shape &x, const Shape &indices, std::int64_t axis) {
  Rule rule = detail::equal_but_along(x, "indices", indices, axis);
  if (rule.ok && !rule.shape.is_poison() && x[int(axis)] == Dim(0))
    return fail("x has no elements along axis ", axis, ": ", x);
  return rule;
}

/// The adjoint of `take_along` in x, of which the axis has this extent.
constexpr Rule scatter_add_along(const Shape &updates, const Shape &indices, std::int64_t axis,
                                 const Dim &extent) {
  if (detail::poisoned(updates, indices))
    return Shape::poison();
  if (Rule rule = along(updates, axis); !rule.ok)
    return rule;
  if (!(updates == indices))
    return fail("updates ", updates, " and indices ", indices, " differ in shape");
  if (!extent.is_named() && extent.value < 1)
    return fail("the result needs at least one element along axis ", axis, ", got ", extent);
  Shape result = updates;
  result[int(axis)] = extent;
  return result;
}

/// `size` neighbours of x along an axis.
constexpr Rule slice_at(const Shape &x, const Shape &offset, std::int64_t axis, const Dim &size) {
  if (detail::poisoned(x, offset))
    return Shape::poison();
  if (Rule rule = detail::is_number(offset); !rule.ok)
    return rule;
  if (Rule rule = along(x, axis); !rule.ok)
    return rule;
  if (detail::surely_negative(size) || detail::is_surely_above(size, x[int(axis)]))
    return fail("size ", size, " is outside [0, ", x[int(axis)], "], axis ", axis, " of ", x);
  Shape result = x;
  result[int(axis)] = size;
  return result;
}

/// x with other neighbours along an axis.
constexpr Rule update_at(const Shape &x, const Shape &offset, const Shape &update,
                         std::int64_t axis) {
  if (detail::poisoned(x, offset))
    return Shape::poison();
  if (Rule rule = detail::is_number(offset); !rule.ok)
    return rule;
  if (Rule rule = detail::equal_but_along(x, "update", update, axis);
      !rule.ok || rule.shape.is_poison())
    return rule;
  if (detail::is_surely_above(update[int(axis)], x[int(axis)]))
    return fail("the update ", update, " has more along axis ", axis, " than x ", x);
  return x;
}

constexpr Rule linear_scan(const Shape &a, const Shape &b, std::int64_t axis) {
  if (Rule rule = elementwise(a, b); !rule.ok)
    return rule;
  return along(a, axis);
}

} // namespace kerf::rule
