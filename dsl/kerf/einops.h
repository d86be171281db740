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

/// The names of what `...` stands for, counted from the last.
inline constexpr std::string_view ellipsis_names[max_rank] = {"...1", "...2", "...3", "...4",
                                                              "...5", "...6", "...7", "...8"};

/// One operand of an einsum, or its result, as it is written.
struct Written {
  std::string_view text;
  AxisList words, letters; ///< each word is an axis; each letter is one
  int ellipsis = -1;       ///< before the axis of this number stands `...`
  int letter_ellipsis = -1;

  constexpr Written() = default;
  constexpr Written(std::string_view text) : text(text) {
    bool in_word = false;
    for (std::size_t at = 0; at < text.size();) {
      if (text.substr(at).starts_with("...")) {
        ellipsis = words.count;
        letter_ellipsis = letters.count;
        in_word = false;
        at += 3;
        continue;
      }
      if (!is_word(text[at])) {
        in_word = false;
        ++at;
        continue;
      }
      ++letters.groups;
      letters.push(text.substr(at, 1));
      if (!in_word) {
        std::size_t end = at;
        while (end < text.size() && is_word(text[end]))
          ++end;
        ++words.groups;
        words.push(text.substr(at, end - at));
      }
      in_word = true;
      ++at;
    }
  }

  constexpr bool has_ellipsis() const { return ellipsis >= 0; }
  constexpr bool fits(const Shape &shape, bool compact) const {
    const AxisList &axes = compact ? letters : words;
    return !axes.is_overfull &&
           (has_ellipsis() ? axes.count <= shape.rank : axes.count == shape.rank);
  }
  /// The axes with `many` in place of `...`.
  constexpr AxisList axes(bool compact, int many) const {
    const AxisList &named = compact ? letters : words;
    const int place = compact ? letter_ellipsis : ellipsis;
    AxisList all;
    for (int i = 0; i <= named.count; ++i) {
      if (i == place)
        for (int k = many; k > 0; --k) {
          ++all.groups;
          all.push(ellipsis_names[k - 1]);
        }
      if (i < named.count) {
        ++all.groups;
        all.push(named.names[i]);
      }
    }
    all.is_overfull |= named.is_overfull;
    return all;
  }
};

/// The axes of the operands of an einsum, with their sizes, and of its result.
template <int count> struct Operation {
  Rule rule = Shape{};
  AxisList operands[count];
  AxisList result;
};

/// Which axes a pattern names: `b i j, b j k -> b i k`, or each letter one, `bij,bjk->bik`, where
/// only that fits the shapes.
template <int count>
constexpr Operation<count> read_einsum(std::string_view pattern, const Shape (&shapes)[count]) {
  Operation<count> plan;
  for (const Shape &shape : shapes)
    if (shape.is_poison()) {
      plan.rule = Shape::poison();
      return plan;
    }
  const auto [left, right] = split_arrow(pattern);
  int given = 1;
  for (char c : left)
    given += c == ',';
  if (pattern.find("->") == std::string_view::npos) {
    plan.rule = fail("needs what comes out behind an arrow, as in 'n d, k d -> n k'");
    return plan;
  }
  if (given != count) {
    plan.rule = fail("'", pattern, "' is of ", given, given == 1 ? " operand" : " operands",
                     ", but there ", count == 1 ? "is " : "are ", count);
    return plan;
  }
  Written operands[count];
  std::string_view rest = left;
  for (Written &operand : operands) {
    const std::size_t comma = rest.find(',');
    operand = rest.substr(0, comma);
    rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
  }
  const Written result = right;
  bool are_words = true, are_letters = true;
  for (int i = 0; i < count; ++i) {
    are_words &= operands[i].fits(shapes[i], false);
    are_letters &= operands[i].fits(shapes[i], true);
  }
  const bool is_compact = !are_words && are_letters;
  int most = 0;
  for (int i = 0; i < count; ++i) {
    const Written &operand = operands[i];
    const Shape &shape = shapes[i];
    const std::string_view which = std::string_view("abc").substr(std::size_t(i), 1);
    const int named = (is_compact ? operand.letters : operand.words).count;
    const int many = operand.has_ellipsis() ? shape.rank - named : 0;
    AxisList &axes = plan.operands[i];
    axes = operand.axes(is_compact, many < 0 ? 0 : many);
    if (axes.is_overfull)
      plan.rule = fail("more than 8 axes in '", pattern, "'");
    else if (axes.count != shape.rank)
      plan.rule = fail("the pattern names ", axes.count, " axes of ", which, ", which is ", shape);
    if (!plan.rule.ok)
      return plan;
    most = many > most ? many : most;
    for (int k = 0; k < axes.count; ++k) {
      axes.sizes[k] = shape[k];
      if (axes.find(axes.names[k]) != k)
        plan.rule = fail("axis '", axes.names[k], "' stands twice in ", which,
                         "; of a diagonal write sum(x * eye)");
      for (int before = 0; before < i && plan.rule.ok; ++before)
        if (const int other = plan.operands[before].find(axes.names[k]);
            other >= 0 && !(plan.operands[before].sizes[other] == shape[k]))
          plan.rule = fail("axis '", axes.names[k], "' is ", plan.operands[before].sizes[other],
                           " and ", shape[k], " in ", pattern);
      if (!plan.rule.ok)
        return plan;
    }
  }
  plan.result = result.axes(is_compact, most);
  if (most > 0 && !result.has_ellipsis())
    plan.rule = fail("'...' is lost on the right of ", pattern);
  for (int k = 0; k < plan.result.count && plan.rule.ok; ++k) {
    bool is_there = false;
    for (const AxisList &axes : plan.operands)
      is_there |= axes.find(plan.result.names[k]) >= 0;
    if (!is_there || plan.result.find(plan.result.names[k]) != k)
      plan.rule =
          fail("output axis '", plan.result.names[k], "' is not in the inputs, or stands twice");
  }
  return plan;
}

/// How to sum one operand.
constexpr Summation plan_sum(const Operation<1> &operation) {
  Summation plan;
  plan.rule = operation.rule;
  if (!plan.rule.ok || plan.rule.shape.is_poison())
    return plan;
  const AxisList kept = without_sums(operation.operands[0], {}, operation.result, plan.a_sum);
  Shape shape;
  for (int i = 0; i < operation.result.count; ++i) {
    const int source = kept.find(operation.result.names[i]);
    shape.push(kept.sizes[source]);
    plan.permutation.push(source);
  }
  plan.rule = shape;
  return plan;
}

/// How to sum the products of two.
constexpr Summation plan_product(const Operation<2> &operation) {
  Summation plan;
  plan.rule = operation.rule;
  if (!plan.rule.ok || plan.rule.shape.is_poison())
    return plan;
  const AxisList &result = operation.result;
  const AxisList a = without_sums(operation.operands[0], operation.operands[1], result, plan.a_sum);
  const AxisList b = without_sums(operation.operands[1], operation.operands[0], result, plan.b_sum);

  AxisList made; // the axes of the contraction, in its order
  for (int i = 0; i < a.count; ++i) {
    const int other = b.find(a.names[i]);
    if (other < 0)
      continue;
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
    const int in_a = a.find(result.names[i]);
    shape.push(in_a >= 0 ? a.sizes[in_a] : b.sizes[b.find(result.names[i])]);
    plan.permutation.push(made.find(result.names[i]));
  }
  plan.rule = shape;
  return plan;
}

/// A product of two of three operands first, then with the third.
struct Order {
  Rule rule = Shape{};
  int first = 0, second = 1, last = 2;
  Summation inner, outer;
};

/// A count of multiplications; named dims count as 64.
constexpr double work_of(const AxisList &a, const AxisList &b) {
  double work = 1;
  const auto multiply = [&](const Dim &size) {
    work *= double(size.evaluate([](std::string_view) -> std::int64_t { return 64; }));
  };
  for (int i = 0; i < a.count; ++i)
    multiply(a.sizes[i]);
  for (int i = 0; i < b.count; ++i)
    if (a.find(b.names[i]) < 0)
      multiply(b.sizes[i]);
  return work;
}

/// The axes of a product that the third operand or the result has, in a contraction's order.
constexpr AxisList between(const AxisList &a, const AxisList &b, const AxisList &third,
                           const AxisList &result) {
  AxisList kept;
  const auto keep = [&](const AxisList &from, int i, bool is_batch) {
    const AxisList &other = &from == &a ? b : a;
    const std::string_view name = from.names[i];
    if ((other.find(name) >= 0) != is_batch || (third.find(name) < 0 && result.find(name) < 0))
      return;
    ++kept.groups;
    kept.push(name);
    if (!kept.is_overfull)
      kept.sizes[kept.count - 1] = from.sizes[i];
  };
  for (int i = 0; i < a.count; ++i)
    keep(a, i, true);
  for (int i = 0; i < a.count; ++i)
    keep(a, i, false);
  for (int i = 0; i < b.count; ++i)
    keep(b, i, false);
  return kept;
}

/// The order of three operands with the fewest multiplications, the first of equal ones.
constexpr Order plan_three(const Operation<3> &operation) {
  Order best;
  best.rule = operation.rule;
  if (!best.rule.ok || best.rule.shape.is_poison())
    return best;
  const AxisList *operands = operation.operands;
  constexpr int orders[3][3] = {{0, 1, 2}, {0, 2, 1}, {1, 2, 0}};
  double least = 0;
  best.rule = fail("a product of two of the three has more than 8 axes");
  for (const auto &[first, second, last] : orders) {
    const AxisList inner =
        between(operands[first], operands[second], operands[last], operation.result);
    const double work = work_of(operands[first], operands[second]) + work_of(inner, operands[last]);
    if (inner.is_overfull || (best.rule.ok && work >= least))
      continue;
    least = work;
    best.first = first, best.second = second, best.last = last;
    Operation<2> product, rest;
    product.operands[0] = operands[first], product.operands[1] = operands[second];
    product.result = inner;
    rest.operands[0] = inner, rest.operands[1] = operands[last];
    rest.result = operation.result;
    best.inner = plan_product(product);
    best.outer = plan_product(rest);
    best.rule = best.outer.rule;
  }
  return best;
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

namespace detail {

/// `rule`, if A and B are floats of one type.
template <class A, class B> constexpr Rule floats_of_one_type(const Rule &rule) {
  if (!is_float<element_of<A>> && rule.ok && !rule.shape.is_poison())
    return fail("needs f32, f64, bf16 or f16, got ", spell(dtype_of<element_of<A>>));
  return equal_types<A, B>(rule);
}

/// The contraction that a plan says.
template <const Summation &plan> auto product_of(const Operand auto &a, const Operand auto &b) {
  return transposed<plan.permutation>(
      contract<plan.a_batch, plan.b_batch, plan.a_contract, plan.b_contract>(
          summed<plan.a_sum>(a), summed<plan.b_sum>(b)));
}

} // namespace detail

/// Sum of products of one, two or three operands over the axes that the result does not name:
/// "n d, k d -> n k". `...` stands for axes in front that all that have it share; where each letter
/// is an axis, spaces may be left out: "bij,bjk->bik". Three are multiplied in the order that has
/// the least work.
template <Name pattern> auto einsum(const Operand auto &a) {
  using A = std::remove_cvref_t<decltype(a)>;
  static constexpr detail::Summation plan =
      detail::plan_sum(detail::read_einsum<1>(pattern.view(), {A::shape}));
  static constexpr Rule rule = plan.rule.in("kerf: einsum: ");
  KERF_CHECK(rule);
  if constexpr (rule.shape.is_poison())
    return Splat<element_of<A>, Shape::poison()>();
  else
    return detail::transposed<plan.permutation>(detail::summed<plan.a_sum>(a));
}
template <Name pattern> auto einsum(const Operand auto &a, const Operand auto &b) {
  using A = std::remove_cvref_t<decltype(a)>;
  using B = std::remove_cvref_t<decltype(b)>;
  static constexpr detail::Summation plan =
      detail::plan_product(detail::read_einsum<2>(pattern.view(), {A::shape, B::shape}));
  static constexpr Rule rule = detail::floats_of_one_type<A, B>(plan.rule).in("kerf: einsum: ");
  KERF_CHECK(rule);
  if constexpr (rule.shape.is_poison())
    return detail::make<op::add, element_of<A>, Shape::poison()>(a, b);
  else
    return detail::product_of<plan>(a, b);
}
template <Name pattern>
auto einsum(const Operand auto &a, const Operand auto &b, const Operand auto &c) {
  using A = std::remove_cvref_t<decltype(a)>;
  using B = std::remove_cvref_t<decltype(b)>;
  using C = std::remove_cvref_t<decltype(c)>;
  static constexpr detail::Order plan =
      detail::plan_three(detail::read_einsum<3>(pattern.view(), {A::shape, B::shape, C::shape}));
  static constexpr Rule rule =
      detail::floats_of_one_type<A, B>(detail::equal_types<A, C>(plan.rule)).in("kerf: einsum: ");
  KERF_CHECK(rule);
  if constexpr (rule.shape.is_poison())
    return detail::make<op::add, element_of<A>, Shape::poison()>(a, b);
  else if constexpr (plan.last == 2)
    return detail::product_of<plan.outer>(detail::product_of<plan.inner>(a, b), c);
  else if constexpr (plan.last == 1)
    return detail::product_of<plan.outer>(detail::product_of<plan.inner>(a, c), b);
  else
    return detail::product_of<plan.outer>(detail::product_of<plan.inner>(b, c), a);
}

} // namespace kerf
