// conv_filter(x, y, weights, scratch | sizes of a Conv): the adjoint of conv in the weights, a sum
// over (n, i, j): a matmul whose depth is the pixels of the batch, in blocks of 256 that may cross
// images. What a weight meets of x at a pixel is a constant distance away from the pixel in a copy
// with zeros around, so that x needs no packing. Columns, which are the lanes, are the channels of
// y, and rows the weights of a channel, whose factors are read one by one. Where y has too few
// channels it is the other way round: the channels of x lie last in the copy and are the lanes.
#include "codegen/cpu/conv_images.h"
#include "codegen/cpu/isa_x86.h"
#include "codegen/cpu/sums_of_products.h"

using namespace kerf::codegen::cpu::emit;

namespace kerf::codegen::cpu {

/// So many channels of y are few: panels of 4 rows, as those of kerf_strip.
static constexpr int64_t fewRows = 2 * fewChannels;

namespace {
/// Sizes that follow, and where things lie in scratch, in bytes.
template <class T> struct Filter {
  T few, inPlace;         // the channels of y; images of f32 are read where they are
  T rows, columns;        // of one image, zeros included
  T plane;                // elements from a channel to the next one, where these do not lie last
  T pixel, row, image;    // elements from a pixel to the next one, to the next row, of an image
  T total, patch;         // depth of the sum, weights of a channel of y
  T sixes, rowPanels;     // of the weights of a channel
  T columnPanels;         // of y's channels
  T strip;                // elements that the strips of a kernel row take
  T tiles, blockElements; // of the result; of a block of y when packed
  T blocks, slots; // that are made ready at a time: blocks of the depth, images that these may meet
  T grain;         // tiles of a task
  T pixels, weights, packed, images, sums, waiting;
};
} // namespace

template <class T> static Filter<T> filterOf(const Conv<T> &s, int64_t taskWork, bool isNarrow) {
  constexpr int64_t cached = 131072;        // elements
  const int64_t enough = 64 * taskWork * 4; // FMAs of vectors
  Filter<T> f;
  f.few = s.o <= fewRows;
  f.inPlace = (s.o > fewRows) & (s.ph + s.pw == 0) & !isNarrow;
  f.rows = max(s.h + s.ph, (s.oh - 1) * s.sh + s.kh);
  f.columns = max(s.w + s.pw, (s.ow - 1) * s.sw + s.kw);
  f.pixel = select(f.few, s.c, 1 + 0 * s.c);
  f.row = f.columns * f.pixel;
  f.plane = select(f.inPlace, s.h * s.w, planeExtent(f.rows, f.columns));
  f.image = s.c * select(f.few, f.rows * f.columns, f.plane);
  f.total = s.n * s.oh * s.ow;
  f.patch = s.c * s.kh * s.kw;
  f.sixes = rowsInSixes(f.patch) / 6;
  f.rowPanels = f.sixes + panelsOfFour(f.patch);
  f.columnPanels = ceilDiv(s.o, select(f.few, fewChannels, tileColumns));
  f.strip = ceilDiv(s.kw * s.c, stripSums) * stripSums;
  f.tiles =
      f.columnPanels * select(f.few, s.kh * (f.strip / stripPixels(fewChannels)), f.rowPanels);
  f.blockElements = f.columnPanels * select(f.few, fewChannels, tileColumns) * blockDepth;
  T work = f.tiles * (12 * blockDepth); // of a block, in FMAs of vectors
  // Blocks of as many images as are cached, or of a part of one that is too large.
  T images =
      max(cached / max(f.image, 1) * (s.oh * s.ow), min(s.oh * s.ow, 64 * blockDepth)) / blockDepth;
  f.blocks = min(enough / max(work, 1), min(cached / max(f.blockElements, 1), max(images, 4)));
  f.blocks = max(min(f.blocks, ceilDiv(f.total, blockDepth)), 1);
  f.slots = min(s.n, f.blocks * blockDepth / max(s.oh * s.ow, 1) + 2);
  T least = grainOf(f.blocks * (12 * blockDepth), taskWork);
  f.grain = max(least, min(least * 4, f.tiles / 32));
  f.pixels = s.n * 0;
  f.weights = f.pixels + f.blocks * (blockDepth * 8);
  f.packed = f.weights + aligned(paddedRows(f.patch) * 8);
  f.images = f.packed + f.blocks * f.blockElements * 4;
  f.sums = f.images + select(f.inPlace, 0 * f.image, aligned((f.slots * f.image + stripSums) * 4));
  T sums = select(f.few, s.o * s.kh * f.strip, paddedRows(f.patch) * f.columnPanels * tileColumns);
  f.waiting = f.sums + aligned(sums * 4);
  return f;
}
static Scratch scratchFor(llvm::ArrayRef<int64_t> sizes, const KernelSpec &spec) {
  if (!spec.element.isF32())
    return {};
  const Filter<int64_t> f =
      filterOf(convSizes(sizes), spec.target.sharing.taskWork, spec.isNarrow(0));
  return {.shared = f.waiting + waitingSums(f.total) * (f.waiting - f.sums)};
}

/// kerf_filter_<height>x16(images, pixels, weights, y, sums, depth, first): sums[i, j] (+)=
/// sum_p images[pixels[p] + weights[i]] y[p, j] for i < height and the 16 columns of a panel.
static std::string filterTileFunction(mlir::ModuleOp module, int64_t height) {
  const std::string name = "kerf_filter_" + std::to_string(height) + "x16";
  if (!missing(module, name))
    return name;
  Function k(module, name);
  Ptr images = k.pointer(), pixels = k.pointer(k.i64()), weights = k.pointer(k.i64());
  Ptr y = k.pointer(), sums = k.pointer();
  Val depth = k.size(), first = k.argument(k.b.getI1Type());
  const int64_t lanes = tileLanes(k), parts = tileColumns / lanes;
  Vals place;
  for (int64_t i = 0; i < height; ++i)
    place.push_back((weights + i).load());
  Vals zeros(parts * height, k.constant(k.vector(lanes, k.f32()), 0.0));
  Vals sum = k.unrolled(k.index(0), depth, zeros, [&](Val p, const Vals &old) {
    Ptr pixel = images + (pixels + p).load(), row = y + p * tileColumns;
    Vals next = old, columns;
    for (int64_t part = 0; part < parts; ++part)
      columns.push_back((row + part * lanes).load(lanes));
    for (int64_t i = 0; i < height; ++i) {
      Val x = (pixel + place[i]).splat(lanes);
      for (int64_t part = 0; part < parts; ++part)
        next[i * parts + part] = fma(x, columns[part], next[i * parts + part]);
    }
    return next;
  });
  auto each = [&](llvm::function_ref<void(Ptr, Val)> body) {
    for (int64_t i = 0; i < parts * height; ++i)
      body(sums + i * lanes, sum[i]);
  };
  k.when(
      first, [&] { each([](Ptr at, Val x) { at.store(x); }); },
      [&] { each([&](Ptr at, Val x) { at.store(at.load(lanes) + x); }); });
  return name;
}

/// kerf_transpose(to, from, c, w, stride): to[j, channel] = from[channel * stride + j] for j < w,
/// channel < c.
static std::string transposeFunction(mlir::ModuleOp module, mlir::Type held = {}) {
  const std::string name = "kerf_transpose" + suffixOf(held);
  if (!missing(module, name))
    return name;
  Function k(module, name);
  Ptr to = k.pointer(), from = k.pointer(k.f32(), held);
  Val c = k.size(), w = k.size(), stride = k.size(), wide = w / 8 * 8, deep = c / 8 * 8;
  auto scalars = [&](Val channel, Val first) {
    k.loop(first, w, 1,
           [&](Val j) { (to + j * c + channel).store((from + channel * stride + j).load()); });
  };
  k.loop(0, deep, 8, [&](Val channel) {
    k.loop(0, wide, 8, [&](Val j) {
      Vals x;
      for (int64_t m = 0; m < 8; ++m)
        x.push_back((from + (channel + m) * stride + j).load(8));
      Vals columns = transpose8(x);
      for (int64_t m = 0; m < 8; ++m)
        (to + (j + m) * c + channel).store(columns[m]);
    });
    k.loop(0, select(wide < w, 8, 0), 1, [&](Val m) { scalars(channel + m, wide); });
  });
  k.loop(deep, c, 1, [&](Val channel) { scalars(channel, k.index(0)); });
  return name;
}

/// The first of the rows of panel `number`.
static Val rowOfPanel(const Filter<Val> &f, Val number) {
  return number * 6 - max(number - f.sixes, 0) * 2;
}

/// for each run of the pixels [start, start + depth) within one of the rows of `width`:
/// body(row, first column, last column + 1, place of the first in the block)
static void loopRuns(Function &k, Val start, Val depth, Val width,
                     llvm::function_ref<void(Val, Val, Val, Val)> body) {
  Val end = start + depth;
  k.loop(start / width, ceilDiv(end, width), 1, [&](Val row) {
    Val base = row * width, first = max(start - base, 0);
    body(row, first, min(end - base, width), base + first - start);
  });
}

namespace {
/// What both ways are made of.
struct Writer {
  CalledFunction &k;
  Ptr x, y, weights;
  Conv<Val> s;
  Filter<Val> f;
  Ptr pixels, packed, copies, sums, waiting;
  Val plane; // pixels of an image of y

  Writer(CalledFunction &k, Ptr x, Ptr y, Ptr weights, Ptr scratch, const Conv<Val> &s)
      : k(k), x(x), y(y), weights(weights), s(s), f(filterOf(s, k.taskWork(), x.held != x.element)),
        pixels(at(scratch, f.pixels, k.i64())), packed(at(scratch, f.packed)),
        copies(at(scratch, f.images)), sums(at(scratch, f.sums)), waiting(at(scratch, f.waiting)),
        plane(s.oh * s.ow) {}

  Val slotOf(Val image) { return select(f.inPlace, image, image % f.slots) * f.image; }

  void notePixels(Ptr to, Val start, Val depth) {
    loopRuns(k, start, depth, s.ow, [&](Val row, Val first, Val last, Val at) {
      Val place = slotOf(row / s.oh) + row % s.oh * s.sh * f.row, step = s.sw * f.pixel;
      k.loop(first, last, 1, [&](Val j) { (to + at + (j - first)).store(place + j * step); });
    });
  }

  /// Makes blocks and the images that they meet ready and adds them, some at a time:
  /// copy(to, image, first row, last row + 1), pack(to, first pixel, pixels), and add(first tile,
  /// last tile + 1, pixels' places, packed block, first pixel, pixels).
  void loopBlocks(llvm::function_ref<void(Ptr, Ptr, Val, Val)> copy,
                  llvm::function_ref<void(Ptr, Val, Val)> pack,
                  llvm::function_ref<void(Val, Val, Ptr, Ptr, Val, Val)> add) {
    Val some = f.blocks * blockDepth;
    auto ready = [&](Val number, const Vals &known) {
      Val start = number * some, depth = min(f.total - start, some);
      Val count = ceilDiv(depth, blockDepth), needed = ceilDiv(start + depth, plane);
      auto each = [&](Val from, Val to, llvm::function_ref<void(Ptr, Ptr, Val, Val)> body) {
        k.loop(from, to, 1, [&](Val i) {
          Val first = start + i * blockDepth;
          body(pixels + i * blockDepth, packed + i * f.blockElements, first,
               min(f.total - first, blockDepth));
        });
      };
      Val unknown = select(f.inPlace, 0, needed - known[0]);
      k.ranges(unknown * s.h, grainOf(s.c * s.w), [&](Val from, Val to, Ptr) {
        loopRuns(k, from, to - from, s.h, [&](Val number, Val first, Val last, Val) {
          Val image = known[0] + number;
          copy(copies + slotOf(image), x + image * s.c * s.h * s.w, first, last);
        });
      });
      k.ranges(count, grainOf(f.blockElements), [&](Val from, Val to, Ptr) {
        each(from, to, [&](Ptr places, Ptr block, Val first, Val pixels) {
          notePixels(places, first, pixels);
          pack(block, first, pixels);
        });
      });
      k.ranges(f.tiles, f.grain, [&](Val from, Val to, Ptr) {
        each(k.index(0), count, [&](Ptr places, Ptr block, Val first, Val pixels) {
          add(from, to, places, block, first, pixels);
        });
      });
      return Vals{needed};
    };
    Val zeros = select(f.inPlace, 0, f.slots * f.image + stripSums);
    k.ranges(zeros, k.index(k.taskWork()),
             [&](Val from, Val to, Ptr) { k.zero(copies + from, (to - from) * 4); });
    k.loop(k.index(0), ceilDiv(f.total, some), 1, {k.index(0)}, ready);
  }
};
} // namespace

static void manyChannels(Writer &w, mlir::ModuleOp module, Ptr places) {
  const std::string split = splitImageFunction(module, w.x.held);
  const std::string packColumns = packColumnsFunction(module, w.y.held);
  const std::string transpose = transposeFunction(module);
  llvm::StringRef endBlock = endBlockFunction(module);
  CalledFunction &k = w.k;
  const Conv<Val> &s = w.s;
  const Filter<Val> &f = w.f;
  Val rows = paddedRows(f.patch), panel = rows * tileColumns;
  k.loop(0, rows, 1, [&](Val row) {
    Val q = row % s.kw, r = row / s.kw % s.kh, c = row / s.kw / s.kh;
    Val place = c * f.plane + r * f.columns + q;
    (places + row).store(select(row < f.patch, place, 0)); // sums past the last are not read
  });
  auto copy = [&](Ptr to, Ptr image, Val first, Val last) {
    Val one = k.index(1);
    k.call(split, {to, image + first * s.w, s.c, last - first, s.w, s.h * s.w, one, one,
                   s.ph + first, s.pw, f.plane, f.columns});
  };
  auto pack = [&](Ptr to, Val start, Val depth) {
    k.loop(0, f.columnPanels, 1, [&](Val number) {
      Val o = number * tileColumns;
      loopRuns(k, start, depth, w.plane, [&](Val image, Val first, Val last, Val at) {
        k.call(packColumns, {to + (number * blockDepth + at) * tileColumns,
                             w.y + (image * s.o + o) * w.plane + first, min(s.o - o, tileColumns),
                             last - first, k.index(1), w.plane});
      });
    });
  };
  // Tiles are counted down the columns; so their sums are adjacent.
  auto sumOf = [&](Val tile) {
    return tile / f.rowPanels * panel + rowOfPanel(f, tile % f.rowPanels) * tileColumns;
  };
  Ptr images = w.x.held != w.x.element ? w.copies : select(f.inPlace, w.x, w.copies);
  auto add = [&](Val from, Val to, Ptr pixels, Ptr block, Val start, Val depth) {
    Val first = start % groupDepth == 0;
    k.loop(from / f.rowPanels, ceilDiv(to, f.rowPanels), 1, [&](Val column) {
      Val base = column * f.rowPanels;
      Val begin = max(from - base, 0), end = min(to - base, f.rowPanels);
      Ptr b = block + column * (blockDepth * tileColumns);
      auto tiles = [&](Val begin, Val end, int64_t panels, int64_t height) {
        const std::string tile = filterTileFunction(module, panels * height);
        k.loop(begin, end, panels, [&](Val number) {
          Val row = rowOfPanel(f, number);
          k.call(tile, {images, pixels, places + row, b,
                        w.sums + (column * panel + row * tileColumns), depth, first});
        });
      };
      auto panels = [&](Val begin, Val end, int64_t height) {
        if (tileLanes(k) == tileColumns) { // registers for the sums of two
          Val pairs = begin + max(end - begin, 0) / 2 * 2;
          tiles(begin, pairs, 2, height);
          begin = pairs;
        }
        tiles(begin, end, 1, height);
      };
      panels(begin, min(end, f.sixes), 6);
      panels(max(begin, f.sixes), end, 4);
    });
    Val place = sumOf(from), count = sumOf(to) - place;
    k.call(endBlock, {w.sums + place, w.waiting + place * waitingSums(f.total), k.index(1), count,
                      count, start, f.total});
  };
  w.loopBlocks(copy, pack, add);
  k.ranges(f.columnPanels, grainOf(f.patch * tileColumns), [&](Val from, Val to, Ptr) {
    k.loop(from, to, 1, [&](Val number) {
      Val o = number * tileColumns;
      k.call(transpose, {w.weights + o * f.patch, w.sums + number * panel, f.patch,
                         min(s.o - o, tileColumns), k.index(tileColumns)});
    });
  });
}

static void fewChannelsOfY(Writer &w, mlir::ModuleOp module) {
  const std::string packRows = packRowsFunction(module, w.y.held);
  llvm::StringRef strips[fewChannels];
  for (int64_t height = 1; height <= fewChannels; ++height)
    strips[height - 1] = stripFunction(module, height);
  const std::string transpose = transposeFunction(module, w.x.held);
  llvm::StringRef endBlock = endBlockFunction(module);
  CalledFunction &k = w.k;
  const Conv<Val> &s = w.s;
  const Filter<Val> &f = w.f;
  auto copy = [&](Ptr to, Ptr image, Val first, Val last) {
    Ptr inside = to + (s.ph * f.row + s.pw * s.c);
    k.loop(first, last, 1, [&](Val i) {
      k.call(transpose, {inside + i * f.row, image + i * s.w, s.c, s.w, s.h * s.w});
    });
  };
  auto heightOf = [&](Val panel) { return min(s.o - panel * fewChannels, fewChannels); };
  auto pack = [&](Ptr to, Val start, Val depth) {
    k.loop(0, f.columnPanels, 1, [&](Val panel) {
      Val o = panel * fewChannels;
      loopRuns(k, start, depth, w.plane, [&](Val image, Val first, Val last, Val at) {
        k.call(packRows,
               {to + o * blockDepth, w.y + (image * s.o + o) * w.plane + first, heightOf(panel),
                last - first, w.plane, k.index(1), k.index(blockDepth), at});
      });
    });
  };
  // A tile is a strip of 4 channels, of which fewer have longer ones, and the first tiles.
  Val rowTiles = f.strip / stripPixels(fewChannels), panelTiles = rowTiles * s.kh;
  auto add = [&](Val from, Val to, Ptr pixels, Ptr block, Val start, Val depth) {
    k.loop(from, to, 1, [&](Val tile) {
      Val panel = tile / panelTiles, r = tile / rowTiles % s.kh, height = heightOf(panel);
      Val strip = stripPixels(height), j = tile % rowTiles * strip;
      k.when(j < s.kw * s.c, [&] {
        Val row = (panel * fewChannels * s.kh + r * height) * f.strip, place = row + j;
        for (int64_t rows = 1; rows <= fewChannels; ++rows)
          k.when(height == rows, [&] {
            k.call(strips[rows - 1],
                   {block + panel * (fewChannels * blockDepth), w.copies + (r * f.row + j), pixels,
                    w.sums + place, depth, f.strip, k.index(INT32_MAX), start % groupDepth == 0});
          });
        k.call(endBlock, {w.sums + place, w.waiting + (row + j * height) * waitingSums(f.total),
                          height, strip, f.strip, start, f.total});
      });
    });
  };
  w.loopBlocks(copy, pack, add);
  k.loop(0, s.o, 1, [&](Val o) {
    Val panel = o / fewChannels, height = heightOf(panel);
    k.loop(0, s.kh, 1, [&](Val r) {
      Val place = panel * fewChannels * s.kh + r * height + o % fewChannels;
      Ptr from = w.sums + place * f.strip, to = w.weights + (o * f.patch + r * s.kw);
      k.loop(0, s.kw, 1, [&](Val q) {
        k.loop(0, s.c, 1,
               [&](Val c) { (to + c * s.kh * s.kw + q).store((from + q * s.c + c).load()); });
      });
    });
  });
}

static void generateTiled(mlir::ModuleOp module, llvm::StringRef symbol, const KernelSpec &spec) {
  CalledFunction k(module, symbol);
  Ptr x = k.pointer(k.f32(), spec.heldBy(0)), y = k.pointer(k.f32(), spec.heldBy(1));
  Ptr weights = k.pointer(), scratch = k.pointer();
  Writer w(k, x, y, weights, scratch, convArguments(k));
  k.when(
      w.f.few, [&] { fewChannelsOfY(w, module); },
      [&] { manyChannels(w, module, at(scratch, w.f.weights, k.i64())); });
}

/// For element types without a register tile: slower, and without scratch.
static void generatePlain(mlir::ModuleOp module, llvm::StringRef symbol, mlir::Type element) {
  CalledFunction e(module, symbol);
  Ptr px = e.pointer(element), py = e.pointer(element), pw = e.pointer(element);
  Conv<Val> s = convArguments(e);
  Places4 x{px, s.c, s.h, s.w}, w{pw, s.c, s.kh, s.kw}, y{py, s.o, s.oh, s.ow};
  forEachOutput(e, {s.o, s.c, s.kh, s.kw}, s.n * s.oh * s.ow, element,
                [&](Val o, Val c, Val r, Val q, Ptr waiting) {
                  w(o, c, r, q).store(sumOfProducts(e, waiting, s.n * s.oh * s.ow, [&](Val p) {
                    Val j = p % s.ow, i = p / s.ow % s.oh, n = p / s.ow / s.oh;
                    Val row = i * s.sh + r - s.ph, column = j * s.sw + q - s.pw;
                    return Factors{y(n, o, i, j).load(), inside(e, row, s.h, column, s.w, [&] {
                                     return x(n, c, row, column);
                                   })};
                  }));
                });
}

Kernel kernel_conv_filter() {
  return {.ops = {"kerf.conv_filter"},
          .types = "~T, ~T -> T",
          .elements = {"f32", "f64"},
          .form = convForm,
          .scratch = scratchFor,
          .work = convWork,
          .generate = generateTiledOr<generateTiled, generatePlain>};
}

} // namespace kerf::codegen::cpu
