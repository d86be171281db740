// Scores of a block, and the weights that they become.
#include "codegen/cpu/attention_writer.h"
#include "codegen/cpu/isa_x86.h"
#include "codegen/cpu/math.h"
#include "codegen/cpu/philox.h"

#include <cmath>

using namespace kerf::codegen::cpu::emit;

namespace kerf::codegen::cpu {

// Scores

/// kerf_attention_dots(q, k, s, keys, depth, k_row): s[j] = q.k[j], eight keys at a time, some of
/// them twice or behind the last one. Each is eight chains along the features, added in pairs.
static std::string dotsFunction(mlir::ModuleOp module, mlir::Type held) {
  const std::string name = "kerf_attention_dots" + suffixOf(held);
  if (!missing(module, name))
    return name;
  Function e(module, name);
  Ptr q = e.pointer(), k = e.pointer(e.f32(), held), s = e.pointer();
  Val keys = e.size(), depth = e.size(), row = e.size();
  Val whole = depth / 8 * 8;
  Val tail = e.lanes(8, e.i32()) < e.splat(resize(depth - whole, e.i32()), 8);
  e.loop(0, keys, 8, [&](Val j) {
    llvm::SmallVector<Ptr> each;
    for (int64_t i = 0; i < 8; ++i)
      each.push_back(k + min(j + i, keys - 1) * row);
    auto add = [&](Val x, const Vals &old, llvm::function_ref<Val(Ptr)> load) {
      Vals sums;
      for (int64_t i = 0; i < 8; ++i)
        sums.push_back(fma(x, load(each[i]), old[i]));
      return sums;
    };
    Vals sums(8, e.constant(e.vector(8, e.f32()), 0.0));
    sums = e.loop(e.index(0), whole, 8, sums, [&](Val c, const Vals &old) {
      return add((q + c).load(8), old, [&](Ptr p) { return (p + c).load(8); });
    });
    sums = e.either(
        whole < depth,
        [&] {
          return add((q + whole).load(8, tail), sums,
                     [&](Ptr p) { return (p + whole).load(8, tail); });
        },
        [&] { return sums; });
    Vals x = transpose8(sums);
    (s + j).store(((x[0] + x[1]) + (x[2] + x[3])) + ((x[4] + x[5]) + (x[6] + x[7])));
  });
  return name;
}

void AttentionWriter::makeScores(const Rows &rows, const Keys &keys, Ptr own) {
  const AttentionExtents<Val> &s = *sizes;
  const std::string dots = dotsFunction(module, spec.heldBy(1));
  llvm::StringRef products = attentionProductsFunction(module);
  Ptr scores = own + places->scores, queries = own + places->queries;
  e.when(
      s.m > fewRows,
      [&] {
        e.when(s.d == 0, [&] { e.zero(scores, rows.count * (scoreRow * 4)); });
        e.call(products,
               {queries, own + (places->panels + keys.j * s.d), scores, rows.count, keys.columns,
                s.d, s.d, e.index(1), s.d * tileColumns, e.index(tileColumns), e.index(scoreRow),
                e.constant(e.b.getI1Type(), int64_t(1))});
      },
      [&] {
        e.loop(0, rows.count, 1, [&](Val r) {
          e.call(dots, {queries + r * s.d, k + (rows.k + keys.j * s.k.row), scores + r * scoreRow,
                        keys.count, s.d, s.k.row});
        });
      });
}

/// Scores at key j and its neighbours as the regions make them; -inf where no key is seen. Of the
/// lanes `valid` are keys; null: all.
Val AttentionWriter::finished(const Rows &rows, Val r, const Vals &rowPlaces, Val j, Val s,
                              bool masks, Val valid) {
  Vals arguments;
  for (Val index : batchOf(rows))
    arguments.push_back(i32(index));
  arguments.push_back(i32(rows.i + r));
  arguments.push_back(e.splat(i32(j), lanes) + e.lanes(lanes, e.i32()));
  auto withCaptures = [&](mlir::Region &region, Vals values) {
    const unsigned first = region.getNumArguments() - captures.size();
    for (unsigned c = 0; c < captures.size(); ++c) {
      const bool isUsed = !region.getArgument(first + c).use_empty();
      values.push_back(isUsed ? captures.load(c, rowPlaces[c], j, lanes, valid) : Val());
    }
    return evaluate(e, region, values, lanes)[0];
  };
  auto inLanes = [&](Val x) {
    return mlir::isa<mlir::VectorType>(x.type()) ? x : e.splat(x, lanes);
  };
  Val unseen = e.splat(none(), lanes);
  if (score) {
    Vals withScore = {s};
    withScore.append(arguments.begin(), arguments.end());
    s = inLanes(withCaptures(*score, withScore));
  }
  if (masks)
    s = select(inLanes(withCaptures(*mask, arguments)), s, unseen);
  if (valid.emit)
    s = select(e.lanes(lanes, e.i32()) < e.splat(i32(valid), lanes), s, unseen);
  return s;
}

static Val greater(Val a, Val b) { return select(a > b, a, b); }
static Val sumOf(Val a, Val b) { return a + b; }
/// Sixteen lanes, in one register or two, as one number: halves meet, then their halves.
static Val joined(Vals parts, Val (*join)(Val, Val)) {
  auto half = [](Val x, int64_t from, int64_t count) {
    llvm::SmallVector<int64_t> lanes;
    for (int64_t lane = from; lane < from + count; ++lane)
      lanes.push_back(lane);
    return emit::shuffle(x, x, llvm::ArrayRef<int64_t>(lanes));
  };
  Val x = parts.size() == 2 ? join(parts[0], parts[1])
                            : join(half(parts[0], 0, 8), half(parts[0], 8, 8));
  for (int64_t count = 4; count > 1; count /= 2)
    x = join(half(x, 0, count), half(x, count, count));
  return join(lane(x, 0), lane(x, 1));
}

/// The scores of all rows, and the greatest of each.
void AttentionWriter::finishScores(const Rows &rows, const Keys &keys, bool masks, Ptr own) {
  const int64_t parts = tileColumns / lanes;
  Val whole = keys.count / tileColumns * tileColumns;
  e.loop(0, rows.count, 1, [&](Val r) {
    Ptr row = own + (places->scores + r * scoreRow);
    const Vals rowPlaces = captures.rowPlaces(batchOf(rows), rows.i + r);
    auto panel = [&](Val c, const Vals &old, bool isEdge) {
      Vals most;
      for (int64_t part = 0; part < parts; ++part) {
        Ptr place = row + (c + part * lanes);
        Val valid = isEdge ? keys.count - c - part * lanes : Val(), s = place.load(lanes);
        if (score || masks || isEdge) {
          s = finished(rows, r, rowPlaces, keys.j + c + part * lanes, s, masks, valid);
          place.store(s);
        }
        most.push_back(greater(s, old[part]));
      }
      return most;
    };
    Vals most = e.loop(e.index(0), whole, tileColumns, Vals(parts, e.splat(none(), lanes)),
                       [&](Val c, const Vals &old) { return panel(c, old, false); });
    most = e.either(
        whole < keys.count, [&] { return panel(whole, most, true); }, [&] { return most; });
    (own + (places->factor + r)).store(joined(most, greater));
  });
}

// Weights

/// The greatest score of each row so far, and what that makes of sums: of rows that are there or
/// not. `factor` has the greatest scores of the block.
void AttentionWriter::raiseMost(Ptr own) {
  e.loop(0, e.index(statRows), lanes, [&](Val r) {
    Ptr most = own + (places->most + r), total = own + (places->total + r);
    Ptr factor = own + (places->factor + r);
    Val old = most.load(lanes), next = greater(factor.load(lanes), old);
    Val shrinks = expOfNegative(old - select(next == -INFINITY, 0.0, next));
    most.store(next);
    factor.store(shrinks);
    total.store(total.load(lanes) * shrinks);
  });
}

void AttentionWriter::makeWeights(const Rows &rows, const Keys &keys, Ptr own) {
  const int64_t parts = tileColumns / lanes;
  e.loop(0, rows.count, 1, [&](Val r) {
    Ptr row = own + (places->scores + r * scoreRow), total = own + (places->total + r);
    Val most = (own + (places->most + r)).load();
    Val least = e.splat(select(most == -INFINITY, 0.0, most), lanes);
    Vals sums =
        e.loop(e.index(0), keys.columns, tileColumns,
               Vals(parts, e.constant(e.vector(lanes, e.f32()), 0.0)), [&](Val c, const Vals &old) {
                 Vals sum;
                 for (int64_t part = 0; part < parts; ++part) {
                   Ptr place = row + (c + part * lanes);
                   Val x = expOfNegative(place.load(lanes) - least);
                   place.store(x);
                   sum.push_back(old[part] + x);
                 }
                 return sum;
               });
    total.store(total.load() + joined(sums, sumOf));
    if (rate)
      drop(rows, keys, r, row, own);
    Val shrinks = (own + (places->factor + r)).splat(lanes);
    e.loop(0, select(isOneBlock(), 0, places->sumRow), lanes, [&](Val c) {
      Ptr sum = own + (places->sums + r * places->sumRow + c);
      sum.store(sum.load(lanes) * shrinks);
    });
  });
}

/// Weights of a row that are dropped are 0, others grow.
void AttentionWriter::drop(const Rows &rows, const Keys &keys, Val r, Ptr weights, Ptr own) {
  const AttentionExtents<Val> &s = *sizes;
  const double share = rate.getValueAsDouble();
  Ptr draws = own + places->draws;
  Val place = ((rows.head * s.m) + rows.i + r) * s.n + keys.j;
  e.call(uniformFunction(module), {key, draws, offset.load() + place, keys.count});
  e.loop(0, keys.columns, lanes, [&](Val c) {
    Val weight = (weights + c).load(lanes), isKept = (draws + c).load(lanes) >= share;
    (weights + c).store(select(isKept, weight / (1 - share), 0.0));
  });
}

void AttentionWriter::finishRows(const Rows &rows, Ptr own) {
  const AttentionExtents<Val> &s = *sizes;
  auto empty = attribute<mlir::StringAttr>("empty");
  const double ofEmpty = empty && empty == "nan" ? NAN : 0;
  e.loop(0, e.index(statRows), lanes, [&](Val r) {
    Ptr most = own + (places->most + r), factor = own + (places->factor + r);
    Val total = (own + (places->total + r)).load(lanes);
    factor.store(select(total == 0.0, ofEmpty, 1.0 / total));
    most.store(most.load(lanes) + log(total));
  });
  Val first = rows.head * s.m + rows.i;
  e.loop(0, rows.count, 1, [&](Val r) {
    (lse + (first + r)).store((own + (places->most + r)).load());
    Val factor = (own + (places->factor + r)).load();
    e.eights(s.e, [&](Val c, int64_t wide) {
      Val sum = (own + (places->sums + r * places->sumRow + c)).load(wide);
      (o + ((first + r) * s.e + c)).store(sum * (wide == 1 ? factor : e.splat(factor, wide)));
    });
  });
}

} // namespace kerf::codegen::cpu
