// The element types that there are: one row each, which language, dialect, artefacts and tools
// read.
#pragma once

#include "kerf/narrow.h"

#include <array>
#include <cstdint>
#include <string_view>
#include <tuple>
#include <type_traits>

namespace kerf {

enum class DType : std::uint8_t { f32, f64, i32, i64, i1, u32, bf16, f16, i8, i16, u8, u64 };

struct ElementType {
  /// The codes of DLPack.
  enum class Kind : std::uint8_t { integer = 0, word = 1, real = 2, boolean = 3, brain = 4 };

  DType dtype;
  std::string_view name;
  Kind kind;
  int bits;                    ///< of the value; a boolean has one, and a byte in memory
  std::string_view held;       ///< the dialect's type: words are held as integers of their bits
  std::string_view cpp, numpy; ///< in headers; in manifests, and in `kerf.dtype` of words
  std::string_view numbers;    ///< those that it holds, and what to do with others

  constexpr bool is_real() const { return kind == Kind::real || kind == Kind::brain; }
  constexpr bool is_narrow_real() const { return is_real() && bits < 32; }
  constexpr int bytes() const { return (bits + 7) / 8; }
  /// A boolean is a word of one bit there.
  constexpr std::uint8_t dlpack() const {
    return std::uint8_t(kind == Kind::boolean ? Kind::word : kind);
  }
};

/// By DType. Words of 64 bits have no type in the language: a .mlir file may take and give them.
inline constexpr std::array element_types = {
    ElementType{DType::f32, "f32", ElementType::Kind::real, 32, "f32", "float", "float32",
                "a magnitude up to 3.4e38; use f64"},
    ElementType{DType::f64, "f64", ElementType::Kind::real, 64, "f64", "double", "float64",
                "any number"},
    ElementType{DType::i32, "i32", ElementType::Kind::integer, 32, "i32", "::std::int32_t", "int32",
                "whole numbers from -2147483648 to 2147483647; use i64, or another number"},
    ElementType{DType::i64, "i64", ElementType::Kind::integer, 64, "i64", "::std::int64_t", "int64",
                "whole numbers from -9223372036854775808 to 9223372036854775807"},
    ElementType{DType::i1, "i1", ElementType::Kind::boolean, 1, "i1", "bool", "bool",
                "false (0) and true (1); compare, as in x != 0"},
    ElementType{DType::u32, "u32", ElementType::Kind::word, 32, "i32", "::std::uint32_t", "uint32",
                "whole numbers from 0 to 4294967295"},
    ElementType{DType::bf16, "bf16", ElementType::Kind::brain, 16, "bf16", "::kerf::bf16",
                "bfloat16", "a magnitude up to 3.39e38; use f64"},
    ElementType{DType::f16, "f16", ElementType::Kind::real, 16, "f16", "::kerf::f16", "float16",
                "a magnitude up to 65504; use bf16 or f32"},
    ElementType{DType::i8, "i8", ElementType::Kind::integer, 8, "i8", "::std::int8_t", "int8",
                "whole numbers from -128 to 127; use i16, or another number"},
    ElementType{DType::i16, "i16", ElementType::Kind::integer, 16, "i16", "::std::int16_t", "int16",
                "whole numbers from -32768 to 32767; use i32, or another number"},
    ElementType{DType::u8, "u8", ElementType::Kind::word, 8, "i8", "::std::uint8_t", "uint8",
                "whole numbers from 0 to 255"},
    ElementType{DType::u64, "u64", ElementType::Kind::word, 64, "i64", "::std::uint64_t", "uint64",
                "whole numbers from 0 to 18446744073709551615"},
};
static_assert(
    [] {
      for (std::size_t i = 0; i < element_types.size(); ++i)
        if (std::size_t(element_types[i].dtype) != i)
          return false;
      return true;
    }(),
    "element types stand in the order of DType");

constexpr const ElementType &element_type(DType dtype) { return element_types[std::size_t(dtype)]; }
constexpr std::string_view spell(DType dtype) { return element_type(dtype).name; }

using f32 = float;
using f64 = double;
using i8 = std::int8_t;
using i16 = std::int16_t;
using i32 = std::int32_t;
using i64 = std::int64_t;
using u8 = std::uint8_t;
using u32 = std::uint32_t;
using i1 = bool;

/// The language's types, by DType.
using ElementsInCpp = std::tuple<f32, f64, i32, i64, i1, u32, bf16, f16, i8, i16, u8>;

namespace detail {
template <class T, std::size_t i = 0> constexpr std::size_t place_of_element() {
  if constexpr (i == std::tuple_size_v<ElementsInCpp>)
    return i;
  else if constexpr (std::is_same_v<T, std::tuple_element_t<i, ElementsInCpp>>)
    return i;
  else
    return place_of_element<T, i + 1>();
}
} // namespace detail

/// The element type of the dialect for a C++ type.
template <class T>
inline constexpr DType dtype_of = [] {
  constexpr std::size_t place = detail::place_of_element<T>();
  static_assert(place < std::tuple_size_v<ElementsInCpp>,
                "kerf: element types are f32, f64, bf16, f16, i8, i16, i32, i64, u8, u32 and i1");
  return DType(place);
}();

/// Is T one of the floats that there are?
template <class T>
inline constexpr bool is_float = [] {
  constexpr std::size_t place = detail::place_of_element<T>();
  return place < std::tuple_size_v<ElementsInCpp> && element_types[place].is_real();
}();

/// Is T a float of 16 bits?
template <class T> inline constexpr bool is_narrow_float = is_float<T> && sizeof(T) < sizeof(f32);

/// What is computed with numbers of T is computed in this type: f32 of narrow floats.
template <class T> using computed_t = std::conditional_t<is_narrow_float<T>, f32, T>;

/// Is T an integer with a sign?
template <class T>
inline constexpr bool is_integer = [] {
  constexpr std::size_t place = detail::place_of_element<T>();
  return place < std::tuple_size_v<ElementsInCpp> &&
         element_types[place].kind == ElementType::Kind::integer;
}();

/// Is T a word, whole numbers from 0 on, which the dialect holds as integers of its bits?
template <class T>
inline constexpr bool is_word = [] {
  constexpr std::size_t place = detail::place_of_element<T>();
  return place < std::tuple_size_v<ElementsInCpp> &&
         element_types[place].kind == ElementType::Kind::word;
}();

} // namespace kerf
