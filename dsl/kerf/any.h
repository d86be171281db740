// Expressions whose shapes the C++ compiler does not see, for code that treats every leaf of a tree
// alike: one instantiation for all shapes, where typed leaves would cost one each.
#pragma once

#include "kerf/module.h"

namespace kerf {

/// A lazy expression of tensors of one shape and of scalars, which stretch to it. Emits its
/// operands from left to right, as typed expressions do.
class Any {
public:
  Any(Value value, Type type) : value(value), type_(type) {}
  /// A number; it takes the type of the operand beside it.
  Any(double number) : number(number), is_number(true), type_{DType::f32, nullptr} {}
  template <class T, Shape S>
  Any(const TensorOf<T, S> &tensor) : Any(tensor.emit({}), TensorOf<T, S>::type) {}

  static Any op(std::string_view name, std::vector<Any> operands, Type type) {
    Any result(unbound, type);
    result.name = name;
    result.operands = std::move(operands);
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
    if (name != "kerf.broadcast")
      return detail::emit(name, values, type_, {}, line);
    const Attribute dims("dims", Ints{});
    return detail::emit(name, values, type_, {&dims, 1}, line);
  }
  /// This number or scalar as a tensor of `type`; what has that type stays.
  Any as(Type type) const {
    if (is_number) {
      Any result = *this;
      result.type_ = type;
      return result;
    }
    if (type_.shape->rank == 0 && type.shape->rank > 0)
      return op("kerf.broadcast", {*this}, type);
    return *this;
  }

  /// The emitted statement.
  Any emitted(Line line) const { return {emit(line), type_}; }

  friend Any operator+(const Any &a, const Any &b) { return binary("kerf.add", a, b); }
  friend Any operator-(const Any &a, const Any &b) { return binary("kerf.sub", a, b); }
  friend Any operator*(const Any &a, const Any &b) { return binary("kerf.mul", a, b); }
  friend Any operator/(const Any &a, const Any &b) { return binary("kerf.div", a, b); }
  friend Any sqrt(const Any &x) { return op("kerf.sqrt", {x}, x.type_); }

private:
  static Any binary(std::string_view name, const Any &a, const Any &b) {
    const bool a_leads = !a.is_number && (b.is_number || a.type_.shape->rank > 0);
    const Type type = a_leads ? a.type_ : b.type_;
    return op(name, {a.as(type), b.as(type)}, type);
  }
  std::string_view name; ///< empty: a value or a number
  std::vector<Any> operands;
  Value value = unbound;
  double number = 0;
  bool is_number = false;
  Type type_;
};

} // namespace kerf
