// Expressions whose shapes the C++ compiler does not see, for code that treats every leaf of a tree
// alike: one instantiation for all shapes, where typed leaves would cost one each.
#pragma once

#include "kerf/module.h"

#include <limits>

namespace kerf {

/// A lazy expression of tensors of one shape and of scalars, which stretch to it; beside a leaf a
/// scalar takes the leaf's element type too. Emits its operands from left to right, as typed
/// expressions do.
class Any {
public:
  /// A leaf of a tree.
  Any(Value value, Type type) : value(value), is_leaf(true), type_(type) {}
  /// A number; it takes the type of the operand beside it.
  Any(double number) : number(number), is_number(true), type_{DType::f64, &scalar} {}
  template <class T, Shape S>
  Any(const TensorOf<T, S> &tensor) : value(tensor.emit({})), type_(TensorOf<T, S>::type) {}

  static constexpr Attribute no_attribute{"", 0};

  static Any op(std::string_view name, std::vector<Any> operands, Type type,
                const Attribute &attribute = no_attribute) {
    Any result(unbound, type);
    result.name = name;
    result.is_leaf = false;
    for (const Any &operand : operands)
      result.is_leaf |= operand.is_leaf;
    result.operands = std::move(operands);
    result.attribute = attribute;
    return result;
  }

  Type type() const { return type_; }

  Value emit(Line line) const {
    if (is_number) {
      const Attribute attribute("value", number);
      return detail::emit("kerf.constant", {}, type_, {&attribute, 1}, line);
    }
    if (name.empty())
      return value;
    std::vector<Value> values;
    for (const Any &operand : operands)
      values.push_back(operand.emit(line));
    return detail::emit(name, detail::all_of(values), type_,
                        {&attribute, attribute.name.empty() ? 0u : 1u}, line);
  }
  /// This number or scalar as a tensor of `type`; what has that type stays.
  Any as(Type type) const {
    if (is_number) {
      Any result = *this;
      result.type_ = type;
      return result;
    }
    if (type_.dtype != type.dtype && type_.shape->rank == 0)
      return op("kerf.cast", {*this}, {type.dtype, type_.shape}).as(type);
    if (type_.shape->rank == 0 && type.shape->rank > 0)
      return op("kerf.broadcast", {*this}, type, {"dims", Ints{}});
    return *this;
  }

  /// The emitted statement.
  Any emitted(Line line) const {
    Any result(emit(line), type_);
    result.is_leaf = is_leaf;
    return result;
  }

  friend Any operator+(const Any &a, const Any &b) {
    return a.is_number && b.is_number ? Any(a.number + b.number) : binary("kerf.add", a, b);
  }
  friend Any operator-(const Any &a, const Any &b) {
    return a.is_number && b.is_number ? Any(a.number - b.number) : binary("kerf.sub", a, b);
  }
  friend Any operator*(const Any &a, const Any &b) {
    return a.is_number && b.is_number ? Any(a.number * b.number) : binary("kerf.mul", a, b);
  }
  friend Any operator/(const Any &a, const Any &b) {
    return a.is_number && b.is_number ? Any(a.number / b.number) : binary("kerf.div", a, b);
  }
  friend Any operator-(const Any &x) { return x.is_number ? Any(-x.number) : unary("kerf.neg", x); }
  friend Any operator<(const Any &a, const Any &b) { return compare("lt", a, b); }
  friend Any operator<=(const Any &a, const Any &b) { return compare("le", a, b); }
  friend Any operator>(const Any &a, const Any &b) { return compare("gt", a, b); }
  friend Any operator>=(const Any &a, const Any &b) { return compare("ge", a, b); }
  friend Any operator==(const Any &a, const Any &b) { return compare("eq", a, b); }
  friend Any operator!=(const Any &a, const Any &b) { return compare("ne", a, b); }
  friend Any maximum(const Any &a, const Any &b) { return binary("kerf.maximum", a, b); }
  friend Any minimum(const Any &a, const Any &b) { return binary("kerf.minimum", a, b); }
  friend Any abs(const Any &x) { return unary("kerf.abs", x); }
  friend Any sqrt(const Any &x) { return unary("kerf.sqrt", x); }
  friend Any exp(const Any &x) { return unary("kerf.exp", x); }
  friend Any log(const Any &x) { return unary("kerf.log", x); }
  friend Any square(const Any &x) { return x * x; }
  /// a where c is true, b elsewhere.
  friend Any select(const Any &c, const Any &a, const Any &b) {
    const bool are_numbers = a.is_number && b.is_number && !c.operands.empty();
    const Type type = are_numbers ? c.operands[0].type_ : leading(a, b).type_;
    return op("kerf.select", {c.as({DType::i1, type.shape}), a.as(type), b.as(type)}, type);
  }
  /// -1, 0 or 1 with the sign of x; NaN gives 0.
  friend Any sign(const Any &x) { return unary("kerf.sign", x); }
  /// The sum of all elements, a scalar.
  friend Any sum(const Any &x) {
    if (x.type_.shape->rank == 0)
      return x;
    return op("kerf.sum", {x}, {x.type_.dtype, &scalar}, {"axes", Ints::iota(x.type_.shape->rank)});
  }
  /// The number of elements, a scalar of the element type.
  friend Any numel(const Any &x) {
    return op("kerf.constant", {}, {x.type_.dtype, &scalar}, {"value", x.type_.shape});
  }
  template <class T> Any cast() const {
    return type_.dtype == dtype_of<T> ? *this
                                      : op("kerf.cast", {*this}, {dtype_of<T>, type_.shape});
  }

private:
  static constexpr Shape scalar{};

  /// The one of two operands whose type the other takes.
  static const Any &leading(const Any &a, const Any &b) {
    if (a.is_number || b.is_number)
      return a.is_number ? b : a;
    if (a.is_leaf != b.is_leaf)
      return a.is_leaf ? a : b;
    return a.type_.shape->rank > 0 ? a : b;
  }
  static Any unary(std::string_view name, const Any &x) { return op(name, {x}, x.type_); }
  static Any binary(std::string_view name, const Any &a, const Any &b) {
    const Type type = leading(a, b).type_;
    return op(name, {a.as(type), b.as(type)}, type);
  }
  static Any compare(std::string_view predicate, const Any &a, const Any &b) {
    const Type type = leading(a, b).type_;
    return op("kerf.compare", {a.as(type), b.as(type)}, {DType::i1, type.shape},
              {"predicate", predicate});
  }

  std::string_view name; ///< empty: a value or a number
  std::vector<Any> operands;
  Attribute attribute = no_attribute; ///< the only one, if it has a name
  Value value = unbound;
  double number = 0;
  bool is_number = false;
  bool is_leaf = false;
  Type type_;
};

namespace detail {

/// x as it is computed with: narrow floats as f32.
inline Any widened(const Any &x) {
  const Type type = computed_as(x.type());
  return type.dtype == x.type().dtype ? x : Any::op("kerf.cast", {x}, type);
}

/// x, of what `stored` is computed as, in the type itself.
inline Any stored_as(const Any &x, Type stored) {
  const Type type = computed_as(stored);
  return type.dtype == stored.dtype ? x.as(type) : Any::op("kerf.cast", {x.as(type)}, stored);
}

/// Calls step(leaf, gradient, parameter, slot…) for each leaf of `params` that is trained, and
/// gives parameter and slots the values that it leaves there; other leaves stay. Narrow ones are
/// f32 in between, and rounded at the end.
template <class Step, class Tree, class Gradients, class... Slots>
void update_leaves(Line line, const Step &step, Tree &params, const Gradients &gradients,
                   Slots &...slots) {
  const std::vector<Leaf> &leaves = leaves_of<Tree>(), &of_gradients = leaves_of<Gradients>();
  const std::vector<Leaf> *stored[] = {&leaves, &leaves_of<Slots>()...};
  const std::vector<Value> g = values_of(gradients);
  std::vector<Value> values[] = {values_of(params), values_of(slots)...};
  for (std::size_t i : trained(leaves)) {
    [&]<std::size_t... k>(std::index_sequence<k...>) {
      Any now[] = {widened(Any(values[k][i], (*stored[k])[i].type))...};
      step(leaves[i], widened(Any(g[i], of_gradients[i].type)), now[k]...);
      ((values[k][i] = stored_as(now[k], (*stored[k])[i].type).emit(line)), ...);
    }(std::make_index_sequence<1 + sizeof...(Slots)>());
  }
  std::size_t k = 0;
  assign(params, values[k++]);
  (assign(slots, values[k++]), ...);
}

} // namespace detail
} // namespace kerf
