// conv_transpose(y, weights, x, scratch | sizes of a Conv): the adjoint of conv in x, a sum over
// the (r, q, o) that reach the pixel; taps that fall between the strides do not count as terms.
#include "codegen/cpu/conv_images.h"
#include "codegen/cpu/sums_of_products.h"

using namespace kerf::codegen::cpu::emit;

namespace kerf::codegen::cpu {

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

/// The sums of one residue.
template <class T> static T partElements(const Conv<T> &s, T columns) {
  return s.c * channelElements(s.c, ceilDiv(s.h, s.sh), ceilDiv(s.w, s.sw), columns);
}

template <class T> static ConvScratch<T> scratchOf(const Conv<T> &s) {
  T rows = paddedExtent(s.oh, s.h, s.ph, s.kh, s.sh);
  T columns = paddedExtent(s.ow, s.w, s.pw, s.kw, s.sw), one = s.n * 0 + 1;
  T planes = planeElements(s.o, rows, columns, one, s.oh, s.ow);
  T parts = partElements(s, columns) * s.sh * s.sw;
  return scratchOf(s.kh * s.kw, s.c, s.o, planes,
                   select((s.sh * s.sw == 1) & (s.c > fewChannels), parts * 0, parts));
}

static Scratch scratchFor(llvm::ArrayRef<int64_t> sizes, const KernelSpec &spec) {
  if (!spec.element.isF32())
    return {};
  const ConvSizes s = convSizes(sizes);
  const int64_t taps = ceilDiv(s.kh, s.sh) * ceilDiv(s.kw, s.sw);
  return {.shared = scratchOf(s).waiting + waitingBytes(s.c, taps * s.o)};
}

static void generateTiled(mlir::ModuleOp module, llvm::StringRef symbol) {
  llvm::StringRef split = splitImageFunction(module), merge = mergeImageFunction(module);
  llvm::StringRef listTerms = listTermsFunction(module), packWeights = packWeightsFunction(module);
  llvm::StringRef convPixels = convPixelsFunction(module);
  CalledFunction k(module, symbol);
  Ptr y = k.pointer(), weights = k.pointer(), x = k.pointer(), scratch = k.pointer();
  Conv<Val> s = convArguments(k);
  ConvScratch<Val> place = scratchOf(s);
  Ptr taps = at(scratch, place.taps, k.i64()), terms = at(scratch, place.terms, k.i64());
  Ptr packed = at(scratch, place.weights), panel = at(scratch, place.panel);
  Ptr planes = at(scratch, place.planes);
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
    k.call(listTerms, {terms + before * s.o, mine, row.taps * column.taps, s.o, rows * columns});
    k.call(packWeights, {packed + rowsOfWeights * before, weights, mine, row.taps * column.taps,
                         s.o, s.c, s.kh * s.kw, s.c * s.kh * s.kw});
  });

  Val one = k.index(1), compact = (s.sh * s.sw == 1) & (s.c > fewChannels);
  Val elements = planeElements(s.o, rows, columns, one, s.oh, s.ow);
  Val part = partElements(s, columns);
  withPlanes(k, split, planes, y, elements, s.n, s.o, s.oh, s.ow, one, one, top, left, rows,
             columns, [&](Val number, Ptr from) {
               Ptr image = x + number * s.c * s.h * s.w;
               residues([&](Residue row, Residue column, Val, Val, Val before) {
                 Ptr mine = parts + (row.first * s.sw + column.first) * part;
                 Ptr first = from + ((row.place + top) * columns + column.place + left);
                 Val readable = readablePixels(elements, row.pixels, column.pixels, columns);
                 k.call(convPixels,
                        {first, terms + before * s.o, packed + rowsOfWeights * before,
                         select(compact, image, mine), panel, waiting, row.taps * column.taps * s.o,
                         s.c, row.pixels, column.pixels, columns, readable});
               });
               k.when(compact, nullptr, [&] {
                 k.call(merge, {image, parts, s.c, s.h, s.w, s.sh, s.sw, part, columns});
               });
             });
}

/// For element types without a register tile: slower, and without scratch.
static void generatePlain(mlir::ModuleOp module, llvm::StringRef symbol, mlir::Type element) {
  CalledFunction e(module, symbol);
  Ptr py = e.pointer(element), pw = e.pointer(element), px = e.pointer(element);
  Conv<Val> s = convArguments(e);
  Ptr waiting = waitingPlaces(e, element);
  Places4 x{px, s.c, s.h, s.w}, w{pw, s.c, s.kh, s.kw}, y{py, s.o, s.oh, s.ow};
  loop4(e, {s.n, s.c, s.h, s.w}, [&](Val n, Val c, Val i, Val j) {
    // The taps that reach the pixel: from these on, every stride-th.
    Val r0 = (i + s.ph) % s.sh, q0 = (j + s.pw) % s.sw;
    Val rows = max(s.kh - r0 + s.sh - 1, 0) / s.sh, columns = max(s.kw - q0 + s.sw - 1, 0) / s.sw;
    x(n, c, i, j).store(sumOfProducts(e, waiting, rows * columns * s.o, [&](Val p) {
      Val o = p % s.o, q = p / s.o % columns, r = p / s.o / columns;
      Val row = (i + s.ph) / s.sh - r, column = (j + s.pw) / s.sw - q;
      return Factors{w(o, c, r0 + r * s.sh, q0 + q * s.sw).load(),
                     inside(e, row, s.oh, column, s.ow, [&] { return y(n, o, row, column); })};
    }));
  });
}

Kernel kernel_conv_transpose() {
  return {.ops = {"kerf.conv_transpose"},
          .types = "T, T -> T",
          .elements = {"f32", "f64"},
          .form = convForm,
          .scratch = scratchFor,
          .work = convWork,
          .generate = generateTiledOr<generateTiled, generatePlain>};
}

} // namespace kerf::codegen::cpu
