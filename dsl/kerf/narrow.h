// Floats of 16 bits, as memory holds them: what is computed with them is computed in float.
#pragma once

#include <bit>
#include <cstdint>
#include <type_traits>

namespace kerf {
namespace detail {

/// x as a float, rounded to odd where it is none: rounding that once more, to at most 22 bits, is
/// as rounding x once. [Boldo and Melquiond 2008]
constexpr float rounded_to_odd(double x) {
  const float near = float(x);
  if (double(near) == x || x != x || x - x != 0)
    return near;
  auto bits = std::bit_cast<std::uint32_t>(near);
  const double size = x < 0 ? -x : x, near_size = x < 0 ? -double(near) : double(near);
  if (near_size > size)
    --bits;
  return std::bit_cast<float>(bits | 1);
}

/// The upper half of a float: 8 bits of exponent, 7 of fraction.
struct Bfloat {
  static constexpr std::uint8_t dlpack_code = 4;
  static constexpr std::uint16_t narrow(float x) {
    const auto bits = std::bit_cast<std::uint32_t>(x);
    if ((bits & 0x7fffffff) > 0x7f800000)
      return std::uint16_t(bits >> 16 | 0x40);
    return std::uint16_t((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
  }
  static constexpr float widen(std::uint16_t bits) {
    return std::bit_cast<float>(std::uint32_t(bits) << 16);
  }
};

/// IEEE 754's binary16: 5 bits of exponent, 10 of fraction.
struct Half {
  static constexpr std::uint8_t dlpack_code = 2;
  static constexpr std::uint16_t narrow(float x) {
    const auto bits = std::bit_cast<std::uint32_t>(x);
    const std::uint32_t sign = bits >> 16 & 0x8000, size = bits & 0x7fffffff;
    if (size > 0x7f800000) // NaN keeps the upper part of what it says
      return std::uint16_t(sign | 0x7e00 | (size >> 13 & 0x3ff));
    if (size >= 0x477ff000) // 65520, which rounds to 2^16
      return std::uint16_t(sign | 0x7c00);
    if (size < 0x38800000) { // below 2^-14: in units of 2^-24
      const float units = std::bit_cast<float>(size) * 0x1p24f;
      const float whole = units + 0x1p23f; // rounds to even
      return std::uint16_t(sign | (std::bit_cast<std::uint32_t>(whole) & 0x7ff));
    }
    return std::uint16_t(sign | ((size + 0xfff + (size >> 13 & 1) - 0x38000000) >> 13));
  }
  static constexpr float widen(std::uint16_t bits) {
    const std::uint32_t sign = std::uint32_t(bits & 0x8000) << 16, size = bits & 0x7fff;
    if (size >= 0x7c00) // infinity, and NaN, which becomes a quiet one
      return std::bit_cast<float>(sign | 0x7f800000 | size << 13 |
                                  (size > 0x7c00 ? 0x400000u : 0u));
    if (size < 0x400)
      return std::bit_cast<float>(sign | std::bit_cast<std::uint32_t>(float(size) * 0x1p-24f));
    return std::bit_cast<float>(sign | ((size << 13) + 0x38000000));
  }
};

/// A number of 16 bits. To it: rounded once to nearest, ties to even; what is too large becomes an
/// infinity, denormal numbers are kept, a NaN stays one. As a float it is exact.
template <class Format> struct NarrowFloat {
  static constexpr std::uint8_t dlpack_code = Format::dlpack_code;
  std::uint16_t bits;

  NarrowFloat() = default;
  template <class Number>
    requires std::is_arithmetic_v<Number>
  constexpr NarrowFloat(Number x)
      : bits(Format::narrow(std::is_same_v<Number, float> ? float(x) : rounded_to_odd(double(x)))) {
  }
  constexpr operator float() const { return Format::widen(bits); }
};

} // namespace detail

using bf16 = detail::NarrowFloat<detail::Bfloat>;
using f16 = detail::NarrowFloat<detail::Half>;
static_assert(sizeof(bf16) == 2 && std::is_trivial_v<bf16>);

} // namespace kerf
