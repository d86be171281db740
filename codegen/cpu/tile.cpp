#include "codegen/cpu/tile.h"
#include "codegen/cpu/isa_x86.h"
#include "codegen/cpu/pairwise.h"

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

void forTiles(Emit &e, Val m, llvm::function_ref<void(Val, int64_t)> body) {
  auto panels = [&](Val from, Val to, int64_t height) {
    auto tiles = [&](Val from, Val to, int64_t height) {
      e.loop(from, to, height, [&](Val row) { body(row, height); });
    };
    if (tileLanes(e) ==
        tileColumns) { // half the registers for as many sums, and twice the registers
      Val pairs = from + (to - from) / (2 * height) * (2 * height);
      tiles(from, pairs, 2 * height);
      from = pairs;
    }
    tiles(from, to, height);
  };
  panels(e.index(0), rowsInSixes(m), 6);
  panels(rowsInSixes(m), paddedRows(m), 4);
}

Vals tileSums(Function &k, Ptr a, Ptr b, Val from, Val to, int64_t height, Val depth) {
  const int64_t lanes = tileLanes(k), parts = tileColumns / lanes, tall = height % 6 ? 4 : 6;
  auto step = [&](Val p, Vals sum) {
    Ptr row = b + p * tileColumns;
    Vals columns;
    for (int64_t part = 0; part < parts; ++part)
      columns.push_back((row + part * lanes).load(lanes));
    for (int64_t panel = 0; panel < height; panel += tall) {
      Ptr column = (panel ? a + depth * panel : a) + p * tall;
      for (int64_t i = 0; i < tall; ++i) {
        Val x = (column + i).splat(lanes);
        for (int64_t part = 0; part < parts; ++part) {
          Val &mine = sum[(panel + i) * parts + part];
          mine = fma(x, columns[part], mine);
        }
      }
    }
    return sum;
  };
  Vals zeros(parts * height, k.constant(k.vector(lanes, k.f32()), 0.0));
  return k.unrolled(from, to, zeros, step);
}

/// kerf_tile_<height>x16(a, b, c, depth, stride, rows, columns, first). Of 8 lanes six rows fill
/// the 16 registers: 12 sums, 2 parts of a row of b, an element of a. Of 16 lanes twelve rows, with
/// 12 sums, keep two pipes of four steps busy.
static std::string tileFunction(mlir::ModuleOp module, int64_t height) {
  const std::string name = "kerf_tile_" + std::to_string(height) + "x16";
  if (!missing(module, name))
    return name;
  Function k(module, name);
  Ptr a = k.pointer(), b = k.pointer(), c = k.pointer();
  Val depth = k.size(), stride = k.size(), rows = k.size(), columns = k.size();
  Val first = k.argument(k.b.getI1Type());

  const int64_t lanes = tileLanes(k), parts = tileColumns / lanes;
  Vals sum = tileSums(k, a, b, k.index(0), depth, height, depth);

  auto addTo = [&](Val old, Val x) { return old + x; };
  k.when((rows >= height) & (columns >= tileColumns),
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
           for (int64_t part = 0; part < parts; ++part)
             masks.push_back(k.lanes(lanes, k.i32()) + part * lanes < end);
           for (int64_t i = 0; i < height; ++i)
             k.when(rows > i, [&] {
               for (int64_t part = 0; part < parts; ++part) {
                 Ptr at = c + stride * i + part * lanes;
                 Val x = sum[parts * i + part];
                 Vals total = k.either(
                     first, [&] { return Vals{x}; },
                     [&] { return Vals{addTo(at.load(lanes, masks[part]), x)}; });
                 at.store(total[0], masks[part]);
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

  forTiles(k, m, [&](Val row, int64_t height) {
    k.call(tileFunction(module, height),
           {a + row * depth, b, c + row * stride, depth, stride, m - row, columns, first});
  });
  return name;
}

llvm::StringRef packRowsFunction(mlir::ModuleOp module) {
  llvm::StringRef name = "kerf_pack_rows";
  if (!missing(module, name))
    return name;
  Function k(module, name);
  Ptr to = k.pointer(), from = k.pointer();
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

llvm::StringRef packColumnsFunction(mlir::ModuleOp module) {
  llvm::StringRef name = "kerf_pack_columns";
  if (!missing(module, name))
    return name;
  Function k(module, name);
  Ptr to = k.pointer(), from = k.pointer();
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
