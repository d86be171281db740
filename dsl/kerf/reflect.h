// Fields of plain aggregates: how many, their names, and a visit of all. No macro in user code.
#pragma once

#include <array>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace kerf {

/// Base of modules, so that a struct of parameters says what it is: `struct Linear : Module {…};`.
struct Module {};

namespace detail {

/// Converts to whatever a field is.
struct Anything {
  template <class T> operator T() const;
};

template <class T, class... Fields> consteval int count_fields() {
  if constexpr (requires { T{Fields{}..., Anything{}}; })
    return count_fields<T, Fields..., Anything>();
  else
    return int(sizeof...(Fields)) - (std::is_base_of_v<Module, T> ? 1 : 0);
}

} // namespace detail

namespace detail {

/// The name of a class in messages: without its namespaces, and `<>` for template arguments.
template <class T> consteval std::string_view spelled() {
  constexpr std::string_view spelling = __PRETTY_FUNCTION__;
  constexpr std::size_t begin = spelling.find("T = ") + 4;
  constexpr std::size_t end = spelling.find_first_of("<;]", begin);
  constexpr std::string_view path = spelling.substr(begin, end - begin);
  constexpr std::size_t colon = path.rfind(':');
  return colon == std::string_view::npos ? path : path.substr(colon + 1);
}

} // namespace detail

/// How many fields an aggregate has. Its only base may be Module, which counts as none.
template <class T>
inline constexpr int field_count = detail::count_fields<std::remove_const_t<T>>();

/// The most that `with_fields` can take apart.
inline constexpr int max_fields = 24;

/// visit(field, field, …) of an aggregate. Names of structured bindings cannot be a pack before
/// C++26, hence one line per count.
template <class T, class Visitor> constexpr decltype(auto) with_fields(T &object, Visitor &&visit) {
  constexpr int n = field_count<T>;
  static_assert(n >= 1 && n <= max_fields,
                "kerf: a module has 1 to 24 fields; nest structs for more");
  if constexpr (n == 1) {
    auto &[a] = object;
    return visit(a);
  } else if constexpr (n == 2) {
    auto &[a, b] = object;
    return visit(a, b);
  } else if constexpr (n == 3) {
    auto &[a, b, c] = object;
    return visit(a, b, c);
  } else if constexpr (n == 4) {
    auto &[a, b, c, d] = object;
    return visit(a, b, c, d);
  } else if constexpr (n == 5) {
    auto &[a, b, c, d, e] = object;
    return visit(a, b, c, d, e);
  } else if constexpr (n == 6) {
    auto &[a, b, c, d, e, f] = object;
    return visit(a, b, c, d, e, f);
  } else if constexpr (n == 7) {
    auto &[a, b, c, d, e, f, g] = object;
    return visit(a, b, c, d, e, f, g);
  } else if constexpr (n == 8) {
    auto &[a, b, c, d, e, f, g, h] = object;
    return visit(a, b, c, d, e, f, g, h);
  } else if constexpr (n == 9) {
    auto &[a, b, c, d, e, f, g, h, i] = object;
    return visit(a, b, c, d, e, f, g, h, i);
  } else if constexpr (n == 10) {
    auto &[a, b, c, d, e, f, g, h, i, j] = object;
    return visit(a, b, c, d, e, f, g, h, i, j);
  } else if constexpr (n == 11) {
    auto &[a, b, c, d, e, f, g, h, i, j, k] = object;
    return visit(a, b, c, d, e, f, g, h, i, j, k);
  } else if constexpr (n == 12) {
    auto &[a, b, c, d, e, f, g, h, i, j, k, l] = object;
    return visit(a, b, c, d, e, f, g, h, i, j, k, l);
  } else if constexpr (n == 13) {
    auto &[a, b, c, d, e, f, g, h, i, j, k, l, m] = object;
    return visit(a, b, c, d, e, f, g, h, i, j, k, l, m);
  } else if constexpr (n == 14) {
    auto &[a, b, c, d, e, f, g, h, i, j, k, l, m, n] = object;
    return visit(a, b, c, d, e, f, g, h, i, j, k, l, m, n);
  } else if constexpr (n == 15) {
    auto &[a, b, c, d, e, f, g, h, i, j, k, l, m, n, o] = object;
    return visit(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o);
  } else if constexpr (n == 16) {
    auto &[a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = object;
    return visit(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p);
  } else if constexpr (n == 17) {
    auto &[a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q] = object;
    return visit(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q);
  } else if constexpr (n == 18) {
    auto &[a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r] = object;
    return visit(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r);
  } else if constexpr (n == 19) {
    auto &[a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s] = object;
    return visit(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s);
  } else if constexpr (n == 20) {
    auto &[a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t] = object;
    return visit(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t);
  } else if constexpr (n == 21) {
    auto &[a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u] = object;
    return visit(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u);
  } else if constexpr (n == 22) {
    auto &[a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v] = object;
    return visit(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v);
  } else if constexpr (n == 23) {
    auto &[a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w] = object;
    return visit(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w);
  } else if constexpr (n == 24) {
    auto &[a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x] = object;
    return visit(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x);
  }
}

namespace detail {

/// An object that is never defined: its fields have addresses, and those have names.
template <class T> struct Wrapper {
  T value;
};
#if defined(__clang__)
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wundefined-var-template"
#pragma clang diagnostic ignored "-Wundefined-internal"
#endif
template <class T> extern const Wrapper<T> fake;

template <class P> struct Pointer {
  P pointer;
};
template <class P> Pointer(P) -> Pointer<P>;

/// The name of the field that P points to, cut out of the compiler's spelling of this function.
template <Pointer P> consteval std::string_view pointed_name() {
  constexpr std::string_view spelling = __PRETTY_FUNCTION__;
#if defined(__clang__)
  constexpr std::size_t end = spelling.rfind('}');
#else
  constexpr std::size_t end = spelling.rfind(")}");
#endif
  constexpr std::size_t begin = spelling.find_last_of(".:>", end) + 1;
  return spelling.substr(begin, end - begin);
}

template <class T> consteval auto field_pointers() {
  return with_fields(fake<T>.value, [](auto &...field) { return std::tuple(&field...); });
}

template <class T> consteval auto spell_fields() {
  return []<std::size_t... i>(std::index_sequence<i...>) {
    constexpr auto pointers = field_pointers<T>();
    return std::array<std::string_view, sizeof...(i)>{
        pointed_name<Pointer{std::get<i>(pointers)}>()...};
  }(std::make_index_sequence<field_count<T>>());
}
#if defined(__clang__)
#pragma clang diagnostic pop
#endif

} // namespace detail

/// The names of the fields of an aggregate, in order.
template <class T>
inline constexpr auto field_names = detail::spell_fields<std::remove_const_t<T>>();

} // namespace kerf
