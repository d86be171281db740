// Options by name, in any order: `adam_step(model, gradients, adam, rate = 1e-3, beta2 = 0.99)`.
#pragma once

#include <boost/hana/at_key.hpp>
#include <boost/hana/contains.hpp>
#include <boost/hana/equal.hpp>
#include <boost/hana/map.hpp>
#include <boost/hana/pair.hpp>
#include <boost/hana/type.hpp>

namespace kerf {

/// The name of an option; assigning to it makes a keyed value.
template <class Tag> struct Option {
  template <class V> constexpr auto operator=(const V &value) const {
    return boost::hana::make_pair(boost::hana::type_c<Tag>, value);
  }
};

namespace detail {

/// Stands for an option that was not given.
struct NoOption {};

/// The value of an option in a Hana map, or its default.
template <class Set, class Tag, class Default>
constexpr auto option_or(const Set &set, Option<Tag>, const Default &otherwise) {
  constexpr auto key = boost::hana::type_c<Tag>;
  if constexpr (decltype(boost::hana::contains(set, key))::value)
    return set[key];
  else
    return otherwise;
}

/// Is the pair P one of the options that a function takes?
template <class P, class... Tags> constexpr bool is_option_of(const Option<Tags> &...) {
  using Key = std::remove_cvref_t<decltype(boost::hana::first(std::declval<P>()))>;
  return (std::is_same_v<Key, boost::hana::type<Tags>> || ...);
}

} // namespace detail
} // namespace kerf
