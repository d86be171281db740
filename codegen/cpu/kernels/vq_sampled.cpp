// vq_sampled(z, codebook, key, offset, t, y, scratch | n k d metric least): vq's scores less t
// times Gumbel noise, -log(-log(max(u, least))) of uniform i k + j for row i and code j; `least` is
// given by the bits of an f32. Noise is made for the rows and codes that are looked at, so no array
// of rows x codes exists.
#include "codegen/cpu/math.h"
#include "codegen/cpu/philox.h"
#include "codegen/cpu/vq_search.h"

#include "compiler/dialect.h"
#include "compiler/ops/vq_sampled.h"

using namespace kerf::codegen::cpu::emit;

namespace kerf::codegen::cpu {

/// Noise lies beside as many codes at a time, for six rows.
template <class T> static T codesAtOnce(T d) { return min(codesOfBlock(d), 1024); }

namespace {
/// The shared scratch, in bytes from its start, and each worker's own, which is noise. The last
/// rows of a task lie in panels of their own: up to three rows more.
template <class T> struct Places {
  T center, scores, codes, rows, columns, bias, end, own;
  T stride; ///< from a row's noise to the next

  Places(T n, T k, T d) {
    T height = paddedRows(min(n, rowsOfBlock(d))) + 3;
    T width = ceilDiv(min(k, codesAtOnce(d)), tileColumns) * tileColumns;
    stride = width;
    own = width * (6 * 4);
    center = n * 0;
    scores = center + centerElements(d) * 4;
    codes = scores + height * (tileColumns * 4);
    rows = codes + height * (tileColumns * 4);
    columns = rows + ceilDiv(height * d * 4, 64) * 64;
    bias = columns + width * d * 4;
    end = bias + width * 4;
  }
};
} // namespace

/// kerf_vq_noise(key, to, start, count, t, least): t times the Gumbel noise of words start .. start
/// + count; what stands behind them up to a multiple of 8 is no number in particular.
static llvm::StringRef noiseFunction(mlir::ModuleOp module) {
  llvm::StringRef name = "kerf_vq_noise";
  if (!missing(module, name))
    return name;
  llvm::StringRef uniform = uniformFunction(module);
  Function e(module, name);
  Ptr key = e.pointer(e.i32()), to = e.pointer();
  Val start = e.size(), count = e.size();
  Val t = e.splat(e.argument(e.f32()), 8), least = e.splat(e.argument(e.f32()), 8);
  e.call(uniform, {key, to, start, count});
  e.loop(0, count, 8, [&](Val i) {
    Val u = (to + i).load(8), kept = select(u > least, u, least);
    Val noise = log(log(kept) * -1.0) * -1.0;
    (to + i).store(t * noise);
  });
  return name;
}

/// As the strip of vq, with `noise` taken from the scores and without the lanes past the last code.
static llvm::StringRef stripFunction(mlir::ModuleOp module, int64_t height) {
  llvm::StringRef name = height == 6 ? "kerf_vq_sampled_6x16" : "kerf_vq_sampled_4x16";
  if (!missing(module, name))
    return name;
  Function e(module, name);
  Ptr a = e.pointer(), b = e.pointer(), bias = e.pointer(), noise = e.pointer();
  Ptr scores = e.pointer(), codes = e.pointer(e.i32());
  Val depth = e.size(), count = e.size(), first = e.size(), stride = e.size();
  const Tile tile = tileOf(e, height, tileColumns);
  const int64_t lanes = tile.lanes, parts = tile.parts();
  Val scale = e.splat(e.argument(e.f32()), lanes);

  e.loop(0, count, tileColumns, [&](Val j) {
    Vals products = tileProducts(e, tile, a, b + j * depth, depth);
    Val code = e.splat(resize(first + j, e.i32()), lanes);
    Val left = e.splat(resize(count - j, e.i32()), lanes);
    for (int64_t i = 0; i < height; ++i)
      for (int64_t part = 0; part < parts; ++part) {
        int64_t start = part * lanes, place = i * tileColumns + start;
        Ptr own = noise + stride * i;
        Val score = fma(products[parts * i + part], scale, (bias + j + start).load(lanes)) -
                    (own + j + start).load(lanes);
        Val best = (scores + place).load(lanes);
        Val found = scoresBelow(score, best) & (e.lanes(lanes, e.i32(), start) < left);
        (scores + place).store(select(found, score, best));
        (codes + place).store(select(found, code, (codes + place).load(lanes)));
      }
  });
  return name;
}

static void generate(KernelFunctions &functions, llvm::StringRef symbol, const KernelSpec &spec) {
  mlir::ModuleOp module = functions.module;
  const std::string packRows = packRowsFunction(module);
  llvm::StringRef six = stripFunction(module, 6), four = stripFunction(module, 4);
  llvm::StringRef drawNoise = noiseFunction(module), centerRows = centerRowsFunction(module);
  llvm::StringRef centerOf = centerFunction(module, mlir::Float32Type::get(module.getContext()));
  CalledFunction e(module, symbol);
  Ptr z = e.pointer(), codebook = e.pointer(), key = e.pointer(e.i32());
  Ptr offset = e.pointer(e.i64()), temperature = e.pointer(), y = e.pointer(e.i64());
  Ptr scratch = e.pointer();
  Val n = e.size(), k = e.size(), d = e.size(), metric = e.size(), least = e.size();
  Val scale = select(metric == int64_t(VqMetric::l2), e.constant(e.f32(), -2.0), -1.0);
  Val t = temperature.load(), leastUniform = bitcast(resize(least, e.i32()), e.f32());

  const Places<Val> at(n, k, d);
  Ptr center = scratch, allScores = scratch + at.scores / 4;
  Ptr allCodes = (scratch + at.codes / 4).as(e.i32()), allRows = scratch + at.rows / 4;
  Ptr columns = scratch + at.columns / 4, bias = scratch + at.bias / 4;

  e.call(centerOf, {center, codebook, k, d, metric});
  Val firstNoise = offset.load();
  // Noise takes as long as some 32 FMAs of each code.
  Val grain = rowsOfTask(min(k, codesAtOnce(d)), d + 256);
  inBlocks(e, n, rowsOfBlock(d), [&](Val i, Val height) {
    inBlocks(e, k, codesAtOnce(d), [&](Val j, Val width) {
      packCodesInTasks(e, columns, bias, codebook + j * d, center, width, d, metric);
      e.ranges(height, grain, [&](Val from, Val to, Ptr noise) {
        Val count = to - from;
        Ptr rows = allRows + from * d, scores = allScores + from * tileColumns;
        Ptr codes = allCodes + from * tileColumns;
        e.when(j == 0, [&] {
          e.call(packRows, {rows, z + (i + from) * d, count, d, d, e.index(1), d, e.index(0)});
          e.when(isCentered(center, d), [&] { e.call(centerRows, {rows, center, count, d}); });
          Val worst = e.constant(e.vector(tileColumns, e.f32()), INFINITY);
          Val none = e.constant(e.vector(tileColumns, e.i32()), int64_t(0));
          e.loop(0, paddedRows(count), 1, [&](Val r) {
            (scores + r * tileColumns).store(worst);
            (codes + r * tileColumns).store(none);
          });
        });
        auto strips = [&](Val first, Val last, int64_t tall, llvm::StringRef strip) {
          e.loop(first, last, tall, [&](Val r) {
            e.loop(0, e.index(tall), 1, [&](Val s) {
              Val start = firstNoise + (i + from + r + s) * k + j;
              e.call(drawNoise, {key, noise + s * at.stride, start, width, t, leastUniform});
            });
            e.call(strip, {rows + r * d, columns, bias, noise, scores + r * tileColumns,
                           codes + r * tileColumns, d, width, j, at.stride, scale});
          });
        };
        strips(e.index(0), rowsInSixes(count), 6, six);
        strips(rowsInSixes(count), paddedRows(count), 4, four);
        e.when(j + width == k, [&] {
          e.loop(0, count, 1, [&](Val r) {
            Val code = bestCode(e, scores + r * tileColumns, codes + r * tileColumns);
            (y + i + from + r).store(resize(code, e.i64()));
          });
        });
      });
    });
  });
}

static std::optional<KernelForm> form(mlir::OpBuilder &, mlir::Operation *op) {
  auto vq = mlir::cast<compiler::VqSampledOp>(op);
  llvm::ArrayRef<int64_t> codebook = typeOf(vq.getCodebook()).getShape();
  const float least = vq.getLeast().convertToDouble();
  return KernelForm(op->getOperands(),
                    {typeOf(vq.getCodes()).getNumElements(), codebook[0], codebook[1],
                     int64_t(metricOf(vq.getMetric())), llvm::bit_cast<int32_t>(least)});
}

static Scratch scratchFor(llvm::ArrayRef<int64_t> sizes, const KernelSpec &) {
  const Places<int64_t> at(sizes[0], sizes[1], sizes[2]);
  return {.shared = at.end, .own = at.own};
}

static Work work(llvm::ArrayRef<int64_t> sizes, const KernelSpec &) {
  return {2.0 * sizes[0] * sizes[1] * sizes[2]};
}

Kernel kernel_vq_sampled() {
  return {.ops = {"kerf.vq_sampled"},
          .types = "f32, f32, i32, i64, f32 -> i64",
          .form = form,
          .scratch = scratchFor,
          .work = work,
          .generate = generate};
}

} // namespace kerf::codegen::cpu
