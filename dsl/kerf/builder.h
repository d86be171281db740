// The abstract Builder: all that stands between the language and MLIR. Only its vtable crosses
// compilers.
#pragma once

#include "kerf/elements.h"
#include "kerf/shape.h"

#include <concepts>
#include <cstdint>
#include <source_location>
#include <span>
#include <string_view>

namespace kerf {

/// An SSA value of the function or region under construction.
using Value = std::uint32_t;

/// The type of a value. `shape` has static storage (a template argument object) and may name dims.
struct Type {
  DType dtype;
  const Shape *shape;
};

/// A named attribute of an op; names, strings, dims and shapes have static storage. `dim` is a
/// number that may name dims, `root` its square root, rounded up, `shape` a list of such numbers;
/// they reach the op as integers. As the `value`
/// of `kerf.constant` a shape stands for its number of elements.
struct Attribute {
  enum class Kind : std::uint8_t { integer, real, boolean, string, ints, dtype, dim, root, shape };
  std::string_view name;
  Kind kind;
  std::int64_t integer = 0;
  double real = 0;
  std::string_view string;
  Ints ints;
  DType dtype = DType::f32;
  const Dim *dim = nullptr;
  const Shape *shape = nullptr;

  constexpr Attribute(std::string_view name, std::int64_t v)
      : name(name), kind(Kind::integer), integer(v) {}
  constexpr Attribute(std::string_view name, int v) : Attribute(name, std::int64_t(v)) {}
  constexpr Attribute(std::string_view name, double v) : name(name), kind(Kind::real), real(v) {}
  template <std::same_as<bool> B> // else every pointer would be one
  constexpr Attribute(std::string_view name, B v) : name(name), kind(Kind::boolean), integer(v) {}
  constexpr Attribute(std::string_view name, std::string_view v)
      : name(name), kind(Kind::string), string(v) {}
  constexpr Attribute(std::string_view name, const Ints &v)
      : name(name), kind(Kind::ints), ints(v) {}
  constexpr Attribute(std::string_view name, DType v) : name(name), kind(Kind::dtype), dtype(v) {}
  constexpr Attribute(std::string_view name, const Dim *v) : name(name), kind(Kind::dim), dim(v) {}
  constexpr Attribute(std::string_view name, const Shape *v)
      : name(name), kind(Kind::shape), shape(v) {}
  static constexpr Attribute root(std::string_view name, const Dim *v) {
    Attribute attribute(name, v);
    attribute.kind = Kind::root;
    return attribute;
  }
};

/// An argument or a result of an entry point. A block (a tree of tensors: parameters, optimizer
/// state) is one Port per leaf, all with its role; `leaf` is then the dotted path inside the block.
/// A plain tensor has an empty role and `leaf` is its name.
struct Port {
  std::string_view role;
  std::string_view leaf;
  Type type;
};

class Builder {
public:
  virtual ~Builder() = default;

  /// The number behind a named dim in the entry that begins next; binding it again changes it.
  virtual void bind_dim(std::string_view name, std::int64_t value) = 0;

  /// Starts the entry point `name` and gives one value per argument.
  virtual void begin_entry(std::string_view name, std::span<const Port> arguments,
                           std::span<Value> values, std::source_location where) = 0;
  /// Ends it: `values[i]` is the result `results[i]`. A role that appears among the results is
  /// written by the entry, and all leaves of the role appear.
  virtual void end_entry(std::span<const Port> results, std::span<const Value> values) = 0;

  /// Adds an op with one result; pure ops with equal operands, attributes and type are one value.
  /// `kerf.constant` (attribute `value`, any type: a splat) is the only source without operands.
  virtual Value op(std::string_view name, std::span<const Value> operands, Type result,
                   std::span<const Attribute> attributes, std::source_location where) = 0;

  /// Opens the region of an op to come and gives its arguments; regions may use outer values.
  virtual void begin_region(std::span<const Type> arguments, std::span<Value> values) = 0;
  /// Ends the region with these results, and opens the next one of the same op.
  virtual void next_region(std::span<const Value> yielded, std::span<const Type> arguments,
                           std::span<Value> values) = 0;
  /// Ends the last region with these results, and adds the op `name` that owns them (`operands`
  /// first, then the outer values that the regions used, which the Builder appends as captures).
  virtual void end_region(std::span<const Value> yielded, std::string_view name,
                          std::span<const Value> operands, std::span<const Type> results,
                          std::span<Value> values, std::span<const Attribute> attributes,
                          std::source_location where) = 0;

  /// A statement begins: what is emitted from here on until the next one stands in one expression.
  virtual void begin_statement() {}

  /// Module path, for diagnostics: what is emitted until `pop_module` belongs to this field.
  virtual void push_module(std::string_view name) = 0;
  virtual void pop_module() = 0;

  /// The Builder under which model code runs on this thread.
  static Builder *&current() {
    thread_local Builder *builder = nullptr;
    return builder;
  }
};

} // namespace kerf
