// conv(x, weights, y, scratch | sizes of a Conv): y[n, o, i, j] = sum of weights[o, c, r, q] x[n,
// c, i sh + r - ph, j sw + q - pw] over (r, q, c) in this order, x being zero outside.
#include "codegen/cpu/conv_images.h"
#include "codegen/cpu/sums_of_products.h"

using namespace kerf::codegen::cpu::emit;

namespace kerf::codegen::cpu {

template <class T> static ConvScratch<T> scratchOf(const Conv<T> &s) {
  T rows = planeExtent(s.h, s.ph, s.oh, s.kh, s.sh);
  T columns = planeExtent(s.w, s.pw, s.ow, s.kw, s.sw);
  T planes = planeElements(s.c, rows, columns, s.sh * s.sw, s.h, s.w);
  T parts = s.o * channelElements(s.o, s.oh, s.ow, columns);
  return scratchOf(s.kh * s.kw, s.o, s.c, planes, select(s.o <= fewChannels, parts, parts * 0));
}

static Scratch scratchFor(llvm::ArrayRef<int64_t> sizes, const KernelSpec &spec) {
  if (!spec.element.isF32())
    return {};
  const ConvSizes s = convSizes(sizes);
  return {.shared = scratchOf(s).waiting + waitingBytes(s.o, s.kh * s.kw * s.c)};
}

static void generateTiled(mlir::ModuleOp module, llvm::StringRef symbol) {
  llvm::StringRef split = splitImageFunction(module), merge = mergeImageFunction(module);
  llvm::StringRef listTerms = listTermsFunction(module), packWeights = packWeightsFunction(module);
  llvm::StringRef convPixels = convPixelsFunction(module);
  CalledFunction k(module, symbol);
  Ptr x = k.pointer(), weights = k.pointer(), y = k.pointer(), scratch = k.pointer();
  Conv<Val> s = convArguments(k);
  ConvScratch<Val> place = scratchOf(s);
  Ptr taps = at(scratch, place.taps, k.i64()), terms = at(scratch, place.terms, k.i64());
  Ptr packed = at(scratch, place.weights), panel = at(scratch, place.panel);
  Ptr planes = at(scratch, place.planes), parts = at(scratch, place.parts);
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
  k.call(listTerms, {terms, taps, count, s.c, s.sh * s.sw * plane});
  k.call(packWeights, {packed, weights, taps, count, s.c, s.o, s.c * count, count});
  Val elements = planeElements(s.c, rows, columns, s.sh * s.sw, s.h, s.w);
  Val readable = readablePixels(elements, s.oh, s.ow, columns), few = s.o <= fewChannels;
  withPlanes(k, split, planes, x, elements, s.n, s.c, s.h, s.w, s.sh, s.sw, s.ph, s.pw, rows,
             columns, [&](Val number, Ptr from) {
               Ptr image = y + number * s.o * s.oh * s.ow;
               k.call(convPixels, {from, terms, packed, select(few, parts, image), panel, waiting,
                                   count * s.c, s.o, s.oh, s.ow, columns, readable});
               k.when(few, [&] {
                 Val one = k.index(1);
                 k.call(merge, {image, parts, s.o, s.oh, s.ow, one, one, one, columns});
               });
             });
}

/// For element types without a register tile: slower, and without scratch.
static void generatePlain(mlir::ModuleOp module, llvm::StringRef symbol, mlir::Type element) {
  CalledFunction e(module, symbol);
  Ptr px = e.pointer(element), pw = e.pointer(element), py = e.pointer(element);
  Conv<Val> s = convArguments(e);
  Ptr waiting = waitingPlaces(e, element);
  Places4 x{px, s.c, s.h, s.w}, w{pw, s.c, s.kh, s.kw}, y{py, s.o, s.oh, s.ow};
  loop4(e, {s.n, s.o, s.oh, s.ow}, [&](Val n, Val o, Val i, Val j) {
    y(n, o, i, j).store(sumOfProducts(e, waiting, s.kh * s.kw * s.c, [&](Val p) {
      Val c = p % s.c, q = p / s.c % s.kw, r = p / s.c / s.kw;
      Val row = i * s.sh + r - s.ph, column = j * s.sw + q - s.pw;
      return Factors{w(o, c, r, q).load(),
                     inside(e, row, s.h, column, s.w, [&] { return x(n, c, row, column); })};
    }));
  });
}

Kernel kernel_conv() {
  return {.ops = {"kerf.conv"},
          .types = "T, T -> T",
          .elements = {"f32", "f64"},
          .form = convForm,
          .scratch = scratchFor,
          .work = convWork,
          .generate = generateTiledOr<generateTiled, generatePlain>};
}

} // namespace kerf::codegen::cpu
