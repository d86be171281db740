#include "kernels/tile.h"

#include "mistake.h" // of compiler/

using namespace kerf::emit;

namespace kerf::kernels {

Vals tileSums(Kernel &k, Ptr a, Ptr b, Val from, Val to, int64_t height) {
  auto step = [&](Val p, Vals sum) {
    Ptr row = b + p * tileColumns, column = a + p * height;
    Val left = row.load(8), right = mistake("tile.left_half_twice") ? left : (row + 8).load(8);
    for (int64_t i = 0; i < height; ++i) {
      Val x = (column + i).splat(8);
      sum[2 * i] = fma(x, left, sum[2 * i]);
      sum[2 * i + 1] = fma(x, right, sum[2 * i + 1]);
    }
    return sum;
  };
  Val zero = k.constant(k.vector(8, k.f32()), 0.0), fours = from + (to - from) / 4 * 4;
  Vals sum = k.loop(from, fours, 4, Vals(2 * height, zero), [&](Val p, const Vals &sums) {
    Vals next = sums;
    for (int64_t i = 0; i < 4; ++i)
      next = step(p + i, next);
    return next;
  });
  return mistake("tile.lost_rest_of_depth") ? sum : k.loop(fours, to, 1, sum, step);
}

/// The register tile: 2 * height accumulators, `height` + 2 operands, 16 ymm in all for height 6.
static llvm::StringRef tileFunction(mlir::ModuleOp module, int64_t height) {
  llvm::StringRef name = height == 6 ? "kerf_tile_6x16" : "kerf_tile_4x16";
  if (!missing(module, name))
    return name;
  Kernel k(module, name);
  Ptr a = k.pointer(), b = k.pointer(), c = k.pointer();
  Val depth = k.size(), stride = k.size(), rows = k.size(), columns = k.size();
  Val first = k.argument(k.b.getI1Type());

  Vals sum = tileSums(k, a, b, k.index(0), depth, height);

  auto addTo = [&](Val old, Val x) { return old + x; };
  k.when((rows >= height) & (columns >= tileColumns),
         [&] {
           auto rowOf = [&](int64_t i) { return c + stride * (i / 2) + i % 2 * 8; };
           k.when(
               first,
               [&] {
                 for (int64_t i = 0; i < 2 * height; ++i)
                   rowOf(i).store(sum[i]);
               },
               [&] {
                 for (int64_t i = 0; i < 2 * height; ++i)
                   rowOf(i).store(addTo(rowOf(i).load(8), sum[i]));
               });
         },
         [&] {
           Val lanes = k.lanes(8, k.i32()), end = resize(columns, k.i32());
           Val masks[] = {lanes < k.splat(end, 8), lanes + 8 < k.splat(end, 8)};
           for (int64_t i = 0; i < height; ++i)
             k.when(rows > i, [&] {
               for (int64_t half = 0; half < 2; ++half) {
                 Ptr at = c + stride * i + half * 8;
                 Val x = sum[2 * i + half];
                 Vals total = k.either(
                     first, [&] { return Vals{x}; },
                     [&] { return Vals{addTo(at.load(8, masks[half]), x)}; });
                 at.store(total[0], masks[half]);
               }
             });
         });
  return name;
}

llvm::StringRef panelFunction(mlir::ModuleOp module) {
  llvm::StringRef name = "kerf_panel";
  if (!missing(module, name))
    return name;
  llvm::StringRef six = tileFunction(module, 6), four = tileFunction(module, 4);
  Kernel k(module, name);
  Ptr a = k.pointer(), b = k.pointer(), c = k.pointer();
  Val m = k.size(), depth = k.size(), stride = k.size(), columns = k.size();
  Val first = k.argument(k.b.getI1Type());

  auto tiles = [&](Val from, Val to, int64_t height, llvm::StringRef tile) {
    k.loop(from, to, height, [&](Val row) {
      k.call(tile, {a + row * depth, b, c + row * stride, depth, stride, m - row, columns, first});
    });
  };
  tiles(k.index(0), rowsInSixes(m), 6, six);
  tiles(rowsInSixes(m), paddedRows(m), 4, four);
  return name;
}

llvm::StringRef packRowsFunction(mlir::ModuleOp module) {
  llvm::StringRef name = "kerf_pack_rows";
  if (!missing(module, name))
    return name;
  Kernel k(module, name);
  Ptr to = k.pointer(), from = k.pointer();
  Val m = k.size(), count = k.size(), mStride = k.size(), kStride = k.size();
  Val depth = k.size(), at = k.size();

  auto full = [&](Ptr panel, Ptr rows, int64_t height) {
    auto one = [&](Val p) {
      for (int64_t i = 0; i < height; ++i)
        (panel + p * height + i).store((rows + mStride * i + p * kStride).load());
    };
    auto eight = [&](Val p) {
      Vals x;
      for (int64_t i = 0; i < 8; ++i)
        x.push_back(i < height ? (rows + mStride * i + p).load(8) : x[0]);
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
    if (!mistake("tile.rows_lost_rest_of_depth"))
      k.loop(eights, count, 1, one);
  };
  auto partial = [&](Ptr panel, Ptr rows, Val valid, int64_t height) {
    for (int64_t i = 0; i < height; ++i)
      k.when(
          mistake("tile.lost_last_row") ? valid > i + 1 : valid > i,
          [&] {
            k.loop(0, count, 1, [&](Val p) {
              (panel + p * height + i).store((rows + mStride * i + p * kStride).load());
            });
          },
          [&] {
            k.loop(0, count, 1,
                   [&](Val p) { (panel + p * height + i).store(k.constant(k.f32(), 0.0)); });
          });
  };
  auto panels = [&](Val first, Val last, int64_t height) {
    k.loop(first, last, height, [&](Val row) {
      Ptr panel = to + row * depth + at * height, rows = from + row * mStride;
      k.when(
          m - row >= height, [&] { full(panel, rows, height); },
          [&] { partial(panel, rows, m - row, height); });
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
  Kernel k(module, name);
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
  auto transposed = [&](Val p) {
    for (int64_t half : {0, 8}) {
      Vals rows;
      for (int64_t j = half; j < half + 8; ++j)
        rows.push_back((from + nStride * j + p).load(8));
      Vals x = transpose8(rows);
      for (int64_t i = 0; i < 8; ++i)
        (to + (p + i) * tileColumns + half).store(x[i]);
    }
  };
  k.when(nStride == 1, rowCopy, [&] {
    Val eights = select((kStride == 1) & (columns >= tileColumns), count / 8 * 8, 0);
    k.loop(0, eights, 8, transposed);
    if (!mistake("tile.columns_lost_rest_of_depth"))
      anyStride(eights);
  });
  return name;
}

} // namespace kerf::kernels
