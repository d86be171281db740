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

namespace {
template <class T> struct Transposed {
  T inPlace;                        // y is read where it is
  T columns, rows, plane, elements; // of a segment's planes
  T top, left;                      // zeros before y
  T part;                           // the sums of one residue in a segment
  T compact;                        // these are the result
  Segments<T> segments;             // in rows of residues
  ConvScratch<T> scratch;
};
} // namespace
template <class T> static Transposed<T> transposedOf(const Conv<T> &s, int64_t taskWork) {
  Transposed<T> t;
  T strides = s.sh * s.sw, taps = s.kh * s.kw, height = ceilDiv(s.h, s.sh);
  t.top = zerosBefore(s.kh, s.sh), t.left = zerosBefore(s.kw, s.sw);
  t.columns = paddedExtent(s.ow, s.w, s.pw, s.kw, s.sw);
  t.inPlace = (paddedExtent(s.oh, s.h, s.ph, s.kh, s.sh) == s.oh) & (t.columns == s.ow);
  T halo = t.top + ceilDiv(s.ph, s.sh);
  t.segments = segmentsOf(s.n, height, ceilDiv(s.w, s.sw),
                          s.c * s.h * s.w * s.o * ceilDiv(taps, strides) / 8,
                          s.o * (height + halo) * t.columns, taskWork);
  t.rows = select(t.inPlace, s.oh, t.segments.rows + halo);
  t.plane = select(t.inPlace, s.oh * s.ow, planeExtent(t.rows, t.columns));
  t.elements = planeElements(s.o, t.plane, t.columns);
  t.part = s.c * channelElements(s.c, t.segments.rows, ceilDiv(s.w, s.sw), t.columns);
  t.compact = (strides == 1) & (s.c > fewChannels);
  t.scratch = scratchOf(taps, s.c, s.o, select(t.inPlace, 0 * taps, t.elements),
                        select(t.compact, 0 * taps, t.part * strides));
  return t;
}

static Scratch scratchFor(llvm::ArrayRef<int64_t> sizes, const KernelSpec &spec) {
  if (!spec.element.isF32())
    return {};
  const ConvSizes s = convSizes(sizes);
  const int64_t taps = ceilDiv(s.kh, s.sh) * ceilDiv(s.kw, s.sw);
  const ConvScratch<int64_t> scratch = transposedOf(s, spec.target.sharing.taskWork).scratch;
  return {.shared = scratch.shared, .own = scratch.waiting + waitingBytes(s.c, taps * s.o)};
}

static void generateTiled(mlir::ModuleOp module, llvm::StringRef symbol) {
  llvm::StringRef split = splitImageFunction(module), merge = mergeImageFunction(module);
  llvm::StringRef listTerms = listTermsFunction(module), packWeights = packWeightsFunction(module);
  llvm::StringRef convPixels = convPixelsFunction(module);
  CalledFunction k(module, symbol);
  Ptr y = k.pointer(), weights = k.pointer(), x = k.pointer(), scratch = k.pointer();
  Conv<Val> s = convArguments(k);
  Transposed<Val> t = transposedOf(s, k.taskWork());
  Ptr taps = at(scratch, t.scratch.taps, k.i64()), terms = at(scratch, t.scratch.terms, k.i64());
  Ptr packed = at(scratch, t.scratch.weights);
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
    k.loop(0, row.taps, 1, [&](Val i) {
      k.loop(0, column.taps, 1, [&](Val j) {
        Ptr tap = tapAt(mine, i * column.taps + j);
        tap.store(0 - (i * t.columns + j));
        (tap + 1).store((a + i * s.sh) * s.kw + b + j * s.sw);
      });
    });
    Val count = row.taps * column.taps;
    k.call(listTerms, {terms + before * s.o, mine, count, s.o, t.plane});
    packTerms(
        k, packWeights,
        {packed + rowsOfWeights * before, weights, mine, s.o, s.c, s.kh * s.kw, s.c * s.kh * s.kw},
        count * s.o, s.c);
  });

  loopSegments(k, t.segments, s.n, [&](Val number, Val start, Val fresh, Ptr own) {
    Ptr planes = at(own, t.scratch.planes), parts = at(own, t.scratch.parts);
    Ptr image = y + number * s.o * s.oh * s.ow;
    Val one = k.index(1);
    k.when(t.inPlace, nullptr, [&] {
      Window seen = windowOf(start, t.rows, s.oh, one, t.top);
      k.when(fresh, [&] { k.zero(planes, t.elements * 4); });
      k.call(split, {planes, image + seen.first * s.ow, s.o, seen.rows, s.ow, s.oh * s.ow, one, one,
                     seen.top, t.left, t.plane, t.columns});
    });
    Ptr from = select(t.inPlace, image + start * s.ow, planes);
    Val channel = s.h * s.w;
    Ptr to = x + (number * s.c * channel + start * s.sh * s.w);
    residues([&](Residue row, Residue column, Val, Val, Val before) {
      Ptr mine = parts + (row.first * s.sw + column.first) * t.part;
      Ptr first = from + ((row.place + t.top) * t.columns + column.place + t.left);
      Val height = max(min(row.pixels - start, t.segments.rows), 0);
      Val readable = readablePixels(t.inPlace, height, column.pixels, t.columns);
      k.call(convPixels,
             {first, terms + before * s.o, packed + rowsOfWeights * before,
              select(t.compact, to, mine), at(own, t.scratch.panel), at(own, t.scratch.waiting),
              row.taps * column.taps * s.o, s.c, select(t.compact, channel, height * column.pixels),
              height, column.pixels, t.columns, readable});
    });
    k.when(t.compact, nullptr, [&] {
      k.call(merge, {to, parts, s.c, min(s.h - start * s.sh, t.segments.rows * s.sh), s.w, channel,
                     s.sh, s.sw, t.part, t.columns});
    });
  });
}

/// For element types without a register tile: slower, and without scratch.
static void generatePlain(mlir::ModuleOp module, llvm::StringRef symbol, mlir::Type element) {
  CalledFunction e(module, symbol);
  Ptr py = e.pointer(element), pw = e.pointer(element), px = e.pointer(element);
  Conv<Val> s = convArguments(e);
  Places4 x{px, s.c, s.h, s.w}, w{pw, s.c, s.kh, s.kw}, y{py, s.o, s.oh, s.ow};
  forEachOutput(e, {s.n, s.c, s.h, s.w}, s.kh * s.kw * s.o, element,
                [&](Val n, Val c, Val i, Val j, Ptr waiting) {
                  // The taps that reach the pixel: from these on, every stride-th.
                  Val r0 = (i + s.ph) % s.sh, q0 = (j + s.pw) % s.sw;
                  Val rows = max(s.kh - r0 + s.sh - 1, 0) / s.sh,
                      columns = max(s.kw - q0 + s.sw - 1, 0) / s.sw;
                  x(n, c, i, j).store(sumOfProducts(e, waiting, rows * columns * s.o, [&](Val p) {
                    Val o = p % s.o, q = p / s.o % columns, r = p / s.o / columns;
                    Val row = (i + s.ph) / s.sh - r, column = (j + s.pw) / s.sw - q;
                    return Factors{
                        w(o, c, r0 + r * s.sh, q0 + q * s.sw).load(),
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
