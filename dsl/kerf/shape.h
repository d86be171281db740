// Shapes as constexpr values, and one rule per kind of shape inference. A rule is evaluated twice:
// by the C++ compiler for the language, and at run time by the verifiers of the dialect.
#pragma once

#include "kerf/dim.h"

namespace kerf {

inline constexpr int max_rank = 8;

/// What a process can address: no tensor, block of tensors or arena has more bytes, no attribute is
/// a larger step.
inline constexpr std::int64_t max_bytes = std::int64_t(1) << 47;

struct Shape;

/// At most eight integers: axes, strides, permutations. Structural.
struct Ints {
  int n = 0;
  std::int64_t v[max_rank]{};

  template <class... Integers> static constexpr Ints of(Integers... values) {
    static_assert(sizeof...(values) <= std::size_t(max_rank), "kerf: at most 8 axes");
    Ints result;
    (result.push(std::int64_t(values)), ...);
    return result;
  }
  /// 0, 1, … count-1.
  static constexpr Ints iota(int count) {
    Ints result;
    for (int i = 0; i < count; ++i)
      result.push(i);
    return result;
  }
  static constexpr Ints filled(int count, std::int64_t value) {
    Ints result;
    for (int i = 0; i < count; ++i)
      result.push(value);
    return result;
  }

  constexpr void push(std::int64_t value) { v[n++] = value; }
  constexpr int size() const { return n; }
  constexpr std::int64_t &operator[](int i) { return v[i]; }
  constexpr std::int64_t operator[](int i) const { return v[i]; }
  constexpr bool contains(std::int64_t value) const {
    for (int i = 0; i < n; ++i)
      if (v[i] == value)
        return true;
    return false;
  }
  friend constexpr bool operator==(const Ints &a, const Ints &b) {
    for (int i = 0; i < a.n && i < b.n; ++i)
      if (a.v[i] != b.v[i])
        return false;
    return a.n == b.n;
  }
  /// As extents: what takes a Shape, which may name dims, takes numbers too.
  constexpr operator Shape() const;
};

/// The extents of a tensor, or other numbers of its axes that may name dims, as the padding of
/// each. `rank` -1 is poison: the shape of what a failed rule would have made.
struct Shape {
  int rank = 0;
  Dim dims[max_rank]{};

  template <class... Extents> static constexpr Shape of(Extents... extents) {
    static_assert(sizeof...(extents) <= std::size_t(max_rank), "kerf: rank is at most 8");
    Shape result;
    (result.push(Dim(extents)), ...);
    return result;
  }
  /// `count` times the same.
  static constexpr Shape filled(int count, const Dim &extent) {
    Shape result;
    for (int i = 0; i < count; ++i)
      result.push(extent);
    return result;
  }
  static constexpr Shape poison() {
    Shape result;
    result.rank = -1;
    return result;
  }

  constexpr bool is_poison() const { return rank < 0; }
  constexpr void push(const Dim &extent) { dims[rank++] = extent; }
  /// Extent of `axis`; -1 is the last.
  constexpr const Dim &operator[](int axis) const { return dims[axis < 0 ? axis + rank : axis]; }
  constexpr Dim &operator[](int axis) { return dims[axis < 0 ? axis + rank : axis]; }
  constexpr Dim numel() const {
    Dim product = 1;
    for (int i = 0; i < rank; ++i)
      product = product * dims[i];
    return product;
  }
  friend constexpr bool operator==(const Shape &a, const Shape &b) {
    for (int i = 0; i < a.rank && i < b.rank; ++i)
      if (!(a.dims[i] == b.dims[i]))
        return false;
    return a.rank == b.rank;
  }
};

constexpr Ints::operator Shape() const {
  Shape result;
  for (int i = 0; i < n; ++i)
    result.push(v[i]);
  return result;
}

constexpr Text &operator<<(Text &out, const Ints &ints) {
  out << '[';
  for (int i = 0; i < ints.size(); ++i)
    out << (i > 0 ? ", " : "") << ints[i];
  return out << ']';
}
constexpr Text &operator<<(Text &out, const Shape &shape) {
  if (shape.is_poison())
    return out << "[?]";
  out << '[';
  for (int i = 0; i < shape.rank; ++i)
    out << (i > 0 ? ", " : "") << shape.dims[i];
  return out << ']';
}

/// What a shape rule says: the shape of the result, or in `text` what is wrong. A rule that is
/// given poison holds and answers poison, so that one mistake gives one message.
struct Rule {
  bool ok = true;
  Shape shape;
  Text text;

  /// Of a shape whose dims are none too long.
  constexpr Rule(const Shape &shape) : shape(shape) {
    for (int i = 0; i < shape.rank; ++i)
      if (shape.dims[i].is_overfull())
        refuse(i);
  }
  /// This rule with `prefix` before its text.
  constexpr Rule in(std::string_view prefix) const {
    Rule result = *this;
    if (!ok) {
      result.text = {};
      result.text << prefix << text;
    }
    return result;
  }

private:
  constexpr void refuse(int axis) {
    ok = false;
    shape = Shape::poison();
    text << "axis " << axis << " is a product of more than " << detail::Term::max_degree
         << " named dims, a sum of more than " << detail::Polynomial::max_terms
         << " terms, or longer than " << std::int64_t(Dim::capacity - 1)
         << " characters; split the axis, or give its factors shorter names";
  }
};

template <class... Parts> constexpr Rule fail(const Parts &...parts) {
  Rule rule = Shape::poison();
  rule.ok = false;
  (rule.text << ... << parts);
  return rule;
}

namespace detail {

template <std::size_t N> struct Words {
  char characters[N + 1]{};
};
template <std::size_t N> consteval Words<N> cut(const Text &text) {
  Words<N> words;
  for (std::size_t i = 0; i < N; ++i)
    words.characters[i] = text.buffer[i];
  return words;
}

} // namespace detail

namespace detail {
template <const Rule &rule>
inline constexpr auto words_of = cut<rule.text.size()>(rule.text); ///< of a constexpr variable
} // namespace detail

/// Never defined: g++ shows the words on its `error:` line when it meets this type.
template <detail::Words> struct error;

/// Fails the compilation of a template with the text of `rule`, a constexpr variable, in the first
/// line of the error: clang prints the text of a computed static_assert, g++ 12 knows none, but
/// prints the name of an incomplete type.
#if defined(__clang__)
#define KERF_CHECK(rule)                                                                           \
  _Pragma("clang diagnostic push") _Pragma(                                                        \
      "clang diagnostic ignored \"-Wc++26-extensions\"") static_assert((rule).ok, (rule).text);    \
  _Pragma("clang diagnostic pop")
#else
#define KERF_CHECK(rule)                                                                           \
  if constexpr (!(rule).ok) {                                                                      \
    (void)sizeof(::kerf::error<::kerf::detail::words_of<rule>>);                                   \
  }
#endif

namespace rule {

namespace detail {
constexpr bool poisoned(const Shape &a) { return a.is_poison(); }
constexpr bool poisoned(const Shape &a, const Shape &b) { return a.is_poison() || b.is_poison(); }

/// Are these distinct, ascending axes of `a`?
constexpr bool are_axes(const Ints &axes, const Shape &a) {
  for (int i = 0; i < axes.size(); ++i)
    if (axes[i] < 0 || axes[i] >= a.rank || (i > 0 && axes[i] <= axes[i - 1]))
      return false;
  return true;
}

/// Are these distinct axes of `a`, in any order?
constexpr bool are_distinct(const Ints &axes, const Shape &a) {
  for (int i = 0; i < axes.size(); ++i) {
    if (axes[i] < 0 || axes[i] >= a.rank)
      return false;
    for (int k = 0; k < i; ++k)
      if (axes[k] == axes[i])
        return false;
  }
  return true;
}

/// A named extent may be anything; only a number can be wrong.
constexpr bool surely_negative(const Dim &extent) { return !extent.is_named() && extent.value < 0; }

/// A step that is too large would overflow where it is multiplied.
constexpr bool too_large(const Dim &step) { return !step.is_named() && step.value > max_bytes; }
constexpr bool any_too_large(const Ints &steps) {
  for (int i = 0; i < steps.size(); ++i)
    if (steps[i] > max_bytes)
      return true;
  return false;
}

/// A product for a message, as 1.8e19.
struct Rough {
  double value;
};
constexpr Text &operator<<(Text &out, Rough number) {
  int exponent = 0;
  while (number.value >= 10) {
    number.value /= 10;
    ++exponent;
  }
  const std::int64_t tenths = std::int64_t(number.value * 10 + 0.5);
  return out << tenths / 10 << '.' << tenths % 10 << 'e' << exponent;
}
} // namespace detail

/// The shape itself, if a tensor of it can be addressed; named extents count as 1.
constexpr Rule fits(const Shape &a, std::string_view element, std::int64_t element_bytes) {
  if (detail::poisoned(a))
    return a;
  bool is_empty = false;
  std::int64_t bytes = element_bytes; // saturates
  double elements = 1;
  for (int i = 0; i < a.rank; ++i) {
    if (detail::surely_negative(a[i]))
      return fail("extent ", a[i], " of ", a, " is negative");
    if (a[i].is_named())
      continue;
    is_empty = is_empty || a[i].value == 0;
    bytes = kerf::detail::saturating_multiply(bytes, a[i].value);
    elements *= double(a[i].value);
  }
  if (!is_empty && bytes > max_bytes)
    return fail(a, " has ", detail::Rough{elements}, " elements of ", element, ", ",
                detail::Rough{elements * double(element_bytes)},
                " bytes, more than the 2^47 that a process can address");
  return a;
}

/// One operand, result of its shape.
constexpr Rule same(const Shape &a) { return a; }

/// Operands of equal shape.
constexpr Rule elementwise(const Shape &a, const Shape &b) {
  if (detail::poisoned(a, b))
    return Shape::poison();
  if (!(a == b))
    return fail("shapes differ: ", a, " and ", b);
  return a;
}

/// NumPy's rule: axes are matched from the last; an extent of 1, or a missing axis, stretches.
constexpr Rule broadcast_together(const Shape &a, const Shape &b) {
  if (detail::poisoned(a, b))
    return Shape::poison();
  Shape result = a.rank >= b.rank ? a : b;
  const Shape &shorter = a.rank >= b.rank ? b : a;
  for (int axis = -1; axis >= -shorter.rank; --axis) {
    if (result[axis] == Dim(1))
      result[axis] = shorter[axis];
    else if (!(shorter[axis] == Dim(1)) && !(shorter[axis] == result[axis]))
      return fail("cannot broadcast ", a, " with ", b, ": axis ", axis, " is ", a[axis], " vs ",
                  b[axis]);
  }
  return result;
}

/// condition ? a : b, all of equal shape.
constexpr Rule select(const Shape &condition, const Shape &a, const Shape &b) {
  if (detail::poisoned(a, b) || condition.is_poison())
    return Shape::poison();
  if (!(a == b))
    return fail("the two values differ in shape: ", a, " and ", b);
  if (!(condition == a))
    return fail("the condition is ", condition, " but the values are ", a);
  return a;
}

/// `axes`, ascending, are dropped.
constexpr Rule reduce(const Shape &a, const Ints &axes) {
  if (detail::poisoned(a))
    return a;
  if (!detail::are_axes(axes, a))
    return fail("axes ", axes, " are not ascending axes of ", a, ", which has rank ", a.rank);
  Shape result;
  for (int i = 0; i < a.rank; ++i)
    if (!axes.contains(i))
      result.push(a[i]);
  return result;
}

/// What goes along `axis` leaves its extent.
constexpr Rule along(const Shape &a, std::int64_t axis) {
  if (detail::poisoned(a))
    return a;
  if (axis < 0 || axis >= a.rank)
    return fail("axis ", axis, " is outside [0, ", a.rank, ") of ", a);
  return a;
}

/// `axis` is dropped.
constexpr Rule argmin(const Shape &a, std::int64_t axis) {
  if (Rule rule = along(a, axis); !rule.ok || detail::poisoned(a))
    return rule;
  if (a[int(axis)] == Dim(0))
    return fail("axis ", axis, " of ", a, " is empty, so there is no least element");
  return reduce(a, Ints::of(axis));
}

/// The last axis becomes `k` places.
constexpr Rule top_k(const Shape &a, const Dim &k) {
  if (detail::poisoned(a))
    return a;
  if (a.rank < 1)
    return fail("there is no axis to choose along in ", a);
  if (detail::surely_negative(k - Dim(1)) || detail::surely_negative(a[-1] - k))
    return fail("k = ", k, " is outside [1, ", a[-1], "], the last axis of ", a);
  Shape result = a;
  result[-1] = k;
  return result;
}

/// Rows along the last axis of z, codes along that of the codebook; its axes before the codes are
/// heads, and z's first axes.
constexpr Rule vq(const Shape &z, const Shape &codebook) {
  if (detail::poisoned(z, codebook))
    return Shape::poison();
  if (codebook.rank < 2)
    return fail("the codebook must be [codes, features] behind its heads, got ", codebook);
  if (codebook[-2] == Dim(0))
    return fail("the codebook ", codebook, " has no code to choose");
  if (z.rank < 1 || !(z[-1] == codebook[-1]))
    return fail("z ", z, " has not the ", codebook[-1], " features of the codebook ", codebook,
                " on its last axis");
  for (int head = 0; head < codebook.rank - 2; ++head)
    if (head >= z.rank - 1 || !(z[head] == codebook[head]))
      return fail("z ", z, " does not begin with the heads of the codebook ", codebook);
  return reduce(z, Ints::of(z.rank - 1));
}

/// One codebook for all rows, and a temperature of one element.
constexpr Rule vq_sampled(const Shape &z, const Shape &codebook, const Shape &t) {
  if (!codebook.is_poison() && codebook.rank > 2)
    return fail("the codebook must be [codes, features], got ", codebook);
  if (!t.is_poison() && !(t.numel() == Dim(1)))
    return fail("t must be one number, got ", t);
  return vq(z, codebook);
}

/// Rows of `table`: indices.shape + table[1:].
constexpr Rule gather(const Shape &table, const Shape &indices) {
  if (detail::poisoned(table, indices))
    return Shape::poison();
  if (table.rank < 1)
    return fail("the table needs an axis of rows, got ", table);
  if (table[0] == Dim(0))
    return fail("the table has no rows: ", table);
  if (indices.rank + table.rank - 1 > max_rank)
    return fail("indices ", indices, " into ", table, " give a rank above 8");
  Shape result = indices;
  for (int i = 1; i < table.rank; ++i)
    result.push(table[i]);
  return result;
}

/// Sums rows into a table of `rows` rows: [rows] + updates[indices.rank:].
constexpr Rule scatter_add(const Shape &updates, const Shape &indices, const Dim &rows) {
  if (detail::poisoned(updates, indices))
    return Shape::poison();
  if (!rows.is_named() && rows.value < 1)
    return fail("the result needs at least one row, got ", rows);
  if (updates.rank < indices.rank || updates.rank - indices.rank + 1 > max_rank)
    return fail("updates ", updates, " do not begin with the axes of the indices ", indices);
  for (int i = 0; i < indices.rank; ++i)
    if (!(updates[i] == indices[i]))
      return fail("axis ", i, " of the updates is ", updates[i], ", of the indices ", indices[i],
                  ", in ", updates, " and ", indices);
  Shape result = Shape::of(rows);
  for (int i = indices.rank; i < updates.rank; ++i)
    result.push(updates[i]);
  return result;
}

/// Equal numbers of elements, in row-major order.
constexpr Rule reshape(const Shape &a, const Shape &to) {
  if (detail::poisoned(a, to))
    return Shape::poison();
  if (!(a.numel() == to.numel()))
    return fail(a, " has ", a.numel(), " elements, but ", to, " has ", to.numel());
  return to;
}

/// Axis i of the result is axis `permutation[i]` of a.
constexpr Rule transpose(const Shape &a, const Ints &permutation) {
  if (detail::poisoned(a))
    return a;
  if (permutation.size() != a.rank || !detail::are_distinct(permutation, a))
    return fail(permutation, " is no permutation of the ", a.rank, " axes of ", a);
  Shape result;
  for (int i = 0; i < a.rank; ++i)
    result.push(a[int(permutation[i])]);
  return result;
}

/// Axis i of a becomes axis `dims[i]` of `to`; extents are equal, or 1 in a.
constexpr Rule broadcast(const Shape &a, const Shape &to, const Ints &dims) {
  if (detail::poisoned(a, to))
    return Shape::poison();
  if (dims.size() != a.rank)
    return fail("dims ", dims, " must name one axis of ", to, " for each axis of ", a);
  if (!detail::are_axes(dims, to))
    return fail("dims ", dims, " are not ascending axes of ", to);
  for (int i = 0; i < a.rank; ++i)
    if (!(a[i] == Dim(1)) && !(a[i] == to[int(dims[i])]))
      return fail("axis ", i, " of ", a, " is ", a[i], ", which does not stretch to axis ", dims[i],
                  " of ", to);
  return to;
}

/// Every `strides[i]`-th element of axis i from `offsets[i]`, below `limits[i]`.
constexpr Rule slice(const Shape &a, const Shape &offsets, const Shape &limits,
                     const Ints &strides) {
  if (detail::poisoned(a, limits) || offsets.is_poison())
    return Shape::poison();
  if (offsets.rank != a.rank || limits.rank != a.rank || strides.size() != a.rank)
    return fail("offsets ", offsets, ", limits ", limits, " and strides ", strides,
                " must have one entry per axis of ", a);
  Shape result;
  for (int i = 0; i < a.rank; ++i) {
    if (strides[i] < 1 || strides[i] > max_bytes)
      return fail("stride ", strides[i], " of axis ", i, " is outside [1, 2^47]");
    // Of named dims the numbers decide, when they are bound.
    const Dim length = limits[i] - offsets[i], beyond = a[i] - limits[i];
    if (detail::surely_negative(offsets[i]) || detail::surely_negative(length) ||
        detail::surely_negative(beyond))
      return fail("[", offsets[i], ", ", limits[i], ") is not inside axis ", i, " of ", a);
    const Quotient count = floor_divide(length + Dim(strides[i] - 1), strides[i]);
    if (!count.exists)
      return fail("stride ", strides[i], " does not divide ", length, ", axis ", i, " of ", a);
    result.push(count.dim);
  }
  return result;
}

/// Zeros around (`low`, `high`) and between the elements (`interior`) of every axis, all >= 0.
constexpr Rule pad(const Shape &a, const Shape &low, const Shape &high, const Shape &interior) {
  if (detail::poisoned(a, low) || detail::poisoned(high, interior))
    return Shape::poison();
  if (low.rank != a.rank || high.rank != a.rank || interior.rank != a.rank)
    return fail("low ", low, ", high ", high, " and interior ", interior,
                " must have one entry per axis of ", a);
  Shape result;
  for (int i = 0; i < a.rank; ++i) {
    if (detail::surely_negative(low[i]) || detail::surely_negative(high[i]) ||
        detail::surely_negative(interior[i]))
      return fail("padding of axis ", i, " is negative: low ", low[i], ", high ", high[i],
                  ", interior ", interior[i]);
    if (detail::too_large(low[i]) || detail::too_large(high[i]) || detail::too_large(interior[i]))
      return fail("padding of axis ", i, " is above 2^47: low ", low[i], ", high ", high[i],
                  ", interior ", interior[i]);
    const Dim gaps = a[i] == Dim(0) ? Dim(0) : (a[i] - Dim(1)) * interior[i];
    result.push(a[i] + gaps + low[i] + high[i]);
  }
  return result;
}

/// b after a along `axis`; all other extents are equal.
constexpr Rule concat(const Shape &a, const Shape &b, std::int64_t axis) {
  if (detail::poisoned(a, b))
    return Shape::poison();
  if (a.rank != b.rank)
    return fail("ranks differ: ", a, " and ", b);
  if (axis < 0 || axis >= a.rank)
    return fail("axis ", axis, " is outside [0, ", a.rank, ") of ", a);
  for (int i = 0; i < a.rank; ++i)
    if (i != axis && !(a[i] == b[i]))
      return fail("axis ", i, " is ", a[i], " vs ", b[i], " in ", a, " and ", b);
  Shape result = a;
  result[int(axis)] = a[int(axis)] + b[int(axis)];
  return result;
}

/// Batch axes, free axes of a, free axes of b; sums over the paired contracting axes.
constexpr Rule contract(const Shape &a, const Shape &b, const Ints &a_batch, const Ints &b_batch,
                        const Ints &a_contract, const Ints &b_contract) {
  if (detail::poisoned(a, b))
    return Shape::poison();
  if (a_batch.size() != b_batch.size())
    return fail("batch axes ", a_batch, " and ", b_batch, " differ in number");
  if (a_contract.size() != b_contract.size())
    return fail("contracting axes ", a_contract, " and ", b_contract, " differ in number");
  if (a_batch.size() + a_contract.size() > a.rank || b_batch.size() + b_contract.size() > b.rank)
    return fail("more axes named than there are in ", a, " @ ", b);
  Ints a_named = a_batch, b_named = b_batch;
  for (int i = 0; i < a_contract.size(); ++i) {
    a_named.push(a_contract[i]);
    b_named.push(b_contract[i]);
  }
  if (!detail::are_distinct(a_named, a))
    return fail("batch ", a_batch, " and contracting ", a_contract, " are not distinct axes of ",
                a);
  if (!detail::are_distinct(b_named, b))
    return fail("batch ", b_batch, " and contracting ", b_contract, " are not distinct axes of ",
                b);
  for (int i = 0; i < a_batch.size(); ++i)
    if (!(a[int(a_batch[i])] == b[int(b_batch[i])]))
      return fail("batch dimensions differ: ", a[int(a_batch[i])], " vs ", b[int(b_batch[i])],
                  " in ", a, " @ ", b);
  for (int i = 0; i < a_contract.size(); ++i)
    if (!(a[int(a_contract[i])] == b[int(b_contract[i])]))
      return fail("inner dimensions differ: ", a[int(a_contract[i])], " vs ", b[int(b_contract[i])],
                  " in ", a, " @ ", b);
  if (a.rank + b.rank - a_named.size() - b_contract.size() > max_rank)
    return fail("the result of ", a, " @ ", b, " has a rank above 8");
  Shape result;
  for (int i = 0; i < a_batch.size(); ++i)
    result.push(a[int(a_batch[i])]);
  for (int i = 0; i < a.rank; ++i)
    if (!a_named.contains(i))
      result.push(a[i]);
  for (int i = 0; i < b.rank; ++i)
    if (!b_named.contains(i))
      result.push(b[i]);
  return result;
}

namespace detail {
/// What is common to the three convolutions: images NCHW, filter OIHW, two spatial axes.
constexpr Rule convolution_operands(const Shape &images, const Shape &other, const Ints &stride,
                                    const Ints &padding, std::string_view role) {
  if (images.rank != 4)
    return fail("needs images of [N, C, H, W], got ", images);
  if (other.rank != 4)
    return fail("needs ", role, ", got ", other);
  if (stride.size() != 2 || stride[0] < 1 || stride[1] < 1)
    return fail("needs two strides of at least 1, got ", stride);
  if (padding.size() != 2 || padding[0] < 0 || padding[1] < 0)
    return fail("needs two paddings of at least 0, got ", padding);
  if (any_too_large(stride) || any_too_large(padding))
    return fail("strides ", stride, " and paddings ", padding, " are at most 2^47");
  return images;
}

/// [spatial size] -> (size + 2 padding - kernel) / stride + 1, rounded down.
constexpr Rule convolved_size(const Shape &size, const Shape &kernel, const Ints &stride,
                              const Ints &padding) {
  Shape result;
  for (int i = 0; i < 2; ++i) {
    const Dim room = size[i] + Dim(2) * Dim(padding[i]) - kernel[i];
    if (surely_negative(room) || (!kernel[i].is_named() && kernel[i].value < 1))
      return fail("a kernel of ", kernel, " does not fit into ", size, " with padding ", padding);
    const Quotient steps = floor_divide(room, stride[i]);
    if (!steps.exists)
      return fail("stride ", stride[i], " does not divide ", size[i], "; declare the dim as ",
                  stride[i], "*n");
    result.push(steps.dim + Dim(1));
  }
  return result;
}
constexpr Shape spatial(const Shape &a) { return Shape::of(a[2], a[3]); }

/// An image of `channels` with its padding, which a convolution walks through whatever its stride.
constexpr Rule padded_image(const Dim &channels, const Shape &size, const Ints &padding) {
  return fits(Shape::of(1, channels, size[0] + Dim(2) * Dim(padding[0]),
                        size[1] + Dim(2) * Dim(padding[1])),
              "f32", 4)
      .in("padded, an image of ");
}
} // namespace detail

/// x : NCHW, w : OIHW -> N, O, spatial.
constexpr Rule conv(const Shape &x, const Shape &w, const Ints &stride, const Ints &padding) {
  if (detail::poisoned(x, w))
    return Shape::poison();
  if (Rule rule = detail::convolution_operands(x, w, stride, padding, "a filter of [O, I, H, W]");
      !rule.ok)
    return rule;
  if (!(x[1] == w[1]))
    return fail("input has ", x[1], " channels, the filter expects ", w[1], ", in ", x, " * ", w);
  const Rule size = detail::convolved_size(detail::spatial(x), detail::spatial(w), stride, padding);
  if (!size.ok)
    return size;
  if (Rule image = detail::padded_image(x[1], detail::spatial(x), padding); !image.ok)
    return image;
  return Shape::of(x[0], w[0], size.shape[0], size.shape[1]);
}

/// The adjoint of conv in x. y : N, O, spatial, w : OIHW -> N, I, `size`, where conv of that size
/// gives the spatial size of y.
constexpr Rule conv_transpose(const Shape &y, const Shape &w, const Ints &stride,
                              const Ints &padding, const Shape &size) {
  if (detail::poisoned(y, w) || size.is_poison())
    return Shape::poison();
  if (Rule rule = detail::convolution_operands(y, w, stride, padding, "a filter of [O, I, H, W]");
      !rule.ok)
    return rule;
  if (size.rank != 2)
    return fail("needs a result size of [H, W], got ", size);
  if (!(y[1] == w[0]))
    return fail("input has ", y[1], " channels, the filter expects ", w[0], ", in ", y, " * ", w);
  const Rule back = detail::convolved_size(size, detail::spatial(w), stride, padding);
  if (!back.ok)
    return back;
  if (!(back.shape == detail::spatial(y)))
    return fail("a convolution of ", size, " gives ", back.shape, ", but the input is ",
                detail::spatial(y));
  if (Rule image = detail::padded_image(w[1], size, padding); !image.ok)
    return image;
  return Shape::of(y[0], w[1], size[0], size[1]);
}

/// The spatial size that a transposed convolution gives when none is asked for: the smallest that
/// conv takes back to y, and `extra` more (PyTorch's output_padding).
constexpr Shape transposed_size(const Shape &y, const Shape &w, const Ints &stride,
                                const Ints &padding, const Ints &extra) {
  Shape size;
  for (int i = 0; i < 2 && y.rank == 4 && w.rank == 4; ++i)
    size.push((y[2 + i] - Dim(1)) * Dim(stride[i]) - Dim(2) * Dim(padding[i]) + w[2 + i] +
              Dim(extra[i]));
  return size;
}

/// The adjoint of conv in w. x : N, I, spatial, y : N, O, spatial -> O, I, `size`, where conv with
/// a kernel of that size gives the spatial size of y.
constexpr Rule conv_filter(const Shape &x, const Shape &y, const Ints &stride, const Ints &padding,
                           const Shape &size) {
  if (detail::poisoned(x, y) || size.is_poison())
    return Shape::poison();
  if (Rule rule = detail::convolution_operands(x, y, stride, padding, "results of [N, O, H, W]");
      !rule.ok)
    return rule;
  if (size.rank != 2)
    return fail("needs a kernel size of [H, W], got ", size);
  if (!(x[0] == y[0]))
    return fail("batches differ: ", x[0], " vs ", y[0], " in ", x, " and ", y);
  const Rule forward = detail::convolved_size(detail::spatial(x), size, stride, padding);
  if (!forward.ok)
    return forward;
  if (!(forward.shape == detail::spatial(y)))
    return fail("a kernel of ", size, " gives ", forward.shape, ", but the result is ",
                detail::spatial(y));
  if (Rule image = detail::padded_image(x[1], detail::spatial(x), padding); !image.ok)
    return image;
  return Shape::of(y[1], x[1], size[0], size[1]);
}

} // namespace rule
} // namespace kerf
