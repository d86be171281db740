// conv_filter(x, y, weights, scratch | sizes of a Conv): the adjoint of conv in the weights, a sum
// over (n, i, j): a matmul whose depth is the pixels of the batch, in blocks of 256 that may cross
// images. Rows are the channels of y; columns are (kernel row, kernel column, channel) of x,
// adjacent in memory once an image lies channels last with zeros around.
#include "codegen/cpu/conv_images.h"
#include "codegen/cpu/isa_x86.h"
#include "codegen/cpu/sums_of_products.h"

using namespace kerf::codegen::cpu::emit;

namespace kerf::codegen::cpu {

/// kerf_channels_last(to, image, c, h, w, row): to[i * row + j * c + channel] = image[channel, i,
/// j].
static llvm::StringRef channelsLastFunction(mlir::ModuleOp module) {
  llvm::StringRef name = "kerf_channels_last";
  if (!missing(module, name))
    return name;
  Function k(module, name);
  Ptr to = k.pointer(), image = k.pointer();
  Val c = k.size(), h = k.size(), w = k.size(), row = k.size();
  Val plane = h * w, wide = w / 8 * 8, deep = c / 8 * 8;
  k.loop(0, h, 1, [&](Val i) {
    Ptr from = image + i * w, there = to + i * row;
    auto scalars = [&](Val j, Val first) {
      k.loop(first, c, 1, [&](Val channel) {
        (there + j * c + channel).store((from + channel * plane + j).load());
      });
    };
    k.loop(0, wide, 8, [&](Val j) {
      k.loop(0, deep, 8, [&](Val channel) {
        Vals x;
        for (int64_t m = 0; m < 8; ++m)
          x.push_back((from + (channel + m) * plane + j).load(8));
        Vals pixels = transpose8(x);
        for (int64_t m = 0; m < 8; ++m)
          (there + (j + m) * c + channel).store(pixels[m]);
      });
      k.loop(0, select(deep < c, 8, 0), 1, [&](Val m) { scalars(j + m, deep); });
    });
    k.loop(wide, w, 1, [&](Val j) { scalars(j, k.index(0)); });
  });
  return name;
}

/// kerf_pack_patches(to, images, pixels, depth, column, count, segment, row): one panel, the
/// columns from `column` on, of which `count` exist. Pixel p begins at images[pixels[p]]; `segment`
/// adjacent columns lie adjacent, then comes the next row.
static llvm::StringRef packPatchesFunction(mlir::ModuleOp module) {
  llvm::StringRef name = "kerf_pack_patches";
  if (!missing(module, name))
    return name;
  Function k(module, name);
  Ptr to = k.pointer(), images = k.pointer(), pixels = k.pointer(k.i64());
  Val depth = k.size(), column = k.size(), count = k.size(), segment = k.size(), row = k.size();
  Ptr offsets = k.local(k.i64(), 8);

  auto placeOf = [&](Val j) { return j / segment * row + j % segment; };
  for (int64_t half : {0, 8}) {
    Val begin = column + half, valid = min(max(count - half, 0), 8);
    auto adjacent = [&] {
      Ptr from = images + placeOf(begin);
      k.loop(0, depth, 1, [&](Val p) {
        (to + p * tileColumns + half).store((from + (pixels + p).load()).load(8));
      });
    };
    auto scattered = [&] {
      k.loop(0, valid, 1, [&](Val j) { (offsets + j).store(placeOf(begin + j)); });
      k.loop(0, depth, 1, [&](Val p) {
        Ptr panel = to + p * tileColumns + half, from = images + (pixels + p).load();
        panel.store(k.constant(k.vector(8, k.f32()), 0.0));
        k.loop(0, valid, 1,
               [&](Val j) { (panel + j).store((from + (offsets + j).load()).load()); });
      });
    };
    k.when((valid == 8) & (begin % segment + 8 <= segment), adjacent, scattered);
  }
  return name;
}

namespace {
/// Sizes that follow, and where things lie in scratch, in bytes.
template <class T> struct Filter {
  T rows, columns, image; // of one image channels last, zeros included; and its elements
  T slots;                // images that a block may meet
  T total, patch;         // depth of the sum, columns of the result
  T direct;               // 1: (r, q, c) is the order of the weights, sums are formed in place
  T pixels, packed, panel, images, sums, waiting;
};
} // namespace

template <class T> static Filter<T> filterOf(const Conv<T> &s) {
  Filter<T> f;
  f.rows = max(s.h + s.ph, (s.oh - 1) * s.sh + s.kh);
  f.columns = max(s.w + s.pw, (s.ow - 1) * s.sw + s.kw);
  f.image = f.rows * f.columns * s.c;
  f.slots = min(s.n, blockDepth / (s.oh * s.ow) + 2);
  f.total = s.n * s.oh * s.ow;
  f.patch = s.kh * s.kw * s.c;
  f.direct = select((s.c == 1) | (s.kh * s.kw == 1), s.c * 0 + 1, s.c * 0);
  f.pixels = s.n * 0;
  f.packed = f.pixels + blockDepth * 8;
  f.panel = f.packed + aligned(paddedRows(s.o) * blockDepth * 4);
  f.images = f.panel + blockDepth * tileColumns * 4;
  f.sums = f.images + aligned(f.slots * f.image * 4);
  f.waiting = f.sums + aligned(s.o * f.patch * (1 - f.direct) * 4);
  return f;
}
static Scratch scratchFor(llvm::ArrayRef<int64_t> sizes, const KernelSpec &spec) {
  if (!spec.element.isF32())
    return {};
  const ConvSizes s = convSizes(sizes);
  const Filter<int64_t> f = filterOf(s);
  return {.shared = f.waiting + waitingSums(f.total) * s.o * f.patch * 4};
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

static void generateTiled(mlir::ModuleOp module, llvm::StringRef symbol) {
  llvm::StringRef channelsLast = channelsLastFunction(module);
  llvm::StringRef packPatches = packPatchesFunction(module), packRows = packRowsFunction(module);
  llvm::StringRef panelProduct = panelFunction(module), endBlock = endBlockFunction(module);
  CalledFunction k(module, symbol);
  Ptr x = k.pointer(), y = k.pointer(), weights = k.pointer(), scratch = k.pointer();
  Conv<Val> s = convArguments(k);
  Filter<Val> f = filterOf(s);
  Ptr pixels = at(scratch, f.pixels, k.i64()), packed = at(scratch, f.packed);
  Ptr panel = at(scratch, f.panel), images = at(scratch, f.images);
  Ptr waiting = at(scratch, f.waiting);
  Val inPlace = f.direct == 1;
  Ptr sums = select(inPlace, weights, at(scratch, f.sums));

  auto slotOf = [&](Val image) { return image % f.slots * f.image; };
  auto bring = [&](Val image) {
    Ptr inside = images + slotOf(image) + (s.ph * f.columns + s.pw) * s.c;
    k.call(channelsLast, {inside, x + image * s.c * s.h * s.w, s.c, s.h, s.w, f.columns * s.c});
  };
  auto notePixels = [&](Val start, Val depth) {
    loopRuns(k, start, depth, s.ow, [&](Val row, Val first, Val last, Val at) {
      Val place = slotOf(row / s.oh) + row % s.oh * s.sh * f.columns * s.c;
      Val step = s.sw * s.c;
      k.loop(first, last, 1, [&](Val j) { (pixels + at + (j - first)).store(place + j * step); });
    });
  };
  auto packY = [&](Val start, Val depth) {
    Val plane = s.oh * s.ow;
    loopRuns(k, start, depth, plane, [&](Val image, Val first, Val last, Val at) {
      k.call(packRows, {packed, y + image * s.o * plane + first, s.o, last - first, plane,
                        k.index(1), depth, at});
    });
  };

  k.zero(images, f.slots * f.image * 4);
  Val plane = s.oh * s.ow;
  k.loop(k.index(0), f.total, blockDepth, {k.index(0)}, [&](Val start, const Vals &here) {
    Val depth = min(f.total - start, blockDepth), needed = ceilDiv(start + depth, plane);
    k.loop(here[0], needed, 1, bring);
    notePixels(start, depth);
    packY(start, depth);
    k.loop(0, f.patch, tileColumns, [&](Val j) {
      Val count = min(f.patch - j, tileColumns);
      k.call(packPatches, {panel, images, pixels, depth, j, count, s.kw * s.c, f.columns * s.c});
      k.call(panelProduct,
             {packed, panel, sums + j, s.o, depth, f.patch, count, start % groupDepth == 0});
    });
    k.call(endBlock, {sums, waiting, s.o, f.patch, f.patch, start, f.total});
    return Vals{needed};
  });
  k.when(inPlace, nullptr, [&] {
    Val taps = s.kh * s.kw;
    k.loop(0, s.o, 1, [&](Val o) {
      Ptr from = sums + o * f.patch, to = weights + o * f.patch;
      k.loop(0, s.c, 1, [&](Val c) {
        k.loop(0, taps, 1, [&](Val t) { (to + c * taps + t).store((from + t * s.c + c).load()); });
      });
    });
  });
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
          .types = "T, T -> T",
          .elements = {"f32", "f64"},
          .form = convForm,
          .scratch = scratchFor,
          .work = convWork,
          .generate = generateTiledOr<generateTiled, generatePlain>};
}

} // namespace kerf::codegen::cpu
