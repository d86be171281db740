#include "codegen/cpu/attention_tile.h"

using namespace kerf::codegen::cpu::emit;

namespace kerf::codegen::cpu {

namespace {
/// A product being written: its operands, and the tile at one place of it.
struct Products {
  Function &k;
  Ptr a, b, c;
  Val aRow, aK, bPanel, bK, cRow, first;

  /// c's tile of `tile.height` rows. Of an edge, rows and columns are there up to `rows` and
  /// `columns`; a row past the last reads as the last one.
  void tile(Tile tile, Ptr a, Ptr b, Ptr c, Val depth, bool isEdge, Val rows, Val columns) {
    const int64_t lanes = tile.lanes, parts = tile.parts();
    llvm::SmallVector<Ptr> aRows, bParts;
    Vals masks;
    for (int64_t i = 0; i < tile.height; ++i)
      aRows.push_back(a + (isEdge ? min(k.index(i), rows - 1) : k.index(i)) * aRow);
    for (int64_t j = 0; j < tile.width; j += lanes) {
      bParts.push_back(b + bPanel * (j / tileColumns) + j % tileColumns);
      if (isEdge)
        masks.push_back(k.lanes(lanes, k.i32(), j) < k.splat(resize(columns, k.i32()), lanes));
    }
    Val zero = k.constant(k.vector(lanes, k.f32()), 0.0);
    Vals sums =
        k.unrolled(k.index(0), depth, Vals(parts * tile.height, zero), [&](Val p, const Vals &old) {
          Vals sum = old, row;
          for (int64_t j = 0; j < parts; ++j) {
            Ptr place = bParts[j] + p * bK;
            row.push_back(isEdge ? place.load(lanes, masks[j]) : place.load(lanes));
          }
          for (int64_t i = 0; i < tile.height; ++i) {
            Val x = (aRows[i] + p * aK).splat(lanes);
            for (int64_t j = 0; j < parts; ++j)
              sum[i * parts + j] = fma(x, row[j], sum[i * parts + j]);
          }
          return sum;
        });
    auto store = [&](bool adds) {
      for (int64_t i = 0; i < tile.height; ++i) {
        auto storeRow = [&] {
          for (int64_t j = 0; j < parts; ++j) {
            Ptr place = c + cRow * i + j * lanes;
            Val sum = sums[i * parts + j];
            if (adds)
              sum = (isEdge ? place.load(lanes, masks[j]) : place.load(lanes)) + sum;
            if (isEdge)
              place.store(sum, masks[j]);
            else
              place.store(sum);
          }
        };
        if (isEdge && i)
          k.when(rows > i, storeRow);
        else
          storeRow();
      }
    };
    k.when(first, [&] { store(false); }, [&] { store(true); });
  }
};
} // namespace

/// kerf_attention_edge_<height>x<parts>: one tile of fewer rows or columns.
static std::string edgeFunction(mlir::ModuleOp module, int64_t height, int64_t parts) {
  const std::string name =
      "kerf_attention_edge_" + std::to_string(height) + "x" + std::to_string(parts);
  if (!missing(module, name))
    return name;
  Function k(module, name);
  Ptr a = k.pointer(), b = k.pointer(), c = k.pointer();
  Val rows = k.size(), columns = k.size(), depth = k.size(), aRow = k.size(), aK = k.size();
  Val bPanel = k.size(), bK = k.size(), cRow = k.size(), first = k.argument(k.b.getI1Type());
  Products{k, a, b, c, aRow, aK, bPanel, bK, cRow, first}.tile(
      {height, parts * tileLanes(k), tileLanes(k)}, a, b, c, depth, true, rows, columns);
  return name;
}

/// kerf_attention_edges: a product of rows <= 6, columns of one tile at most; rows go in tiles of
/// 6, 4 or 2.
static llvm::StringRef edgesFunction(mlir::ModuleOp module) {
  llvm::StringRef name = "kerf_attention_edges";
  if (!missing(module, name))
    return name;
  std::string edges[3][2];
  for (int64_t height : {0, 1, 2})
    for (int64_t parts : {0, 1})
      edges[height][parts] = edgeFunction(module, 2 * height + 2, parts + 1);
  Function k(module, name);
  Ptr a = k.pointer(), b = k.pointer(), c = k.pointer();
  Val rows = k.size(), columns = k.size(), depth = k.size(), aRow = k.size(), aK = k.size();
  Val bPanel = k.size(), bK = k.size(), cRow = k.size(), first = k.argument(k.b.getI1Type());
  auto call = [&](int64_t height) {
    auto of = [&, height](int64_t parts) {
      return [&, height, parts] {
        k.call(edges[height][parts],
               {a, b, c, rows, columns, depth, aRow, aK, bPanel, bK, cRow, first});
      };
    };
    k.when(columns > tileLanes(k), of(1), of(0));
  };
  k.when(rows > 4, [&] { call(2); }, [&] { k.when(rows > 2, [&] { call(1); }, [&] { call(0); }); });
  return name;
}

llvm::StringRef attentionProductsFunction(mlir::ModuleOp module) {
  llvm::StringRef name = "kerf_attention_products";
  if (!missing(module, name))
    return name;
  llvm::StringRef edges = edgesFunction(module);
  Function k(module, name);
  Ptr a = k.pointer(), b = k.pointer(), c = k.pointer();
  Val rows = k.size(), columns = k.size(), depth = k.size(), aRow = k.size(), aK = k.size();
  Val bPanel = k.size(), bK = k.size(), cRow = k.size(), first = k.argument(k.b.getI1Type());

  const int64_t width = tileWidth(k);
  k.loop(0, depth, blockDepth, [&](Val p) {
    Val terms = min(depth - p, blockDepth), isFirst = first & (p == 0);
    Ptr left = a + p * aK;
    // A tile's columns of b stay in the L1 cache while all rows pass.
    k.loop(0, columns, width, [&](Val j) {
      Ptr right = b + j / tileColumns * bPanel + p * bK, sums = c + j;
      Val whole = select(columns - j >= width, rows / 6 * 6, 0);
      Products products{k, a, b, c, aRow, aK, bPanel, bK, cRow, isFirst};
      k.loop(0, whole, 6, [&](Val i) {
        products.tile({6, width, tileLanes(k)}, left + i * aRow, right, sums + i * cRow, terms,
                      false, Val(), Val());
      });
      k.loop(whole, rows, 6, [&](Val i) {
        k.call(edges, {left + i * aRow, right, sums + i * cRow, min(rows - i, 6),
                       min(columns - j, width), terms, aRow, aK, bPanel, bK, cRow, isFirst});
      });
    });
  });
  return name;
}

} // namespace kerf::codegen::cpu
