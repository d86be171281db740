// The search for the nearest code, screened: dot products of 16-bit integers, twice as many per
// instruction as of floats, leave few codes that could be the nearest, and these alone are scored
// as the exact search does. What is found is the same, bit for bit.
//
// Rows z and codes e are here less the center of the codes, as the exact search has them too. Let b
// be a code's bias (|e|^2 for l2, else 0) and v = z.e - b / 2, which the nearest code has greatest.
// z and e are rounded to integers Z = s z + r and E = t e + q, with an s per row and one t, and V =
// Z.E - round(s t b / 2) is an i32: sizes are such that no partial sum leaves it. Then
//   |V - s t v| <= |r| (t |e| + |q|) + s |z| |q| + what rounding s t b / 2 loses
// by Cauchy and Schwarz, as Z.E - s t z.e = r.E + s z.q. The exact search rounds too, in its FMA
// chains, their sum and the score: as a v, that is off by at most
//   u ((min(d, 256) + d / 256 + 1) |z| |e| + b / 2),   u = 2^-24
// to first order. With the largest |e|, b and |q| in place of each code's own, the sum of the two
// is a bound D of the row: a code whose V is below another's by more than 2 D has the greater
// score. |r| and |q| are those that there are, not those that there could be; of 1024 random codes
// of 256 numbers, three rows in a hundred have more than one contender.
#include "codegen/cpu/isa_x86.h"
#include "codegen/cpu/vq_search.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace kerf::codegen::cpu::emit;

namespace kerf::codegen::cpu {

/// Lanes of a panel keep their best V's high half beside the panel's number, so that one maximum
/// moves both; V is known to 2^16 then, a small part of the bound.
static constexpr int64_t numberMask = (1 << 16) - 1;
/// |Z.E| + |round(s t b / 2)| stays below this, with room for what rounding adds to |Z| and |E|.
static constexpr double greatest = 2.0e9;
/// |E|: such that |Z| is about as long. Its elements, and those of Z, are under 2^15.
static constexpr double codeLength = 36500, greatestElement = 32000;
/// Codebooks whose longest code is outside are searched exactly, as are rows longer than the
/// second; rows shorter than `shortest` count as that long: no product here over- or underflows.
static constexpr double leastLength = 1e-12, greatestLength = 1e12, shortest = 1e-15;

/// Calls of so many rows begin with a block of this few.
static constexpr int64_t manyRows = 1024, firstRows = 96;

namespace {
/// Two elements of depth in one i32; a row's are padded to whole vectors of sixteen elements.
template <class T> T pairsOf(T d) { return (d + 1) / 2; }
template <class T> T rowPairs(T d) { return (d + 15) / 16 * 8; }
/// As many codes of 16-bit elements as fill what half as many of floats do.
template <class T> T screenedCodes(T d) { return codesOfBlock(d) * 2; }
/// Doubtful rows are collected, and searched exactly when they are so many.
template <class T> T doubtfulRows(T d) {
  using emit::max, emit::min;
  return min(max(65536 / max(d, 1), 48), 768);
}

/// One panel of codes as floats, and its bias: each worker's own.
template <class T> T ownFloats(T d) { return (d + 1) * tileColumns; }

/// The scratch, in bytes from its start. Screening and the exact search use the first part in turn.
template <class T> struct Places {
  T best, second, rows, numbers, columns, bias, list, copies, codes, end;
  T height, listed; // elements of an array per row, of the list

  Places(T n, T k, T d) {
    using emit::max, emit::min;
    T block = min(n, rowsOfBlock(d)), some = min(n, doubtfulRows(d));
    T width = ceilDiv(min(k, screenedCodes(d)), tileColumns) * tileColumns;
    auto line = [](T bytes) { return (bytes + 63) / 64 * 64; };
    height = (block + 15) / 16 * 16;
    listed = block + some + 1; // one place is written in vain
    best = n * 0;
    second = best + height * (tileColumns * 4);
    rows = second + height * (tileColumns * 4);
    numbers = rows + height * rowPairs(d) * 4;
    columns = numbers + height * 6 * 4;
    bias = columns + width * pairsOf(d) * 4;
    list = line(max(bias + width * 4, exactScratchBytes(block, k, d)));
    copies = list + line(listed * 8);
    codes = copies + line(some * d * 4);
    end = codes + some * 8;
  }
};

/// An array per row of what screening knows of it.
struct RowNumbers {
  Ptr square;  // |z|^2
  Ptr largest; // of |z[i]|
  Ptr scale;   // s
  Ptr half;    // -s t / 2
  Ptr rest;    // |r|^2
  Ptr margin;  // i32: how far below the best a contender can be; negative: the row is not screened

  RowNumbers(Ptr at, Val height)
      : square(at), largest(at + height), scale(at + height * 2), half(at + height * 3),
        rest(at + height * 4), margin((at + height * 5).as(at.emit->i32())) {}
};
/// What all codes have in common.
struct Extent {
  Ptr square;  // the largest |e|^2; NaN or infinite if an element is
  Ptr largest; // of |e[i]|
  Ptr rest;    // the largest |q|^2

  explicit Extent(Ptr at) : square(at), largest(at + 1), rest(at + 2) {}
};
} // namespace

Scratch screenedScratch(int64_t n, int64_t k, int64_t d) {
  return {.shared = Places<int64_t>(n, k, d).end, .own = ownFloats(d) * 4};
}

// Small pieces

static Val absolute(Val x) {
  Val bits = bitcast(x, x.emit->i32()) & int64_t(0x7fffffff);
  return bitcast(bits, x.emit->f32());
}
/// Of floats without sign, a NaN being the largest.
static Val largerOf(Val a, Val b) {
  mlir::Type bits = a.emit->i32();
  return bitcast(max(bitcast(a, bits), bitcast(b, bits)), a.emit->f32());
}
static Val smallerOf(Val a, Val b) { return select(a < b, a, b); }
static Val splatOf(Val scalar, int64_t lanes = 8) { return scalar.emit->splat(scalar, lanes); }

static Val halvesMeet(Val x, llvm::function_ref<Val(Val, Val)> meet) {
  for (int64_t half = mlir::cast<mlir::VectorType>(x.type()).getDimSize(0) / 2; half; half /= 2) {
    llvm::SmallVector<int64_t> low, high;
    for (int64_t i = 0; i < half; ++i)
      low.push_back(i), high.push_back(half + i);
    x = meet(emit::shuffle(x, x, low), emit::shuffle(x, x, high));
  }
  return lane(x, 0);
}
static Val sumOf(Val x) {
  return halvesMeet(x, [](Val a, Val b) { return a + b; });
}

/// body(center), or without a center where it is 0: rows are read twice, so that to subtract
/// nothing from them takes a fiftieth of a search among 512 codes.
static void whereCentered(Function &e, Ptr center, Val d, llvm::function_ref<void(Ptr)> body) {
  e.when(isCentered(center, d), [&] { body(center); }, [&] { body(Ptr()); });
}

/// step(first, second half of x[i .. i + 16], i, carried) over a row of d elements, less the center
/// if there is one; lanes past the end are zero.
static Vals bySixteens(Function &e, Ptr x, Ptr center, Val d, Vals carried,
                       llvm::function_ref<Vals(Val, Val, Val, const Vals &)> step) {
  Val whole = d / 16 * 16;
  auto less = [&](Val x, Val i) { return center.emit ? x - (center + i).load(8) : x; };
  carried = e.loop(e.index(0), whole, 16, carried, [&](Val i, const Vals &values) {
    return step(less((x + i).load(8), i), less((x + i + 8).load(8), i + 8), i, values);
  });
  return e.loop(whole, d, 16, carried, [&](Val i, const Vals &values) {
    Val left = splatOf(resize(d - i, e.i32())), lanes = e.lanes(8, e.i32());
    return step(less((x + i).load(8, lanes < left), i),
                less((x + i + 8).load(8, lanes + 8 < left), i + 8), i, values);
  });
}

// Codes

/// The most tasks that codes are measured or rounded in: each leaves what it found in a place of
/// its own.
static constexpr int64_t mostCodeTasks = 64;
/// A number of whole panels.
template <class T> static T codesOfTask(T count, T d) {
  using emit::max;
  T panels = max(grainOf(d * 2) / tileColumns, ceilDiv(count, tileColumns * mostCodeTasks));
  return max(panels, 1) * tileColumns;
}
/// kerf_vq_measure_codes(found, panel, codebook, center, count, d, metric): the largest |e[i]| and
/// the largest |e|^2.
static llvm::StringRef measureCodesFunction(mlir::ModuleOp module) {
  llvm::StringRef name = "kerf_vq_measure_codes", packCodes = packCodesFunction(module);
  Function e(module, name);
  Ptr found = e.pointer(), panel = e.pointer(), codebook = e.pointer(), center = e.pointer();
  Val k = e.size(), d = e.size(), metric = e.size();
  Ptr bias = panel + d * tileColumns;
  Val zero = e.constant(e.vector(8, e.f32()), 0.0);
  Vals all = e.loop(e.index(0), k, tileColumns, {zero, zero}, [&](Val j, const Vals &most) {
    e.call(packCodes, {panel, bias, codebook + j * d, center, min(k - j, tileColumns), d, metric});
    Vals own = e.loop(e.index(0), d, 1, {most[0], zero, zero}, [&](Val p, const Vals &sum) {
      Val x = (panel + p * tileColumns).load(8), y = (panel + p * tileColumns + 8).load(8);
      return Vals{largerOf(sum[0], largerOf(absolute(x), absolute(y))), fma(x, x, sum[1]),
                  fma(y, y, sum[2])};
    });
    Val longer = largerOf(absolute(own[1]), absolute(own[2]));
    return Vals{own[0], largerOf(most[1], longer)};
  });
  found.store(halvesMeet(all[0], largerOf));
  (found + 1).store(halvesMeet(all[1], largerOf));
  return name;
}

/// The largest of the `count` numbers at `found`, `step` apart.
static Val largestOf(Emit &e, Ptr found, Val count, int64_t step) {
  return e.loop(e.index(0), count, 1, {e.constant(e.f32(), 0.0)}, [&](Val i, const Vals &most) {
    return Vals{largerOf(most[0], (found + i * step).load())};
  })[0];
}

/// The first two numbers of `extent`; the third becomes zero.
static void measureCodes(CalledFunction &e, Extent extent, Ptr codebook, Ptr center, Val k, Val d,
                         Val metric) {
  llvm::StringRef measure = measureCodesFunction(e.module());
  Ptr found = e.local(e.f32(), 2 * mostCodeTasks);
  Val grain = codesOfTask(k, d);
  e.ranges(k, grain, [&](Val from, Val to, Ptr own) {
    e.call(measure,
           {found + from / grain * 2, own, codebook + from * d, center, to - from, d, metric});
  });
  Val count = ceilDiv(k, grain);
  extent.largest.store(largestOf(e, found, count, 2));
  extent.square.store(largestOf(e, found + 1, count, 2));
  extent.rest.store(e.constant(e.f32(), 0.0));
}

/// One panel of codes as integers: elements 2 p and 2 p + 1 of code j in lane j of row p. Lanes
/// past `count` are zero. What rounding left: |q|^2 by lane.
static Vals roundPanel(Function &e, Ptr to, Ptr panel, Val count, Val d, Val scale) {
  Val zero = e.constant(e.vector(8, e.f32()), 0.0), s = splatOf(scale);
  Val lanes = e.lanes(8, e.i32()), end = splatOf(resize(count, e.i32()));
  Val none = e.constant(e.vector(8, e.i32()), int64_t(0));
  Val valid[] = {lanes < end, lanes + 8 < end};
  auto step = [&](Val p, Vals rest, bool paired) {
    for (int64_t half = 0; half < 2; ++half) {
      Ptr from = panel + p * (2 * tileColumns) + half * 8;
      auto rounded = [&](Ptr place) {
        Val x = place.load(8), integer = nearestInt(x * s);
        Val r = fma(x, s, zero - toFloat(integer, e.f32()));
        rest[half] = fma(r, r, rest[half]);
        return integer;
      };
      Val pair = rounded(from) & numberMask;
      if (paired)
        pair = pair | (rounded(from + tileColumns) << 16);
      (to + p * tileColumns + half * 8).store(select(valid[half], pair, none));
    }
    return rest;
  };
  Vals rest = e.loop(e.index(0), d / 2, 1, {zero, zero},
                     [&](Val p, const Vals &rest) { return step(p, rest, true); });
  return e.loop(d / 2, pairsOf(d), 1, rest,
                [&](Val p, const Vals &rest) { return step(p, rest, false); });
}

/// kerf_vq_round_codes(to, bias, found, panel, codebook, center, count, d, metric, t): panels of
/// integers; lanes past the last code have an infinite bias. Finds the largest |q|^2.
static llvm::StringRef roundCodesFunction(mlir::ModuleOp module) {
  llvm::StringRef name = "kerf_vq_round_codes", packCodes = packCodesFunction(module);
  Function e(module, name);
  Ptr to = e.pointer(e.i32()), bias = e.pointer(), found = e.pointer();
  Ptr panel = e.pointer(), codebook = e.pointer(), center = e.pointer();
  Val count = e.size(), d = e.size(), metric = e.size(), t = e.argument(e.f32());
  Val worst = e.constant(e.f32(), INFINITY);
  found.store(e.constant(e.f32(), 0.0));
  e.loop(0, count, tileColumns, [&](Val j) {
    Val width = min(count - j, tileColumns);
    e.call(packCodes, {panel, bias + j, codebook + j * d, center, width, d, metric});
    Vals rest = roundPanel(e, to + j * pairsOf(d), panel, width, d, t);
    e.loop(width, e.index(tileColumns), 1, [&](Val i) { (bias + j + i).store(worst); });
    Val longest = halvesMeet(largerOf(rest[0], rest[1]), largerOf);
    found.store(largerOf(found.load(), longest));
  });
  return name;
}

/// A block of codes as integers, shared; `extent` grows by it.
static void roundCodes(CalledFunction &e, llvm::StringRef round, Ptr to, Ptr bias, Extent extent,
                       Ptr codebook, Ptr center, Val count, Val d, Val metric, Val t) {
  Ptr found = e.local(e.f32(), mostCodeTasks);
  Val grain = codesOfTask(count, d);
  e.ranges(count, grain, [&](Val from, Val to_, Ptr own) {
    e.call(round, {to + from * pairsOf(d), bias + from, found + from / grain, own,
                   codebook + from * d, center, to_ - from, d, metric, t});
  });
  Val most = largestOf(e, found, ceilDiv(count, grain), 1);
  extent.rest.store(largerOf(extent.rest.load(), most));
}

// Rows

/// kerf_vq_measure_rows(numbers, z, center, count, padded, height, d): |z|^2 and the largest
/// element; zero for the rows from `count` to `padded`. The arrays of `numbers` are `height` long.
static llvm::StringRef measureRowsFunction(mlir::ModuleOp module) {
  llvm::StringRef name = "kerf_vq_measure_rows";
  Function e(module, name);
  Ptr numbers = e.pointer(), z = e.pointer(), center = e.pointer();
  Val count = e.size(), padded = e.size(), height = e.size(), d = e.size();
  RowNumbers row(numbers, height);
  Val none = e.constant(e.f32(), 0.0), zero = splatOf(none);
  whereCentered(e, center, d, [&](Ptr center) {
    e.loop(0, count, 1, [&](Val r) {
      Vals all = bySixteens(
          e, z + r * d, center, d, {zero, zero, zero}, [&](Val x, Val y, Val, const Vals &sum) {
            Val larger = largerOf(absolute(x), absolute(y));
            return Vals{fma(x, x, sum[0]), fma(y, y, sum[1]), largerOf(sum[2], larger)};
          });
      (row.square + r).store(sumOf(all[0] + all[1]));
      (row.largest + r).store(halvesMeet(all[2], largerOf));
    });
  });
  e.loop(count, padded, 1, [&](Val r) {
    (row.square + r).store(none);
    (row.largest + r).store(none);
    (row.rest + r).store(none);
  });
  return name;
}

/// kerf_vq_scale_rows(numbers, padded, height, t, longest, bias): s, as large as |V| < 2^31 and
/// 16-bit elements let it be; 0 for a row that is not screened.
static llvm::StringRef scaleRowsFunction(mlir::ModuleOp module) {
  llvm::StringRef name = "kerf_vq_scale_rows";
  Function e(module, name);
  Ptr numbers = e.pointer();
  Val padded = e.size(), height = e.size();
  auto number = [&] { return splatOf(e.argument(e.f32())); };
  Val t = number(), longest = number(), bias = number();
  RowNumbers row(numbers, height);
  e.loop(0, padded, 8, [&](Val r) {
    Val length = largerOf(sqrt((row.square + r).load(8)), like(t, shortest));
    Val byElement = greatestElement / (row.largest + r).load(8);
    Val s = smallerOf(byElement, greatest / (t * fma(length, longest, bias * 0.5)));
    s = select(length <= like(t, greatestLength), s, like(t, 0.0));
    (row.scale + r).store(s);
    (row.half + r).store(s * t * -0.5);
  });
  return name;
}

/// kerf_vq_round_rows(to, numbers, z, center, count, padded, height, d): rows of 16-bit integers,
/// one after the other; zeros from `count` to `padded`.
static llvm::StringRef roundRowsFunction(mlir::ModuleOp module) {
  llvm::StringRef name = "kerf_vq_round_rows";
  Function e(module, name);
  Ptr to = e.pointer(e.i32()), numbers = e.pointer(), z = e.pointer(), center = e.pointer();
  Val count = e.size(), padded = e.size(), height = e.size(), d = e.size();
  RowNumbers row(numbers, height);
  Val stride = rowPairs(d), zero = e.constant(e.vector(8, e.f32()), 0.0);
  llvm::SmallVector<int64_t> both;
  for (int64_t i = 0; i < 16; ++i)
    both.push_back(i);
  whereCentered(e, center, d, [&](Ptr center) {
    e.loop(0, count, 1, [&](Val r) {
      Val s = (row.scale + r).splat(8);
      Ptr own = to + r * stride;
      Vals rest = bySixteens(
          e, z + r * d, center, d, {zero, zero}, [&](Val x, Val y, Val i, const Vals &sum) {
            auto left = [&](Val x, Val integer, Val sum) {
              Val rest = fma(x, s, zero - toFloat(integer, e.f32()));
              return fma(rest, rest, sum);
            };
            Val a = nearestInt(x * s), b = nearestInt(y * s);
            (own + i / 2).store(resize(emit::shuffle(a, b, both), e.b.getI16Type()));
            return Vals{left(x, a, sum[0]), left(y, b, sum[1])};
          });
      (row.rest + r).store(sumOf(rest[0] + rest[1]));
    });
  });
  e.zero(to + count * stride, (padded - count) * stride * 4);
  return name;
}

/// kerf_vq_bound_rows(numbers, padded, height, t, longest, bias, rest, depth): the margin 2 D +
/// 2^16 of each row, `rest` the largest |q|, `depth` min(d, 256) + d / 256 + 4. A hundredth more
/// pays for the rounding of what is computed here.
static llvm::StringRef boundRowsFunction(mlir::ModuleOp module) {
  llvm::StringRef name = "kerf_vq_bound_rows";
  Function e(module, name);
  Ptr numbers = e.pointer();
  Val padded = e.size(), height = e.size();
  auto number = [&] { return splatOf(e.argument(e.f32())); };
  Val t = number(), longest = number(), bias = number(), rest = number(), depth = number();
  RowNumbers row(numbers, height);
  e.loop(0, padded, 8, [&](Val r) {
    Val length = largerOf(sqrt((row.square + r).load(8)), like(t, shortest));
    Val s = (row.scale + r).load(8), own = sqrt((row.rest + r).load(8));
    Val rounded = own * fma(t, longest, rest);
    rounded = rounded + s * length * rest;
    Val exact = s * t * 0x1p-24 * fma(depth, length * longest, 2.0 * bias);
    Val margin = 2.0 * (1.01 * (rounded + exact) + 1.0) + double(numberMask + 1);
    Val screened = (margin < like(t, 0x1p28)) & (s > 0.0);
    (row.margin + r).store(select(screened, nearestInt(margin), int64_t(-1)));
  });
  return name;
}

// Screening

/// Rows of a register tile: 8 accumulators, 3 operands and a product fit the 16 registers of AVX2.
/// Six rows would not leave LLVM one to spare, and are no faster.
static constexpr int64_t tileRows = 4;
template <class T> static T wholeTiles(T rows) { return ceilDiv(rows, tileRows) * tileRows; }

/// kerf_vq_screen_tile(a, stride, b, bias, half, best, second, pairs, count, first): four rows
/// against consecutive panels of codes, numbered from `first`. Lane j of a row keeps the greatest
/// and the second greatest V that codes j, 16 + j, 32 + j ... had.
static llvm::StringRef tileFunction(mlir::ModuleOp module) {
  llvm::StringRef name = "kerf_vq_screen_tile";
  Function e(module, name);
  Ptr a = e.pointer(e.i32());
  Val stride = e.size();
  Ptr b = e.pointer(e.i32()), bias = e.pointer(), half = e.pointer();
  Ptr best = e.pointer(e.i32()), second = e.pointer(e.i32());
  Val pairs = e.size(), count = e.size(), first = e.size();

  auto strip = [&](Val from, Val to, Tile tile) {
    const int64_t lanes = tile.lanes, parts = tile.parts();
    auto panelOf = [&](int64_t part) { return part * lanes / tileColumns; };
    auto placeOf = [&](int64_t part) { return part * lanes % tileColumns; };
    e.loop(from, to, tile.width, [&](Val j) {
      Ptr panel = b + j * pairs;
      Vals biases, sums;
      for (int64_t part = 0; part < parts; ++part)
        biases.push_back((bias + j + part * lanes).load(lanes));
      for (int64_t i = 0; i < tileRows; ++i) {
        Val scale = (half + i).splat(lanes);
        for (Val own : biases)
          sums.push_back(nearestInt(own * scale));
      }
      // Not unrolled: LLVM would add products of consecutive steps first, and run out of registers.
      sums = e.loop(e.index(0), pairs, 1, sums, [&](Val p, Vals sum) {
        Vals codes;
        for (int64_t part = 0; part < parts; ++part) {
          Ptr own = panelOf(part) ? panel + pairs * (panelOf(part) * tileColumns) : panel;
          codes.push_back((own + p * tileColumns + placeOf(part)).load(lanes));
        }
        for (int64_t i = 0; i < tileRows; ++i) {
          Val x = (a + stride * i + p).splat(lanes);
          for (int64_t part = 0; part < parts; ++part)
            sum[parts * i + part] = sum[parts * i + part] + pairProducts(x, codes[part]);
        }
        return sum;
      });
      for (int64_t i = 0; i < parts * tileRows; ++i) {
        const int64_t place = i / parts * tileColumns + placeOf(i % parts);
        Val number = first + j / tileColumns + panelOf(i % parts);
        Ptr most = best + place, next = second + place;
        Val v = lowHigh(splatOf(resize(number, e.i32()), lanes), sums[i]), old = most.load(lanes);
        next.store(max(next.load(lanes), min(v, old)));
        most.store(max(v, old));
      }
    });
  };
  Val begin = e.index(0);
  if (tileWidth(e) == widestTile) {
    Val two = ceilDiv(count, tileColumns) / 2 * widestTile;
    strip(begin, two, tileOf(e, tileRows, widestTile));
    begin = two;
  }
  strip(begin, count, tileOf(e, tileRows, tileColumns));
  return name;
}

/// The code of a row of which screening leaves too many.
static constexpr int64_t doubtful = -1;

/// kerf_vq_decide(y, best, second, numbers, z, codebook, center, count, height, k, d, metric): the
/// codes of rows, or that they are doubtful.
static llvm::StringRef decideFunction(mlir::ModuleOp module) {
  llvm::StringRef name = "kerf_vq_decide";
  Function e(module, name);
  Ptr y = e.pointer(e.i64());
  Ptr best = e.pointer(e.i32()), second = e.pointer(e.i32()), numbers = e.pointer();
  Ptr z = e.pointer(), codebook = e.pointer(), center = e.pointer();
  Val count = e.size(), height = e.size();
  Val k = e.size(), d = e.size(), metric = e.size();
  RowNumbers row(numbers, height);

  auto codeOf = [&](Ptr most, Val bits) {
    Val lane = lowestBit(bits);
    return resize((most + lane).load() & numberMask, e.i64()) * tileColumns + lane;
  };
  /// Of the codes in these lanes: the least score by argmin's rule; there is no NaN here.
  auto scored = [&](Ptr most, Ptr z, Val lanes) {
    Val none = e.constant(e.f32(), INFINITY);
    return e.loop(e.index(0), countBits(lanes), 1, {lanes, none, k}, [&](Val, const Vals &least) {
      Val code = codeOf(most, least[0]);
      Ptr u = codebook + code * d;
      Val score = codeScore(e, z, u, center, squaredLength(e, u, center, d), d, metric);
      Val before = (score < least[1]) | ((score == least[1]) & (code < least[2]));
      return Vals{least[0] & (least[0] - 1), select(before, score, least[1]),
                  select(before, code, least[2])};
    })[2];
  };
  e.loop(0, count, 1, [&](Val r) {
    Ptr most = best + r * tileColumns;
    auto high = [&](Ptr p) { return p.load(tileColumns) & ~numberMask; };
    Val value = high(most), margin = resize((row.margin + r).load(), e.i64());
    Val top = halvesMeet(value, [](Val a, Val b) { return max(a, b); });
    Val wide{&e, mlir::arith::ExtSIOp::create(e.b, e.i64(), top)};
    Val least = resize(max(wide - margin, int64_t(INT32_MIN)), e.i32());
    auto contenders = [&](Val v) {
      return resize(maskBits(v >= e.splat(least, tileColumns)), e.i64());
    };
    Val lanes = contenders(value), hidden = contenders(high(second + r * tileColumns));
    // A chain of dependent FMAs per contender takes as long as a tile takes for 64 codes.
    Val screened = (hidden == 0) & ((row.margin + r).load() >= 0);
    Val few = (countBits(lanes) == 1) | (countBits(lanes) * 128 <= k);
    Val code = e.either(
        screened & few,
        [&] {
          return e.either(
              countBits(lanes) == 1, [&] { return Vals{codeOf(most, lanes)}; },
              [&] { return Vals{scored(most, z + r * d, lanes)}; });
        },
        [&] { return Vals{e.index(doubtful)}; })[0];
    (y + r).store(code);
  });
  return name;
}

/// kerf_vq_resolve(call, z, codebook, y, list, copies, codes, center, scratch, count, k, d,
/// metric): the exact search for the rows in the list.
static llvm::StringRef resolveFunction(mlir::ModuleOp module) {
  llvm::StringRef name = "kerf_vq_resolve", exact = exactFunction(module);
  CalledFunction e(module, name);
  Ptr z = e.pointer(), codebook = e.pointer(), y = e.pointer(e.i64());
  Ptr list = e.pointer(e.i64()), copies = e.pointer(), codes = e.pointer(e.i64());
  Ptr center = e.pointer(), scratch = e.pointer();
  Val count = e.size(), k = e.size(), d = e.size(), metric = e.size();
  inBlocks(e, count, doubtfulRows(d), [&](Val i, Val some) {
    e.loop(0, some, 1,
           [&](Val r) { e.copy(copies + r * d, z + (list + i + r).load() * d, d * 4); });
    e.call(exact, {e.kerfCall, copies, codebook, codes, center, scratch, some, k, d, metric});
    e.loop(0, some, 1, [&](Val r) { (y + (list + i + r).load()).store((codes + r).load()); });
  });
  return name;
}

/// kerf_vq_screen_rows(y, best, second, rows, numbers, columns, bias, z, codebook, center, count,
/// height, width, first, k, d, metric, t, longest, largestBias, rest, isFirst, isLast): rows of one
/// task against a block of rounded codes, of which `first` is the first.
static llvm::StringRef screenRowsFunction(mlir::ModuleOp module) {
  llvm::StringRef name = "kerf_vq_screen_rows";
  llvm::StringRef measure = measureRowsFunction(module), scale = scaleRowsFunction(module);
  llvm::StringRef roundRows = roundRowsFunction(module), bound = boundRowsFunction(module);
  llvm::StringRef decide = decideFunction(module), tile = tileFunction(module);
  Function e(module, name);
  Ptr y = e.pointer(e.i64()), best = e.pointer(e.i32()), second = e.pointer(e.i32());
  Ptr rows = e.pointer(e.i32()), numbers = e.pointer();
  Ptr columns = e.pointer(e.i32()), bias = e.pointer();
  Ptr z = e.pointer(), codebook = e.pointer(), center = e.pointer();
  Val count = e.size(), height = e.size(), width = e.size(), first = e.size();
  Val k = e.size(), d = e.size(), metric = e.size();
  auto number = [&] { return e.argument(e.f32()); };
  Val t = number(), longest = number(), largestBias = number(), rest = number();
  Val isFirst = e.argument(e.b.getI1Type()), isLast = e.argument(e.b.getI1Type());
  RowNumbers row(numbers, height);
  Val padded = ceilDiv(count, 16) * 16;

  e.when(isFirst, [&] {
    e.call(measure, {numbers, z, center, count, padded, height, d});
    e.call(scale, {numbers, padded, height, t, longest, largestBias});
    e.call(roundRows, {rows, numbers, z, center, count, padded, height, d});
    Val none = e.constant(e.vector(tileColumns, e.i32()), int64_t(INT32_MIN));
    e.loop(0, wholeTiles(count), 1, [&](Val r) {
      (best + r * tileColumns).store(none);
      (second + r * tileColumns).store(none);
    });
  });
  e.loop(0, count, tileRows, [&](Val r) {
    e.call(tile, {rows + r * rowPairs(d), rowPairs(d), columns, bias, row.half + r,
                  best + r * tileColumns, second + r * tileColumns, pairsOf(d), width,
                  first / tileColumns});
  });
  e.when(isLast, [&] {
    Val depth = toFloat(min(d, blockDepth) + d / blockDepth + 4, e.f32());
    e.call(bound, {numbers, padded, height, t, longest, largestBias, sqrt(rest), depth});
    e.call(decide, {y, best, second, numbers, z, codebook, center, count, height, k, d, metric});
  });
  return name;
}

/// kerf_vq_screen_block(call, y, scratch, extent, z, codebook, center, count, n, k, d, metric,
/// stale): a block of rows by screening. Unless `stale` (i1), the scratch has the codes of the last
/// block already, which were all.
static llvm::StringRef blockFunction(mlir::ModuleOp module) {
  llvm::StringRef name = "kerf_vq_screen_block";
  llvm::StringRef round = roundCodesFunction(module), screenRows = screenRowsFunction(module);
  CalledFunction e(module, name);
  Ptr y = e.pointer(e.i64()), scratch = e.pointer(), numbersOfCodes = e.pointer();
  Ptr z = e.pointer(), codebook = e.pointer(), center = e.pointer();
  Val count = e.size(), n = e.size(), k = e.size(), d = e.size(), metric = e.size();
  Val stale = e.argument(e.b.getI1Type());

  const Places<Val> at(n, k, d);
  auto floats = [&](Val bytes) { return scratch + bytes / 4; };
  auto integers = [&](Val bytes) { return floats(bytes).as(e.i32()); };
  Ptr best = integers(at.best), second = integers(at.second), rows = integers(at.rows);
  Ptr numbers = floats(at.numbers), columns = integers(at.columns), bias = floats(at.bias);
  Extent extent(numbersOfCodes);

  Val square = extent.square.load(), longest = sqrt(square);
  Val largestBias =
      select(metric == int64_t(VqMetric::l2), square * 1.01, e.constant(e.f32(), 0.0));
  Val t = smallerOf(greatestElement / extent.largest.load(), codeLength / longest);
  Val grain = rowsOfTask(min(k, screenedCodes(d)), d);
  inBlocks(e, k, screenedCodes(d), [&](Val j, Val width) {
    e.when(stale, [&] {
      roundCodes(e, round, columns, bias, extent, codebook + j * d, center, width, d, metric, t);
    });
    Val rest = extent.rest.load();
    e.ranges(count, grain, [&](Val from, Val to, Ptr) {
      e.call(screenRows, {y + from,
                          best + from * tileColumns,
                          second + from * tileColumns,
                          rows + from * rowPairs(d),
                          numbers + from,
                          columns,
                          bias,
                          z + from * d,
                          codebook,
                          center,
                          to - from,
                          at.height,
                          width,
                          j,
                          k,
                          d,
                          metric,
                          t,
                          longest,
                          largestBias,
                          rest,
                          j == 0,
                          j + width == k});
    });
  });
  return name;
}

llvm::StringRef screenedFunction(mlir::ModuleOp module) {
  llvm::StringRef name = "kerf_vq_screened";
  if (!missing(module, name))
    return name;
  llvm::StringRef exact = exactFunction(module), resolve = resolveFunction(module);
  llvm::StringRef screen = blockFunction(module);
  CalledFunction e(module, name);
  Ptr z = e.pointer(), codebook = e.pointer(), y = e.pointer(e.i64()), center = e.pointer();
  Ptr scratch = e.pointer();
  Val n = e.size(), k = e.size(), d = e.size(), metric = e.size();

  const Places<Val> at(n, k, d);
  Ptr list = (scratch + at.list / 4).as(e.i64()), codes = (scratch + at.codes / 4).as(e.i64());
  Ptr numbers = e.local(e.f32(), 3), found = e.local(e.i64(), 1);
  Extent extent(numbers);
  measureCodes(e, extent, codebook, center, k, d, metric);
  found.store(e.index(0));
  Val square = extent.square.load();
  Val usable = (square >= leastLength * leastLength) & (square <= greatestLength * greatestLength);
  // Whether screening goes on is decided by how many of a block's rows it left in doubt. Calls that
  // round their codes once, or have many rows, begin with a few, lest a whole block be screened in
  // vain.
  Val fits = k <= screenedCodes(d), always = k == k;
  Val begin = select(fits | (n >= manyRows), e.index(firstRows), min(n, rowsOfBlock(d)));
  Val blocks = ceilDiv(n - begin, rowsOfBlock(d)) + 1;
  e.loop(e.index(0), blocks, 1, {usable, always}, [&](Val i, const Vals &state) {
    Val on = state[0], stale = state[1];
    Val first = select(i == 0, e.index(0), begin + (i - 1) * rowsOfBlock(d));
    Val count = min(n, begin + i * rowsOfBlock(d)) - first;
    Val old = found.load();
    Vals next = e.either(
        on,
        [&] {
          e.call(screen, {e.kerfCall, y + first, scratch, numbers, z + first * d, codebook, center,
                          count, n, k, d, metric, stale});
          found.store(e.loop(first, first + count, 1, {old}, [&](Val r, const Vals &at) {
            (list + at[0]).store(r);
            return Vals{at[0] + resize((y + r).load() == doubtful, e.i64())};
          })[0]);
          return Vals{(found.load() - old) * 4 <= count};
        },
        [&] {
          e.call(exact, {e.kerfCall, z + first * d, codebook, y + first, center, scratch, count, k,
                         d, metric});
          return Vals{on};
        });
    Val last = first + count == n;
    Val resolved = (found.load() >= doubtfulRows(d)) | last;
    e.when(resolved, [&] {
      e.call(resolve, {e.kerfCall, z, codebook, y, list, scratch + at.copies / 4, codes, center,
                       scratch, found.load(), k, d, metric});
      found.store(e.index(0));
    });
    return Vals{next[0], select(fits, resolved, always)};
  });
  return name;
}

} // namespace kerf::codegen::cpu
