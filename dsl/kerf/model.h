// The entry table of a model: what its artefact exports, by name, with the role of each argument.
//
//     const auto registered = kerf::model<"vqvae">(
//         entry<"train_step">(train_step, roles("params", "adam", "step", "images"), bind(B, 32)),
//         constant("warmup_steps", 100));
#pragma once

#include "kerf/model_table.h"
#include "kerf/module.h"

#include <tuple>

namespace kerf {

/// The names of an entry's arguments, in order. A tree is a block and its name is its role.
template <std::size_t N> struct Roles {
  std::array<const char *, N> names;
};
template <class... Names> constexpr auto roles(Names... names) {
  return Roles<sizeof...(names)>{{names...}};
}

/// The name of the result of an entry that returns one tensor; "result" if not given.
struct returns {
  const char *name = nullptr;
};

/// A policy, of an entry or of all of a model: contractions and convolutions of f32 round their
/// operands and results to bf16, and sum in f32. Parameters, gradients, the state of optimizers,
/// norms, softmax and losses are f32.
struct Compute {
  const char *type = nullptr; ///< null: as it is written
  constexpr Compute(const char *type = nullptr) : type(type) {}
  constexpr Compute(Compute (*policy)()) : type(policy().type) {}
};
/// The policy of products in bf16, `compute<bf16>`, without brackets behind it.
template <class T> constexpr Compute compute() {
  static_assert(std::is_same_v<T, bf16>,
                "kerf: compute<bf16> is the only policy; f16 would need a loss that is scaled, and "
                "other types are cast to where they are wanted");
  return {"bf16"};
}
__attribute__((unavailable("kerf: the type of a policy stands in angle brackets: compute<bf16>")))
Compute
compute(const char *);

/// A dim that is open: each call has a number of its own, 1 to `most`.
struct UpTo {
  Dim most;
};
constexpr UpTo up_to(Dim most) { return {most}; }
template <std::floating_point Number> constexpr UpTo up_to(Number) {
  static_assert(detail::never<Number>, "kerf: up_to: the most is a whole number: up_to(64)");
  return {1};
}

namespace detail {
/// What stands in `bind`: a dim, its number, or how far it is open.
struct Bound {
  Dim dim;
  bool is_open = false;
  constexpr Bound(UpTo open) : dim(open.most), is_open(true) {}
  constexpr Bound(Dim dim) : dim(dim) {}
};
} // namespace detail

/// Numbers for the named dims of an entry: `bind(B, 32, T, 196)`. One of them may be open, the
/// leading one of its tensors: `bind(B, up_to(256), T, 196)`.
template <std::size_t N> struct Binding {
  std::array<Dim, N> dims;
  std::array<Dim, N> values;
  std::array<bool, N> is_open{};
};
template <class... Values> constexpr auto bind(Values... values) {
  static_assert(sizeof...(values) % 2 == 0, "kerf: bind takes dims and numbers in turn");
  const detail::Bound all[] = {detail::Bound(values)...};
  Binding<sizeof...(values) / 2> binding;
  for (std::size_t i = 0; i < sizeof...(values) / 2; ++i) {
    binding.dims[i] = all[2 * i].dim;
    binding.values[i] = all[2 * i + 1].dim;
    binding.is_open[i] = all[2 * i + 1].is_open;
  }
  return binding;
}

/// A number that the artefact's header shows.
struct Constant {
  const char *name;
  std::int64_t value;
};
constexpr Constant constant(const char *name, std::int64_t value) { return {name, value}; }

namespace detail {

/// The arguments or results of an entry under construction.
struct Ports {
  std::vector<Port> ports;
  std::vector<Value> values;

  template <class Tree> void add(const char *name, const Tree &tree) {
    for (const Leaf &leaf : leaves_of<Tree>()) {
      if constexpr (Operand<Tree>)
        ports.push_back({"", name, leaf.type});
      else
        ports.push_back({name, leaf.path, leaf.type});
    }
    const std::vector<Value> handles = values_of(tree);
    values.insert(values.end(), handles.begin(), handles.end());
  }

  /// Ends the program if one of the results has no value, and says which.
  void require_bound(std::string_view entry, Line line) const {
    for (std::size_t i = 0; i < values.size(); ++i)
      if (values[i] == unbound) {
        Text text;
        text << "entry " << entry << ": '" << ports[i].leaf << "' of ";
        if (ports[i].role.empty())
          text << "what it returns";
        else
          text << ports[i].role << ", which it writes,";
        stop(line, text << " has no value: assign it one before");
      }
  }
};

/// How an entry takes an argument: `T &` is written by it, anything else is only read.
template <class Argument>
inline constexpr bool is_written =
    std::is_lvalue_reference_v<Argument> && !std::is_const_v<std::remove_reference_t<Argument>>;

/// Stands for what has no type of its own: the name of a template, or of several functions.
struct NoType {};

template <class> inline constexpr bool is_roles = false;
template <std::size_t N> inline constexpr bool is_roles<Roles<N>> = true;
template <class> inline constexpr bool is_binding = false;
template <std::size_t N> inline constexpr bool is_binding<Binding<N>> = true;

constexpr Rule of_no_type() {
  return fail("an entry is one function, but this name is that of a template (a function that "
              "takes auto is one) or of several functions; say which, as in f<Model>");
}
inline constexpr Rule name_rule = of_no_type().in("kerf: entry: ");

template <class X>
inline constexpr bool is_policy =
    std::is_same_v<X, Compute> || std::is_same_v<X, Compute (*)()> || std::is_same_v<X, Compute()>;

/// Can an entry be called so: a function, its roles, and what follows?
template <class F, class... Rest> constexpr Rule entry_call_rule() {
  if constexpr (std::is_same_v<F, NoType>) {
    return of_no_type();
  } else if constexpr (std::is_class_v<F>) {
    return fail("an entry is a function, but this is an object, a lambda say; give the function a "
                "name, or write + before a lambda that captures nothing");
  } else if constexpr (!std::is_function_v<F> && !std::is_function_v<std::remove_pointer_t<F>>) {
    return fail("an entry is a function, but this is none; of a member function, write a function "
                "that calls it");
  } else {
    constexpr bool kinds[][4] = {
        {is_roles<Rest>, is_binding<Rest>, std::is_same_v<Rest, returns>, is_policy<Rest>}..., {}};
    std::size_t i = 0;
    const bool has_roles = kinds[i][0];
    i += has_roles;
    i += kinds[i][1];
    i += kinds[i][2];
    i += kinds[i][3];
    if (!has_roles || i != sizeof...(Rest))
      return fail(
          "behind the function stand roles(...), a name for each of its arguments, then, if "
          "any, bind(...), returns(...) and compute<bf16>");
    return Shape{};
  }
}

template <Name name, class F, class... Rest> auto check_entry_call() {
  static constexpr Rule rule = entry_call_rule<F, Rest...>().in("kerf: entry: ");
  KERF_CHECK(rule);
  return std::true_type();
}
template <Name name, class F, class... Rest> constexpr bool is_wrong_call() {
  if constexpr ((std::is_same_v<Rest, Line> || ...))
    return false; // of an entry that calls the other
#if !defined(__clang__)
  else if constexpr (std::is_same_v<F, NoType>)
    return false; // the last `entry` is for names
#endif
  else if constexpr (entry_call_rule<F, Rest...>().ok)
    return false;
  else
    return decltype(check_entry_call<name, F, Rest...>())::value;
}

/// What is wrong with the function of an entry, or with the number of its roles.
template <class Result, class... Arguments> constexpr Rule is_entry(std::size_t roles) {
  if (roles != sizeof...(Arguments))
    return fail("roles() gives ", std::int64_t(roles), " names, but the function takes ",
                std::int64_t(sizeof...(Arguments)), " arguments");
  Rule rule = Shape{};
  int number = 0;
  [[maybe_unused]] const auto check = [&]<class Argument>(std::type_identity<Argument>) {
    using T = std::remove_cvref_t<Argument>;
    ++number;
    if (!rule.ok)
      return;
    if constexpr (!IsTree<T> && std::is_class_v<T>)
      rule = fail("argument ", number, ": ", std::string_view(has_leaves<T>().text));
    else if constexpr (!IsTree<T>)
      rule = fail("argument ", number, " of the function is ", spelled<T>(),
                  ", but an entry takes tensors and trees of them; a number that is known when the "
                  "model is compiled is a template argument");
    else if constexpr (Operand<T> && is_written<Argument>)
      rule = fail("argument ", number,
                  " is a tensor that the function may write, but an entry "
                  "writes trees; put a tensor that it writes into a struct");
    else if constexpr (!Operand<T> && !std::is_lvalue_reference_v<Argument>)
      rule = fail("argument ", number, ", a ", spelled<T>(),
                  ", is taken by value, so what the "
                  "function does to it is lost; take ",
                  spelled<T>(), " & to write it, const ", spelled<T>(), " & to read it");
    else if (!tree_rule<T>.ok)
      rule = tree_rule<T>;
  };
  (check(std::type_identity<Arguments>()), ...);
  if constexpr (!std::is_void_v<Result>) {
    using R = std::remove_cvref_t<Result>;
    if (rule.ok && (!IsTree<R> || is_tuple<R>))
      rule = fail("the function returns ", spelled<R>(),
                  ", but an entry returns a tensor, an aggregate of tensors or nothing");
    else if (rule.ok && !Operand<R> && !tree_rule<R>.ok)
      rule = tree_rule<R>;
  }
  return rule;
}

template <std::size_t roles, class Result, class... Arguments>
inline constexpr Rule entry_rule = is_entry<Result, Arguments...>(roles).in("kerf: entry: ");

/// Ends the program if the function of an entry updated a buffer of a tree that it only reads.
inline void check_updates(std::string_view entry, std::string_view role,
                          const std::vector<Leaf> &leaves, std::span<const Value> before,
                          std::span<const Value> after, Line line) {
  for (std::size_t i = 0; i < leaves.size(); ++i) {
    if (after[i] == before[i])
      continue;
    Text text;
    text << "entry " << entry << ": '" << leaves[i].path << "' of " << role << " is updated";
    if (const Line *where = Updates::current().line_of(after[i]))
      text << " (" << std::string_view(spell(*where)) << ")";
    stop(line, text << ", but " << role
                    << " is only read; take it by reference, or call with Mode::inference");
  }
}

/// Ends the program if two arguments have one role.
inline void check_roles(std::string_view entry, std::span<const char *const> roles, Line line) {
  for (std::size_t i = 0; i < roles.size(); ++i)
    for (std::size_t k = 0; k < i; ++k)
      if (std::string_view(roles[i]) == roles[k]) {
        Text text;
        stop(line, text << "entry " << entry << ": arguments " << std::int64_t(k + 1) << " and "
                        << std::int64_t(i + 1) << " have one role, " << roles[i]
                        << "; give each a name of its own");
      }
}

/// Ends the program if something is bound that is no named dim, to what is no number, or twice, or
/// if two dims are open.
inline void check_binding(std::string_view entry, std::span<const Dim> dims,
                          std::span<const Dim> values, std::span<const bool> is_open, Line line) {
  for (std::size_t i = 0; i < dims.size(); ++i) {
    Text text;
    text << "entry " << entry << ": bind(" << dims[i] << ", " << (is_open[i] ? "up_to(" : "")
         << values[i] << (is_open[i] ? ")" : "") << "): ";
    const std::string_view name = dims[i].spelling();
    if (!dims[i].is_named() || name.find_first_of("+-*") != std::string_view::npos)
      stop(line, text << dims[i] << " is no named dim, as dim<\"B\">() is");
    if (values[i].is_named())
      stop(line, text << values[i] << " is no number");
    if (values[i].value < 1)
      stop(line, text << "a named dim is at least 1");
    if (values[i].value > INT32_MAX)
      stop(line, text << "a named dim is below 2^31");
    if (is_open[i] && values[i].value < 2)
      stop(line, text << "an open dim has several values; write bind(" << dims[i] << ", 1)");
    for (std::size_t k = 0; k < i; ++k) {
      if (dims[k] == dims[i])
        stop(line, text << dims[i] << " is bound to " << values[k] << " before");
      if (is_open[i] && is_open[k])
        stop(line, text << "one dim of an entry may be open, and " << dims[k]
                        << " is; bind the other to a number");
    }
  }
}

} // namespace detail

/// A function that the artefact exports.
template <Name name, std::size_t num_dims, class Result, class... Arguments> class Entry {
public:
  Entry(Result (*function)(Arguments...), Roles<sizeof...(Arguments)> roles,
        Binding<num_dims> binding, const char *result_name, Compute policy, Line line)
      : function(function), roles(roles), binding(binding), result_name(result_name),
        policy(policy), line(line) {}

  /// The entry as the generator sees it; valid as long as this object stays in place.
  kerf_model_entry describe() {
    for (std::size_t i = 0; i < num_dims; ++i)
      dims[i] = {binding.dims[i].text, binding.values[i].value, binding.is_open[i]};
    std::size_t role = 0;
    (add_leaves(roles.names[role++], leaves_of<std::remove_cvref_t<Arguments>>()), ...);
    return {name.characters,
            dims.data(),
            num_dims,
            buffers.c_str(),
            params.c_str(),
            policy.type,
            this,
            [](const void *self, Builder &builder) {
              static_cast<const Entry *>(self)->emit(builder);
            }};
  }

private:
  static constexpr std::string_view entry_name = name.view();

  void add_leaves(const char *role, const std::vector<Leaf> &leaves) {
    for (const Leaf &leaf : leaves)
      if (leaf.kind == LeafKind::buffer || leaf.kind == LeafKind::param)
        (leaf.kind == LeafKind::buffer ? buffers : params) += detail::join(role, leaf.path) + "\n";
  }

  void emit(Builder &builder) const {
    detail::check_roles(entry_name, roles.names, line);
    detail::check_binding(entry_name, binding.dims, binding.values, binding.is_open, line);
    Builder *const outer = std::exchange(Builder::current(), &builder);
    std::tuple<std::remove_cvref_t<Arguments>...> arguments;
    emit(builder, arguments, std::index_sequence_for<Arguments...>());
    Builder::current() = outer;
  }

  template <std::size_t... i>
  void emit(Builder &builder, std::tuple<std::remove_cvref_t<Arguments>...> &arguments,
            std::index_sequence<i...>) const {
    detail::Ports in;
    (in.add(roles.names[i], std::get<i>(arguments)), ...);
    builder.begin_entry(name.view(), in.ports, in.values, line);
    detail::Updates::current().begin_entry();
    [[maybe_unused]] std::size_t first = 0; // of an entry without arguments
    (
        [&] {
          auto &argument = std::get<i>(arguments);
          const std::size_t count = leaves_of<std::remove_cvref_t<Arguments>>().size();
          assign(argument, std::span(in.values).subspan(first, count));
          first += count;
        }(),
        ...);

    detail::Ports out;
    const auto add_written = [&] {
      std::span<const Value> before = in.values;
      (
          [&] {
            using Tree = std::remove_cvref_t<Arguments>;
            const std::vector<Leaf> &leaves = leaves_of<Tree>();
            if constexpr (detail::is_written<Arguments>)
              out.add(roles.names[i], std::get<i>(arguments));
            else if constexpr (!Operand<Tree>)
              detail::check_updates(entry_name, roles.names[i], leaves, before,
                                    values_of(std::get<i>(arguments)), line);
            before = before.subspan(leaves.size());
          }(),
          ...);
    };
    if (result_name && (std::is_void_v<Result> || !Operand<Result>)) {
      Text text;
      detail::stop(line, text << "entry " << entry_name << ": returns(\"" << result_name
                              << "\") names one tensor, but the function returns "
                              << (std::is_void_v<Result> ? "nothing"
                                                         : "an aggregate, whose fields are names"));
    }
    if constexpr (std::is_void_v<Result>) {
      function(std::get<i>(arguments)...);
      add_written();
    } else {
      const auto result = function(std::get<i>(arguments)...);
      add_written();
      add_result(out, result);
    }
    out.require_bound(name.view(), line);
    builder.end_entry(detail::all_of(out.ports), detail::all_of(out.values));
  }

  /// One tensor under the name that the entry gives it, or an aggregate under its fields' names.
  void add_result(detail::Ports &out, const auto &result) const {
    using R = std::remove_cvref_t<decltype(result)>;
    if constexpr (Operand<R>) {
      out.add(result_name ? result_name : "result",
              TensorOf<element_of<R>, shape_of<R>>(result, line));
    } else {
      const std::vector<Value> values = values_of(result);
      for (std::size_t k = 0; k < values.size(); ++k) {
        const Leaf &leaf = leaves_of<R>()[k];
        out.ports.push_back({"", leaf.path, leaf.type});
        out.values.push_back(values[k]);
      }
    }
  }

  Result (*function)(Arguments...);
  Roles<sizeof...(Arguments)> roles;
  Binding<num_dims> binding;
  std::array<kerf_bound_dim, num_dims> dims{};
  std::string buffers, params; ///< see kerf_model_entry
  const char *result_name;     ///< null if the table gives none
  Compute policy;
  Line line; ///< of its row in the table
};

/// The entry `name`: a function of trees and tensors, a role for each of its arguments, and numbers
/// for its named dims. A tree taken by reference to non-const is a block that the entry writes, one
/// by reference to const is read; tensors are read. The function returns an aggregate of tensors,
/// one tensor (then `returns("codes")` names it), or nothing.
template <Name name, class Result, class... Arguments, std::size_t num_roles,
          std::size_t num_dims = 0>
auto entry(Result (*function)(Arguments...), const Roles<num_roles> &roles,
           const Binding<num_dims> &binding = {}, returns result = {}, Compute policy = {},
           Line line = Line::current()) {
  static constexpr Rule rule = detail::entry_rule<num_roles, Result, Arguments...>;
  KERF_CHECK(rule);
  if constexpr (rule.ok)
    return Entry<name, num_dims, Result, Arguments...>(function, roles, binding, result.name,
                                                       policy, line);
  else
    return Constant{"", 0};
}
template <Name name, class Result, class... Arguments, std::size_t num_roles>
auto entry(Result (*function)(Arguments...), const Roles<num_roles> &roles, returns result,
           Compute policy = {}, Line line = Line::current()) {
  static constexpr Rule rule = detail::entry_rule<num_roles, Result, Arguments...>;
  KERF_CHECK(rule);
  if constexpr (rule.ok)
    return entry<name>(function, roles, Binding<0>{}, result, policy, line);
  else
    return Constant{"", 0};
}
template <Name name, class Result, class... Arguments, std::size_t num_roles, std::size_t num_dims>
auto entry(Result (*function)(Arguments...), const Roles<num_roles> &roles,
           const Binding<num_dims> &binding, Compute policy, Line line = Line::current()) {
  static constexpr Rule rule = detail::entry_rule<num_roles, Result, Arguments...>;
  KERF_CHECK(rule);
  if constexpr (rule.ok)
    return entry<name>(function, roles, binding, returns{}, policy, line);
  else
    return Constant{"", 0};
}
template <Name name, class Result, class... Arguments, std::size_t num_roles>
auto entry(Result (*function)(Arguments...), const Roles<num_roles> &roles, Compute policy,
           Line line = Line::current()) {
  static constexpr Rule rule = detail::entry_rule<num_roles, Result, Arguments...>;
  KERF_CHECK(rule);
  if constexpr (rule.ok)
    return entry<name>(function, roles, Binding<0>{}, returns{}, policy, line);
  else
    return Constant{"", 0};
}
/// What no other takes: an error. The name of a template has no type, so F is what it is without.
/// To g++ Rest is empty where it has a {} in it.
template <Name name, class F = detail::NoType, class First, class... Rest>
  requires(detail::is_wrong_call<name, F, First, Rest...>())
auto entry(const F &, const First &, const Rest &...) {
  return Constant{"", 0};
}
template <Name name, class F = detail::NoType>
  requires(detail::is_wrong_call<name, F>())
auto entry(const F &) {
  return Constant{"", 0};
}
#if !defined(__clang__)
// g++ points at the call, and there first, if what is called for has an incomplete type; clang
// does so too, but cuts the words in that type off.
template <Name name, class Result, class... Arguments, std::size_t num_roles,
          std::size_t num_dims = 0>
  requires(!detail::entry_rule<num_roles, Result, Arguments...>.ok)
auto entry(Result (*function)(Arguments...), const Roles<num_roles> &roles,
           const Binding<num_dims> &binding = {}, returns result = {}, Compute policy = {},
           Line line = Line::current())
    -> error<detail::words_of<detail::entry_rule<num_roles, Result, Arguments...>>>;
template <Name name, class Result, class... Arguments, std::size_t num_roles>
  requires(!detail::entry_rule<num_roles, Result, Arguments...>.ok)
auto entry(Result (*function)(Arguments...), const Roles<num_roles> &roles, returns result,
           Compute policy = {}, Line line = Line::current())
    -> error<detail::words_of<detail::entry_rule<num_roles, Result, Arguments...>>>;
// The name of a template, or of several functions. g++ takes a template whose parameters are in no
// type for a function in the others, until it is to be converted to a pointer.
template <Name name, class Words = error<detail::words_of<detail::name_rule>>>
auto entry(...) -> Words = delete;
#endif

namespace detail {

/// What the models of this program show to the generator: the last one, and from it the others.
inline kerf_model_table *&last_model() {
  static kerf_model_table *table = nullptr;
  return table;
}

} // namespace detail

/// A model: its entries and constants. Constructed in place, once.
template <class... Items> class ModelTable {
public:
  ModelTable(const char *name, const Items &...items) : items(items...) {
    const auto list = [this]<class Item>(Item &item) {
      if constexpr (std::is_same_v<Item, Constant>)
        constants.push_back({item.name, item.value});
      else if constexpr (!detail::is_policy<Item>)
        entries.push_back(item.describe());
    };
    std::apply([&](auto &...item) { (list(item), ...); }, this->items);
    for (kerf_model_entry &entry : entries)
      if (!entry.compute)
        ((entry.compute = policy_of(items)) || ...);
    kerf_model_table *&last = detail::last_model();
    table = {name, entries.data(), entries.size(), constants.data(), constants.size(), last};
    last = &table;
  }
  ModelTable(const ModelTable &) = delete;
  ModelTable &operator=(const ModelTable &) = delete;

private:
  static const char *policy_of(const Compute &policy) { return policy.type; }
  static const char *policy_of(Compute (*policy)()) { return policy().type; }
  static const char *policy_of(const auto &) { return nullptr; }

  std::tuple<Items...> items;
  std::vector<kerf_model_entry> entries;
  std::vector<kerf_named_number> constants;
  kerf_model_table table{};
};

/// `const auto registered = model<"name">(entry<…>(…)…, constant(…)…);` at namespace scope makes
/// this program's model known to the generator; `compute<bf16>` among them is the policy of entries
/// that have none of their own. A unit that includes another, and uses its
/// functions in a model of its own, has two: then the generator is told which to make.
template <Name name, class... Items> auto model(const Items &...items) {
  return ModelTable<std::decay_t<const Items>...>(name.characters, items...);
}

} // namespace kerf

extern "C" [[gnu::used]] inline const kerf_model_table *kerf_models() {
  return kerf::detail::last_model();
}
