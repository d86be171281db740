// conv_transpose(y, weights, x, scratch | sizes of a Conv): the adjoint of conv in x, a sum over
// the (r, q, o) that reach the pixel; taps that fall between the strides do not count as terms.
#include "codegen/cpu/conv_images.h"
#include "codegen/cpu/sums_of_products.h"

using namespace kerf::codegen::cpu::emit;

namespace kerf::codegen::cpu {

/// Along one axis, of the pixels i = first + stride * j: they see taps residue + stride * t,
/// t < taps, of y at place + j - t. All residues `together`: what is that of the first, from the
/// least place of any on, which is `more` pixels before.
namespace {
struct Residue {
  Val first, pixels, taps, place, more;
};
} // namespace
static Residue residueOf(Val residue, Val size, Val kernel, Val stride, Val padding, Val together) {
  Residue r;
  r.first = (residue + minusMod(padding, stride)) % stride;
  r.pixels = max(size - r.first + stride - 1, 0) / stride;
  r.taps = max(kernel - residue + stride - 1, 0) / stride;
  r.place = (r.first + padding - residue) / stride;
  r.more = select(together, r.place - padding / stride, 0);
  r.place = r.place - r.more, r.pixels = r.pixels + r.more;
  return r;
}

/// Zeros before y along one axis, and its extent with those around.
template <class T> static T zerosBefore(T kernel, T stride) { return ceilDiv(kernel, stride) - 1; }
template <class T> static T paddedExtent(T out, T size, T padding, T kernel, T stride) {
  return max(out, (size - 1 + padding) / stride + 1) + zerosBefore(kernel, stride);
}

namespace {
template <class T> struct Transposed {
  T inPlace;                        // y is read where it is, if it holds f32
  T columns, rows, plane, elements; // of a segment's planes
  T top, left;                      // zeros before y
  T together;           // few channels of all residues are those of one product, if these have
                        // as many taps: what they see of y is read once for all
  T m;                  // rows of a product
  T part;               // its sums in a segment
  T compact;            // these are the result
  Segments<T> segments; // in rows of residues
  ConvScratch<T> scratch;
};
} // namespace
template <class T>
static Transposed<T> transposedOf(const Conv<T> &s, int64_t taskWork, bool isNarrow) {
  Transposed<T> t;
  T strides = s.sh * s.sw, taps = s.kh * s.kw, height = ceilDiv(s.h, s.sh);
  t.together = (strides > 1) & (s.c <= fewChannels) & (s.kh % s.sh == 0) & (s.kw % s.sw == 0);
  t.m = s.c * select(t.together, strides, 1 + 0 * taps);
  t.top = zerosBefore(s.kh, s.sh), t.left = zerosBefore(s.kw, s.sw);
  t.columns = paddedExtent(s.ow, s.w, s.pw, s.kw, s.sw);
  t.inPlace = (paddedExtent(s.oh, s.h, s.ph, s.kh, s.sh) == s.oh) & (t.columns == s.ow) & !isNarrow;
  T halo = t.top + ceilDiv(s.ph, s.sh);
  t.segments = segmentsOf(s.n, height, ceilDiv(s.w, s.sw),
                          s.c * s.h * s.w * s.o * ceilDiv(taps, strides) / 8,
                          s.o * (height + halo) * t.columns, taskWork);
  t.rows = select(t.inPlace, s.oh, t.segments.rows + halo);
  t.plane = select(t.inPlace, s.oh * s.ow, planeExtent(t.rows, t.columns));
  t.elements = planeElements(s.o, t.plane, t.columns);
  T more = select(t.together, 1 + 0 * taps, 0 * taps);
  t.part = t.m * channelElements(t.m, t.segments.rows + more, ceilDiv(s.w, s.sw) + more, t.columns);
  t.compact = (strides == 1) & (s.c > fewChannels);
  T parts = t.part * select(t.together, 1 + 0 * taps, strides);
  t.scratch =
      scratchOf(select(t.together, taps / strides, taps), t.m, s.o,
                select(t.together, s.o * s.c * taps, 0 * taps), strides,
                select(t.inPlace, 0 * taps, t.elements), select(t.compact, 0 * taps, parts));
  return t;
}

static Scratch scratchFor(llvm::ArrayRef<int64_t> sizes, const KernelSpec &spec) {
  if (!spec.element.isF32())
    return {};
  const ConvSizes s = convSizes(sizes);
  const int64_t taps = ceilDiv(s.kh, s.sh) * ceilDiv(s.kw, s.sw);
  const Transposed<int64_t> t = transposedOf(s, spec.target.sharing.taskWork, spec.isNarrow(0));
  return {.shared = t.scratch.shared, .own = t.scratch.waiting + waitingBytes(t.m, taps * s.o)};
}

static void generateTiled(mlir::ModuleOp module, llvm::StringRef symbol, const KernelSpec &spec) {
  const std::string split = splitImageFunction(module, spec.heldBy(0));
  const std::string packWeights = packWeightsFunction(module, spec.heldBy(1));
  llvm::StringRef merge = mergeImageFunction(module), listTerms = listTermsFunction(module);
  llvm::StringRef convPixels = convPixelsFunction(module);
  CalledFunction k(module, symbol);
  Ptr y = k.pointer(k.f32(), spec.heldBy(0)), weights = k.pointer(k.f32(), spec.heldBy(1));
  Ptr x = k.pointer(), scratch = k.pointer();
  Conv<Val> s = convArguments(k);
  Transposed<Val> t = transposedOf(s, k.taskWork(), spec.isNarrow(0));
  Ptr taps = at(scratch, t.scratch.taps, k.i64()), terms = at(scratch, t.scratch.terms, k.i64());
  Ptr packed = at(scratch, t.scratch.weights);
  Val rowsOfWeights = paddedRows(t.m) * s.o, weight = s.c * s.kh * s.kw; // of a channel of y

  // body(rows' residue, columns' residue, taps before it)
  auto residues = [&](llvm::function_ref<void(Residue, Residue, Val, Val, Val)> body) {
    Vals before = {k.index(0)};
    k.loop(k.index(0), select(t.together, 1, s.sh), 1, before, [&](Val a, const Vals &before) {
      Residue row = residueOf(a, s.h, s.kh, s.sh, s.ph, t.together);
      return k.loop(k.index(0), select(t.together, 1, s.sw), 1, before,
                    [&](Val b, const Vals &before) {
                      Residue column = residueOf(b, s.w, s.kw, s.sw, s.pw, t.together);
                      body(row, column, a, b, before[0]);
                      return Vals{before[0] + row.taps * column.taps};
                    });
    });
  };

  // Weights of all residues as rows, (tap, channel of y) as columns.
  Val gatheredRow = s.kh / s.sh * (s.kw / s.sw) * s.o;
  Ptr gathered(&k, at(scratch, t.scratch.gathered), k.f32(), weights.held);
  k.ranges(select(t.together, t.m, 0), grainOf(gatheredRow), [&](Val from, Val to, Ptr) {
    k.loop(from, to, 1, [&](Val row) {
      Val c = row % s.c, b = row / s.c % s.sw, a = row / s.c / s.sw;
      Ptr first = weights + ((c * s.kh + a) * s.kw + b), there = gathered + row * gatheredRow;
      k.loop(0, s.kh / s.sh, 1, [&](Val i) {
        k.loop(0, s.kw / s.sw, 1, [&](Val j) {
          Ptr tap = first + (i * s.sh * s.kw + j * s.sw),
              to = there + (i * (s.kw / s.sw) + j) * s.o;
          k.loop(0, s.o, 1, [&](Val o) { (to + o).store((tap + o * weight).load()); });
        });
      });
    });
  });

  residues([&](Residue row, Residue column, Val a, Val b, Val before) {
    Ptr mine = tapAt(taps, before);
    k.loop(0, row.taps, 1, [&](Val i) {
      k.loop(0, column.taps, 1, [&](Val j) {
        Ptr tap = tapAt(mine, i * column.taps + j);
        tap.store(0 - (i * t.columns + j));
        (tap + 1).store(
            select(t.together, (i * column.taps + j) * s.o, (a + i * s.sh) * s.kw + b + j * s.sw));
      });
    });
    Val count = row.taps * column.taps;
    k.call(listTerms, {terms + before * s.o, mine, count, s.o, t.plane});
    packTerms(k, packWeights,
              {packed + rowsOfWeights * before, select(t.together, gathered, weights), mine, s.o,
               t.m, select(t.together, gatheredRow, s.kh * s.kw), select(t.together, 1, weight)},
              count * s.o, t.m);
  });

  loopSegments(k, t.segments, s.n, [&](Val number, Val start, Val fresh, Ptr own) {
    Ptr planes = at(own, t.scratch.planes), parts = at(own, t.scratch.parts);
    Ptr table = at(own, t.scratch.residues, k.i64());
    Ptr image = y + number * s.o * s.oh * s.ow;
    Val one = k.index(1);
    k.when(t.inPlace, nullptr, [&] {
      Window seen = windowOf(start, t.rows, s.oh, one, t.top);
      k.when(fresh, [&] { k.zero(planes, t.elements * 4); });
      k.call(split, {planes, image + seen.first * s.ow, s.o, seen.rows, s.ow, s.oh * s.ow, one, one,
                     seen.top, t.left, t.plane, t.columns});
    });
    Ptr from = spec.isNarrow(0) ? planes : select(t.inPlace, image + start * s.ow, planes);
    Val channel = s.h * s.w;
    Ptr to = x + (number * s.c * channel + start * s.sh * s.w);
    residues([&](Residue row, Residue column, Val, Val, Val before) {
      Val number = row.first * s.sw + column.first;
      Val place = select(t.together, 0, number * t.part);
      Ptr first = from + ((row.place + t.top) * t.columns + column.place + t.left);
      Val height = max(min(row.pixels - start, t.segments.rows + row.more), 0);
      Val readable = readablePixels(t.inPlace, height, column.pixels, t.columns);
      k.call(convPixels, {first, terms + before * s.o, packed + rowsOfWeights * before,
                          select(t.compact, to, parts + place), at(own, t.scratch.panel),
                          at(own, t.scratch.waiting), row.taps * column.taps * s.o, t.m,
                          select(t.compact, channel, height * column.pixels), height, column.pixels,
                          t.columns, readable});
      Val elements = channelElements(t.m, height, column.pixels, t.columns);
      Val rowElements = select(t.m <= fewChannels, t.columns, column.pixels);
      auto note = [&](Val number, Val place) {
        Ptr entry = residueAt(table, number);
        entry.store(place);
        (entry + 1).store(elements);
        (entry + 2).store(rowElements);
      };
      auto noteAll = [&] {
        k.loop(0, s.sh, 1, [&](Val i) {
          k.loop(0, s.sw, 1, [&](Val j) {
            Val a = i + s.ph, b = j + s.pw;
            Val rows = (a % s.sh * s.sw + b % s.sw) * s.c;
            note(i * s.sw + j, rows * elements + (a / s.sh - row.place) * rowElements +
                                   (b / s.sw - column.place));
          });
        });
      };
      k.when(t.together, noteAll, [&] { note(number, place); });
    });
    k.when(t.compact, nullptr, [&] {
      k.call(merge, {to, parts, table, s.c, min(s.h - start * s.sh, t.segments.rows * s.sh), s.w,
                     channel, s.sh, s.sw});
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
          .types = "~T, ~T -> T",
          .elements = {"f32", "f64"},
          .form = convForm,
          .fits = convTransposeFits,
          .scratch = scratchFor,
          .work = convWork,
          .generate = generateTiledOr<generateTiled, generatePlain>};
}

} // namespace kerf::codegen::cpu
