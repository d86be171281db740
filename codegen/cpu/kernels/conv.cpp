// conv(x, weights, y, scratch | sizes of a Conv): y[n, o, i, j] = sum of weights[o, c, r, q] x[n,
// c, i sh + r - ph, j sw + q - pw] over (r, q, c) in this order, x being zero outside.
#include "codegen/cpu/conv_images.h"
#include "codegen/cpu/sums_of_products.h"

using namespace kerf::codegen::cpu::emit;

namespace kerf::codegen::cpu {

namespace {
template <class T> struct Forward {
  T inPlace;                        // images are read where they are, if they hold f32
  T columns, rows, plane, elements; // of a segment's planes
  Segments<T> segments;
  ConvScratch<T> scratch;
};
} // namespace
template <class T> static Forward<T> forwardOf(const Conv<T> &s, int64_t taskWork, bool isNarrow) {
  Forward<T> f;
  T residues = s.sh * s.sw, halo = (s.kh - 1) / s.sh, depth = s.kh * s.kw * s.c;
  f.inPlace = (s.ph + s.pw == 0) & (residues == 1) & !isNarrow;
  f.columns = seenExtent(s.w, s.pw, s.ow, s.kw, s.sw);
  f.segments = segmentsOf(s.n, s.oh, s.ow, s.o * s.oh * s.ow * depth / 8,
                          s.c * residues * (s.oh + halo) * f.columns, taskWork);
  f.rows = select(f.inPlace, s.h, f.segments.rows + halo);
  f.plane = select(f.inPlace, s.h * s.w, planeExtent(f.rows, f.columns));
  f.elements = planeElements(s.c * residues, f.plane, f.columns);
  T parts = s.o * channelElements(s.o, f.segments.rows, s.ow, f.columns);
  f.scratch = scratchOf(s.kh * s.kw, s.o, s.c, 0 * depth, 1 + 0 * depth,
                        select(f.inPlace, 0 * depth, f.elements),
                        select(s.o <= fewChannels, parts, parts * 0));
  return f;
}

static Scratch scratchFor(llvm::ArrayRef<int64_t> sizes, const KernelSpec &spec) {
  if (!spec.element.isF32())
    return {};
  const ConvSizes s = convSizes(sizes);
  const ConvScratch<int64_t> scratch =
      forwardOf(s, spec.target.sharing.taskWork, spec.isNarrow(0)).scratch;
  return {.shared = scratch.shared, .own = scratch.waiting + waitingBytes(s.o, s.kh * s.kw * s.c)};
}

static void generateTiled(mlir::ModuleOp module, llvm::StringRef symbol, const KernelSpec &spec) {
  const std::string split = splitImageFunction(module, spec.heldBy(0));
  const std::string packWeights = packWeightsFunction(module, spec.heldBy(1));
  llvm::StringRef merge = mergeImageFunction(module), listTerms = listTermsFunction(module);
  llvm::StringRef convPixels = convPixelsFunction(module);
  CalledFunction k(module, symbol);
  Ptr x = k.pointer(k.f32(), spec.heldBy(0)), weights = k.pointer(k.f32(), spec.heldBy(1));
  Ptr y = k.pointer(), scratch = k.pointer();
  Conv<Val> s = convArguments(k);
  Forward<Val> f = forwardOf(s, k.taskWork(), spec.isNarrow(0));
  Ptr taps = at(scratch, f.scratch.taps, k.i64()), terms = at(scratch, f.scratch.terms, k.i64());
  Ptr packed = at(scratch, f.scratch.weights);

  Val count = s.kh * s.kw;
  k.loop(0, s.kh, 1, [&](Val r) {
    k.loop(0, s.kw, 1, [&](Val q) {
      Ptr tap = tapAt(taps, r * s.kw + q);
      tap.store((r % s.sh * s.sw + q % s.sw) * f.plane + r / s.sh * f.columns + q / s.sw);
      (tap + 1).store(r * s.kw + q);
    });
  });
  k.call(listTerms, {terms, taps, count, s.c, s.sh * s.sw * f.plane});
  packTerms(k, packWeights, {packed, weights, taps, s.c, s.o, s.c * count, count}, count * s.c,
            s.o);

  loopSegments(k, f.segments, s.n, [&](Val number, Val start, Val fresh, Ptr own) {
    Ptr planes = at(own, f.scratch.planes), parts = at(own, f.scratch.parts);
    Ptr image = x + number * s.c * s.h * s.w;
    k.when(f.inPlace, nullptr, [&] {
      Window seen = windowOf(start, f.rows, s.h, s.sh, s.ph);
      k.when(fresh, [&] { k.zero(planes, f.elements * 4); });
      k.call(split, {planes, image + seen.first * s.w, s.c, seen.rows, s.w, s.h * s.w, s.sh, s.sw,
                     seen.top, s.pw, f.plane, f.columns});
    });
    Ptr from = spec.isNarrow(0) ? planes : select(f.inPlace, image + start * s.w, planes);
    Val height = min(s.oh - start, f.segments.rows), channel = s.oh * s.ow;
    Ptr to = y + (number * s.o * channel + start * s.ow);
    Val few = s.o <= fewChannels, readable = readablePixels(f.inPlace, height, s.ow, f.columns);
    k.call(convPixels, {from, terms, packed, select(few, parts, to), at(own, f.scratch.panel),
                        at(own, f.scratch.waiting), count * s.c, s.o, channel, height, s.ow,
                        f.columns, readable});
    k.when(few, [&] {
      Ptr residue = at(own, f.scratch.residues, k.i64());
      Val one = k.index(1);
      residue.store(k.index(0));
      (residue + 1).store(channelElements(s.o, height, s.ow, f.columns));
      (residue + 2).store(f.columns);
      k.call(merge, {to, parts, residue, s.o, height, s.ow, channel, one, one});
    });
  });
}

/// For element types without a register tile: slower, and without scratch.
static void generatePlain(mlir::ModuleOp module, llvm::StringRef symbol, mlir::Type element) {
  CalledFunction e(module, symbol);
  Ptr px = e.pointer(element), pw = e.pointer(element), py = e.pointer(element);
  Conv<Val> s = convArguments(e);
  Places4 x{px, s.c, s.h, s.w}, w{pw, s.c, s.kh, s.kw}, y{py, s.o, s.oh, s.ow};
  forEachOutput(e, {s.n, s.o, s.oh, s.ow}, s.kh * s.kw * s.c, element,
                [&](Val n, Val o, Val i, Val j, Ptr waiting) {
                  y(n, o, i, j).store(sumOfProducts(e, waiting, s.kh * s.kw * s.c, [&](Val p) {
                    Val c = p % s.c, q = p / s.c % s.kw, r = p / s.c / s.kw;
                    Val row = i * s.sh + r - s.ph, column = j * s.sw + q - s.pw;
                    return Factors{w(o, c, r, q).load(), inside(e, row, s.h, column, s.w, [&] {
                                     return x(n, c, row, column);
                                   })};
                  }));
                });
}

Kernel kernel_conv() {
  return {.ops = {"kerf.conv"},
          .types = "~T, ~T -> T",
          .elements = {"f32", "f64"},
          .form = convForm,
          .fits = convFits,
          .scratch = scratchFor,
          .work = convWork,
          .generate = generateTiledOr<generateTiled, generatePlain>};
}

} // namespace kerf::codegen::cpu
