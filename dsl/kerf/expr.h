// Tensors as 4-byte handles, and statements as lazy typed trees: `let y = relu(x * w + b);` emits
// one statement, in source order, with the line of its `let`. Include `kerf/ops.h` for the
// operations.
#pragma once

#include "kerf/builder.h"
#include "kerf/updates.h"

#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <initializer_list>
#include <source_location>
#include <tuple>
#include <type_traits>
#include <vector>

namespace kerf {

/// Where a statement stands: a defaulted last parameter of what emits.
using Line = std::source_location;

/// What tensors and expressions are. Apart from the functions of the language, so that argument
/// dependent lookup finds the operators alone: a function of a model hides one of the language that
/// has its name, and is never ambiguous beside it.
namespace types {

/// Base of what can stand in an expression: `element`, `shape`, and `emit(line) -> Value`.
struct Node {
  /// A tensor in an `if`, a `while` or `?:`: said in these words, not in the compiler's.
  template <class T = void> explicit operator bool() const {
    static_assert(!std::is_void_v<T>,
                  "kerf: a tensor is no condition: it has no value while the model is compiled; "
                  "select(c, a, b) chooses element by element, when it runs");
    return false;
  }
};

} // namespace types
using types::Node;

template <class X>
concept Operand = std::is_base_of_v<Node, std::remove_cvref_t<X>>;
template <class X>
concept Scalar = std::is_arithmetic_v<std::remove_cvref_t<X>>;

template <class X> using element_of = typename std::remove_cvref_t<X>::element;
template <class X> inline constexpr Shape shape_of = std::remove_cvref_t<X>::shape;

/// The handle that a tensor has before it is given a value.
inline constexpr Value unbound = ~Value(0);

namespace detail {

/// Ends the program with an error at a line of the model.
[[noreturn]] inline void stop(Line line, std::string_view what) {
  std::fprintf(stderr, "%s:%u: error: %.*s\n", line.file_name(), unsigned(line.line()),
               int(what.size()), what.data());
  std::exit(1);
}

/// The Builder of the entry that is emitted. Where none is, tensors cannot be computed.
inline Builder &builder(Line line) {
  if (Builder *current = Builder::current())
    return *current;
  stop(line, "a tensor is computed outside of any entry, at namespace scope or in a static variable"
             "; compute it in a function that an entry calls, or write constexpr double");
}

/// Ends the program if one of the values is the handle of a tensor that was never given one.
inline void require_bound(std::span<const Value> values, std::string_view user, Line line) {
  for (std::size_t i = 0; i < values.size(); ++i)
    if (values[i] == unbound) {
      Text text;
      stop(line, text << user << " uses a tensor that has no value yet (operand "
                      << std::int64_t(i + 1) << ")");
    }
}

/// All of a vector, as a Builder takes it. (What a span asks of any range is a fifth of the compile
/// time of a unit that only includes this; of a pointer it asks little.)
template <class X> std::span<const X> all_of(const std::vector<X> &vector) {
  return {vector.data(), vector.size()};
}
template <class X> std::span<X> all_of(std::vector<X> &vector) {
  return {vector.data(), vector.size()};
}

/// Adds an op to the function under construction.
inline Value emit(std::string_view name, std::span<const Value> operands, Type type,
                  std::span<const Attribute> attributes, Line line) {
  require_bound(operands, name, line);
  return builder(line).op(name, operands, type, attributes, line);
}

constexpr Rule declared(const Shape &declaration, const Shape &expression, DType declared_type,
                        DType type) {
  if (declaration.is_poison() || expression.is_poison())
    return Shape::poison();
  if (declared_type != type)
    return fail("declared ", spell(declared_type), " but the expression is ", spell(type),
                "; use cast<", spell(declared_type), ">()");
  if (!(declaration == expression))
    return fail("declared ", declaration, " but the expression is ", expression);
  return declaration;
}

/// A number as the model writes it, whatever element type it then takes: the Builder says where
/// that cannot hold it.
struct Number {
  double real = 0;
  std::int64_t integer = 0;
  bool is_real = false;

  constexpr Number() = default;
  template <class X> constexpr Number(X number) {
    is_real = std::is_floating_point_v<X> || (std::is_unsigned_v<X> && number > X(INT64_MAX));
    if (is_real)
      real = double(number);
    else
      integer = std::int64_t(number);
  }
  constexpr Attribute attribute() const {
    return is_real ? Attribute("value", real) : Attribute("value", integer);
  }
};

/// A `kerf.constant` of these elements in row-major order: as its `value` a string is the bytes
/// that the elements have in memory, i1 one each. The Builder says where they are too many or too
/// few.
inline Value emit_table(const void *elements, std::size_t bytes, Type type, Line line) {
  const Attribute attribute("value", std::string_view(static_cast<const char *>(elements), bytes));
  return emit("kerf.constant", {}, type, {&attribute, 1}, line);
}

/// The same of numbers of another type, each of which T has to hold; reals round to T.
template <class T, class X>
Value emit_numbers(const X *numbers, std::size_t count, Type type, Line line) {
  std::vector<std::conditional_t<std::is_same_v<T, bool>, unsigned char, T>> elements(count);
  for (std::size_t i = 0; i < count; ++i) {
    elements[i] = static_cast<T>(numbers[i]);
    bool is_held = true;
    if constexpr (is_float<T> && std::is_floating_point_v<X>)
      is_held = std::isfinite(elements[i]) || !std::isfinite(numbers[i]);
    else if constexpr (!is_float<T>)
      is_held =
          static_cast<X>(elements[i]) == numbers[i] && (elements[i] < 0) == (numbers[i] < X());
    if (!is_held) {
      char digits[32];
      std::snprintf(digits, sizeof digits, "%.15g", double(numbers[i]));
      Text text;
      stop(line, text << "number " << std::int64_t(i) << " of a table is " << digits
                      << ", which is no " << spell(dtype_of<T>) << ": it holds "
                      << element_type(dtype_of<T>).numbers);
    }
  }
  return emit_table(elements.data(), elements.size() * sizeof(T), type, line);
}

/// An element as a number of C++.
template <class T> constexpr auto as_scalar(T element) {
  if constexpr (std::is_arithmetic_v<T>)
    return element;
  else
    return float(element);
}

/// The numbers of an array of arrays …, and its shape.
template <class X> struct ArrayOf {
  using number = X;
  static constexpr Shape shape = {};
};
template <class X, std::size_t n> struct ArrayOf<std::array<X, n>> {
  using number = typename ArrayOf<X>::number;
  static constexpr Shape shape = [] {
    Shape whole = Shape::of(std::int64_t(n));
    for (int axis = 0; axis < ArrayOf<X>::shape.rank; ++axis)
      whole.push(ArrayOf<X>::shape[axis]);
    return whole;
  }();
};
template <class X, std::size_t n> struct ArrayOf<X[n]> : ArrayOf<std::array<X, n>> {};
template <class X>
concept NumberArray =
    !Operand<X> && ArrayOf<X>::shape.rank > 0 && std::is_arithmetic_v<typename ArrayOf<X>::number>;

/// Elements of T in memory one behind another: a vector, a span. (Whether a span can be made of it
/// would be asked of every operand, which costs.)
template <class E, class T>
concept TableOf = !Operand<E> && !NumberArray<E> && requires(const E &elements, const T *&data) {
  data = elements.data();
  elements.size();
};

constexpr Rule array_of(const Shape &declaration, const Shape &array) {
  if (!declaration.is_poison() && !(declaration == array))
    return fail("declared ", declaration, " but the array is ", array);
  return declaration;
}

/// A place along an axis that is known when the model is compiled, and the line that says it.
struct Place {
  std::int64_t number;
  Line line;
  template <std::integral N>
  Place(N number, Line line = Line::current()) : number(std::int64_t(number)), line(line) {}
};
template <class X> auto part_at(const X &x, Place place);
template <class X, class I> auto part_at(const X &x, const I &place);

/// Fails the compilation if a tensor is larger than memory can be.
template <class T, Shape S> void require_size() {
  static constexpr Rule rule = rule::fits(S, spell(dtype_of<T>), sizeof(T)).in("kerf: ");
  KERF_CHECK(rule);
}

} // namespace detail

namespace types {

/// A tensor: the handle of a value that has been emitted. Write `Tensor<f32, B, 64>`.
template <class T, Shape S> struct TensorOf : Node {
  using element = T;
  static constexpr Shape shape = S;
  static constexpr Type type{dtype_of<T>, &shape};
  mutable Value value = unbound; ///< a module is called as const, and updates its Buffers

  TensorOf() = default;

  /// Emits the expression; its shape and element type must be those declared.
  template <Operand E> TensorOf(const E &expression, Line line = Line::current()) {
    static constexpr Rule rule =
        detail::declared(S, E::shape, dtype_of<T>, dtype_of<typename E::element>).in("kerf: ");
    KERF_CHECK(rule);
    detail::require_size<T, S>();
    detail::builder(line).begin_statement();
    value = expression.emit(line);
  }

  /// All elements are `number`.
  template <Scalar X> TensorOf(X number, Line line = Line::current()) {
    static_assert(is_float<T> || !std::is_floating_point_v<X>,
                  "kerf: a fraction given to a tensor of integers");
    detail::require_size<T, S>();
    const Attribute attribute = detail::Number(number).attribute();
    value = detail::emit("kerf.constant", {}, type, {&attribute, 1}, line);
  }

  /// A table of constants, row by row: `Tensor<f32, 2, 3> t{1, 2, 3, 4, 5, 6}`. It is in the
  /// compiled model once. One number alone is all elements.
  template <Scalar X> TensorOf(std::initializer_list<X> numbers, Line line = Line::current()) {
    if (numbers.size() == 1)
      value = TensorOf(*numbers.begin(), line).value;
    else
      value = detail::emit_numbers<T>(numbers.begin(), numbers.size(), type, line);
  }
  TensorOf(std::initializer_list<T> numbers, Line line = Line::current())
      : TensorOf(numbers.size() == 1
                     ? TensorOf(detail::as_scalar(*numbers.begin()), line)
                     : from(detail::emit_table(numbers.begin(), numbers.size() * sizeof(T), type,
                                               line))) {}
  /// From an array of the tensor's shape, which may hold arrays.
  template <detail::NumberArray A> TensorOf(const A &array, Line line = Line::current()) {
    using X = typename detail::ArrayOf<A>::number;
    static_assert(is_float<T> || !std::is_floating_point_v<X>,
                  "kerf: fractions given to a tensor of integers");
    static constexpr Rule rule = detail::array_of(S, detail::ArrayOf<A>::shape).in("kerf: ");
    KERF_CHECK(rule);
    value = detail::emit_numbers<T>(reinterpret_cast<const X *>(&array), sizeof(array) / sizeof(X),
                                    type, line);
  }
  /// From as many elements as there are, row by row: a vector of T, a span.
  template <detail::TableOf<T> E> TensorOf(const E &elements, Line line = Line::current()) {
    detail::require_size<T, S>();
    value = detail::emit_table(elements.data(), elements.size() * sizeof(T), type, line);
  }

  /// The tensor behind a handle.
  static TensorOf from(Value value) {
    detail::require_size<T, S>();
    TensorOf tensor;
    tensor.value = value;
    return tensor;
  }

  Value emit(Line) const { return detail::Updates::current().now(value); }

  /// The part at a place along the first axis, without that axis: a number, of which -1 is the
  /// last, or a scalar of i64, which counts as the nearest place that there is.   x[0], x[-1], x[i]
  auto operator[](detail::Place place) const { return detail::part_at(*this, place); }
  auto operator[](const Operand auto &place) const { return detail::part_at(*this, place); }
};

} // namespace types
using types::TensorOf;

/// A tensor of element type T: `Tensor<f32, B, 8*h, 64>`; `Tensor<i64>` is a scalar.
template <class T, Dim... extents> using Tensor = TensorOf<T, Shape::of(extents...)>;

namespace types {

/// `let y = x * w + b;` emits the statement and names its value: what is used twice is named first.
/// Compilers warn of one that is never read.
template <class T, Shape S> struct [[nodiscard, gnu::warn_unused]] let : TensorOf<T, S> {
  template <Operand E> let(const E &expression, Line line = Line::current()) {
    static_cast<TensorOf<T, S> &>(*this) = TensorOf<T, S>(expression, line);
  }
};
template <Operand E>
let(const E &, Line = Line::current()) -> let<typename E::element, shape_of<E>>;

} // namespace types
using types::let;

namespace detail {

/// How a tree holds an operand: by value, and every kind of handle as the tensor it is.
template <class X> struct stored {
  using type = X;
};
template <class X>
  requires std::is_base_of_v<TensorOf<typename X::element, X::shape>, X>
struct stored<X> {
  using type = TensorOf<typename X::element, X::shape>;
};
template <class X> using stored_t = typename stored<std::remove_cvref_t<X>>::type;

/// The operands of an op. Braced lists emit from left to right in every compiler.
template <class... X> struct Operands {
  std::tuple<X...> all;

  Operands() = default;
  Operands(const X &...operands) : all(operands...) {}
  std::array<Value, sizeof...(X)> emit(Line line) const {
    return std::apply(
        [&](const X &...x) { return std::array<Value, sizeof...(X)>{x.emit(line)...}; }, all);
  }
};
template <> struct Operands<> {
  std::array<Value, 0> emit(Line) const { return {}; }
};
template <class A> struct Operands<A> {
  A a;
  std::array<Value, 1> emit(Line line) const { return {a.emit(line)}; }
};
template <class A, class B> struct Operands<A, B> {
  A a;
  B b;
  std::array<Value, 2> emit(Line line) const { return {a.emit(line), b.emit(line)}; }
};
template <class A, class B, class C> struct Operands<A, B, C> {
  A a;
  B b;
  C c;
  std::array<Value, 3> emit(Line line) const { return {a.emit(line), b.emit(line), c.emit(line)}; }
};

template <class> inline constexpr bool never = false;

} // namespace detail

namespace types {

/// The op `Op` on operands, not yet emitted. `Op::name` and `Op::attributes` are static.
template <class Op, class T, Shape S, class... X> struct [[nodiscard]] Expr : Node {
  using element = T;
  static constexpr Shape shape = S;
  detail::Operands<X...> operands;

  Value emit(Line line) const {
    detail::require_size<T, S>();
    const auto values = operands.emit(line);
    return detail::emit(Op::name, values, TensorOf<T, S>::type, Op::attributes, line);
  }

  auto operator[](detail::Place place) const { return detail::part_at(*this, place); }
  auto operator[](const Operand auto &place) const { return detail::part_at(*this, place); }

  /// Never right: `auto x = relu(h); x = x + 1;` would change the type of x.
  template <class Other> Expr &operator=(const Other &) {
    static_assert(detail::never<Other>,
                  "kerf: a value that changes is declared with let, not auto");
    return *this;
  }
};

/// A tensor whose elements are all one number.
template <class T, Shape S> struct [[nodiscard]] Splat : Node {
  using element = T;
  static constexpr Shape shape = S;
  detail::Number number;

  Value emit(Line line) const {
    const Attribute attribute = number.attribute();
    return detail::emit("kerf.constant", {}, TensorOf<T, S>::type, {&attribute, 1}, line);
  }
};

/// The scalar that counts the elements of a shape, whatever its named dims are bound to.
template <class T, Shape counted> struct [[nodiscard]] Count : Node {
  using element = T;
  static constexpr Shape shape = {};

  Value emit(Line line) const {
    static constexpr Shape extents = counted;
    const Attribute attribute("value", &extents);
    return detail::emit("kerf.constant", {}, TensorOf<T, shape>::type, {&attribute, 1}, line);
  }
};

} // namespace types
using types::Count;
using types::Expr;
using types::Splat;

namespace op {
template <Ints dims> struct broadcast; // defined with the other ops in the generated kerf/ops.h
}

namespace detail {

template <class Op, class T, Shape S, class... X> auto make(const X &...operands) {
  Expr<Op, T, S, stored_t<X>...> expression;
  // As handles: to make a tensor of a Param would be a statement, at this line.
  expression.operands = {static_cast<const stored_t<X> &>(operands)...};
  return expression;
}

/// x stretched to S by NumPy's rule, which the caller has checked.
template <Shape S, class X> auto stretch(const X &x) {
  if constexpr (X::shape == S || X::shape.is_poison() || S.is_poison()) {
    return static_cast<const stored_t<X> &>(x);
  } else {
    constexpr Ints dims = [] {
      Ints axes;
      for (int i = 0; i < X::shape.rank; ++i)
        axes.push(S.rank - X::shape.rank + i);
      return axes;
    }();
    return make<op::broadcast<dims>, typename X::element, S>(x);
  }
}

/// An operand, or a number as a splat of the element type and shape of its companion.
template <class T, Shape S, class X> auto as_operand(const X &x) {
  if constexpr (Operand<X>) {
    return static_cast<const stored_t<X> &>(x);
  } else {
    static_assert(is_float<T> || !std::is_floating_point_v<X>,
                  "kerf: a fraction in an expression of integers; cast the tensor first");
    Splat<T, S> splat;
    splat.number = x;
    return splat;
  }
}

/// The element type and the shape that a number takes from the operand beside it.
template <class A, class B> using companion = std::conditional_t<Operand<A>, A, B>;

/// `rule`, if A and B have equal element types.
template <class A, class B> constexpr Rule equal_types(const Rule &rule) {
  constexpr DType a = dtype_of<element_of<A>>, b = dtype_of<element_of<B>>;
  if (a != b && !rule.shape.is_poison())
    return fail("element types differ: ", spell(a), " and ", spell(b), "; use cast<", spell(a),
                ">()");
  return rule;
}

/// The shape of A and B together, by NumPy's rule.
template <class A, class B> constexpr Rule broadcast_rule(std::string_view prefix) {
  return equal_types<A, B>(rule::broadcast_together(shape_of<A>, shape_of<B>)).in(prefix);
}

/// An axis counted from the front.
constexpr std::int64_t from_front(std::int64_t axis, const Shape &shape) {
  return axis < 0 && axis + shape.rank >= 0 ? axis + shape.rank : axis;
}

/// The shape of tensors one after another along an axis.
template <int axis, class A, class... X> constexpr Rule concat_rule() {
  constexpr std::int64_t along = from_front(axis, shape_of<A>);
  Rule rule = rule::along(shape_of<A>, along);
  [[maybe_unused]] const auto append = [&]<class B>(std::type_identity<B>) {
    if (!rule.ok || rule.shape.is_poison())
      return;
    rule = rule::concat(rule.shape, shape_of<B>, along);
    if (rule.ok)
      rule = equal_types<A, B>(rule);
  };
  (append(std::type_identity<X>()), ...);
  return rule;
}

/// The prefix of an op's messages.
template <Name name>
constexpr Text prefix_of = [] {
  Text text;
  text << "kerf: " << name.view() << ": ";
  return text;
}();

/// Op(a, b) element by element, after stretching by NumPy's rule. `Result` void: the operands'
/// type.
template <class Op, Name name, class Result = void, class A, class B>
auto elementwise(const A &a, const B &b) {
  using C = companion<A, B>;
  if constexpr (!Operand<A> || !Operand<B>) {
    return elementwise<Op, name, Result>(as_operand<element_of<C>, shape_of<C>>(a),
                                         as_operand<element_of<C>, shape_of<C>>(b));
  } else {
    static constexpr Rule rule = broadcast_rule<A, B>(prefix_of<name>);
    KERF_CHECK(rule);
    using T = std::conditional_t<std::is_void_v<Result>, element_of<A>, Result>;
    return make<Op, T, rule.shape>(stretch<rule.shape>(a), stretch<rule.shape>(b));
  }
}

/// c ? a : b element by element, all three stretched to one shape.
template <class Op, Name name, class C, class A, class B>
auto selection(const C &c, const A &a, const B &b) {
  using X = companion<A, B>;
  if constexpr (!Operand<A> || !Operand<B>) {
    return selection<Op, name>(c, as_operand<element_of<X>, shape_of<X>>(a),
                               as_operand<element_of<X>, shape_of<X>>(b));
  } else {
    static constexpr Rule values = broadcast_rule<A, B>(prefix_of<name>);
    KERF_CHECK(values);
    static constexpr Rule rule =
        rule::broadcast_together(C::shape, values.shape).in(prefix_of<name>);
    KERF_CHECK(rule);
    return make<Op, element_of<A>, rule.shape>(stretch<rule.shape>(c), stretch<rule.shape>(a),
                                               stretch<rule.shape>(b));
  }
}

} // namespace detail

/// A pair of operands of which at least one is a tensor and the other may be a number.
template <class A, class B>
concept Elementwise = (Operand<A> && (Operand<B> || Scalar<B>)) || (Scalar<A> && Operand<B>);

/// `sum<1, keep>(x)`: reduced axes stay, with extent 1.
struct Keep {};
inline constexpr Keep keep;

namespace detail {

/// The axes of a reduction as the rules take them: counted from the front, ascending. None: all.
struct Axes {
  Ints axes;
  bool keeps = false;

  template <class... X> static constexpr Axes of(const Shape &shape, X... axis) {
    Axes result;
    (
        [&] {
          if constexpr (std::is_same_v<X, Keep>)
            result.keeps = true;
          else
            result.insert(axis < 0 && axis + shape.rank >= 0 ? axis + shape.rank : axis);
        }(),
        ...);
    if (result.axes.size() == 0 && !shape.is_poison())
      result.axes = Ints::iota(shape.rank);
    return result;
  }
  constexpr void insert(std::int64_t axis) {
    int place = axes.size();
    axes.push(axis);
    for (; place > 0 && axes[place - 1] > axis; --place)
      axes[place] = axes[place - 1];
    axes[place] = axis;
  }
  /// `reduced` with the dropped axes back as 1, if they were to be kept.
  constexpr Shape restore(const Shape &whole, const Shape &reduced) const {
    if (!keeps || reduced.is_poison())
      return reduced;
    Shape result = whole;
    for (int i = 0; i < axes.size(); ++i)
      result[int(axes[i])] = 1;
    return result;
  }
};

} // namespace detail

/// One number per spatial axis, or one for both: `conv<2, 1>(x, w)`, `conv<Both{2, 1}>(x, w)`.
struct Both {
  Ints axes;
  constexpr Both(int each) : axes(Ints::of(each, each)) {}
  constexpr Both(int height, int width) : axes(Ints::of(height, width)) {}
};

} // namespace kerf
