// Floats of 16 bits, as memory holds them: what is computed with them is computed in float.
#pragma once

#include <bit>
#include <cstdint>
#include <limits>
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
  static constexpr int fraction = 7, max_exponent = 128;
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
  static constexpr int fraction = 10, max_exponent = 16;
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

/// What <limits> says of float, of these.
template <class Format> class std::numeric_limits<kerf::detail::NarrowFloat<Format>> {
  using Number = kerf::detail::NarrowFloat<Format>;
  static constexpr std::uint16_t largest_exponent = 0x7fff >> Format::fraction << Format::fraction;
  static constexpr Number of_bits(std::uint16_t bits) { return std::bit_cast<Number>(bits); }

public:
  static constexpr bool is_specialized = true, is_signed = true, is_integer = false;
  static constexpr bool is_exact = false, is_iec559 = true, is_bounded = true, is_modulo = false;
  static constexpr bool has_infinity = true, has_quiet_NaN = true, has_signaling_NaN = true;
  static constexpr bool traps = false, tinyness_before = false;
  static constexpr float_denorm_style has_denorm = denorm_present;
  static constexpr bool has_denorm_loss = false;
  static constexpr float_round_style round_style = round_to_nearest;
  static constexpr int radix = 2, digits = Format::fraction + 1;
  static constexpr int digits10 = (digits - 1) * 30103 / 100000;
  static constexpr int max_digits10 = digits * 30103 / 100000 + 2;
  static constexpr int max_exponent = Format::max_exponent, min_exponent = 3 - max_exponent;
  static constexpr int max_exponent10 = max_exponent * 30103 / 100000;
  static constexpr int min_exponent10 = (min_exponent - 1) * 30103 / 100000;

  static constexpr Number min() noexcept { return of_bits(1 << Format::fraction); }
  static constexpr Number max() noexcept { return of_bits(largest_exponent - 1); }
  static constexpr Number lowest() noexcept { return of_bits(0x8000 | (largest_exponent - 1)); }
  static constexpr Number epsilon() noexcept { return 1.0f / (1 << Format::fraction); }
  static constexpr Number round_error() noexcept { return 0.5f; }
  static constexpr Number infinity() noexcept { return of_bits(largest_exponent); }
  static constexpr Number quiet_NaN() noexcept {
    return of_bits(largest_exponent | 1 << (Format::fraction - 1));
  }
  static constexpr Number signaling_NaN() noexcept {
    return of_bits(largest_exponent | 1 << (Format::fraction - 2));
  }
  static constexpr Number denorm_min() noexcept { return of_bits(1); }
};
