#include "codegen/cpu/conv_images.h"
#include "codegen/cpu/tile.h"

using namespace kerf::codegen::cpu::emit;

namespace kerf::codegen::cpu {

// One image, split and merged by stride residue

/// Moves a row of `width` pixels to (`split`) or from its residues: pixel e + stride * i is residue
/// e's number i.
static void moveRow(Function &k, Ptr row, Val width, Val stride,
                    llvm::function_ref<Ptr(Val)> residue, bool split) {
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

llvm::StringRef splitImageFunction(mlir::ModuleOp module) {
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

llvm::StringRef mergeImageFunction(mlir::ModuleOp module) {
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

llvm::StringRef packWeightsFunction(mlir::ModuleOp module) {
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

llvm::StringRef convPixelsFunction(mlir::ModuleOp module) {
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

void withPlanes(Function &k, llvm::StringRef split, Ptr scratch, Ptr images, Val elements, Val n,
                Val c, Val h, Val w, Val sh, Val sw, Val top, Val left, Val rows, Val columns,
                llvm::function_ref<void(Val, Ptr)> image) {
  k.zero(scratch, elements * 4);
  k.loop(0, n, 1, [&](Val number) {
    Ptr from = images + number * c * h * w;
    k.when(elements > 0,
           [&] { k.call(split, {scratch, from, c, h, w, sh, sw, top, left, rows, columns}); });
    Val planes{&k, mlir::arith::SelectOp::create(k.b, elements > 0, scratch, from)};
    image(number, Ptr(&k, planes, k.f32()));
  });
}

} // namespace kerf::codegen::cpu
