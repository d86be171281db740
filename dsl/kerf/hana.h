// The Hana view of a module: any aggregate derived from kerf::Module is a hana::Struct, so that
// `for_each`, `keys`, `members` work on it without a macro.
#pragma once

#include "kerf/module.h"

#include <boost/hana/concept/struct.hpp>
#include <boost/hana/core/when.hpp>
#include <boost/hana/fwd/accessors.hpp>
#include <boost/hana/pair.hpp>
#include <boost/hana/string.hpp>
#include <boost/hana/tuple.hpp>

namespace boost::hana {

template <class M> struct accessors_impl<M, when<std::is_base_of_v<kerf::Module, M>>> {
  /// The i-th name as a type, which is what Hana's keys are.
  template <std::size_t i, std::size_t... c> static constexpr auto key(std::index_sequence<c...>) {
    return string<kerf::field_names<M>[i][c]...>{};
  }
  /// The i-th field of a module, with the constness and value category that it has there.
  template <std::size_t i> struct Field {
    template <class Object> constexpr decltype(auto) operator()(Object &&object) const {
      return kerf::with_fields(
          object, [](auto &...field) -> decltype(auto) { return std::get<i>(std::tie(field...)); });
    }
  };
  template <std::size_t... i> static constexpr auto pairs(std::index_sequence<i...>) {
    return make_tuple(make_pair(key<i>(std::make_index_sequence<kerf::field_names<M>[i].size()>()),
                                Field<i>{})...);
  }
  static constexpr auto apply() { return pairs(std::make_index_sequence<kerf::field_count<M>>()); }
};

} // namespace boost::hana
