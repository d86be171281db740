#include "codegen/cpu/conv_images.h"
#include "codegen/cpu/tile.h"

using namespace kerf::codegen::cpu::emit;

namespace kerf::codegen::cpu {

// One image, split and merged by stride residue

namespace {
/// Rows of pixels of some channels.
struct Rows {
  Ptr first;
  Val channel, row; // how far the next one lies
  Ptr operator()(Val c, Val i) const { return first + (c * channel + i * row); }
};
} // namespace

/// Moves `count` rows of `width` pixels to (`split`) or from their residues: pixel e + stride * i
/// is residue e's number i.
static void moveRows(Function &k, const Rows &image, Val channels, Val count, Val width, Val stride,
                     llvm::function_ref<Rows(Val)> residue, bool split) {
  auto move = [&](Ptr a, Ptr b, int64_t lanes) {
    split ? b.store(a.load(lanes)) : a.store(b.load(lanes));
  };
  auto each = [&](llvm::function_ref<void(Val, Val)> row) {
    k.loop(0, channels, 1, [&](Val c) { k.loop(0, count, 1, [&](Val i) { row(c, i); }); });
  };
  auto whole = [&] {
    Rows only = residue(k.index(0));
    each([&](Val c, Val i) {
      Ptr from = image(c, i), to = only(c, i);
      k.covered(width, [&](Val j, int64_t lanes) { move(from + j, to + j, lanes); });
    });
  };
  auto halves = [&] {
    Rows evens = residue(k.index(0)), odds = residue(k.index(1));
    Val eights = width / 16 * 8;
    each([&](Val c, Val i) {
      Ptr row = image(c, i), even = evens(c, i), odd = odds(c, i);
      k.loop(k.index(0), eights, 8, [&](Val j) {
        Ptr left = row + j * 2, right = left + 8;
        if (split) {
          Val a = left.load(8), b = right.load(8);
          (even + j).store(shuffle(a, b, {0, 2, 4, 6, 8, 10, 12, 14}));
          (odd + j).store(shuffle(a, b, {1, 3, 5, 7, 9, 11, 13, 15}));
        } else {
          Val a = (even + j).load(8), b = (odd + j).load(8);
          left.store(shuffle(a, b, {0, 8, 1, 9, 2, 10, 3, 11}));
          right.store(shuffle(a, b, {4, 12, 5, 13, 6, 14, 7, 15}));
        }
      });
      k.loop(eights, (width + 1) / 2, 1, [&](Val j) { move(row + j * 2, even + j, 1); });
      k.loop(eights, width / 2, 1, [&](Val j) { move(row + j * 2 + 1, odd + j, 1); });
    });
  };
  auto any = [&] {
    k.loop(k.index(0), stride, 1, [&](Val e) {
      Rows one = residue(e);
      Val pixels = max((width - e + stride - 1), 0) / stride;
      each([&](Val c, Val i) {
        Ptr row = image(c, i) + e, part = one(c, i);
        k.loop(0, pixels, 1, [&](Val j) { move(row + j * stride, part + j, 1); });
      });
    });
  };
  k.when(stride == 1, whole, [&] { k.when(stride == 2, halves, any); });
}

std::string splitImageFunction(mlir::ModuleOp module, mlir::Type held) {
  const std::string name = "kerf_split_image" + suffixOf(held);
  if (!missing(module, name))
    return name;
  Function k(module, name);
  Ptr planes = k.pointer(), image = k.pointer(k.f32(), held);
  Val c = k.size(), h = k.size(), w = k.size(), channel = k.size(), sh = k.size(), sw = k.size();
  Val top = k.size(), left = k.size(), plane = k.size(), columns = k.size();
  k.loop(0, sh, 1, [&](Val a) {
    Val first = (a + minusMod(top, sh)) % sh, place = (first + top) / sh;
    auto residue = [&](Val e) {
      Ptr there = planes + (a * sw * plane + place * columns);
      return Rows{there + ((left + e) % sw * plane + (left + e) / sw), sh * sw * plane, columns};
    };
    moveRows(k, {image + first * w, channel, sh * w}, c, max(h - first + sh - 1, 0) / sh, w, sw,
             residue, true);
  });
  return name;
}

llvm::StringRef mergeImageFunction(mlir::ModuleOp module) {
  llvm::StringRef name = "kerf_merge_image";
  if (!missing(module, name))
    return name;
  Function k(module, name);
  Ptr image = k.pointer(), parts = k.pointer(), residues = k.pointer(k.i64());
  Val c = k.size(), h = k.size(), w = k.size(), channel = k.size(), sh = k.size(), sw = k.size();
  k.loop(0, sh, 1, [&](Val a) {
    auto residue = [&](Val b) {
      Ptr entry = residueAt(residues, a * sw + b);
      return Rows{parts + entry.load(), (entry + 1).load(), (entry + 2).load()};
    };
    moveRows(k, {image + a * w, channel, sh * w}, c, max(h - a + sh - 1, 0) / sh, w, sw, residue,
             false);
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

llvm::StringRef listTermsFunction(mlir::ModuleOp module) {
  llvm::StringRef name = "kerf_list_terms";
  if (!missing(module, name))
    return name;
  Function k(module, name);
  Ptr terms = k.pointer(k.i64()), taps = k.pointer(k.i64());
  Val count = k.size(), channels = k.size(), channelStride = k.size();
  k.loop(0, count, 1, [&](Val tap) {
    Val distance = tapAt(taps, tap).load();
    k.loop(0, channels, 1,
           [&](Val c) { (terms + tap * channels + c).store(distance + c * channelStride); });
  });
  return name;
}

std::string packWeightsFunction(mlir::ModuleOp module, mlir::Type held) {
  const std::string name = "kerf_pack_weights" + suffixOf(held);
  if (!missing(module, name))
    return name;
  const std::string packRows = packRowsFunction(module, held);
  Function k(module, name);
  Ptr to = k.pointer(), weights = k.pointer(k.f32(), held), taps = k.pointer(k.i64());
  Val channels = k.size(), m = k.size(), mStride = k.size(), channelStride = k.size();
  Val begin = k.size(), end = k.size(), rows = paddedRows(m);
  k.loop(begin, end, blockDepth, [&](Val start) {
    Val depth = min(end - start, blockDepth);
    loopTaps(k, start, depth, channels, [&](Val tap, Val first, Val last, Val at) {
      Ptr from = weights + (tapAt(taps, tap) + 1).load() + first * channelStride;
      k.call(packRows,
             {to + rows * start, from, m, last - first, mStride, channelStride, depth, at});
    });
  });
  return name;
}

void packTerms(CalledFunction &k, llvm::StringRef packWeights, llvm::ArrayRef<mlir::Value> operands,
               Val terms, Val m) {
  k.ranges(ceilDiv(terms, blockDepth), grainOf(m * blockDepth), [&](Val from, Val to, Ptr) {
    llvm::SmallVector<mlir::Value> all(operands);
    all.push_back(from * blockDepth);
    all.push_back(min(to * blockDepth, terms));
    k.call(packWeights, all);
  });
}

/// kerf_pack_pixels(to, planes, terms, depth, pixel, columns, width, row_stride): `depth` terms of
/// the `columns` pixels from `pixel` on.
static llvm::StringRef packPixelsFunction(mlir::ModuleOp module) {
  llvm::StringRef name = "kerf_pack_pixels";
  if (!missing(module, name))
    return name;
  Function k(module, name);
  Ptr to = k.pointer(), planes = k.pointer(), terms = k.pointer(k.i64());
  Val depth = k.size(), pixel = k.size(), columns = k.size();
  Val width = k.size(), rowStride = k.size();

  // move(a half's place in the panel, the first tap's place for term p)
  auto each = [&](llvm::function_ref<void(Ptr, Ptr)> move) {
    k.loop(0, depth, 1, [&](Val p) { move(to + p * tileColumns, planes + (terms + p).load()); });
  };
  Val row[2], column[2], place[2];
  for (int64_t half : {0, 1}) {
    row[half] = (pixel + half * 8) / width, column[half] = (pixel + half * 8) % width;
    place[half] = row[half] * rowStride + column[half];
  }
  auto inRows = [&] {
    each([&](Ptr panel, Ptr from) {
      for (int64_t half : {0, 1})
        (panel + half * 8).store((from + place[half]).load(8));
    });
  };
  // Eight pixels that rows end among: a masked vector from each row.
  auto acrossRows = [&](int64_t half) {
    Val valid = min(max(columns - half * 8, 0), 8), step = rowStride - width;
    Val lanes = k.lanes(8, k.i32());
    auto piece = [&](Val number) {
      auto lane = [&](Val first) { return k.splat(resize(first, k.i32()), 8); };
      Val first = number * width - column[half];
      Val mask = (lanes >= lane(first)) & (lanes < lane(min(first + width, valid)));
      Val there = place[half] + number * step;
      return [=](Ptr from) { return bitcast((from + there).load(8, mask), from.emit->i32()); };
    };
    auto first = piece(k.index(0)), second = piece(k.index(1));
    each([&](Ptr panel, Ptr from) { (panel + half * 8).store(first(from) | second(from)); });
    k.loop(k.index(2), ceilDiv(column[half] + valid, width), 1, [&](Val number) {
      auto next = piece(number);
      each([&](Ptr panel, Ptr from) {
        Ptr eight = (panel + half * 8).as(k.i32());
        eight.store(eight.load(8) | next(from));
      });
    });
  };
  k.when((columns >= tileColumns) & (column[0] + 8 <= width) & (column[1] + 8 <= width), inRows,
         [&] {
           acrossRows(0);
           acrossRows(1);
         });
  return name;
}

llvm::StringRef stripFunction(mlir::ModuleOp module, int64_t height) {
  static constexpr llvm::StringRef names[] = {"kerf_strip_1", "kerf_strip_2", "kerf_strip_3",
                                              "kerf_strip_4"};
  llvm::StringRef name = names[height - 1];
  if (!missing(module, name))
    return name;
  Function k(module, name);
  Ptr weights = k.pointer(), planes = k.pointer(), terms = k.pointer(k.i64()), to = k.pointer();
  Val depth = k.size(), stride = k.size(), readable = k.size();
  Val first = k.argument(k.b.getI1Type());
  // Six sums of 16 lanes are enough: loads across cache lines take as long.
  const int64_t lanes = stripPixels(height) % tileLanes(k) ? 8 : tileLanes(k);
  const int64_t vectors = stripPixels(height) / lanes;

  auto sums = [&](llvm::function_ref<Val(Ptr, int64_t)> load) {
    Vals zeros(height * vectors, k.constant(k.vector(lanes, k.f32()), 0.0));
    return k.unrolled(k.index(0), depth, zeros, [&](Val p, const Vals &old) {
      Ptr column = weights + p * 4, from = planes + (terms + p).load();
      Vals sum = old, x;
      for (int64_t i = 0; i < height; ++i)
        x.push_back((column + i).splat(lanes));
      for (int64_t j = 0; j < vectors; ++j) {
        Val pixels = load(from, j * lanes);
        for (int64_t i = 0; i < height; ++i)
          sum[i * vectors + j] = fma(x[i], pixels, sum[i * vectors + j]);
      }
      return sum;
    });
  };
  Vals sum = k.either(
      readable >= stripPixels(height),
      [&] { return sums([&](Ptr from, int64_t j) { return (from + j).load(lanes); }); },
      [&] {
        Val end = k.splat(resize(readable, k.i32()), lanes);
        return sums([&](Ptr from, int64_t j) {
          return (from + j).load(lanes, k.lanes(lanes, k.i32(), j) < end);
        });
      });
  auto each = [&](llvm::function_ref<void(Ptr, Val)> body) {
    for (int64_t i = 0; i < height * vectors; ++i)
      body(to + stride * (i / vectors) + i % vectors * lanes, sum[i]);
  };
  k.when(
      first, [&] { each([](Ptr at, Val x) { at.store(x); }); },
      [&] { each([&](Ptr at, Val x) { at.store(at.load(lanes) + x); }); });
  return name;
}

/// kerf_conv_strips(planes, terms, weights, to, waiting, depth, m, pixels, readable): few channels.
static llvm::StringRef convStripsFunction(mlir::ModuleOp module) {
  llvm::StringRef name = "kerf_conv_strips";
  if (!missing(module, name))
    return name;
  llvm::StringRef strips[fewChannels], endBlock = endBlockFunction(module);
  for (int64_t height = 1; height <= fewChannels; ++height)
    strips[height - 1] = stripFunction(module, height);
  Function k(module, name);
  Ptr planes = k.pointer(), terms = k.pointer(k.i64()), weights = k.pointer(), to = k.pointer();
  Ptr waiting = k.pointer();
  Val depth = k.size(), m = k.size(), pixels = k.size(), readable = k.size();
  Val strip = stripPixels(m), count = ceilDiv(pixels, strip), stride = count * strip;
  k.loop(0, count, 1, [&](Val number) {
    Val pixel = number * strip;
    // Without terms one block of depth 0 writes the zeros.
    k.loop(0, max(depth, 1), blockDepth, [&](Val start) {
      for (int64_t height = 1; height <= fewChannels; ++height)
        k.when(m == height, [&] {
          k.call(strips[height - 1], {weights + start * 4, planes + pixel, terms + start,
                                      to + pixel, min(depth - start, blockDepth), stride,
                                      readable - pixel, start % groupDepth == 0});
        });
      k.call(endBlock, {to + pixel, waiting, m, strip, stride, start, depth});
    });
  });
  return name;
}

llvm::StringRef convPixelsFunction(mlir::ModuleOp module) {
  llvm::StringRef name = "kerf_conv_pixels";
  if (!missing(module, name))
    return name;
  llvm::StringRef packPixels = packPixelsFunction(module), panelProduct = panelFunction(module);
  llvm::StringRef strips = convStripsFunction(module), endBlock = endBlockFunction(module);
  Function k(module, name);
  Ptr planes = k.pointer(), terms = k.pointer(k.i64()), weights = k.pointer(), to = k.pointer();
  Ptr panel = k.pointer(), waiting = k.pointer();
  Val total = k.size(), m = k.size(), channel = k.size();
  Val height = k.size(), width = k.size(), rowStride = k.size(), readable = k.size();
  auto inStrips = [&] {
    k.call(strips, {planes, terms, weights, to, waiting, total, m,
                    select(width == 0, width, height * rowStride), readable});
  };
  auto inPanels = [&] {
    Val pixels = height * width, rows = paddedRows(m);
    k.loop(0, pixels, tileWidth(k), [&](Val pixel) {
      Val columns = min(pixels - pixel, tileWidth(k));
      // Without terms one block of depth 0 writes the zeros.
      k.loop(0, max(total, 1), blockDepth, [&](Val start) {
        Val depth = min(total - start, blockDepth);
        k.loop(0, columns, tileColumns, [&](Val j) {
          k.call(packPixels, {panel + j * depth, planes, terms + start, depth, pixel + j,
                              min(columns - j, tileColumns), width, rowStride});
        });
        k.call(panelProduct, {weights + rows * start, panel, to + pixel, m, depth, channel, columns,
                              start % groupDepth == 0});
        k.call(endBlock, {to + pixel, waiting, m, columns, channel, start, total});
      });
    });
  };
  k.when(m <= fewChannels, inStrips, inPanels);
  return name;
}

// Tasks

void loopSegments(CalledFunction &k, const Segments<Val> &segments, Val n,
                  llvm::function_ref<void(Val, Val, Val, Ptr)> body) {
  k.ranges(n * segments.ofImage, segments.ofTask, [&](Val from, Val to, Ptr own) {
    k.loop(from, to, 1, [&](Val number) {
      body(number / segments.ofImage, number % segments.ofImage * segments.rows, number == from,
           own);
    });
  });
}

} // namespace kerf::codegen::cpu
