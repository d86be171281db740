// `einsum<"b n d, k d -> b n k">(a, b)` and `rearrange<"b (h p=4) c -> b h (p c)">(x)`: patterns of
// named axes, parsed by the C++ compiler. They are no ops, but contractions, reshapes and
// transposes.
#pragma once

#include "kerf/ops.h"

namespace kerf {

/// The size of an axis in a pattern where the pattern cannot say it: `size<"h">(Heads)`.
struct AxisSize {
  char name[8]{};
  Dim dim;
};
template <Name name> consteval AxisSize size(Dim dim) {
  static_assert(name.view().size() <= 7, "kerf: the name of an axis has at most 7 letters");
  AxisSize result;
  for (std::size_t i = 0; i < name.view().size(); ++i)
    result.name[i] = name.view()[i];
  result.dim = dim;
  return result;
}

namespace detail {

/// One side of a pattern, or one operand of it: axes in order, each in a group; axes in one pair of
/// parentheses share a group, and a group without axes is an extent of 1.
struct AxisList {
  std::string_view names[max_rank]{};
  Dim sizes[max_rank]{};
  bool is_sized[max_rank]{};
  int group[max_rank]{};
  int count = 0;
  int groups = 0;
  bool is_overfull = false;

  constexpr int find(std::string_view name) const {
    for (int i = 0; i < count; ++i)
      if (names[i] == name)
        return i;
    return -1;
  }
  constexpr void push(std::string_view name) {
    if (count == max_rank || groups > max_rank) {
      is_overfull = true;
      return;
    }
    names[count] = name;
    group[count++] = groups - 1;
  }
};

constexpr bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

constexpr std::int64_t parse_number(std::string_view digits) {
  std::int64_t number = 0;
  for (char c : digits)
    number = saturating_add(saturating_multiply(number, 10), c - '0');
  return number;
}

/// `b (h p=4) 1 c`
constexpr AxisList parse_axes(std::string_view text) {
  AxisList axes;
  bool is_grouped = false;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (c == '(' || c == ')') {
      is_grouped = c == '(';
      axes.groups += is_grouped;
      ++at;
    } else if (is_word(c)) {
      std::size_t end = at;
      while (end < text.size() && is_word(text[end]))
        ++end;
      const std::string_view word = text.substr(at, end - at);
      at = end;
      if (!is_grouped)
        ++axes.groups;
      if (word == "1")
        continue;
      axes.push(word);
      if (at < text.size() && text[at] == '=') {
        for (end = ++at; end < text.size() && is_digit(text[end]);)
          ++end;
        axes.sizes[axes.count - 1] = parse_number(text.substr(at, end - at));
        axes.is_sized[axes.count - 1] = true;
        at = end;
      }
    } else {
      ++at;
    }
  }
  return axes;
}

/// What comes before the arrow of a pattern, and after it.
struct Sides {
  std::string_view left, right;
};
constexpr Sides split_arrow(std::string_view pattern) {
  const std::size_t arrow = pattern.find("->");
  if (arrow == std::string_view::npos)
    return {pattern, {}};
  return {pattern.substr(0, arrow), pattern.substr(arrow + 2)};
}

/// How to rearrange: reshape to `split`, transpose, reshape to the rule's shape.
struct Rearrangement {
  Rule rule = Shape{};
  Shape split;
  Ints permutation;
  Shape moved;
};

/// The sizes of the axes of `left` in `x`; the message of the answer if they do not fit.
constexpr Rule solve_sizes(AxisList &left, const Shape &x) {
  if (left.groups != x.rank)
    return fail("the pattern has ", left.groups, " axes, but x is ", x);
  for (int g = 0; g < left.groups; ++g) {
    Dim known = 1;
    int unknown = -1;
    for (int i = 0; i < left.count; ++i) {
      if (left.group[i] != g)
        continue;
      if (left.is_sized[i])
        known = known * left.sizes[i];
      else if (unknown >= 0)
        return fail("give a size for '", left.names[unknown], "' or '", left.names[i], "'");
      else
        unknown = i;
    }
    const Quotient rest = divide(x[g], known);
    if (unknown < 0 && !(x[g] == known))
      return fail("axis ", g, " of ", x, " is ", x[g], ", but the pattern says ", known);
    if (unknown >= 0 && !rest.exists)
      return fail(x[g], " is not divisible by ", known, " for '", left.names[unknown], "' in ", x);
    if (unknown >= 0)
      left.sizes[unknown] = rest.dim;
  }
  return x;
}

template <class... Sizes>
constexpr Rearrangement plan_rearrange(std::string_view pattern, const Shape &x, Sizes... sizes) {
  Rearrangement plan;
  if (x.is_poison()) {
    plan.rule = x;
    return plan;
  }
  const auto [left_text, right_text] = split_arrow(pattern);
  AxisList left = parse_axes(left_text), right = parse_axes(right_text);
  (
      [&] {
        const int axis = left.find(std::string_view(sizes.name));
        if (axis >= 0) {
          left.sizes[axis] = sizes.dim;
          left.is_sized[axis] = true;
        }
      }(),
      ...);
  if (left.is_overfull || right.is_overfull)
    plan.rule = fail("more than 8 axes in '", pattern, "'");
  else
    plan.rule = solve_sizes(left, x);
  if (!plan.rule.ok)
    return plan;
  for (int i = 0; i < left.count; ++i) {
    plan.split.push(left.sizes[i]);
    if (left.find(left.names[i]) != i)
      plan.rule = fail("axis '", left.names[i], "' stands twice on the left");
    else if (right.find(left.names[i]) < 0)
      plan.rule = fail("axis '", left.names[i], "' is lost on the right");
  }
  Shape result;
  for (int g = 0; g < right.groups; ++g)
    result.push(1);
  for (int i = 0; i < right.count; ++i) {
    const int source = left.find(right.names[i]);
    if (source < 0)
      plan.rule = fail("output axis '", right.names[i], "' is not in the input");
    else if (right.find(right.names[i]) != i)
      plan.rule = fail("axis '", right.names[i], "' stands twice on the right");
    if (!plan.rule.ok)
      return plan;
    plan.permutation.push(source);
    plan.moved.push(left.sizes[source]);
    result[right.group[i]] = result[right.group[i]] * left.sizes[source];
  }
  if (plan.rule.ok)
    plan.rule = result;
  return plan;
}

/// How to sum products: over axes of one operand first, then a contraction, then a transpose.
struct Summation {
  Rule rule = Shape{};
  Ints a_sum, b_sum;
  Ints a_batch, b_batch, a_contract, b_contract;
  Ints permutation;
};

/// The axes of an operand without those that only it has and the result has not.
constexpr AxisList without_sums(const AxisList &axes, const AxisList &other, const AxisList &result,
                                Ints &sums) {
  AxisList kept;
  for (int i = 0; i < axes.count; ++i)
    if (other.find(axes.names[i]) < 0 && result.find(axes.names[i]) < 0) {
      sums.push(i);
    } else {
      kept.names[kept.count] = axes.names[i];
      kept.sizes[kept.count++] = axes.sizes[i];
    }
  return kept;
}

constexpr Rule match_operand(AxisList &axes, const Shape &shape, std::string_view which) {
  if (axes.is_overfull || axes.groups != axes.count || axes.count != shape.rank)
    return fail("the pattern names ", axes.groups, " axes of ", which, ", which is ", shape);
  for (int i = 0; i < axes.count; ++i) {
    axes.sizes[i] = shape[i];
    if (axes.find(axes.names[i]) != i)
      return fail("axis '", axes.names[i], "' stands twice in ", which);
  }
  return shape;
}

constexpr Summation plan_einsum(std::string_view pattern, const Shape &a_shape,
                                const Shape &b_shape) {
  Summation plan;
  if (a_shape.is_poison() || b_shape.is_poison()) {
    plan.rule = Shape::poison();
    return plan;
  }
  const auto [left, right] = split_arrow(pattern);
  const std::size_t comma = left.find(',');
  if (comma == std::string_view::npos || right.empty()) {
    plan.rule = fail("needs a pattern of two operands, as in 'n d, k d -> n k'");
    return plan;
  }
  AxisList a_all = parse_axes(left.substr(0, comma)), b_all = parse_axes(left.substr(comma + 1));
  const AxisList result = parse_axes(right);
  if (plan.rule = match_operand(a_all, a_shape, "a"); !plan.rule.ok)
    return plan;
  if (plan.rule = match_operand(b_all, b_shape, "b"); !plan.rule.ok)
    return plan;
  const AxisList a = without_sums(a_all, b_all, result, plan.a_sum);
  const AxisList b = without_sums(b_all, a_all, result, plan.b_sum);

  AxisList made; // the axes of the contraction, in its order
  for (int i = 0; i < a.count; ++i) {
    const int other = b.find(a.names[i]);
    if (other < 0)
      continue;
    if (!(a.sizes[i] == b.sizes[other])) {
      plan.rule =
          fail("axis '", a.names[i], "' is ", a.sizes[i], " and ", b.sizes[other], " in ", pattern);
      return plan;
    }
    const bool is_batch = result.find(a.names[i]) >= 0;
    (is_batch ? plan.a_batch : plan.a_contract).push(i);
    (is_batch ? plan.b_batch : plan.b_contract).push(other);
    if (is_batch)
      made.names[made.count++] = a.names[i];
  }
  for (int i = 0; i < a.count; ++i)
    if (b.find(a.names[i]) < 0)
      made.names[made.count++] = a.names[i];
  for (int i = 0; i < b.count; ++i)
    if (a.find(b.names[i]) < 0 && made.count < max_rank)
      made.names[made.count++] = b.names[i];

  Shape shape;
  for (int i = 0; i < result.count; ++i) {
    const int source = made.find(result.names[i]);
    if (source < 0 || result.find(result.names[i]) != i) {
      plan.rule = fail("output axis '", result.names[i], "' is not in the inputs, or stands twice");
      return plan;
    }
    const int in_a = a.find(result.names[i]);
    shape.push(in_a >= 0 ? a.sizes[in_a] : b.sizes[b.find(result.names[i])]);
    plan.permutation.push(source);
  }
  plan.rule = shape;
  return plan;
}

/// x, transposed unless that would change nothing.
template <Ints permutation> auto transposed(const Operand auto &x) {
  using X = std::remove_cvref_t<decltype(x)>;
  if constexpr (permutation == Ints::iota(permutation.size()))
    return x;
  else
    return make<op::transpose<permutation>, element_of<X>,
                rule::transpose(X::shape, permutation).shape>(x);
}
template <Shape shape> auto reshaped(const Operand auto &x) {
  using X = std::remove_cvref_t<decltype(x)>;
  if constexpr (X::shape == shape)
    return x;
  else
    return make<op::reshape, element_of<X>, shape>(x);
}
template <Ints axes> auto summed(const Operand auto &x) {
  using X = std::remove_cvref_t<decltype(x)>;
  if constexpr (axes.size() == 0)
    return x;
  else
    return make<op::sum<axes>, element_of<X>, rule::reduce(X::shape, axes).shape>(x);
}

} // namespace detail

/// x with its axes split, moved and merged as the pattern says: parentheses multiply axes, `p=4`
/// gives the size of one, `1` is a new axis of extent 1.   "b (h p=4) w -> b h w p"   [Rogozhnikov
/// 2022]
template <Name pattern, AxisSize... sizes> auto rearrange(const Operand auto &x) {
  static constexpr detail::Rearrangement plan =
      detail::plan_rearrange(pattern.view(), shape_of<decltype(x)>, sizes...);
  static constexpr Rule rule = plan.rule.in("kerf: rearrange: ");
  KERF_CHECK(rule);
  if constexpr (rule.shape.is_poison())
    return detail::make<op::reshape, element_of<decltype(x)>, Shape::poison()>(x);
  else
    return detail::reshaped<rule.shape>(
        detail::transposed<plan.permutation>(detail::reshaped<plan.split>(x)));
}

/// Sum of products of two operands over the axes that the result does not name.   "n d, k d -> n k"
template <Name pattern> auto einsum(const Operand auto &a, const Operand auto &b) {
  using A = std::remove_cvref_t<decltype(a)>;
  using B = std::remove_cvref_t<decltype(b)>;
  static constexpr detail::Summation plan = detail::plan_einsum(pattern.view(), A::shape, B::shape);
  static constexpr Rule rule = detail::equal_types<A, B>(plan.rule).in("kerf: einsum: ");
  KERF_CHECK(rule);
  if constexpr (rule.shape.is_poison())
    return detail::make<op::add, element_of<A>, Shape::poison()>(a, b);
  else
    return detail::transposed<plan.permutation>(
        contract<plan.a_batch, plan.b_batch, plan.a_contract, plan.b_contract>(
            detail::summed<plan.a_sum>(a), detail::summed<plan.b_sum>(b)));
}

} // namespace kerf
