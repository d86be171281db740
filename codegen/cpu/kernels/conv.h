// What the three convolution kernels share: their sizes, as numbers or as values of a kernel.
#pragma once

#include "codegen/cpu/emit.h"

namespace kerf::codegen::cpu {

/// x is n c h w, the weights o c kh kw, y is n o oh ow with oh = (h + 2 ph - kh) / sh + 1.
template <class T> struct Conv {
  T n, c, h, w, o, kh, kw, sh, sw, ph, pw, oh, ow;
};

inline Conv<emit::Val> convArguments(emit::Function &k) {
  Conv<emit::Val> s;
  for (emit::Val *size :
       {&s.n, &s.c, &s.h, &s.w, &s.o, &s.kh, &s.kw, &s.sh, &s.sw, &s.ph, &s.pw, &s.oh, &s.ow})
    *size = k.size();
  return s;
}

/// The place `bytes` into `p`, as elements of f32 or another type.
inline emit::Ptr at(emit::Ptr p, emit::Val bytes, mlir::Type element = {}) {
  return (p.as(p.emit->b.getI8Type()) + bytes).as(element ? element : p.emit->f32());
}

} // namespace kerf::codegen::cpu
