// The entry table of a model: what its artefact exports, by name, with the role of each argument.
//
//     const auto registered = kerf::model<"vqvae">(
//         entry<"train_step">(train_step, roles("params", "adam", "step", "images"), bind(B, 32)),
//         constant("warmup_steps", 100));
#pragma once

#include "kerf/model_table.h"
#include "kerf/module.h"

#include <boost/hana/for_each.hpp>
#include <boost/hana/tuple.hpp>

#include <tuple>

namespace kerf {

/// The names of an entry's arguments, in order. A tree is a block and its name is its role.
template <std::size_t N> struct Roles {
  std::array<const char *, N> names;
};
template <class... Names> constexpr auto roles(Names... names) {
  return Roles<sizeof...(names)>{{names...}};
}

/// Numbers for the named dims of an entry: `bind(B, 32, T, 196)`.
template <std::size_t N> struct Binding {
  std::array<Dim, N> dims;
  std::array<std::int64_t, N> values;
};
template <class... Values> constexpr auto bind(Values... values) {
  static_assert(sizeof...(values) % 2 == 0, "kerf: bind takes dims and numbers in turn");
  const Dim all[] = {Dim(values)...};
  Binding<sizeof...(values) / 2> binding;
  for (std::size_t i = 0; i < sizeof...(values) / 2; ++i) {
    binding.dims[i] = all[2 * i];
    binding.values[i] = all[2 * i + 1].value;
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
};

/// How an entry takes an argument: `T &` is written by it, anything else is only read.
template <class Argument>
inline constexpr bool is_written =
    std::is_lvalue_reference_v<Argument> && !std::is_const_v<std::remove_reference_t<Argument>>;

constexpr Rule one_role_each(std::size_t roles, std::size_t arguments) {
  if (roles != arguments)
    return fail("roles() gives ", std::int64_t(roles), " names, but the function takes ",
                std::int64_t(arguments), " arguments");
  return Shape{};
}

} // namespace detail

/// A function that the artefact exports.
template <Name name, std::size_t num_dims, class Result, class... Arguments> class Entry {
public:
  Entry(Result (*function)(Arguments...), Roles<sizeof...(Arguments)> roles,
        Binding<num_dims> binding, const char *result_name, Line line)
      : function(function), roles(roles), binding(binding), result_name(result_name), line(line) {
    static_assert(
        ((!Operand<std::remove_cvref_t<Arguments>> || !detail::is_written<Arguments>) && ...),
        "kerf: an entry writes trees; put a tensor that it writes into a struct");
  }

  /// The entry as the generator sees it; valid as long as this object stays in place.
  kerf_model_entry describe() {
    self = this;
    for (std::size_t i = 0; i < num_dims; ++i)
      dims[i] = {binding.dims[i].text, binding.values[i]};
    return {name.characters, dims.data(), num_dims, [](Builder &builder) { self->emit(builder); }};
  }

private:
  void emit(Builder &builder) const {
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
      (
          [&] {
            if constexpr (detail::is_written<Arguments>)
              out.add(roles.names[i], std::get<i>(arguments));
          }(),
          ...);
    };
    if constexpr (std::is_void_v<Result>) {
      function(std::get<i>(arguments)...);
      add_written();
    } else {
      const auto result = function(std::get<i>(arguments)...);
      add_written();
      add_result(out, result);
    }
    detail::require_bound(out.values, name.view(), line);
    builder.end_entry(out.ports, out.values);
  }

  /// One tensor under the name that the entry gives it, or an aggregate under its fields' names.
  void add_result(detail::Ports &out, const auto &result) const {
    using R = std::remove_cvref_t<decltype(result)>;
    if constexpr (Operand<R>) {
      out.add(result_name, TensorOf<element_of<R>, shape_of<R>>(result, line));
    } else {
      const std::vector<Value> values = values_of(result);
      for (std::size_t k = 0; k < values.size(); ++k) {
        const Leaf &leaf = leaves_of<R>()[k];
        out.ports.push_back({"", leaf.path, leaf.type});
        out.values.push_back(values[k]);
      }
    }
  }

  static inline const Entry *self = nullptr;
  Result (*function)(Arguments...);
  Roles<sizeof...(Arguments)> roles;
  Binding<num_dims> binding;
  std::array<kerf_named_number, num_dims> dims{};
  const char *result_name;
  Line line;
};

/// The name of the result of an entry that returns one tensor.
struct returns {
  const char *name = "result";
};

/// The entry `name`: a function of trees and tensors, a role for each of its arguments, and numbers
/// for its named dims. A tree taken by reference to non-const is a block that the entry writes. The
/// function returns an aggregate of tensors, one tensor (then `returns("codes")` names it), or
/// nothing.
template <Name name, class Result, class... Arguments, std::size_t num_roles,
          std::size_t num_dims = 0>
auto entry(Result (*function)(Arguments...), const Roles<num_roles> &roles,
           const Binding<num_dims> &binding = {}, returns result = {},
           Line line = Line::current()) {
  static constexpr Rule rule =
      detail::one_role_each(num_roles, sizeof...(Arguments)).in("kerf: entry: ");
  KERF_CHECK(rule);
  if constexpr (rule.ok)
    return Entry<name, num_dims, Result, Arguments...>(function, roles, binding, result.name, line);
  else
    return Constant{"", 0};
}

namespace detail {

/// What the model of this program shows to the generator.
inline kerf_model_table *&table_of_the_model() {
  static kerf_model_table *table = nullptr;
  return table;
}

} // namespace detail

/// A model: its entries and constants. Constructed in place, once.
template <class... Items> class ModelTable {
public:
  ModelTable(const char *name, const Items &...items) : items(items...) {
    namespace hana = boost::hana;
    hana::for_each(this->items, [this]<class Item>(Item &item) {
      if constexpr (std::is_same_v<Item, Constant>)
        constants.push_back({item.name, item.value});
      else
        entries.push_back(item.describe());
    });
    table = {name, entries.data(), entries.size(), constants.data(), constants.size()};
    detail::table_of_the_model() = &table;
  }
  ModelTable(const ModelTable &) = delete;
  ModelTable &operator=(const ModelTable &) = delete;

private:
  boost::hana::tuple<Items...> items;
  std::vector<kerf_model_entry> entries;
  std::vector<kerf_named_number> constants;
  kerf_model_table table{};
};

/// `const auto registered = model<"name">(entry<…>(…)…, constant(…)…);` at namespace scope makes
/// this program's model known to the generator.
template <Name name, class... Items> auto model(const Items &...items) {
  return ModelTable<Items...>(name.characters, items...);
}

} // namespace kerf

extern "C" [[gnu::used]] inline const kerf_model_table *kerf_models() {
  return kerf::detail::table_of_the_model();
}
