#include "codegen/cpu/attention_writer.h"
#include "codegen/cpu/isa_x86.h"

using namespace kerf::codegen::cpu::emit;

namespace kerf::codegen::cpu {

Captures AttentionWriter::capturesOf() const {
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

AttentionWriter::AttentionWriter(mlir::ModuleOp module, llvm::StringRef symbol,
                                 const KernelSpec &spec)
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

void AttentionWriter::write() {
  const AttentionExtents<Val> &s = *sizes;
  Val chunk = s.chunkRows(e.taskWork()), chunks = ceilDiv(s.m, chunk);
  e.ranges(s.heads() * chunks, grainOf(chunk * s.n * (s.d + s.e)), [&](Val from, Val to, Ptr own) {
    e.loop(from, to, 1, [&](Val number) {
      Val first = number % chunks * chunk;
      head(number / chunks, first, min(first + chunk, s.m), own);
    });
  });
}

void AttentionWriter::head(Val number, Val from, Val to, Ptr own) {
  const AttentionExtents<Val> &s = *sizes;
  Rows all;
  all.head = number;
  all.batch.resize(attentionBatchAxes);
  Val qPlace = e.index(0);
  all.k = e.index(0), all.v = e.index(0);
  Val rest = number;
  for (int64_t a = attentionBatchAxes; a-- > 0;) {
    Val index = rest % s.batch[a];
    rest = rest / s.batch[a];
    all.batch[a] = index;
    qPlace = qPlace + index * s.q.batch[a];
    all.k = all.k + index * s.k.batch[a], all.v = all.v + index * s.v.batch[a];
  }
  e.zero(own + places->packed, s.keyBlocks() * 4);
  // Blocks of about one height, of whole tiles.
  Val count = to - from, blocks = ceilDiv(count, attentionRows);
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

void AttentionWriter::loadQueries(Val place, Val count, Ptr own) {
  const AttentionExtents<Val> &s = *sizes;
  Val scale = f32Of(s.scale);
  e.loop(0, count, 1, [&](Val r) {
    e.eights(s.d, [&](Val c, int64_t wide) {
      Val factor = wide == 1 ? scale : e.splat(scale, wide);
      Val x = (q + (place + r * s.q.row + c)).load(wide);
      (own + (places->queries + r * s.d + c)).store(x * factor);
    });
  });
}

void AttentionWriter::rows(const Rows &rows, Ptr own) {
  e.zero(own + places->sums, select(isOneBlock(), 0, rows.count * places->sumRow * 4));
  e.zero(own + places->total, e.index(statRows * 4));
  e.loop(0, e.index(statRows), lanes,
         [&](Val r) { (own + (places->most + r)).store(e.splat(none(), lanes)); });
  e.loop(0, sizes->n, attentionKeys, [&](Val j) { keyBlock(rows, j, own); });
  finishRows(rows, own);
}

// Which keys are seen

Interval AttentionWriter::seen(const Rows &rows, Val j, Val count) {
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

void AttentionWriter::keyBlock(const Rows &rows, Val j, Ptr own) {
  Val count = min(sizes->n - j, attentionKeys);
  auto columnsOf = [](Val keys) { return ceilDiv(keys, tileColumns) * tileColumns; };
  if (!mask)
    return seenBlock(rows, {j, count, columnsOf(count), Val()}, own);
  Interval block = seen(rows, j, count);
  e.when(block.high, [&] {
    // Panels of keys at both ends that nobody sees are left out.
    Vals ends = e.either(
        block.low, [&] { return Vals{e.index(0), count}; },
        [&] {
          return e.loop(e.index(0), count, tileColumns, {e.index(attentionKeys), e.index(0)},
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
/// Then it is marked by 1, or by 2 if a value is not finite and not all need be seen.
void AttentionWriter::prepareKeys(const Rows &rows, Val block, Ptr own) {
  const AttentionExtents<Val> &s = *sizes;
  const std::string pack = packColumnsFunction(module, spec.heldBy(1));
  Ptr isPacked = (own + (places->packed + block)).as(e.i32());
  e.when(isPacked.load() == 0, [&] {
    isPacked.store(e.constant(e.i32(), int64_t(1)));
    Val from = block * attentionKeys, to = min(from + attentionKeys, s.n);
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
    if (mask)
      e.when(areFinite(rows, from, to, own), nullptr,
             [&] { isPacked.store(e.constant(e.i32(), int64_t(2))); });
  });
}

void AttentionWriter::seenBlock(const Rows &rows, Keys keys, Ptr own) {
  const AttentionExtents<Val> &s = *sizes;
  prepareKeys(rows, keys.j / attentionKeys, own);
  makeScores(rows, keys, own);
  if (mask)
    e.when(
        keys.allSeen, [&] { finishScores(rows, keys, false, own); },
        [&] { finishScores(rows, keys, true, own); });
  else
    finishScores(rows, keys, false, own);
  raiseMost(own);
  makeWeights(rows, keys, own);
  addValues(rows, keys, own);
}

/// What a task has of the block's values, and how far apart their rows are.
Ptr AttentionWriter::valuesOf(const Rows &rows, Val j, Ptr own) {
  const AttentionExtents<Val> &s = *sizes;
  return spec.isNarrow(2) ? own + (places->values + j * s.e) : v + (rows.v + j * s.v.row);
}
Val AttentionWriter::valueRow() { return spec.isNarrow(2) ? sizes->e : sizes->v.row; }

void AttentionWriter::addValues(const Rows &rows, const Keys &keys, Ptr own) {
  const AttentionExtents<Val> &s = *sizes;
  Ptr values = valuesOf(rows, keys.j, own), weights = own + places->scores;
  Ptr sums = own + places->sums;
  auto product = [&] {
    e.call(attentionProductsFunction(module),
           {weights, values, sums, rows.count, s.e, keys.count, e.index(scoreRow), e.index(1),
            e.index(tileColumns), valueRow(), places->sumRow, isOneBlock()});
  };
  if (!mask)
    return product();
  // 0 times infinity: a key that is not seen would count.
  auto oneByOne = [&] {
    e.loop(0, rows.count, 1, [&](Val r) {
      e.loop(0, keys.count, 1, [&](Val c) {
        Val weight = (weights + (r * scoreRow + c)).load();
        e.when(weight == 0.0, nullptr, [&] {
          e.eights(s.e, [&](Val at, int64_t wide) {
            Ptr sum = sums + (r * places->sumRow + at);
            Val x = wide == 1 ? weight : e.splat(weight, wide);
            sum.store(fma(x, (values + (c * valueRow() + at)).load(wide), sum.load(wide)));
          });
        });
      });
    });
  };
  Val isFinite = (own + (places->packed + keys.j / attentionKeys)).as(e.i32()).load() == 1;
  e.when(isFinite | keys.allSeen, product, oneByOne);
}

/// Are rows of values from .. to all finite? Of 0 times each the sum is 0, or NaN.
Val AttentionWriter::areFinite(const Rows &rows, Val from, Val to, Ptr own) {
  Val whole = sizes->e / 8 * 8, none = e.constant(e.f32(), 0.0);
  auto add = [&](Val sum, Ptr p, int64_t wide) { return fma(p.load(wide), like(sum, 0.0), sum); };
  Vals sums = e.loop(from, to, 1, {e.splat(none, 8), none}, [&](Val j, const Vals &old) {
    Ptr row = valuesOf(rows, j, own);
    Val eights = e.loop(e.index(0), whole, 8, {old[0]},
                        [&](Val c, const Vals &sum) { return Vals{add(sum[0], row + c, 8)}; })[0];
    Val ones = e.loop(whole, sizes->e, 1, {old[1]},
                      [&](Val c, const Vals &sum) { return Vals{add(sum[0], row + c, 1)}; })[0];
    return Vals{eights, ones};
  });
  Val total = sums[1];
  for (int64_t i = 0; i < 8; ++i)
    total = total + lane(sums[0], i);
  return total == 0.0;
}

} // namespace kerf::codegen::cpu
