// Modules and trees: parameters with their initialisation, aggregates of them, and the names of
// their leaves, which are those of PyTorch's state_dict (`encoder.res.0.conv1.weight`).
#pragma once

#include "kerf/expr.h"
#include "kerf/reflect.h"

#include <cmath>
#include <string>
#include <vector>

namespace kerf {

/// How a parameter is drawn by `initialize`.
struct Init {
  enum class Kind { constant, uniform, normal };
  Kind kind = Kind::constant;
  double first = 0;  ///< the constant, the lower bound or the mean
  double second = 0; ///< the upper bound or the standard deviation
};

namespace init {

/// U(low, high)
constexpr Init uniform(double low, double high) { return {Init::Kind::uniform, low, high}; }
/// N(0, deviation^2)
constexpr Init normal(double deviation) { return {Init::Kind::normal, 0, deviation}; }
/// N(mean, deviation^2)
constexpr Init normal(double mean, double deviation) {
  return {Init::Kind::normal, mean, deviation};
}
constexpr Init constant(double value) { return {Init::Kind::constant, value, 0}; }
constexpr Init zeros() { return constant(0); }
constexpr Init ones() { return constant(1); }
/// U(-b, b), b = 1 / sqrt(n): PyTorch's default for the weight and the bias of a layer whose
/// outputs sum over n inputs   [He 2015, with a = sqrt(5)]
inline Init fan_in(std::int64_t n) {
  const double bound = 1 / std::sqrt(double(n));
  return uniform(-bound, bound);
}
/// The default of a shape: fan_in over all axes but the first, zeros below rank 2.
inline Init by_shape(const Shape &shape) {
  std::int64_t inputs = 1;
  for (int axis = 1; axis < shape.rank; ++axis)
    inputs *= shape[axis].value;
  return shape.rank < 2 ? zeros() : fan_in(inputs);
}

} // namespace init

/// What a leaf of a tree is to a training.
enum class LeafKind : std::uint8_t {
  tensor, ///< state; trained in a tree that has no parameter
  param,  ///< a Param: trained
  frozen, ///< a Param in a Frozen part: left as it is
  buffer, ///< a Buffer: left as it is by gradients and optimizers, updated by its module
};

namespace types {

/// A trained tensor of a module: `Param<f32, K, D> embedding = init::uniform(-1.0 / K, 1.0 / K);`.
template <class T, Shape S> struct ParamOf : TensorOf<T, S> {
  static_assert(
      is_float<T>,
      "kerf: a Param is trained, so it is f32, f64, bf16 or f16; of other types is a Buffer");
  static constexpr LeafKind kind = LeafKind::param;
  Init init = init::by_shape(S);
  std::string_view path; ///< its name in the model, once it is bound

  ParamOf() = default;
  ParamOf(const Init &init) : init(init) {}
  using TensorOf<T, S>::operator=;
};

} // namespace types
using types::ParamOf;

/// A parameter with static extents.
template <class T, Dim... extents> using Param = ParamOf<T, Shape::of(extents...)>;

namespace detail {

/// A line of the model within a message: its file's name and its number.
inline Text spell(Line line) {
  const std::string_view file = line.file_name();
  Text text;
  return text << file.substr(file.rfind('/') + 1) << ":" << std::int64_t(line.line());
}

/// What a buffer that was `before` holds after `next`, which it is given: no gradient goes through.
inline Value update(Value before, std::string_view path, Value next, Type type, Line line) {
  Updates &updates = Updates::current();
  if (const Updates::Region *loop = updates.loop_after(before)) {
    Text text;
    stop(loop->line, text << loop->user << ": its function updates the buffer '" << path << "' ("
                          << std::string_view(spell(line))
                          << "), which is not of its state; what an iteration changes it takes and "
                             "returns");
  }
  if (const Updates::Region *branch = updates.branch()) {
    Text text;
    stop(branch->line, text << "cond: a branch updates the buffer '" << path << "' ("
                            << std::string_view(spell(line))
                            << "); let it return the new value, and update behind the cond");
  }
  if (element_type(type.dtype).is_real())
    next = emit("kerf.stop_gradient", {&next, 1}, type, {}, line);
  updates.add(next, type, line);
  return next;
}

} // namespace detail

namespace types {

/// A tensor of a module that is not trained: `Buffer<f32, C> running_mean = init::zeros();`. It has
/// a name among the weights and is drawn by `initialize`, but its gradient is zero and optimizers
/// leave it. What changes it is the module itself, in its call:
///
///     running_mean.update(0.9 * running_mean + 0.1 * mean<0>(x));
///
/// What follows in the entry sees the new value, also behind a value_and_grad in whose loss it was
/// updated; a block that the entry takes by reference is written. An update is no part of a
/// gradient.
template <class T, Shape S> struct BufferOf : TensorOf<T, S> {
  static constexpr LeafKind kind = LeafKind::buffer;
  Init init;
  std::string_view path; ///< its name in the model, once it is bound

  BufferOf() = default;
  BufferOf(const Init &init) : init(init) {}
  using TensorOf<T, S>::operator=;

  /// Gives it the value of an expression of its shape and element type.
  template <Operand E> void update(const E &expression, Line line = Line::current()) const {
    const TensorOf<T, S> next(expression, line);
    this->value = detail::update(this->emit(line), path, next.value, TensorOf<T, S>::type, line);
  }
};

} // namespace types
using types::BufferOf;

/// A buffer with static extents, of any element type.
template <class T, Dim... extents> using Buffer = BufferOf<T, Shape::of(extents...)>;

/// A part of a module whose parameters are not trained: `Frozen<Encoder> encoder;` has the names
/// and the calls of an Encoder, but its parameters have gradient zero and optimizers leave them.
template <class Part> struct Frozen : Part {
  using part = Part;
  using Part::Part;
  Frozen() = default;
  Frozen(const Part &part) : Part(part) {}
};

namespace detail {
struct WidenedPart;
}
/// A tree as it is, but its floats of 16 bits are f32: what a training keeps of parameters that are
/// held narrow. `Wide<Tree>` is one where there are such.
template <class Part> class Widened {
public:
  using part = Part;

private:
  friend detail::WidenedPart;
  Part tree; ///< of handles alone, whose values are not of the types that it says
};

/// Stands where an optional member is not: it has no leaf.
struct Absent {
  constexpr Absent() = default;
  constexpr Absent(const Init &) {}
};
/// A member that a module has only if `present`: `Optional<Param<f32, Out>, has_bias> bias =
/// init::zeros();`. Use it behind `if constexpr (has_bias)`.
template <class T, bool present> using Optional = std::conditional_t<present, T, Absent>;

/// A tree is a tensor, or an aggregate, array or tuple of trees. Other fields of an aggregate are
/// hyper-parameters.
template <class T> inline constexpr bool is_array = false;
template <class T, std::size_t N> inline constexpr bool is_array<std::array<T, N>> = true;
template <class T> inline constexpr bool is_tuple = false;
template <class... T> inline constexpr bool is_tuple<std::tuple<T...>> = true;
template <class T> inline constexpr bool is_frozen = false;
template <class T> inline constexpr bool is_frozen<Frozen<T>> = true;
template <class T> inline constexpr bool is_widened = false;
template <class T> inline constexpr bool is_widened<Widened<T>> = true;
template <class T>
concept Aggregate = std::is_aggregate_v<T> && std::is_class_v<T> && !Operand<T> && !is_array<T> &&
                    !is_tuple<T> && !is_frozen<T>;
template <class T>
concept IsTree =
    Operand<T> || is_array<T> || is_tuple<T> || is_frozen<T> || is_widened<T> || Aggregate<T>;

namespace detail {

/// The types of an aggregate's fields, as a std::tuple.
template <class T> struct FieldTypes {
  static_assert(field_count<T> > 0);
  using type = typename decltype(with_fields(std::declval<T &>(), []<class... Field>(Field &...) {
    return std::type_identity<std::tuple<Field...>>();
  }))::type;
};

/// Has a tree a float of 16 bits?
template <class Tree>
inline constexpr bool holds_narrow = [] {
  if constexpr (Aggregate<Tree>)
    if constexpr (field_count<Tree> > 0 && field_count<Tree> <= max_fields)
      return holds_narrow<typename FieldTypes<Tree>::type>;
  return false;
}();
template <Operand X> inline constexpr bool holds_narrow<X> = is_narrow_float<element_of<X>>;
template <class T, std::size_t n>
inline constexpr bool holds_narrow<std::array<T, n>> = holds_narrow<T>;
template <class... T>
inline constexpr bool holds_narrow<std::tuple<T...>> = (holds_narrow<T> || ...);
template <class T> inline constexpr bool holds_narrow<Frozen<T>> = holds_narrow<T>;

} // namespace detail

/// A tree, with f32 in place of bf16 and f16: `Wide<Model> averages;`. Optimizers keep their state
/// so.
template <class Tree>
using Wide = std::conditional_t<detail::holds_narrow<Tree>, Widened<Tree>, Tree>;

/// What a hyper-parameter may be: what surely holds no tensor that would be lost. A class of your
/// own joins by `template <> inline constexpr bool kerf::is_setting<Mine> = true;`.
template <class T>
inline constexpr bool is_setting =
    std::is_arithmetic_v<T> || std::is_enum_v<T> || std::is_null_pointer_v<T> ||
    std::is_empty_v<T> || std::is_same_v<T, std::string> || std::is_same_v<T, std::string_view> ||
    std::is_same_v<T, Dim>;
template <class T>
inline constexpr bool is_setting<T *> =
    std::is_function_v<T> || (is_setting<std::remove_const_t<T>> && !std::is_empty_v<T>);

/// What a leaf of a tree is, without its C++ type.
struct Leaf {
  std::string path;
  Type type;
  Init init;
  LeafKind kind;
};

namespace detail {

/// What is computed with elements of `type`: f32 where they are narrow floats.
inline Type computed_as(Type type) {
  return element_type(type.dtype).is_narrow_real() ? Type{DType::f32, type.shape} : type;
}

struct WidenedPart {
  template <class Part> static Part &of(Widened<Part> &widened) { return widened.tree; }
};

inline std::string join(const std::string &path, std::string_view field) {
  return path.empty() ? std::string(field) : path + "." + std::string(field);
}

/// A leaf of a tree in hand. `init` and `name` are null where the leaf is a plain tensor.
struct LeafReference {
  std::string path;
  Type type;
  LeafKind kind;
  Value *value;
  const Init *init;
  std::string_view *name;
};

/// Why the fields of a module could not be found.
template <class T> constexpr Rule has_leaves() {
  if constexpr (std::is_pointer_v<T> && !is_setting<T>)
    return fail("a field is a pointer to ", spelled<std::remove_pointer_t<T>>(),
                ": a tree holds its tensors by value");
  else if constexpr (!IsTree<T> && !is_setting<T>)
    return fail(spelled<T>(), " is no aggregate, so its tensors cannot be found: a module is a "
                              "plain struct without constructors, private fields and virtual "
                              "functions; of many, std::array or std::tuple");
  else
    return Shape{};
}

/// A tree is made before its tensors have values.
template <class T> constexpr Rule can_be_made() {
  if (IsTree<T> && !std::is_default_constructible_v<T>)
    return fail(spelled<T>(), " cannot be made without arguments: a tree has no references, and a "
                              "field that is a tensor is a Tensor or a Param, not a let");
  return Shape{};
}

/// What is wrong with a type of tree; asked before anything is made of it. Once per type.
template <class T> constexpr Rule is_tree();
template <class T> inline constexpr Rule tree_rule = is_tree<T>();

template <class T> constexpr Rule is_tree() {
  constexpr Rule own = has_leaves<T>();
  constexpr Rule made = can_be_made<T>();
  if constexpr (!own.ok) {
    return own;
  } else if constexpr (!made.ok) {
    return made;
  } else if constexpr (is_array<T>) {
    return tree_rule<typename T::value_type>;
  } else if constexpr (is_frozen<T> || is_widened<T>) {
    return tree_rule<typename T::part>;
  } else if constexpr (is_tuple<T>) {
    return []<class... Parts>(std::type_identity<std::tuple<Parts...>>) {
      Rule rule = Shape{};
      ((rule = rule.ok ? tree_rule<Parts> : rule), ...);
      return rule;
    }(std::type_identity<T>());
  } else if constexpr (Operand<T>) {
    return T::shape;
  } else if constexpr (!Aggregate<T>) {
    return Shape{};
  } else if constexpr (field_count<T> > max_fields) {
    return fail(spelled<T>(), " has ", field_count<T>, " fields, and ", max_fields,
                " are the most: nest structs for more");
  } else if constexpr (field_count<T> > 0) {
    const auto check = []<class... Fields>(std::type_identity<std::tuple<Fields...>>) {
      Rule rule = Shape{};
      std::size_t i = 0;
      const auto field = [&]<class Field>(std::type_identity<Field>) {
        const std::string_view name = field_names<T>[i++];
        if (!rule.ok || tree_rule<Field>.ok)
          return;
        rule = tree_rule<Field>;
        if (!has_leaves<Field>().ok)
          rule = fail(spelled<T>(), "::", name, ": ", std::string_view(rule.text));
      };
      (field(std::type_identity<Fields>()), ...);
      return rule;
    };
    return check(std::type_identity<typename FieldTypes<T>::type>());
  } else {
    return Shape{};
  }
}

/// Says what is wrong, once per type of tree: one instantiation, and at once, as the result is
/// deduced, so that an error still knows the user's line.
template <class Tree> auto require_tree() {
  static constexpr Rule rule = tree_rule<Tree>.in("kerf: ");
  KERF_CHECK(rule);
  return rule.ok;
}

/// Appends the leaves of a tree, in the order of its fields.
template <class Tree>
void collect(Tree &tree, const std::string &path, std::vector<LeafReference> &leaves) {
  if constexpr (is_frozen<Tree>) {
    std::size_t first = leaves.size();
    collect(static_cast<typename Tree::part &>(tree), path, leaves);
    for (; first < leaves.size(); ++first)
      if (leaves[first].kind == LeafKind::param)
        leaves[first].kind = LeafKind::frozen;
  } else if constexpr (is_widened<Tree>) {
    std::size_t first = leaves.size();
    collect(WidenedPart::of(tree), path, leaves);
    for (; first < leaves.size(); ++first)
      leaves[first].type = computed_as(leaves[first].type);
  } else if constexpr (Operand<Tree>) {
    LeafReference leaf{path, Tree::type, LeafKind::tensor, &tree.value, nullptr, nullptr};
    if constexpr (requires { tree.init; }) {
      leaf.kind = Tree::kind;
      leaf.init = &tree.init;
      leaf.name = &tree.path;
    }
    leaves.push_back(std::move(leaf));
  } else if constexpr (is_array<Tree>) {
    for (std::size_t i = 0; i < tree.size(); ++i)
      collect(tree[i], join(path, std::to_string(i)), leaves);
  } else if constexpr (is_tuple<Tree>) {
    std::size_t i = 0;
    std::apply(
        [&](auto &...part) { (collect(part, join(path, std::to_string(i++)), leaves), ...); },
        tree);
  } else if constexpr (Aggregate<Tree>) {
    if constexpr (field_count<Tree> > 0)
      with_fields(tree, [&](auto &...field) {
        std::size_t i = 0;
        (collect(field, join(path, field_names<Tree>[i++]), leaves), ...);
      });
  }
}

template <class Tree> auto collect(Tree &tree) {
  require_tree<Tree>();
  std::vector<LeafReference> leaves;
  if constexpr (tree_rule<Tree>.ok)
    collect(tree, "", leaves);
  return leaves;
}

inline std::vector<Leaf> describe(const std::vector<LeafReference> &references) {
  std::vector<Leaf> leaves;
  for (const LeafReference &leaf : references)
    leaves.push_back({leaf.path, leaf.type, leaf.init ? *leaf.init : Init{}, leaf.kind});
  return leaves;
}

inline std::vector<Value> read(const std::vector<LeafReference> &leaves) {
  std::vector<Value> values;
  for (const LeafReference &leaf : leaves)
    values.push_back(Updates::current().now(*leaf.value));
  return values;
}

inline void write(const std::vector<LeafReference> &leaves, const std::vector<Leaf> &described,
                  std::span<const Value> values) {
  for (std::size_t i = 0; i < leaves.size(); ++i) {
    *leaves[i].value = values[i];
    if (leaves[i].name)
      *leaves[i].name = described[i].path;
  }
}

} // namespace detail

/// The leaves of a type of tree, in order; made once, so that their paths live as long as the
/// program.
template <class Tree> const auto &leaves_of() {
  detail::require_tree<Tree>();
  static const std::vector<Leaf> leaves = [] {
    if constexpr (detail::tree_rule<Tree>.ok) {
      Tree tree{};
      return detail::describe(detail::collect(tree));
    } else {
      return std::vector<Leaf>();
    }
  }();
  return leaves;
}

/// The places of the leaves that are trained: the parameters; in a tree without any, all tensors
/// but its buffers. What is no float has no gradient.
inline std::vector<std::size_t> trained(const std::vector<Leaf> &leaves) {
  bool has_params = false;
  for (const Leaf &leaf : leaves)
    has_params |= leaf.kind == LeafKind::param || leaf.kind == LeafKind::frozen;
  const LeafKind kind = has_params ? LeafKind::param : LeafKind::tensor;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < leaves.size(); ++i) {
    const DType type = leaves[i].type.dtype;
    if (leaves[i].kind == kind && element_type(type).is_real())
      places.push_back(i);
  }
  return places;
}

/// The handles of a tree's leaves, in order.
template <class Tree> std::vector<Value> values_of(const Tree &tree) {
  return detail::read(detail::collect(const_cast<Tree &>(tree))); // which is not written to
}

/// Gives each leaf of a tree its handle, and each parameter its name.
template <class Tree> void assign(Tree &tree, std::span<const Value> values) {
  detail::write(detail::collect(tree), leaves_of<Tree>(), values);
}

namespace detail {

/// Ends the program if a leaf of a tree has no value, and says which.
template <class Tree> void require_bound(const Tree &tree, std::string_view user, Line line) {
  const std::vector<Value> values = values_of(tree);
  for (std::size_t i = 0; i < values.size(); ++i)
    if (values[i] == unbound) {
      Text text;
      text << user << " uses ";
      if constexpr (Operand<Tree>)
        text << "a tensor";
      else
        text << "'" << leaves_of<Tree>()[i].path << "' of " << spelled<Tree>() << ", which";
      stop(line, text << (Operand<Tree> ? " that" : "") << " has no value yet");
    }
}

/// A tree of the same values, cast to the types of To.
template <class To, class From> To cast_tree(const From &from, Line line) {
  if constexpr (std::is_same_v<To, From>)
    return from;
  const std::vector<Leaf> &types = leaves_of<To>(), &given = leaves_of<From>();
  std::vector<Value> values = values_of(from);
  for (std::size_t i = 0; i < values.size(); ++i)
    if (types[i].type.dtype != given[i].type.dtype)
      values[i] = emit("kerf.cast", {&values[i], 1}, types[i].type, {}, line);
  To to{};
  assign(to, values);
  return to;
}

} // namespace detail

/// While it lives, what is emitted belongs to the module that holds `member`, a Param or a Buffer;
/// of an absent one, to none.
class Scope {
public:
  template <class Member> explicit Scope(const Member &member) {
    if constexpr (requires { member.path; }) {
      const std::size_t end = member.path.rfind('.');
      is_named = end != std::string_view::npos;
      if (is_named)
        Builder::current()->push_module(member.path.substr(0, end));
    }
  }
  ~Scope() {
    if (is_named)
      Builder::current()->pop_module();
  }
  Scope(const Scope &) = delete;
  Scope &operator=(const Scope &) = delete;

private:
  bool is_named = false;
};

} // namespace kerf
