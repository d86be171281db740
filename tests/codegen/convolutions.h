// A convolution and its adjoints as double loops in the order of the kernels.
#pragma once

#include "codegen/kernels.h"
#include "codegen/schedule/contract_form.h"

#include <catch2/catch.hpp>

namespace kerf::test {

using codegen::ConvSizes;
using I = int64_t;

/// n c h w o kh kw sh sw ph pw: one pixel, primes, strides that skip or leave a rest, kernels
/// smaller than the stride, padding as wide as the kernel, images smaller than a block of 256
/// pixels; 1 to 4 channels on either side, in whole strips, in part of one and in place; rows of 1
/// to 15 pixels; residues without pixels
inline const std::vector<std::vector<I>> awkwardConvolutions = {
    {1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0},     {2, 3, 5, 7, 7, 3, 3, 1, 1, 1, 1},
    {2, 3, 9, 8, 5, 4, 4, 2, 2, 1, 1},     {1, 2, 17, 16, 6, 3, 2, 1, 2, 0, 1},
    {3, 5, 11, 13, 13, 5, 3, 3, 2, 2, 0},  {2, 9, 7, 7, 4, 1, 1, 2, 2, 0, 0},
    {2, 17, 16, 16, 10, 3, 3, 1, 1, 1, 1}, {5, 33, 8, 8, 3, 3, 3, 1, 1, 1, 1},
    {1, 2, 40, 37, 3, 7, 7, 4, 4, 3, 3},   {7, 65, 4, 4, 2, 2, 2, 1, 1, 0, 0},
    {2, 4, 3, 3, 2, 3, 3, 1, 1, 2, 2},     {1, 1, 3, 3, 2, 2, 2, 3, 3, 0, 0},
    {70, 2, 1, 2, 2, 1, 2, 1, 1, 0, 1},    {2, 8, 16, 24, 16, 4, 4, 2, 2, 1, 1},
    {2, 16, 10, 10, 7, 5, 5, 1, 1, 2, 2},  {2, 32, 16, 16, 1, 4, 4, 2, 2, 1, 1},
    {2, 9, 8, 12, 1, 1, 1, 1, 1, 0, 0},    {2, 5, 13, 15, 2, 3, 3, 1, 1, 0, 0},
    {1, 6, 14, 14, 3, 3, 3, 1, 1, 1, 1},   {2, 4, 6, 9, 4, 4, 4, 2, 2, 1, 1},
    {2, 1, 7, 7, 8, 3, 3, 1, 1, 1, 1},     {2, 2, 4, 4, 17, 3, 3, 1, 1, 1, 1},
    {1, 4, 5, 1, 4, 3, 1, 2, 2, 1, 0},     {1, 3, 1, 30, 6, 1, 3, 1, 2, 0, 1},
    {2, 7, 20, 3, 9, 2, 2, 1, 1, 0, 0},    {1, 3, 4, 20, 3, 4, 1, 1, 1, 0, 0},
    {2, 1, 9, 11, 6, 4, 2, 2, 1, 1, 1},    {1, 1, 10, 10, 5, 2, 2, 2, 2, 0, 0},
    {2, 3, 13, 14, 4, 6, 3, 3, 3, 2, 1},   {1, 4, 6, 5, 7, 4, 6, 2, 3, 4, 3},
    {3, 2, 5, 1, 3, 4, 4, 2, 2, 1, 2}};

/// sums of more than a group of 4,096 terms, in each of the three
inline const std::vector<std::vector<I>> deepConvolutions = {
    {1, 460, 5, 6, 7, 3, 3, 1, 1, 1, 1},  {1, 1400, 4, 5, 3, 3, 3, 2, 2, 1, 1},
    {2, 3, 4, 5, 530, 3, 3, 1, 1, 1, 1},  {1, 2, 7, 6, 3200, 4, 4, 2, 2, 1, 1},
    {9, 2, 30, 31, 7, 3, 3, 1, 1, 1, 1},  {3, 17, 40, 40, 3, 2, 2, 1, 1, 0, 0},
    {33, 5, 33, 17, 2, 4, 4, 2, 2, 1, 1}, {4, 1, 64, 70, 5, 3, 3, 1, 1, 1, 1},
    {1, 520, 7, 6, 3, 3, 3, 1, 1, 1, 1},  {1, 4097, 3, 4, 4, 1, 1, 1, 1, 0, 0},
    {1, 1, 9, 7, 1030, 3, 3, 1, 1, 1, 1}, {1, 2, 9, 12, 2070, 4, 4, 2, 2, 1, 1}};

/// images in several segments: padded and in place, with few channels and more, strides that do not
/// divide them; more blocks and images than are ready at a time
inline const std::vector<std::vector<I>> tallConvolutions = {
    {1, 16, 61, 40, 12, 3, 3, 1, 1, 1, 1}, {1, 64, 90, 33, 3, 3, 3, 1, 1, 1, 1},
    {2, 3, 75, 40, 33, 5, 4, 2, 2, 2, 1},  {1, 70, 95, 40, 14, 1, 1, 1, 1, 0, 0},
    {2, 66, 64, 50, 4, 3, 2, 1, 1, 0, 0},  {1, 24, 47, 50, 30, 4, 4, 3, 3, 3, 2},
    {1, 1, 150, 150, 8, 9, 7, 1, 1, 0, 0}, {3, 40, 60, 60, 2, 2, 2, 1, 1, 1, 1},
    {3, 40, 60, 60, 9, 2, 1, 2, 1, 1, 0},  {3, 40, 60, 60, 17, 1, 2, 1, 1, 0, 0},
    {2, 37, 62, 60, 7, 3, 1, 2, 1, 0, 0},  {1, 1, 130, 120, 64, 4, 4, 2, 2, 1, 1},
    {1, 3, 101, 60, 40, 4, 4, 2, 2, 3, 2}};

inline ConvSizes convSizesOf(const std::vector<I> &v) {
  ConvSizes s{v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7], v[8], v[9], v[10], 0, 0};
  s.oh = (s.h + 2 * s.ph - s.kh) / s.sh + 1;
  s.ow = (s.w + 2 * s.pw - s.kw) / s.sw + 1;
  return s;
}

/// Reads outside are zero; the fourth index is the fastest.
template <class T> struct Tensor4 {
  I a, b, c, d;
  std::vector<T> data = std::vector<T>(a * b * c * d, T(NAN));
  T &at(I i, I j, I k, I l) { return data[((i * b + j) * c + k) * d + l]; }
  T read(I i, I j, I k, I l) { return k < 0 || k >= c || l < 0 || l >= d ? T(0) : at(i, j, k, l); }
};

template <class T> struct ConvCase {
  explicit ConvCase(ConvSizes s) : s(s) {
    x.data = numbers<T>(x.data.size(), 1);
    w.data = numbers<T>(w.data.size(), 2);
    y.data = numbers<T>(y.data.size(), 3);
  }
  ConvSizes s;
  Tensor4<T> x{s.n, s.c, s.h, s.w}, w{s.o, s.c, s.kh, s.kw}, y{s.n, s.o, s.oh, s.ow};

  Tensor4<T> forward() {
    Tensor4<T> want{s.n, s.o, s.oh, s.ow};
    for (I n = 0; n < s.n; ++n)
      for (I o = 0; o < s.o; ++o)
        for (I i = 0; i < s.oh; ++i)
          for (I j = 0; j < s.ow; ++j) {
            Sum<T> sum;
            for (I r = 0; r < s.kh; ++r)
              for (I q = 0; q < s.kw; ++q)
                for (I c = 0; c < s.c; ++c)
                  sum.add(w.at(o, c, r, q), x.read(n, c, i * s.sh + r - s.ph, j * s.sw + q - s.pw));
            want.at(n, o, i, j) = sum.value();
          }
    return want;
  }
  /// Taps that fall between the strides are no terms; those that fall outside y are.
  Tensor4<T> transpose() {
    Tensor4<T> want{s.n, s.c, s.h, s.w};
    for (I n = 0; n < s.n; ++n)
      for (I c = 0; c < s.c; ++c)
        for (I i = 0; i < s.h; ++i)
          for (I j = 0; j < s.w; ++j) {
            Sum<T> sum;
            for (I r = 0; r < s.kh; ++r)
              for (I q = 0; q < s.kw; ++q) {
                const I row = i + s.ph - r, column = j + s.pw - q;
                if (row % s.sh || column % s.sw)
                  continue;
                for (I o = 0; o < s.o; ++o)
                  sum.add(w.at(o, c, r, q), y.read(n, o, row / s.sh, column / s.sw));
              }
            want.at(n, c, i, j) = sum.value();
          }
    return want;
  }
  Tensor4<T> filter() {
    Tensor4<T> want{s.o, s.c, s.kh, s.kw};
    for (I o = 0; o < s.o; ++o)
      for (I c = 0; c < s.c; ++c)
        for (I r = 0; r < s.kh; ++r)
          for (I q = 0; q < s.kw; ++q) {
            Sum<T> sum;
            for (I n = 0; n < s.n; ++n)
              for (I i = 0; i < s.oh; ++i)
                for (I j = 0; j < s.ow; ++j)
                  sum.add(y.at(n, o, i, j), x.read(n, c, i * s.sh + r - s.ph, j * s.sw + q - s.pw));
            want.at(o, c, r, q) = sum.value();
          }
    return want;
  }

  void check(const char *name, Tensor4<T> &a, Tensor4<T> &b, const Tensor4<T> &want,
             I scratchBytes) {
    CAPTURE(name, s.n, s.c, s.h, s.w, s.o, s.kh, s.kw, s.sh, s.sw, s.ph, s.pw);
    std::vector<T> got(want.data.size(), T(NAN));
    Scratch scratch(scratchBytes);
    if constexpr (std::is_same_v<T, float>)
      kernel<void(T *, T *, T *, void *, I, I, I, I, I, I, I, I, I, I, I, I, I)>(name)(
          a.data.data(), b.data.data(), got.data(), scratch.get(), s.n, s.c, s.h, s.w, s.o, s.kh,
          s.kw, s.sh, s.sw, s.ph, s.pw, s.oh, s.ow);
    else
      kernel<void(T *, T *, T *, I, I, I, I, I, I, I, I, I, I, I, I, I)>(name)(
          a.data.data(), b.data.data(), got.data(), s.n, s.c, s.h, s.w, s.o, s.kh, s.kw, s.sh, s.sw,
          s.ph, s.pw, s.oh, s.ow);
    CHECK(got == want.data);
    CHECK(scratch.intact());
  }
};

inline size_t convBytes(const char *kernel, const ConvSizes &s) {
  return scratchBytes(kernel,
                      {s.n, s.c, s.h, s.w, s.o, s.kh, s.kw, s.sh, s.sw, s.ph, s.pw, s.oh, s.ow});
}

inline std::vector<std::vector<I>> allConvolutions() {
  std::vector<std::vector<I>> all = awkwardConvolutions;
  all.insert(all.end(), deepConvolutions.begin(), deepConvolutions.end());
  all.insert(all.end(), tallConvolutions.begin(), tallConvolutions.end());
  return all;
}

} // namespace kerf::test
