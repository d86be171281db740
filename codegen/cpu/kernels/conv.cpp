// Convolution and its adjoint in the image, as implicit matmuls: rows are channels, columns pixels,
// and the packing of a panel of pixels gathers what the taps see. Both read a zero-padded copy of
// one image, split by stride residue into planes, in which every tap of every pixel is a constant
// distance away. The adjoint treats each residue of the result's pixels as a convolution of its own
// with stride 1 and the taps that reach it: no product with a zero between strides.
#include "codegen/cpu/kernels/conv.h"
#include "codegen/cpu/kernels/tile.h"
#include "codegen/schedule/kernel.h"

using namespace kerf::codegen::cpu::emit;

namespace kerf::codegen::cpu {

// One image, split and merged by stride residue

/// Moves a row of `width` pixels to (`split`) or from its residues: pixel e + stride * i is residue
/// e's number i.
static void moveRow(Function &k, Ptr row, Val width, Val stride, llvm::function_ref<Ptr(Val)> residue,
                    bool split) {
  auto move = [&](Ptr a, Ptr b, int64_t lanes) {
    split ? b.store(a.load(lanes)) : a.store(b.load(lanes));
  };
  auto whole = [&] {
    Ptr only = residue(k.index(0));
    k.eights(width, [&](Val i, int64_t lanes) { move(row + i, only + i, lanes); });
  };
  auto halves = [&] {
    Ptr even = residue(k.index(0)), odd = residue(k.index(1));
    Val eights = width / 16 * 8;
    k.loop(k.index(0), eights, 8, [&](Val i) {
      Ptr left = row + i * 2, right = left + 8;
      if (split) {
        Val a = left.load(8), b = right.load(8);
        (even + i).store(shuffle(a, b, {0, 2, 4, 6, 8, 10, 12, 14}));
        (odd + i).store(shuffle(a, b, {1, 3, 5, 7, 9, 11, 13, 15}));
      } else {
        Val a = (even + i).load(8), b = (odd + i).load(8);
        left.store(shuffle(a, b, {0, 8, 1, 9, 2, 10, 3, 11}));
        right.store(shuffle(a, b, {4, 12, 5, 13, 6, 14, 7, 15}));
      }
    });
    k.loop(eights, (width + 1) / 2, 1, [&](Val i) { move(row + i * 2, even + i, 1); });
    k.loop(eights, width / 2, 1, [&](Val i) { move(row + i * 2 + 1, odd + i, 1); });
  };
  auto any = [&] {
    k.loop(k.index(0), stride, 1, [&](Val e) {
      Ptr one = residue(e);
      k.loop(k.index(0), max((width - e + stride - 1), 0) / stride, 1,
             [&](Val i) { move(row + e + i * stride, one + i, 1); });
    });
  };
  k.when(stride == 1, whole, [&] { k.when(stride == 2, halves, any); });
}

/// -x mod m for x >= 0.
static Val minusMod(Val x, Val m) { return x * (m - 1) % m; }

/// kerf_split_image(planes, image, c, h, w, sh, sw, top, left, rows, columns): pixel (i, j) goes to
/// plane ((i + top) % sh, (j + left) % sw), place ((i + top) / sh, (j + left) / sw); planes have
/// rows x columns places; a channel's planes are adjacent. Other places are left alone.
static llvm::StringRef splitImageFunction(mlir::ModuleOp module) {
  llvm::StringRef name = "kerf_split_image";
  if (!missing(module, name))
    return name;
  Function k(module, name);
  Ptr planes = k.pointer(), image = k.pointer();
  Val c = k.size(), h = k.size(), w = k.size(), sh = k.size(), sw = k.size();
  Val top = k.size(), left = k.size(), rows = k.size(), columns = k.size();
  Val plane = rows * columns;
  k.loop(0, sh, 1, [&](Val a) {
    Val first = (a + minusMod(top, sh)) % sh, place = (first + top) / sh;
    Val count = max(h - first + sh - 1, 0) / sh;
    k.loop(0, c, 1, [&](Val channel) {
      Ptr to = planes + ((channel * sh + a) * sw * plane + place * columns);
      Ptr from = image + (channel * h + first) * w;
      k.loop(0, count, 1, [&](Val i) {
        auto residue = [&](Val e) {
          return to + (left + e) % sw * plane + (left + e) / sw + i * columns;
        };
        moveRow(k, from + i * sh * w, w, sw, residue, true);
      });
    });
  });
  return name;
}

/// kerf_merge_image(image, parts, c, h, w, sh, sw, part): the pixels of residue (a, b), which lie
/// compactly from a * sw + b parts on, go to their places in the image.
static llvm::StringRef mergeImageFunction(mlir::ModuleOp module) {
  llvm::StringRef name = "kerf_merge_image";
  if (!missing(module, name))
    return name;
  Function k(module, name);
  Ptr image = k.pointer(), parts = k.pointer();
  Val c = k.size(), h = k.size(), w = k.size(), sh = k.size(), sw = k.size(), part = k.size();
  k.loop(0, sh, 1, [&](Val a) {
    Val count = max(h - a + sh - 1, 0) / sh;
    k.loop(0, c, 1, [&](Val channel) {
      k.loop(0, count, 1, [&](Val i) {
        auto residue = [&](Val b) {
          Val width = max(w - b + sw - 1, 0) / sw;
          return parts + (a * sw + b) * part + (channel * count + i) * width;
        };
        moveRow(k, image + (channel * h + a + i * sh) * w, w, sw, residue, false);
      });
    });
  });
  return name;
}

// The implicit matmul

/// A tap in the table: how far its pixel lies from the first tap's, and where its weights begin.
static Ptr tapAt(Ptr taps, Val number) { return taps + number * 2; }

/// for each tap that block [start, start + depth) of k = tap * channels + channel meets:
/// body(tap, first channel, last channel + 1, place of the first in the block)
static void loopTaps(Function &k, Val start, Val depth, Val channels,
                     llvm::function_ref<void(Val, Val, Val, Val)> body) {
  Val end = start + depth;
  k.loop(start / channels, ceilDiv(end, channels), 1, [&](Val tap) {
    Val base = tap * channels;
    Val first = max(start - base, 0), last = min(end - base, channels);
    body(tap, first, last, base + first - start);
  });
}

/// kerf_pack_weights(to, weights, taps, tap_count, channels, m, m_stride, channel_stride): all
/// blocks.
static llvm::StringRef packWeightsFunction(mlir::ModuleOp module) {
  llvm::StringRef name = "kerf_pack_weights";
  if (!missing(module, name))
    return name;
  llvm::StringRef packRows = packRowsFunction(module);
  Function k(module, name);
  Ptr to = k.pointer(), weights = k.pointer(), taps = k.pointer(k.i64());
  Val count = k.size(), channels = k.size();
  Val m = k.size(), mStride = k.size(), channelStride = k.size();
  Val total = count * channels, rows = paddedRows(m);
  k.loop(0, total, blockDepth, [&](Val start) {
    Val depth = min(total - start, blockDepth);
    loopTaps(k, start, depth, channels, [&](Val tap, Val first, Val last, Val at) {
      Ptr from = weights + (tapAt(taps, tap) + 1).load() + first * channelStride;
      k.call(packRows,
             {to + rows * start, from, m, last - first, mStride, channelStride, depth, at});
    });
  });
  return name;
}

/// kerf_pack_pixels(to, planes, taps, channels, channel_stride, start, depth, pixel, columns,
/// width, row_stride): block [start, start + depth) of k for the `columns` pixels from `pixel` on.
static llvm::StringRef packPixelsFunction(mlir::ModuleOp module) {
  llvm::StringRef name = "kerf_pack_pixels";
  if (!missing(module, name))
    return name;
  Function k(module, name);
  Ptr to = k.pointer(), planes = k.pointer(), taps = k.pointer(k.i64());
  Val channels = k.size(), channelStride = k.size(), start = k.size(), depth = k.size();
  Val pixel = k.size(), columns = k.size(), width = k.size(), rowStride = k.size();
  Ptr offsets = k.local(k.i64(), 8);

  auto placeOf = [&](Val p) { return p / width * rowStride + p % width; };
  auto each = [&](int64_t half, llvm::function_ref<void(Ptr, Ptr)> move) {
    loopTaps(k, start, depth, channels, [&](Val tap, Val first, Val last, Val at) {
      Ptr from = planes + tapAt(taps, tap).load() + first * channelStride;
      Ptr panel = to + at * tileColumns + half;
      k.loop(0, last - first, 1,
             [&](Val c) { move(panel + c * tileColumns, from + c * channelStride); });
    });
  };
  for (int64_t half : {0, 8}) {
    Val begin = pixel + half, valid = columns - half;
    auto inOneRow = [&] {
      Val place = placeOf(begin);
      each(half, [&](Ptr panel, Ptr from) { panel.store((from + place).load(8)); });
    };
    auto scattered = [&] {
      k.loop(0, valid, 1, [&](Val j) { (offsets + j).store(placeOf(begin + j)); });
      each(half, [&](Ptr panel, Ptr from) {
        panel.store(k.constant(k.vector(8, k.f32()), 0.0));
        k.loop(0, valid, 1,
               [&](Val j) { (panel + j).store((from + (offsets + j).load()).load()); });
      });
    };
    k.when((valid >= 8) & (begin % width + 8 <= width), inOneRow, [&] {
      valid = min(max(valid, 0), 8);
      scattered();
    });
  }
  return name;
}

/// kerf_conv_pixels(planes, taps, weights, to, panel, waiting, channels, channel_stride, tap_count,
/// m, height, width, row_stride): to[i, pixel] over height x width pixels of one image, `m`
/// channels.
static llvm::StringRef convPixelsFunction(mlir::ModuleOp module) {
  llvm::StringRef name = "kerf_conv_pixels";
  if (!missing(module, name))
    return name;
  llvm::StringRef packPixels = packPixelsFunction(module), panelProduct = panelFunction(module);
  llvm::StringRef endBlock = endBlockFunction(module);
  Function k(module, name);
  Ptr planes = k.pointer(), taps = k.pointer(k.i64()), weights = k.pointer(), to = k.pointer();
  Ptr panel = k.pointer(), waiting = k.pointer();
  Val channels = k.size(), channelStride = k.size(), tapCount = k.size(), m = k.size();
  Val height = k.size(), width = k.size(), rowStride = k.size();
  Val pixels = height * width, total = tapCount * channels, rows = paddedRows(m);
  k.loop(0, pixels, tileColumns, [&](Val pixel) {
    Val columns = min(pixels - pixel, tileColumns);
    // Without taps one block of depth 0 writes the zeros.
    k.loop(0, max(total, 1), blockDepth, [&](Val start) {
      Val depth = min(total - start, blockDepth);
      k.call(packPixels, {panel, planes, taps, channels, channelStride, start, depth, pixel,
                          columns, width, rowStride});
      k.call(panelProduct, {weights + rows * start, panel, to + pixel, m, depth, pixels, columns,
                            start % groupDepth == 0});
      k.call(endBlock, {to + pixel, waiting, m, columns, pixels, start, total});
    });
  });
  return name;
}

// Scratch of both kernels: one after the other, each from a multiple of 64 bytes on

template <class T> struct Scratch {
  T taps, weights, panel, planes, parts, waiting; // in bytes
};
template <class T> static T aligned(T bytes) { return ceilDiv(bytes, 64) * 64; }
template <class T> static Scratch<T> scratchOf(T taps, T m, T channels, T planes, T parts) {
  Scratch<T> s;
  s.taps = taps * 0;
  s.weights = s.taps + aligned(taps * 16);
  s.panel = s.weights + aligned(paddedRows(m) * taps * channels * 4);
  s.planes = s.panel + blockDepth * tileColumns * 4;
  s.parts = s.planes + aligned(planes * 4);
  s.waiting = s.parts + aligned(parts * 4);
  return s;
}
/// The sums of one panel that wait, `m` rows of `depth` terms each.
static int64_t waitingBytes(int64_t m, int64_t depth) {
  return waitingSums(depth) * m * tileColumns * 4;
}

/// Extent of the planes along one axis: all pixels, and what the taps of all outputs see.
template <class T> static T planeExtent(T size, T padding, T out, T kernel, T stride) {
  return ceilDiv(max(size + padding, (out - 1) * stride + kernel), stride);
}
template <class T> static T planeElements(T channels, T rows, T columns, T residues, T h, T w) {
  // An image that is its own only plane is read where it is.
  T copied = channels * residues * rows * columns;
  return select((residues == 1) & (rows == h) & (columns == w), copied * 0, copied);
}

template <class T> static Scratch<T> convScratch(const Conv<T> &s) {
  T rows = planeExtent(s.h, s.ph, s.oh, s.kh, s.sh);
  T columns = planeExtent(s.w, s.pw, s.ow, s.kw, s.sw);
  T planes = planeElements(s.c, rows, columns, s.sh * s.sw, s.h, s.w);
  return scratchOf(s.kh * s.kw, s.o, s.c, planes, planes * 0);
}
int64_t convScratchBytes(const ConvSizes &s) {
  return convScratch(s).waiting + waitingBytes(s.o, s.kh * s.kw * s.c);
}

/// Runs `image` for each image with its planes, copied there only where padding or stride ask for
/// it.
static void withPlanes(Function &k, llvm::StringRef split, Ptr scratch, Ptr images, Val elements,
                       Val n, Val c, Val h, Val w, Val sh, Val sw, Val top, Val left, Val rows,
                       Val columns, llvm::function_ref<void(Val, Ptr)> image) {
  k.zero(scratch, elements * 4);
  k.loop(0, n, 1, [&](Val number) {
    Ptr from = images + number * c * h * w;
    k.when(elements > 0,
           [&] { k.call(split, {scratch, from, c, h, w, sh, sw, top, left, rows, columns}); });
    Val planes{&k, mlir::arith::SelectOp::create(k.b, elements > 0, scratch, from)};
    image(number, Ptr(&k, planes, k.f32()));
  });
}

void emitConv(mlir::ModuleOp module) {
  llvm::StringRef split = splitImageFunction(module), packWeights = packWeightsFunction(module);
  llvm::StringRef pixels = convPixelsFunction(module);
  Function k(module, "kerf_kernel_conv");
  Ptr x = k.pointer(), weights = k.pointer(), y = k.pointer(), scratch = k.pointer();
  Conv<Val> s = convArguments(k);
  Scratch<Val> place = convScratch(s);
  Ptr taps = at(scratch, place.taps, k.i64()), packed = at(scratch, place.weights);
  Ptr panel = at(scratch, place.panel), planes = at(scratch, place.planes);
  Ptr waiting = at(scratch, place.waiting);

  Val rows = planeExtent(s.h, s.ph, s.oh, s.kh, s.sh);
  Val columns = planeExtent(s.w, s.pw, s.ow, s.kw, s.sw), plane = rows * columns;
  k.loop(0, s.kh, 1, [&](Val r) {
    k.loop(0, s.kw, 1, [&](Val q) {
      Ptr tap = tapAt(taps, r * s.kw + q);
      tap.store((r % s.sh * s.sw + q % s.sw) * plane + r / s.sh * columns + q / s.sw);
      (tap + 1).store(r * s.kw + q);
    });
  });
  Val count = s.kh * s.kw;
  k.call(packWeights, {packed, weights, taps, count, s.c, s.o, s.c * count, count});
  Val elements = planeElements(s.c, rows, columns, s.sh * s.sw, s.h, s.w);
  withPlanes(k, split, planes, x, elements, s.n, s.c, s.h, s.w, s.sh, s.sw, s.ph, s.pw, rows,
             columns, [&](Val image, Ptr from) {
               k.call(pixels, {from, taps, packed, y + image * s.o * s.oh * s.ow, panel, waiting,
                               s.c, s.sh * s.sw * plane, count, s.o, s.oh, s.ow, columns});
             });
}

// The adjoint

/// Along one axis, of the pixels i = first + stride * j: they see taps residue + stride * t,
/// t < taps, of y at place + j - t.
namespace {
struct Residue {
  Val first, pixels, taps, place;
};
} // namespace
static Residue residueOf(Val residue, Val size, Val kernel, Val stride, Val padding) {
  Residue r;
  r.first = (residue + minusMod(padding, stride)) % stride;
  r.pixels = max(size - r.first + stride - 1, 0) / stride;
  r.taps = max(kernel - residue + stride - 1, 0) / stride;
  r.place = (r.first + padding - residue) / stride;
  return r;
}

/// Zeros before y along one axis, and its extent with those around.
template <class T> static T zerosBefore(T kernel, T stride) { return ceilDiv(kernel, stride) - 1; }
template <class T> static T paddedExtent(T out, T size, T padding, T kernel, T stride) {
  return max(out, (size - 1 + padding) / stride + 1) + zerosBefore(kernel, stride);
}

template <class T> static Scratch<T> convTransposeScratch(const Conv<T> &s) {
  T rows = paddedExtent(s.oh, s.h, s.ph, s.kh, s.sh);
  T columns = paddedExtent(s.ow, s.w, s.pw, s.kw, s.sw), one = s.n * 0 + 1;
  T planes = planeElements(s.o, rows, columns, one, s.oh, s.ow);
  T parts = s.c * ceilDiv(s.h, s.sh) * ceilDiv(s.w, s.sw) * s.sh * s.sw;
  return scratchOf(s.kh * s.kw, s.c, s.o, planes, select(s.sh * s.sw == 1, parts * 0, parts));
}
int64_t convTransposeScratchBytes(const ConvSizes &s) {
  const int64_t taps = ceilDiv(s.kh, s.sh) * ceilDiv(s.kw, s.sw);
  return convTransposeScratch(s).waiting + waitingBytes(s.c, taps * s.o);
}

void emitConvTranspose(mlir::ModuleOp module) {
  llvm::StringRef split = splitImageFunction(module), merge = mergeImageFunction(module);
  llvm::StringRef packWeights = packWeightsFunction(module), pixels = convPixelsFunction(module);
  Function k(module, "kerf_kernel_conv_transpose");
  Ptr y = k.pointer(), weights = k.pointer(), x = k.pointer(), scratch = k.pointer();
  Conv<Val> s = convArguments(k);
  Scratch<Val> place = convTransposeScratch(s);
  Ptr taps = at(scratch, place.taps, k.i64()), packed = at(scratch, place.weights);
  Ptr panel = at(scratch, place.panel), planes = at(scratch, place.planes);
  Ptr parts = at(scratch, place.parts), waiting = at(scratch, place.waiting);
  Val rows = paddedExtent(s.oh, s.h, s.ph, s.kh, s.sh);
  Val columns = paddedExtent(s.ow, s.w, s.pw, s.kw, s.sw);
  Val top = zerosBefore(s.kh, s.sh), left = zerosBefore(s.kw, s.sw);
  Val rowsOfWeights = paddedRows(s.c) * s.o;

  // body(rows' residue, columns' residue, taps before it)
  auto residues = [&](llvm::function_ref<void(Residue, Residue, Val, Val, Val)> body) {
    Vals before = {k.index(0)};
    k.loop(k.index(0), s.sh, 1, before, [&](Val a, const Vals &before) {
      Residue row = residueOf(a, s.h, s.kh, s.sh, s.ph);
      return k.loop(k.index(0), s.sw, 1, before, [&](Val b, const Vals &before) {
        Residue column = residueOf(b, s.w, s.kw, s.sw, s.pw);
        body(row, column, a, b, before[0]);
        return Vals{before[0] + row.taps * column.taps};
      });
    });
  };

  residues([&](Residue row, Residue column, Val a, Val b, Val before) {
    Ptr mine = tapAt(taps, before);
    k.loop(0, row.taps, 1, [&](Val t) {
      k.loop(0, column.taps, 1, [&](Val u) {
        Ptr tap = tapAt(mine, t * column.taps + u);
        tap.store(0 - (t * columns + u));
        (tap + 1).store((a + t * s.sh) * s.kw + b + u * s.sw);
      });
    });
    k.call(packWeights, {packed + rowsOfWeights * before, weights, mine, row.taps * column.taps,
                         s.o, s.c, s.kh * s.kw, s.c * s.kh * s.kw});
  });

  Val one = k.index(1), unit = s.sh * s.sw == 1;
  Val elements = planeElements(s.o, rows, columns, one, s.oh, s.ow);
  Val part = s.c * ceilDiv(s.h, s.sh) * ceilDiv(s.w, s.sw);
  withPlanes(k, split, planes, y, elements, s.n, s.o, s.oh, s.ow, one, one, top, left, rows,
             columns, [&](Val number, Ptr from) {
               Ptr image = x + number * s.c * s.h * s.w;
               residues([&](Residue row, Residue column, Val, Val, Val before) {
                 Ptr mine = parts + (row.first * s.sw + column.first) * part;
                 Val to{&k, mlir::arith::SelectOp::create(k.b, unit, image, mine)};
                 Ptr first = from + ((row.place + top) * columns + column.place + left);
                 k.call(pixels, {first, tapAt(taps, before), packed + rowsOfWeights * before, to,
                                 panel, waiting, s.o, rows * columns, row.taps * column.taps, s.c,
                                 row.pixels, column.pixels, columns});
               });
               k.when(unit, nullptr,
                      [&] { k.call(merge, {image, parts, s.c, s.h, s.w, s.sh, s.sw, part}); });
             });
}

} // namespace kerf::codegen::cpu
