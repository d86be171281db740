#include "codegen/cpu/tile.h"
#include "codegen/cpu/isa_x86.h"
#include "codegen/cpu/pairwise.h"

#include "llvm/Support/ScopedPrinter.h"

using namespace kerf::codegen::cpu::emit;

namespace kerf::codegen::cpu {

// Groups

int64_t waitingSums(int64_t depth) {
  return llvm::bit_width(uint64_t(max(ceilDiv(depth, groupDepth), 1) - 1));
}

/// How many bits x has up to the highest that is 1.
static Val bitWidth(Val x) {
  for (int64_t shift = 1; shift < 64; shift *= 2)
    x = x | (x >> shift);
  return countBits(x);
}

Val waitingSums(Val depth) { return bitWidth(max(ceilDiv(depth, groupDepth), 1) - 1); }

Vals closeGroup(Emit &e, Val group, Val last, Vals sum,
                llvm::function_ref<Vals(Val, const Vals &)> add,
                llvm::function_ref<void(Val, const Vals &)> keep) {
  // The bits of `group` are the levels at which a sum waits.
  Val level = lowestBit(group ^ -1);
  Val all = bitWidth(group);
  Vals total = addWaiting(e, group, e.index(0), select(last, all, level), sum, add);
  e.when(last, nullptr, [&] { keep(level, total); });
  return total;
}

/// kerf_close_group(c, waiting, rows, columns, stride, group, last): closeGroup of many sums.
static llvm::StringRef closeGroupFunction(mlir::ModuleOp module) {
  llvm::StringRef name = "kerf_close_group";
  if (!missing(module, name))
    return name;
  Function k(module, name);
  Ptr c = k.pointer(), waiting = k.pointer();
  Val rows = k.size(), columns = k.size(), stride = k.size(), group = k.size();
  Val last = k.argument(k.b.getI1Type());

  // body(a sum, its place at `level`, lanes)
  auto each = [&](Val level, llvm::function_ref<void(Ptr, Ptr, int64_t)> body) {
    Ptr there = waiting + level * rows * columns;
    k.loop(0, rows, 1, [&](Val i) {
      Ptr sums = c + i * stride, others = there + i * columns;
      k.eights(columns, [&](Val j, int64_t lanes) { body(sums + j, others + j, lanes); });
    });
  };
  auto add = [&](Val level, const Vals &) {
    each(level,
         [](Ptr sum, Ptr other, int64_t lanes) { sum.store(other.load(lanes) + sum.load(lanes)); });
    return Vals();
  };
  auto keep = [&](Val level, const Vals &) {
    each(level, [](Ptr sum, Ptr other, int64_t lanes) { other.store(sum.load(lanes)); });
  };
  closeGroup(k, group, last, {}, add, keep);
  return name;
}

llvm::StringRef endBlockFunction(mlir::ModuleOp module) {
  llvm::StringRef name = "kerf_end_block";
  if (!missing(module, name))
    return name;
  llvm::StringRef close = closeGroupFunction(module);
  Function k(module, name);
  Ptr c = k.pointer(), waiting = k.pointer();
  Val rows = k.size(), columns = k.size(), stride = k.size(), start = k.size(), total = k.size();
  Val end = start + blockDepth, last = end >= total;
  k.when((total > groupDepth) & (last | (end % groupDepth == 0)),
         [&] { k.call(close, {c, waiting, rows, columns, stride, start / groupDepth, last}); });
  return name;
}

// Tiles

int64_t tileLanes(const Emit &e) { return min(isaOf(e).lanes, tileColumns); }
int64_t tileWidth(const Emit &e) { return 2 * tileLanes(e); }
Tile tileOf(const Emit &e, int64_t height, int64_t width) { return {height, width, tileLanes(e)}; }

void forPanels(Emit &e, Val m, llvm::function_ref<void(Val, int64_t)> body) {
  e.loop(e.index(0), rowsInSixes(m), 6, [&](Val row) { body(row, 6); });
  e.loop(rowsInSixes(m), paddedRows(m), 4, [&](Val row) { body(row, 4); });
}

Vals tileSums(Function &k, Tile tile, Ptr a, Ptr b, Val from, Val to, Val depth) {
  const auto [height, width, lanes] = tile;
  const int64_t parts = tile.parts();
  auto step = [&](Val p, Vals sum) {
    Ptr column = a + p * height;
    Vals row;
    for (int64_t panel = 0; panel < width; panel += tileColumns) {
      Ptr start = (panel ? b + depth * panel : b) + p * tileColumns;
      for (int64_t j = 0; j < tileColumns; j += lanes)
        row.push_back((start + j).load(lanes));
    }
    for (int64_t i = 0; i < height; ++i) {
      Val x = (column + i).splat(lanes);
      for (int64_t j = 0; j < parts; ++j)
        sum[i * parts + j] = fma(x, row[j], sum[i * parts + j]);
    }
    return sum;
  };
  Val zero = k.constant(k.vector(lanes, k.f32()), 0.0);
  return k.unrolled(from, to, Vals(parts * height, zero), step);
}

/// kerf_tile_<height>x<width>(a, b, c, depth, stride, rows, columns, first). Six rows have 12 sums
/// where a row has two parts, enough for two pipes of four steps; with the parts of a row of b and
/// an element of a they fit 16 registers.
static std::string tileFunction(mlir::ModuleOp module, int64_t height, int64_t width) {
  const std::string name = "kerf_tile_" + std::to_string(height) + "x" + std::to_string(width);
  if (!missing(module, name))
    return name;
  Function k(module, name);
  Ptr a = k.pointer(), b = k.pointer(), c = k.pointer();
  Val depth = k.size(), stride = k.size(), rows = k.size(), columns = k.size();
  Val first = k.argument(k.b.getI1Type());

  const Tile tile = tileOf(k, height, width);
  const int64_t lanes = tile.lanes, parts = tile.parts();
  Vals sum = tileSums(k, tile, a, b, k.index(0), depth, depth);

  auto addTo = [&](Val old, Val x) { return old + x; };
  k.when((rows >= height) & (columns >= width),
         [&] {
           auto partOf = [&](int64_t i) { return c + stride * (i / parts) + i % parts * lanes; };
           k.when(
               first,
               [&] {
                 for (int64_t i = 0; i < parts * height; ++i)
                   partOf(i).store(sum[i]);
               },
               [&] {
                 for (int64_t i = 0; i < parts * height; ++i)
                   partOf(i).store(addTo(partOf(i).load(lanes), sum[i]));
               });
         },
         [&] {
           Val end = k.splat(resize(columns, k.i32()), lanes);
           Vals masks;
           for (int64_t j = 0; j < parts; ++j)
             masks.push_back(k.lanes(lanes, k.i32()) + j * lanes < end);
           for (int64_t i = 0; i < height; ++i)
             k.when(rows > i, [&] {
               for (int64_t j = 0; j < parts; ++j) {
                 Ptr at = c + stride * i + j * lanes;
                 Val x = sum[parts * i + j];
                 Vals total = k.either(
                     first, [&] { return Vals{x}; },
                     [&] { return Vals{addTo(at.load(lanes, masks[j]), x)}; });
                 at.store(total[0], masks[j]);
               }
             });
         });
  return name;
}

llvm::StringRef panelFunction(mlir::ModuleOp module) {
  llvm::StringRef name = "kerf_panel";
  if (!missing(module, name))
    return name;
  Function k(module, name);
  Ptr a = k.pointer(), b = k.pointer(), c = k.pointer();
  Val m = k.size(), depth = k.size(), stride = k.size(), columns = k.size();
  Val first = k.argument(k.b.getI1Type());

  auto tiles = [&](int64_t width) {
    forPanels(k, m, [&](Val row, int64_t height) {
      k.call(tileFunction(module, height, width),
             {a + row * depth, b, c + row * stride, depth, stride, m - row, columns, first});
    });
  };
  if (tileWidth(k) == tileColumns)
    tiles(tileColumns);
  else
    k.when(columns > tileColumns, [&] { tiles(widestTile); }, [&] { tiles(tileColumns); });
  return name;
}

std::string suffixOf(mlir::Type held) {
  return held && !held.isF32() ? "_" + llvm::to_string(held) : "";
}

std::string packRowsFunction(mlir::ModuleOp module, mlir::Type held) {
  const std::string name = "kerf_pack_rows" + suffixOf(held);
  if (!missing(module, name))
    return name;
  Function k(module, name);
  Ptr to = k.pointer(), from = k.pointer(k.f32(), held);
  Val m = k.size(), count = k.size(), mStride = k.size(), kStride = k.size();
  Val depth = k.size(), at = k.size();

  // Of the rows of a panel, `valid` are there.
  auto pack = [&](Ptr panel, Ptr rows, Val valid, bool whole, int64_t height) {
    auto row = [&](int64_t i, Val p) {
      return rows + mStride * (whole ? k.index(i) : min(valid - 1, i)) + p;
    };
    auto orZero = [&](int64_t i, Val x) { return whole ? x : select(valid > i, x, like(x, 0.0)); };
    auto one = [&](Val p) {
      for (int64_t i = 0; i < height; ++i)
        (panel + p * height + i).store(orZero(i, row(i, p * kStride).load()));
    };
    auto eight = [&](Val p) {
      Vals x;
      for (int64_t i = 0; i < 8; ++i)
        x.push_back(i < height ? orZero(i, row(i, p).load(8)) : x[0]);
      Vals columns = transpose8(x);
      for (int64_t i = 0; i < 8; ++i) {
        Ptr place = panel + (p + i) * height;
        place.store(shuffle(columns[i], columns[i], {0, 1, 2, 3}));
        if (height == 6)
          (place + 4).store(shuffle(columns[i], columns[i], {4, 5}));
      }
    };
    Val eights = select(kStride == 1, count / 8 * 8, 0);
    k.loop(0, eights, 8, eight);
    k.loop(eights, count, 1, one);
  };
  auto panels = [&](Val first, Val last, int64_t height) {
    k.loop(first, last, height, [&](Val row) {
      Ptr panel = to + row * depth + at * height, rows = from + row * mStride;
      Val valid = m - row;
      k.when(
          valid >= height, [&] { pack(panel, rows, valid, true, height); },
          [&] { pack(panel, rows, valid, false, height); });
    });
  };
  panels(k.index(0), rowsInSixes(m), 6);
  panels(rowsInSixes(m), paddedRows(m), 4);
  return name;
}

std::string packColumnsFunction(mlir::ModuleOp module, mlir::Type held) {
  const std::string name = "kerf_pack_columns" + suffixOf(held);
  if (!missing(module, name))
    return name;
  Function k(module, name);
  Ptr to = k.pointer(), from = k.pointer(k.f32(), held);
  Val columns = k.size(), count = k.size(), kStride = k.size(), nStride = k.size();

  auto rowCopy = [&] {
    Val lanes = k.lanes(8, k.i32()), end = k.splat(resize(columns, k.i32()), 8);
    Val left = lanes < end, right = lanes + 8 < end;
    k.when(
        columns >= tileColumns,
        [&] {
          k.loop(0, count, 1, [&](Val p) {
            for (int64_t half : {0, 8})
              (to + p * tileColumns + half).store((from + p * kStride + half).load(8));
          });
        },
        [&] {
          k.loop(0, count, 1, [&](Val p) {
            (to + p * tileColumns).store((from + p * kStride).load(8, left));
            (to + p * tileColumns + 8).store((from + p * kStride + 8).load(8, right));
          });
        });
  };
  auto anyStride = [&](Val begin) {
    k.loop(begin, count, 1, [&](Val p) {
      k.loop(0, columns, 1, [&](Val j) {
        (to + p * tileColumns + j).store((from + p * kStride + j * nStride).load());
      });
      k.loop(columns, k.index(tileColumns), 1,
             [&](Val j) { (to + p * tileColumns + j).store(k.constant(k.f32(), 0.0)); });
    });
  };
  auto transposed = [&](Val eights, bool whole) {
    k.loop(0, eights, 8, [&](Val p) {
      for (int64_t half : {0, 8}) {
        Val zero = k.constant(k.vector(8, k.f32()), 0.0);
        Val valid = k.lanes(8, k.i32(), half) < k.splat(resize(columns, k.i32()), 8);
        Vals rows;
        for (int64_t j = half; j < half + 8; ++j)
          rows.push_back((from + nStride * (whole ? k.index(j) : min(columns - 1, j)) + p).load(8));
        Vals x = transpose8(rows);
        for (int64_t i = 0; i < 8; ++i)
          (to + (p + i) * tileColumns + half).store(whole ? x[i] : select(valid, x[i], zero));
      }
    });
  };
  k.when(nStride == 1, rowCopy, [&] {
    Val eights = select(kStride == 1, count / 8 * 8, 0);
    k.when(
        columns >= tileColumns, [&] { transposed(eights, true); },
        [&] { transposed(eights, false); });
    anyStride(eights);
  });
  return name;
}

} // namespace kerf::codegen::cpu
