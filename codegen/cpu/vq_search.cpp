#include "codegen/cpu/vq_search.h"
#include "codegen/cpu/isa_x86.h"
#include "codegen/cpu/pairwise.h"
#include "codegen/cpu/sums_of_products.h"

#include "compiler/dialect.h"
#include "compiler/ops/vq.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "llvm/ADT/StringSwitch.h"

using namespace kerf::codegen::cpu::emit;

namespace kerf::codegen::cpu {

VqMetric metricOf(llvm::StringRef name) {
  return llvm::StringSwitch<VqMetric>(name)
      .Case("l2", VqMetric::l2)
      .Case("dot", VqMetric::dot)
      .Case("cosine", VqMetric::cosine);
}

VqSizes vqSizes(mlir::Operation *op) {
  auto vq = mlir::cast<compiler::VqOp>(op);
  llvm::ArrayRef<int64_t> codebook = typeOf(vq.getCodebook()).getShape();
  const int64_t heads = product(codebook.drop_back(2)),
                rows = typeOf(vq.getCodes()).getNumElements();
  return {heads, rows / max(heads, 1), codebook.drop_back().back(), codebook.back(),
          metricOf(vq.getMetric())};
}

Scratch vqScratch(int64_t n, int64_t k, int64_t d, mlir::Type element) {
  if (!element.isF32())
    return {.shared = (centerElements(d) + k) * int64_t(element.getIntOrFloatBitWidth() / 8)};
  Scratch scratch = isScreened(n, k, d) ? screenedScratch(n, k, d)
                                        : Scratch{.shared = exactScratchBytes(n, k, d)};
  scratch.shared += centerElements(d) * 4;
  return scratch;
}

namespace {
/// The scratch, in bytes from its start. Of a row: sixteen best scores and where they were. The
/// last rows of a task lie in panels of their own: up to three rows more.
template <class T> struct Places {
  T scores, codes, rows, columns, bias, end;

  Places(T n, T k, T d) {
    T height = paddedRows(min(n, rowsOfBlock(d))) + 3;
    T width = ceilDiv(min(k, codesOfBlock(d)), tileColumns) * tileColumns;
    scores = n * 0;
    codes = scores + height * (tileColumns * 4);
    rows = codes + height * (tileColumns * 4);
    columns = rows + ceilDiv(height * d * 4, 64) * 64;
    bias = columns + width * d * 4;
    end = bias + width * 4;
  }
};
} // namespace

int64_t exactScratchBytes(int64_t n, int64_t k, int64_t d) {
  const Places<int64_t> at(n, k, d);
  return at.end;
}
Val exactScratchBytes(Val n, Val k, Val d) { return Places<Val>(n, k, d).end; }

void inBlocks(Function &e, Val size, Val block, llvm::function_ref<void(Val, Val)> body) {
  e.loop(0, ceilDiv(size, block), 1, [&](Val i) { body(i * block, min(size - i * block, block)); });
}

// The rule of argmin: a NaN is before every number, the lower index before its equal.

Val scoresBelow(Val x, Val least) {
  Emit *e = x.emit;
  Val lessOrNan{e, mlir::arith::CmpFOp::create(e->b, mlir::arith::CmpFPredicate::ULT, x, least)};
  return lessOrNan & (least == least);
}
static Val tied(Val a, Val b) { return (a == b) | (isNan(a) & isNan(b)); }

Vals tileProducts(Function &e, Tile tile, Ptr a, Ptr b, Val depth) {
  auto group = [&](Val from, Val to) {
    Vals sum = tileSums(e, tile, a, b, from, min(from + blockDepth, to), depth);
    return e.loop(from + blockDepth, to, blockDepth, sum, [&](Val p, const Vals &total) {
      Vals next = tileSums(e, tile, a, b, p, min(p + blockDepth, to), depth);
      for (auto [x, y] : llvm::zip_equal(next, total))
        x = y + x;
      return next;
    });
  };
  auto groups = [&] {
    const int64_t size = tile.height * tile.width, lanes = tile.lanes;
    Ptr waiting = e.local(e.f32(), 32 * size);
    auto place = [&](Val level, int64_t i) { return waiting + level * size + i * lanes; };
    auto add = [&](Val level, const Vals &sum) {
      Vals total;
      for (auto [i, x] : llvm::enumerate(sum))
        total.push_back(place(level, i).load(lanes) + x);
      return total;
    };
    auto keep = [&](Val level, const Vals &sum) {
      for (auto [i, x] : llvm::enumerate(sum))
        place(level, i).store(x);
    };
    Vals none(size / lanes, e.constant(e.vector(lanes, e.f32()), 0.0));
    return e.loop(e.index(0), depth, groupDepth, none, [&](Val from, const Vals &) {
      Val to = min(from + groupDepth, depth);
      return closeGroup(e, from / groupDepth, to == depth, group(from, to), add, keep);
    });
  };
  return e.either(depth <= groupDepth, [&] { return group(e.index(0), depth); }, groups);
}

/// A panel of rows against consecutive panels of codes: lane j of a row keeps the best score that
/// codes j, 16 + j, 32 + j ... had, and the first code of its panel.
static llvm::StringRef stripFunction(mlir::ModuleOp module, int64_t height) {
  llvm::StringRef name = height == 6 ? "kerf_vq_strip_6" : "kerf_vq_strip_4";
  if (!missing(module, name))
    return name;
  Function e(module, name);
  Ptr a = e.pointer(), b = e.pointer(), bias = e.pointer();
  Ptr scores = e.pointer(), codes = e.pointer(e.i32());
  Val depth = e.size(), count = e.size(), first = e.size();
  Val scale = e.argument(e.f32());

  auto strip = [&](Val from, Val to, Tile tile) {
    const int64_t lanes = tile.lanes;
    e.loop(from, to, tile.width, [&](Val j) {
      Vals sum = tileProducts(e, tile, a, b + j * depth, depth);
      for (int64_t i = 0; i < tile.height; ++i)
        for (int64_t part = 0; part < tile.parts(); ++part) {
          const int64_t column = part * lanes, panel = column / tileColumns * tileColumns;
          const int64_t place = i * tileColumns + column - panel;
          Val code = e.splat(resize(first + j + panel, e.i32()), lanes);
          Val score = fma(sum[i * tile.parts() + part], e.splat(scale, lanes),
                          (bias + j + column).load(lanes));
          Val best = (scores + place).load(lanes), found = scoresBelow(score, best);
          (scores + place).store(select(found, score, best));
          (codes + place).store(select(found, code, (codes + place).load(lanes)));
        }
    });
  };
  Val begin = e.index(0);
  if (tileWidth(e) == widestTile) {
    Val pairs = ceilDiv(count, tileColumns) / 2 * widestTile;
    strip(begin, pairs, tileOf(e, height, widestTile));
    begin = pairs;
  }
  strip(begin, count, tileOf(e, height, tileColumns));
  return name;
}

Val isCentered(Ptr center, Val d) {
  Ptr marks = center + (centerElements(d) - 8);
  return resize(maskBits(marks.load(8) > 0.0), center.emit->i64()) > 0;
}

/// Of every (k / 64)-th code, 64 of them or all: the mean, in the elements where it is more than
/// twice as long as the codes are spread about it, |mean|^2 > 4 (mean of |e|^2 - |mean|^2).
llvm::StringRef centerFunction(mlir::ModuleOp module, mlir::Type element) {
  llvm::StringRef name = element.isF32() ? "kerf_vq_center" : "kerf_vq_center_f64";
  if (!missing(module, name))
    return name;
  Function e(module, name);
  Ptr center = e.pointer(element), codebook = e.pointer(element);
  Val k = e.size(), d = e.size(), metric = e.size();
  e.zero(center, centerElements(d) * int64_t(element.getIntOrFloatBitWidth() / 8));
  Val count = min(k, 64), step = max(k / 64, 1) * d;
  Val zero = e.constant(e.vector(8, element), 0.0), lanes = e.lanes(8, e.i32());
  Val number = e.splat(toFloat(count, element), 8);
  Ptr marks = center + (centerElements(d) - 8);
  e.when(metric == int64_t(VqMetric::l2), [&] {
    e.loop(0, d, 8, [&](Val p) {
      Val inside = lanes < e.splat(resize(d - p, e.i32()), 8);
      Vals sums = e.loop(e.index(0), count, 1, {zero, zero}, [&](Val j, const Vals &sum) {
        Val x = (codebook + j * step + p).load(8, inside);
        return Vals{sum[0] + x, sum[1] + x * x};
      });
      Val mean = sums[0] / number;
      Val isFar = mean * sums[0] * 1.25 > sums[1];
      (center + p).store(select(isFar, mean, zero));
      marks.store(select(isFar, like(zero, 1.0), marks.load(8)));
    });
  });
  return name;
}

llvm::StringRef centerRowsFunction(mlir::ModuleOp module) {
  llvm::StringRef name = "kerf_vq_center_rows";
  if (!missing(module, name))
    return name;
  Function e(module, name);
  Ptr rows = e.pointer(), center = e.pointer();
  Val height = e.size(), d = e.size();
  auto panels = [&](Val from, Val to, int64_t tall) {
    e.loop(from, to, tall, [&](Val r) {
      e.loop(0, d, 1, [&](Val p) {
        Ptr place = rows + (r * d + p * tall);
        place.store(place.load(4) - (center + p).splat(4));
        if (tall == 6)
          (place + 4).store((place + 4).load(2) - (center + p).splat(2));
      });
    });
  };
  panels(e.index(0), rowsInSixes(height), 6);
  panels(rowsInSixes(height), paddedRows(height), 4);
  return name;
}

/// The same of a block of a row.
static Val squaredLengthOfBlock(Function &e, Ptr x, Ptr center, Val d) {
  Val lanes = e.lanes(8, e.i32());
  auto add = [&](Val sum, Val part) { return sum + part * part; };
  auto at = [&](Val i) { return (center + i).load(8); };
  Val zero = e.constant(e.vector(8, x.element), 0.0), whole = d / 16 * 16;
  Vals sums = e.loop(e.index(0), whole, 16, {zero, zero}, [&](Val i, const Vals &sum) {
    return Vals{add(sum[0], (x + i).load(8) - at(i)), add(sum[1], (x + i + 8).load(8) - at(i + 8))};
  });
  Val rest = e.splat(resize(d - whole, e.i32()), 8);
  auto last = [&](Val i, Val inside) {
    return (x + i).load(8, inside) - (center + i).load(8, inside);
  };
  Val sum =
      add(sums[0], last(whole, lanes < rest)) + add(sums[1], last(whole + 8, lanes + 8 < rest));
  sum = shuffle(sum, sum, {0, 1, 2, 3}) + shuffle(sum, sum, {4, 5, 6, 7});
  sum = shuffle(sum, sum, {0, 1}) + shuffle(sum, sum, {2, 3});
  return lane(sum, 0) + lane(sum, 1);
}

Val squaredLength(Function &e, Ptr x, Ptr center, Val d) {
  return e.either(
      d <= blockElements, [&] { return Vals{squaredLengthOfBlock(e, x, center, d)}; },
      [&] {
        Pairwise blocks(e, x.element, 1, int64_t(1) << 32, [](Val a, Val b) { return a + b; });
        e.loop(0, d, blockElements, [&](Val i) {
          Val sum = squaredLengthOfBlock(e, x + i, center + i, min(d - i, blockElements));
          blocks.push(i / blockElements, sum);
        });
        return Vals{blocks.total(ceilDiv(d, blockElements))};
      })[0];
}

/// max(|x|, 1e-12), by which a code is divided to have length 1.
static Val length(Val squared) {
  Val root = sqrt(squared);
  Val least = like(root, 1e-12);
  return select(scoresBelow(root, least), select(isNan(root), root, least), root);
}

llvm::StringRef packCodesFunction(mlir::ModuleOp module) {
  llvm::StringRef name = "kerf_vq_pack";
  if (!missing(module, name))
    return name;
  const std::string packColumns = packColumnsFunction(module);
  Function e(module, name);
  Ptr to = e.pointer(), bias = e.pointer(), from = e.pointer(), center = e.pointer();
  Val count = e.size(), d = e.size(), metric = e.size(), centered = isCentered(center, d);
  Val zero = e.constant(e.f32(), 0.0);
  Ptr lengths = e.local(e.f32(), tileColumns);
  e.loop(0, count, tileColumns, [&](Val j) {
    Ptr panel = to + j * d, codes = from + j * d;
    Val width = min(count - j, tileColumns);
    e.call(packColumns, {panel, codes, width, d, e.index(1), d});
    e.when(centered, [&] {
      e.loop(0, d, 1, [&](Val p) {
        for (int64_t half : {0, 8}) {
          Ptr place = panel + p * tileColumns + half;
          place.store(place.load(8) - (center + p).splat(8));
        }
      });
    });
    e.loop(width, e.index(tileColumns), 1, [&](Val i) {
      e.loop(0, d, 1, [&](Val p) {
        (panel + p * tileColumns + i).store((panel + p * tileColumns + (width - 1)).load());
      });
    });
    auto each = [&](Ptr to, llvm::function_ref<Val(Val)> of) {
      e.loop(0, e.index(tileColumns), 1, [&](Val i) {
        (to + i).store(of(squaredLength(e, codes + min(i, width - 1) * d, center, d)));
      });
    };
    e.when(
        metric == int64_t(VqMetric::l2), [&] { each(bias + j, [](Val x) { return x; }); },
        [&] { e.loop(0, e.index(tileColumns), 1, [&](Val i) { (bias + j + i).store(zero); }); });
    e.when(metric == int64_t(VqMetric::cosine), [&] {
      each(lengths, [](Val x) { return length(x); });
      e.loop(0, d, 1, [&](Val p) {
        for (int64_t half : {0, 8}) {
          Ptr place = panel + p * tileColumns + half;
          place.store(place.load(8) / (lengths + half).load(8));
        }
      });
    });
  });
  return name;
}

Val codeScore(Function &e, Ptr z, Ptr u, Ptr center, Val square, Val d, Val metric) {
  Val zero = like(square, 0.0), isCosine = metric == int64_t(VqMetric::cosine);
  Val divisor = select(isCosine, length(square), like(square, 1.0));
  Val total = sumOfProducts(e, e.local(square.type(), 64), d, [&](Val p) {
    Val c = (center + p).load();
    return Factors{(z + p).load() - c, ((u + p).load() - c) / divisor};
  });
  return select(metric == int64_t(VqMetric::l2), square - 2.0 * total, zero - total);
}

Val bestCode(Function &e, Ptr scores, Ptr codes) {
  Val score = scores.load(tileColumns);
  Val code = codes.load(tileColumns) + e.lanes(tileColumns, e.i32());
  for (int64_t half = tileColumns / 2; half >= 1; half /= 2) {
    llvm::SmallVector<int64_t> low, high;
    for (int64_t i = 0; i < half; ++i)
      low.push_back(i), high.push_back(half + i);
    Val x = emit::shuffle(score, score, low), y = emit::shuffle(score, score, high);
    Val i = emit::shuffle(code, code, low), j = emit::shuffle(code, code, high);
    Val found = scoresBelow(y, x) | (tied(x, y) & (j < i));
    score = select(found, y, x), code = select(found, j, i);
  }
  return lane(code, 0);
}

/// kerf_vq_exact_rows(z, y, center, rows, columns, bias, scores, codes, count, width, first, d,
/// scale, isFirst, isLast): rows of one task against a block of packed codes, of which `first` is
/// the first.
static llvm::StringRef exactRowsFunction(mlir::ModuleOp module) {
  llvm::StringRef name = "kerf_vq_exact_rows";
  if (!missing(module, name))
    return name;
  const std::string packRows = packRowsFunction(module);
  llvm::StringRef centerRows = centerRowsFunction(module);
  Function e(module, name);
  Ptr z = e.pointer(), y = e.pointer(e.i64()), center = e.pointer(), rows = e.pointer();
  Ptr columns = e.pointer(), bias = e.pointer(), scores = e.pointer(), codes = e.pointer(e.i32());
  Val count = e.size(), width = e.size(), first = e.size(), d = e.size();
  Val scale = e.argument(e.f32());
  Val isFirst = e.argument(e.b.getI1Type()), isLast = e.argument(e.b.getI1Type());
  Val worst = e.constant(e.vector(tileColumns, e.f32()), INFINITY);
  Val none = e.constant(e.vector(tileColumns, e.i32()), int64_t(0));
  e.when(isFirst, [&] {
    e.call(packRows, {rows, z, count, d, d, e.index(1), d, e.index(0)});
    e.when(isCentered(center, d), [&] { e.call(centerRows, {rows, center, count, d}); });
    e.loop(0, paddedRows(count), 1, [&](Val r) {
      (scores + r * tileColumns).store(worst);
      (codes + r * tileColumns).store(none);
    });
  });
  forPanels(e, count, [&](Val r, int64_t height) {
    e.call(stripFunction(module, height), {rows + r * d, columns, bias, scores + r * tileColumns,
                                           codes + r * tileColumns, d, width, first, scale});
  });
  e.when(isLast, [&] {
    e.loop(0, count, 1, [&](Val r) {
      Val code = bestCode(e, scores + r * tileColumns, codes + r * tileColumns);
      (y + r).store(resize(code, e.i64()));
    });
  });
  return name;
}

void packCodesInTasks(CalledFunction &e, Ptr columns, Ptr bias, Ptr codebook, Ptr center, Val width,
                      Val d, Val metric) {
  llvm::StringRef packCodes = packCodesFunction(e.module());
  e.ranges(width, ceilDiv(grainOf(d * 2), tileColumns) * tileColumns, [&](Val from, Val to, Ptr) {
    e.call(packCodes,
           {columns + from * d, bias + from, codebook + from * d, center, to - from, d, metric});
  });
}

llvm::StringRef exactFunction(mlir::ModuleOp module) {
  llvm::StringRef name = "kerf_vq_exact";
  if (!missing(module, name))
    return name;
  llvm::StringRef exactRows = exactRowsFunction(module);
  CalledFunction e(module, name);
  Ptr z = e.pointer(), codebook = e.pointer(), y = e.pointer(e.i64());
  Ptr center = e.pointer(), scratch = e.pointer();
  Val n = e.size(), k = e.size(), d = e.size(), metric = e.size();
  Val scale = select(metric == int64_t(VqMetric::l2), e.constant(e.f32(), -2.0), -1.0);

  const Places<Val> at(n, k, d);
  Ptr codes = (scratch + at.codes / 4).as(e.i32());
  Ptr rows = scratch + at.rows / 4, columns = scratch + at.columns / 4;
  Ptr bias = scratch + at.bias / 4;
  Val grain = rowsOfTask(min(k, codesOfBlock(d)), d);
  inBlocks(e, n, rowsOfBlock(d), [&](Val i, Val height) {
    inBlocks(e, k, codesOfBlock(d), [&](Val j, Val width) {
      packCodesInTasks(e, columns, bias, codebook + j * d, center, width, d, metric);
      e.ranges(height, grain, [&](Val from, Val to, Ptr) {
        e.call(exactRows, {z + (i + from) * d, y + i + from, center, rows + from * d, columns, bias,
                           scratch + from * tileColumns, codes + from * tileColumns, to - from,
                           width, j, d, scale, j == 0, j + width == k});
      });
    });
  });
  return name;
}

} // namespace kerf::codegen::cpu
