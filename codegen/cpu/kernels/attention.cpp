// attention(q, k, v, captures..., [key, offset,] o, lse | m n d e scale, extents of six batch axes,
// strides of q, k and v: of batch axes, of rows; places of captures): softmax over keys, online.
//
// A task has some queries of a head, in blocks of up to 60; keys come in blocks of 256 at absolute
// places. Scores of a block are made, changed by the regions, and become weights where they are. A
// block of keys that no query of the block sees, which intervals tell, is passed by, and not read.
#include "codegen/cpu/attention_tile.h"
#include "codegen/cpu/captures.h"
#include "codegen/cpu/isa_x86.h"
#include "codegen/cpu/math.h"
#include "codegen/cpu/philox.h"

#include "compiler/dialect.h"
#include "compiler/ops/attention.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"

#include <cmath>

using namespace kerf::codegen::cpu::emit;

namespace kerf::codegen::cpu {

static constexpr int64_t blockRows = 60, blockKeys = 256;
/// Rows of scores are no power of two apart, so that a column of them fits the sets of a cache.
static constexpr int64_t scoreRow = blockKeys + 16;
/// For so few queries keys are read as they are: they would be packed for little use.
static constexpr int64_t fewRows = 5;
/// Of a tensor, whose rank is 8 at most.
static constexpr int64_t batchAxes = 6;
/// Rows of a block, in whole registers.
static constexpr int64_t statRows = 64;

namespace {
/// The sizes of a call before those of its captures.
template <class T> struct Extents {
  struct Strides {
    std::array<T, batchAxes> batch;
    T row;
    explicit Strides(llvm::function_ref<T()> next)
        : batch{next(), next(), next(), next(), next(), next()}, row(next()) {}
  };
  T m, n, d, e;
  T scale; ///< the bits of an f32
  std::array<T, batchAxes> batch;
  Strides q, k, v;

  explicit Extents(llvm::function_ref<T()> next)
      : m(next()), n(next()), d(next()), e(next()), scale(next()),
        batch{next(), next(), next(), next(), next(), next()}, q(next), k(next), v(next) {}

  T heads() const {
    T count = batch[0];
    for (int64_t a = 1; a < batchAxes; ++a)
      count = count * batch[a];
    return count;
  }
  T keyBlocks() const { return emit::ceilDiv(n, blockKeys); }
  /// Queries of a task: all of a head, or half, a quarter or an eighth where heads are few, as long
  /// as that is work for some 30 us and packing the keys again a small part of it.
  T chunkRows(int64_t taskWork) const {
    using emit::ceilDiv, emit::max, emit::select;
    T rows = max(m, 0 * m + 1);
    for (int halving = 0; halving < 3; ++halving) {
      auto few = (heads() * ceilDiv(m, rows) < 8) & (rows > fewRows) &
                 (rows * n * (d + e) >= 64 * taskWork);
      rows = select(few, ceilDiv(ceilDiv(rows, 2), blockRows) * blockRows, rows);
    }
    return rows;
  }
};

/// A worker's own, in floats from its start.
template <class T> struct Own {
  T panels, values, packed, queries, scores, sums, most, total, factor, draws, end;
  T sumRow; ///< from a row of `sums` to the next

  Own(const Extents<T> &s, bool widensValues) {
    using emit::ceilDiv, emit::select;
    auto lines = [](T size) { return ceilDiv(size, 16) * 16; };
    T none = 0 * s.m;
    sumRow = lines(s.e);
    panels = none;
    values = panels + select(s.m > fewRows, lines(s.n) * s.d, none);
    packed = values + (widensValues ? lines(s.n * s.e) : none);
    queries = packed + lines(s.keyBlocks());
    scores = queries + lines(blockRows * s.d);
    sums = scores + blockRows * scoreRow;
    most = sums + blockRows * sumRow;
    total = most + statRows, factor = total + statRows, draws = factor + statRows;
    end = draws + scoreRow;
  }
};

class Writer {
public:
  Writer(mlir::ModuleOp module, llvm::StringRef symbol, const KernelSpec &spec);
  void write();

private:
  /// Queries of a head.
  struct Rows {
    llvm::SmallVector<Val> batch; ///< indices, of all six axes
    Val head, k, v;               ///< places of the head
    Val i, count;
  };
  /// Keys that some of the rows see: `keys` from j on, in columns of scores from 0 on.
  struct Keys {
    Val j, count, columns;
    Val allSeen; ///< by all rows; null: all there are
  };
  void head(Val number, Val from, Val to, Ptr own);
  void rows(const Rows &rows, Ptr own);
  void loadQueries(Val place, Val count, Ptr own);
  void keyBlock(const Rows &rows, Val j, Ptr own);
  Interval seen(const Rows &rows, Val j, Val count);
  void seenBlock(const Rows &rows, Keys keys, Ptr own);
  void prepareKeys(const Rows &rows, Val block, Ptr own);
  void makeScores(const Rows &rows, const Keys &keys, Ptr own);
  void finishScores(const Rows &rows, const Keys &keys, bool masks, Ptr own);
  Val finished(const Rows &rows, Val r, const Vals &places, Val j, Val s, bool masks, Val valid);
  void raiseMost(Ptr own);
  void makeWeights(const Rows &rows, const Keys &keys, Ptr own);
  void drop(const Rows &rows, const Keys &keys, Val r, Ptr weights, Ptr own);
  void finishRows(const Rows &rows, Ptr own);

  mlir::Region *region(unsigned number) const {
    const bool isThere = number < spec.regions.size() && !spec.regions[number].empty();
    return isThere ? &spec.regions[number] : nullptr;
  }
  template <class A> A attribute(llvm::StringRef name) const {
    return spec.attributes ? spec.attributes.getAs<A>(name) : A();
  }
  Captures capturesOf() const;
  Val i32(Val x) { return resize(x, e.i32()); }
  Val f32Of(Val bits) { return bitcast(i32(bits), e.f32()); }
  Val none() { return e.constant(e.f32(), -INFINITY); }
  /// Batch indices that regions take, of those that tensors have.
  llvm::ArrayRef<Val> batchOf(const Rows &rows) const {
    return llvm::ArrayRef(rows.batch).take_back(batchRank);
  }

  mlir::ModuleOp module;
  const KernelSpec &spec;
  mlir::Region *score, *mask;
  mlir::FloatAttr rate;
  int64_t batchRank = 0;
  CalledFunction e;
  int64_t lanes;
  Ptr q, k, v;
  Captures captures;
  Ptr key, offset, o, lse;
  std::optional<Extents<Val>> sizes;
  std::optional<Own<Val>> places;
};
} // namespace

Captures Writer::capturesOf() const {
  llvm::SmallVector<mlir::AffineMap> maps;
  llvm::SmallVector<mlir::Type> elements;
  if (score || mask)
    if (auto all = attribute<mlir::ArrayAttr>("maps"))
      for (auto map : all.getAsRange<mlir::AffineMapAttr>())
        maps.push_back(map.getValue());
  if (!maps.empty()) {
    llvm::SmallVector<mlir::Type> all((score ? score : mask)->getArgumentTypes());
    llvm::append_range(elements, llvm::ArrayRef(all).take_back(maps.size()));
  }
  return Captures(maps, elements);
}

Writer::Writer(mlir::ModuleOp module, llvm::StringRef symbol, const KernelSpec &spec)
    : module(module), spec(spec), score(region(0)), mask(region(1)),
      rate(attribute<mlir::FloatAttr>("rate")), e(module, symbol), lanes(tileLanes(e)),
      q(e.pointer(e.f32(), spec.heldBy(0))), k(e.pointer(e.f32(), spec.heldBy(1))),
      v(e.pointer(e.f32(), spec.heldBy(2))), captures(capturesOf()) {
  if (score || mask)
    batchRank =
        (score ? score->getNumArguments() - 1 : mask->getNumArguments()) - captures.size() - 2;
  captures.takePointers(e);
  if (rate)
    key = e.pointer(e.i32()), offset = e.pointer(e.i64());
  o = e.pointer(e.f32(), spec.held.empty() ? mlir::Type() : spec.held[spec.held.size() - 2]);
  lse = e.pointer();
  sizes.emplace([this] { return e.size(); });
  captures.takeNumbers(e);
  places.emplace(*sizes, spec.isNarrow(2));
}

// Tasks

void Writer::write() {
  const Extents<Val> &s = *sizes;
  Val chunk = s.chunkRows(e.taskWork()), chunks = ceilDiv(s.m, chunk);
  e.ranges(s.heads() * chunks, grainOf(chunk * s.n * (s.d + s.e)), [&](Val from, Val to, Ptr own) {
    e.loop(from, to, 1, [&](Val number) {
      Val first = number % chunks * chunk;
      head(number / chunks, first, min(first + chunk, s.m), own);
    });
  });
}

void Writer::head(Val number, Val from, Val to, Ptr own) {
  const Extents<Val> &s = *sizes;
  Rows all;
  all.head = number;
  all.batch.resize(batchAxes);
  Val qPlace = e.index(0);
  all.k = e.index(0), all.v = e.index(0);
  Val rest = number;
  for (int64_t a = batchAxes; a-- > 0;) {
    Val index = rest % s.batch[a];
    rest = rest / s.batch[a];
    all.batch[a] = index;
    qPlace = qPlace + index * s.q.batch[a];
    all.k = all.k + index * s.k.batch[a], all.v = all.v + index * s.v.batch[a];
  }
  e.zero(own + places->packed, s.keyBlocks() * 4);
  // Blocks of about one height, of whole tiles.
  Val count = to - from, blocks = ceilDiv(count, blockRows);
  Val height = ceilDiv(ceilDiv(count, max(blocks, 1)), 6) * 6;
  e.loop(0, blocks, 1, [&](Val block) {
    Rows some = all;
    some.i = from + block * height;
    some.count = min(to - some.i, height);
    e.when(some.count > 0, [&] {
      loadQueries(qPlace + some.i * s.q.row, some.count, own);
      rows(some, own);
    });
  });
}

void Writer::loadQueries(Val place, Val count, Ptr own) {
  const Extents<Val> &s = *sizes;
  Val scale = f32Of(s.scale);
  e.loop(0, count, 1, [&](Val r) {
    e.eights(s.d, [&](Val c, int64_t wide) {
      Val factor = wide == 1 ? scale : e.splat(scale, wide);
      Val x = (q + (place + r * s.q.row + c)).load(wide);
      (own + (places->queries + r * s.d + c)).store(x * factor);
    });
  });
}

void Writer::rows(const Rows &rows, Ptr own) {
  e.zero(own + places->sums, rows.count * places->sumRow * 4);
  e.zero(own + places->total, e.index(statRows * 4));
  e.loop(0, e.index(statRows), lanes,
         [&](Val r) { (own + (places->most + r)).store(e.splat(none(), lanes)); });
  e.loop(0, sizes->n, blockKeys, [&](Val j) { keyBlock(rows, j, own); });
  finishRows(rows, own);
}

// Which keys are seen

Interval Writer::seen(const Rows &rows, Val j, Val count) {
  llvm::SmallVector<Interval> arguments;
  for (Val index : batchOf(rows))
    arguments.push_back(Interval::point(index));
  arguments.push_back({rows.i, rows.i + rows.count - 1});
  arguments.push_back({j, j + count - 1});
  for (unsigned c = 0; c < captures.size(); ++c) {
    const bool isUsed =
        !mask->getArgument(mask->getNumArguments() - captures.size() + c).use_empty();
    arguments.push_back(
        isUsed ? captures.over(c, batchOf(rows), {rows.i, rows.i + rows.count}, {j, j + count})
               : Interval());
  }
  return truthOf(e, *mask, arguments);
}

void Writer::keyBlock(const Rows &rows, Val j, Ptr own) {
  Val count = min(sizes->n - j, blockKeys);
  auto columnsOf = [](Val keys) { return ceilDiv(keys, tileColumns) * tileColumns; };
  if (!mask)
    return seenBlock(rows, {j, count, columnsOf(count), Val()}, own);
  Interval block = seen(rows, j, count);
  e.when(block.high, [&] {
    // Panels of keys at both ends that nobody sees are left out.
    Vals ends = e.either(
        block.low, [&] { return Vals{e.index(0), count}; },
        [&] {
          return e.loop(e.index(0), count, tileColumns, {e.index(blockKeys), e.index(0)},
                        [&](Val c, const Vals &old) {
                          Val keys = min(count - c, tileColumns);
                          Val some = seen(rows, j + c, keys).high;
                          return Vals{select(some, min(old[0], c), old[0]),
                                      select(some, c + keys, old[1])};
                        });
        });
    Val first = ends[0], keys = ends[1] - ends[0];
    e.when(keys > 0, [&] { seenBlock(rows, {j + first, keys, columnsOf(keys), block.low}, own); });
  });
}

/// The keys' block is packed, and its values widened, when the first queries of a head need it.
void Writer::prepareKeys(const Rows &rows, Val block, Ptr own) {
  const Extents<Val> &s = *sizes;
  const std::string pack = packColumnsFunction(module, spec.heldBy(1));
  Ptr isPacked = (own + (places->packed + block)).as(e.i32());
  e.when(isPacked.load() == 0, [&] {
    isPacked.store(e.constant(e.i32(), int64_t(1)));
    Val from = block * blockKeys, to = min(from + blockKeys, s.n);
    e.when(s.m > fewRows, [&] {
      e.loop(from, to, tileColumns, [&](Val j) {
        e.call(pack, {own + (places->panels + j * s.d), k + (rows.k + j * s.k.row),
                      min(to - j, tileColumns), s.d, e.index(1), s.k.row});
      });
    });
    if (spec.isNarrow(2))
      e.loop(from, to, 1, [&](Val j) {
        e.eights(s.e, [&](Val c, int64_t wide) {
          Val x = (v + (rows.v + j * s.v.row + c)).load(wide);
          (own + (places->values + j * s.e + c)).store(x);
        });
      });
  });
}

void Writer::seenBlock(const Rows &rows, Keys keys, Ptr own) {
  const Extents<Val> &s = *sizes;
  prepareKeys(rows, keys.j / blockKeys, own);
  makeScores(rows, keys, own);
  if (mask)
    e.when(
        keys.allSeen, [&] { finishScores(rows, keys, false, own); },
        [&] { finishScores(rows, keys, true, own); });
  else
    finishScores(rows, keys, false, own);
  raiseMost(own);
  makeWeights(rows, keys, own);
  const bool widens = spec.isNarrow(2);
  Ptr values = widens ? own + (places->values + keys.j * s.e) : v + (rows.v + keys.j * s.v.row);
  e.call(attentionProductsFunction(module),
         {own + places->scores, values, own + places->sums, rows.count, s.e, keys.count,
          e.index(scoreRow), e.index(1), e.index(tileColumns), widens ? s.e : s.v.row,
          places->sumRow, e.constant(e.b.getI1Type(), int64_t(0))});
}

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

void Writer::makeScores(const Rows &rows, const Keys &keys, Ptr own) {
  const Extents<Val> &s = *sizes;
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
Val Writer::finished(const Rows &rows, Val r, const Vals &rowPlaces, Val j, Val s, bool masks,
                     Val valid) {
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
void Writer::finishScores(const Rows &rows, const Keys &keys, bool masks, Ptr own) {
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
void Writer::raiseMost(Ptr own) {
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

void Writer::makeWeights(const Rows &rows, const Keys &keys, Ptr own) {
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
    e.loop(0, places->sumRow, lanes, [&](Val c) {
      Ptr sum = own + (places->sums + r * places->sumRow + c);
      sum.store(sum.load(lanes) * shrinks);
    });
  });
}

/// Weights of a row that are dropped are 0, others grow.
void Writer::drop(const Rows &rows, const Keys &keys, Val r, Ptr weights, Ptr own) {
  const Extents<Val> &s = *sizes;
  const double share = rate.getValueAsDouble();
  Ptr draws = own + places->draws;
  Val place = ((rows.head * s.m) + rows.i + r) * s.n + keys.j;
  e.call(uniformFunction(module), {key, draws, offset.load() + place, keys.count});
  e.loop(0, keys.columns, lanes, [&](Val c) {
    Val weight = (weights + c).load(lanes), isKept = (draws + c).load(lanes) >= share;
    (weights + c).store(select(isKept, weight / (1 - share), 0.0));
  });
}

void Writer::finishRows(const Rows &rows, Ptr own) {
  const Extents<Val> &s = *sizes;
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

// The call

static void generate(KernelFunctions &functions, llvm::StringRef symbol, const KernelSpec &spec) {
  Writer(functions.module, symbol, spec).write();
}

/// An operand where it lies, if its features lie side by side there: permutations of axes before
/// the last are left out.
namespace {
struct Place {
  mlir::Value x;
  llvm::SmallVector<int64_t> strides; ///< of x's axes but the last, in the operand's order; 0: one
};
} // namespace

/// Of a value that is another one with its axes in another order: which axis of that each is.
static std::optional<llvm::SmallVector<int64_t>> permutationOf(mlir::Value x) {
  auto loop = x.getDefiningOp<mlir::linalg::GenericOp>();
  if (!loop || loop.getNumDpsInputs() != 1 || loop->getNumResults() != 1 ||
      loop.getBody()->getTerminator()->getOperand(0) != loop.getRegionInputArgs()[0])
    return {};
  auto maps = loop.getIndexingMapsArray();
  if (!maps[1].isIdentity() || !maps[0].isPermutation())
    return {};
  llvm::SmallVector<int64_t> order(maps[0].getNumDims());
  for (auto [axis, dim] : llvm::enumerate(maps[0].getResults()))
    order[mlir::cast<mlir::AffineDimExpr>(dim).getPosition()] = axis;
  return order;
}

static Place placeOf(mlir::Value x) {
  llvm::SmallVector<int64_t> axes = llvm::to_vector(llvm::seq<int64_t>(0, typeOf(x).getRank()));
  while (auto order = permutationOf(x)) {
    if (order->back() != int64_t(order->size()) - 1)
      break;
    for (int64_t &axis : axes)
      axis = (*order)[axis];
    x = x.getDefiningOp<mlir::linalg::GenericOp>().getInputs()[0];
  }
  llvm::ArrayRef<int64_t> shape = typeOf(x).getShape();
  llvm::SmallVector<int64_t> strides(shape.size(), 1);
  for (int64_t a = int64_t(shape.size()) - 1; a-- > 0;)
    strides[a] = strides[a + 1] * shape[a + 1];
  Place place{x, {}};
  for (int64_t axis : llvm::ArrayRef(axes).drop_back())
    place.strides.push_back(shape[axis] == 1 ? 0 : strides[axis]);
  return place;
}

static std::optional<KernelForm> form(mlir::OpBuilder &, mlir::Operation *op) {
  auto attention = mlir::cast<compiler::AttentionOp>(op);
  llvm::ArrayRef<int64_t> q = typeOf(attention.getQ()).getShape();
  llvm::ArrayRef<int64_t> v = typeOf(attention.getV()).getShape(), batch = q.drop_back(2);
  if (batch.size() > batchAxes)
    return {};
  const float scale = attention.getScale().convertToDouble();
  llvm::SmallVector<int64_t> sizes = {q[batch.size()], v[batch.size()], q.back(), v.back(),
                                      llvm::bit_cast<int32_t>(scale)};
  sizes.append(batchAxes - batch.size(), 1);
  sizes.append(batch.begin(), batch.end());
  KernelForm form({}, {});
  for (mlir::Value x : {attention.getQ(), attention.getK(), attention.getV()}) {
    Place place = placeOf(x);
    form.inputs.push_back(place.x);
    sizes.append(batchAxes - batch.size(), 0);
    sizes.append(place.strides);
  }
  const bool hasCode = !attention.getScore().empty() || !attention.getMask().empty();
  if (hasCode)
    for (auto [x, map] : llvm::zip_equal(
             attention.getCaptures(), attention.getMaps().getAsValueRange<mlir::AffineMapAttr>())) {
      auto numbers = placesOf(map, typeOf(x).getShape());
      if (!numbers)
        return {};
      form.inputs.push_back(x);
      sizes.append(*numbers);
    }
  if (attention.getKey())
    form.inputs.append({attention.getKey(), attention.getOffset()});
  form.sizes = sizes;
  return form;
}

static Extents<int64_t> extentsOf(llvm::ArrayRef<int64_t> sizes) {
  return Extents<int64_t>([&] {
    const int64_t next = sizes.front();
    sizes = sizes.drop_front();
    return next;
  });
}

static Scratch scratchFor(llvm::ArrayRef<int64_t> sizes, const KernelSpec &spec) {
  return {.own = Own<int64_t>(extentsOf(sizes), spec.isNarrow(2)).end * 4};
}

/// Two products, of all keys whether they are seen or not.
static Work work(llvm::ArrayRef<int64_t> sizes, const KernelSpec &) {
  const Extents<int64_t> s = extentsOf(sizes);
  return {2.0 * s.heads() * s.m * s.n * (s.d + s.e)};
}

Kernel kernel_attention() {
  return {.ops = {"kerf.attention"},
          .types = "~T, ~T, ~T, ... -> ~T, T",
          .elements = {"f32"},
          .attributes = {"maps", "empty", "rate"},
          .form = form,
          .scratch = scratchFor,
          .work = work,
          .generate = generate};
}

} // namespace kerf::codegen::cpu
