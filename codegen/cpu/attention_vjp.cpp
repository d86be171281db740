#include "codegen/cpu/attention_vjp.h"

using namespace kerf::codegen::cpu::emit;

namespace kerf::codegen::cpu {

AttentionVjp::AttentionVjp(mlir::ModuleOp module, llvm::StringRef symbol, const KernelSpec &spec)
    : module(module), spec(spec), shape(spec), e(module, symbol), lanes(tileLanes(e)) {
  auto operand = [&](unsigned number) { return e.pointer(e.f32(), spec.heldBy(number)); };
  q = operand(0), k = operand(1), v = operand(2);
  captures.emplace(shape.maps, shape.captureTypes(e.f32()));
  captures->takePointers(e);
  if (shape.rate)
    key = e.pointer(e.i32()), offset = e.pointer(e.i64());
  lse = e.pointer(), delta = e.pointer(), g = operand(shape.firstResult() - 1);
  for (size_t r = 0; r < 3 + shape.wanted.size(); ++r)
    results.push_back(operand(shape.firstResult() + r));
  scratch = e.pointer();
  auto next = [&] { return e.size(); };
  s.emplace(next);
  captures->takeNumbers(e);
  llvm::SmallVector<CotangentSizes<Val>> sizes;
  for (int64_t number : shape.wanted) {
    wanted.emplace_back(*captures, number, shape.maps[number]);
    wanted.back().sizes = sizes.emplace_back(next);
  }
  at.emplace(*s, !spec.held.empty(), shape.rate.has_value(), mask());
  shared.emplace(*s, sizes, spec);
  for (size_t r = 0; r < results.size(); ++r)
    sums.push_back(spec.isNarrow(shape.firstResult() + r) ? scratch + shared->sums[r] : results[r]);
}

AttentionVjp::Head AttentionVjp::head(Val task, Val loop) {
  Val one = e.index(1), zero = e.index(0), yes = one == 1;
  Head head{zero, zero, zero, yes, yes, Vals(batchAxes)};
  Val qStep = one, kStep = one, vStep = one;
  for (int64_t a = batchAxes - 1; a >= 0; --a) {
    Val extent = s->batch[a], isLooped = AttentionVjpExtents<Val>::has(s->looped, a);
    Val index = select(isLooped, loop, task) % extent;
    loop = select(isLooped, loop / extent, loop), task = select(isLooped, task, task / extent);
    head.q = head.q + index * qStep, qStep = qStep * extent;
    auto of = [&](Val ones, Val &place, Val &step, Val &isFirst) {
      Val isSame = AttentionVjpExtents<Val>::has(ones, a);
      place = place + select(isSame, zero, index * step);
      step = step * select(isSame, one, extent);
      isFirst = select(isSame, isFirst & (index == 0), isFirst);
    };
    of(s->kOnes, head.k, kStep, head.isFirstOfK);
    of(s->vOnes, head.v, vStep, head.isFirstOfV);
    head.batch[a] = index;
  }
  head.batch.erase(head.batch.begin(), head.batch.end() - shape.rank());
  return head;
}

// Blocks

/// kerf_widen_rows_<held>(to, from, count)
static std::string widenFunction(mlir::ModuleOp module, mlir::Type held) {
  const std::string name = "kerf_widen_rows" + suffixOf(held);
  if (!missing(module, name))
    return name;
  Function e(module, name);
  Ptr to = e.pointer(), from = e.pointer(e.f32(), held);
  e.eights(e.size(), [&](Val i, int64_t lanes) { (to + i).store((from + i).load(lanes)); });
  return name;
}

/// kerf_finite_rows_<held>(to, from, count): what is not finite becomes 0. A key that is seen makes
/// its score, and so ds, of it before; one that is not seen has ds = 0, and counts nothing.
static std::string finiteFunction(mlir::ModuleOp module, mlir::Type held) {
  const std::string name = "kerf_finite_rows" + suffixOf(held);
  if (!missing(module, name))
    return name;
  Function e(module, name);
  Ptr to = e.pointer(), from = e.pointer(e.f32(), held);
  e.eights(e.size(), [&](Val i, int64_t lanes) {
    Val x = (from + i).load(lanes);
    (to + i).store(select(x - x == 0.0, x, 0.0));
  });
  return name;
}

Ptr AttentionVjp::wide(Ptr from, Ptr copy, Val count) {
  if (from.held == from.element)
    return from;
  e.call(widenFunction(module, from.held), {copy, from, count});
  return copy;
}

void AttentionVjp::block(const Head &head, Val i, Val rows, Val j, Val keys, Ptr own, Ptr dqs) {
  const Seen seen = this->seen(head, i, rows, j, keys);
  llvm::StringRef products = attentionProductsFunction(module);
  e.when(seen.first < seen.end, [&] {
    Val one = e.index(1), panel = e.index(tileColumns), yes = one == 1, no = one == 0;
    Val d = s->d, f = s->e, row = at->scoreRow, first = seen.first, columns = seen.end - first;
    Val count = min(seen.end, keys) - first;
    Ptr queries = wide(q + (head.q * s->m + i) * d, own + at->q, rows * d);
    Ptr outputs = wide(g + (head.q * s->m + i) * f, own + at->g, rows * f);
    Ptr p = own + at->scores + first, ds = own + at->cotangents + first;
    Ptr rowKeys = spec.isNarrow(1) || mask() ? own + at->k : k + (head.k * s->n + j) * d;
    // Of no features nothing is written.
    e.when(d == 0, [&] { e.zero(own + at->scores, rows * row * 4); });
    e.when(f == 0, [&] { e.zero(own + at->cotangents, rows * row * 4); });
    auto products_ = [&](Ptr a, Ptr b, Ptr c, std::initializer_list<mlir::Value> sizes) {
      llvm::SmallVector<mlir::Value> operands = {a, b, c};
      operands.append(sizes);
      e.call(products, operands);
    };
    products_(queries, own + at->keys + first * d, p,
              {rows, columns, d, d, one, panel * d, panel, row, yes});
    products_(outputs, own + at->values + first * f, ds,
              {rows, columns, f, f, one, panel * f, panel, row, yes});
    auto make = [&](bool isMasked) {
      return [&, isMasked] { weights(head, i, rows, j, keys, seen, isMasked, own); };
    };
    if (mask())
      e.when(seen.all, make(false), make(true));
    else
      make(false)();
    Ptr dks = sums[1] + (head.k * s->n + j + first) * d;
    Ptr dvs = sums[2] + (head.v * s->n + j + first) * f;
    products_(p, outputs, dvs, {count, f, rows, one, row, panel, f, f, no});
    products_(ds, queries, dks, {count, d, rows, one, row, panel, d, d, no});
    products_(ds, rowKeys + first * d, dqs + i * d, {rows, d, count, row, one, panel, d, d, no});
  });
}

/// A head's queries against a chunk of keys.
void AttentionVjp::task(const Head &head, Val chunk, Ptr own, Ptr dqs) {
  const std::string packKeys = packColumnsFunction(module, spec.heldBy(1));
  const std::string packValues = packColumnsFunction(module, spec.heldBy(2));
  for (auto [n, one] : llvm::enumerate(wanted)) {
    one.sums = sums[3 + n];
    if (one.isInPlace)
      continue;
    Val stride = one.sizes->stride();
    one.sums = scratch + shared->cotangents[n] + (head.q * s->chunks() + chunk) * stride;
    e.zero(one.sums, stride * 4);
  }
  e.zero(dqs, s->m * s->d * 4);
  Val from = chunk * s->chunkKeys(), to = min(from + s->chunkKeys(), s->n);
  e.loop(from, to, blockKeys, [&](Val j) {
    Val keys = min(to - j, blockKeys);
    Ptr kRows = k + (head.k * s->n + j) * s->d, vRows = v + (head.v * s->n + j) * s->e;
    auto zeroIf = [&](Val isFirst, Ptr p, Val count) {
      e.when(isFirst, [&] { e.zero(p, count * 4); });
    };
    zeroIf(head.isFirstOfK, sums[1] + (head.k * s->n + j) * s->d, keys * s->d);
    zeroIf(head.isFirstOfV, sums[2] + (head.v * s->n + j) * s->e, keys * s->e);
    if (mask())
      e.call(finiteFunction(module, kRows.held), {own + at->k, kRows, keys * s->d});
    else
      wide(kRows, own + at->k, keys * s->d);
    e.loop(0, keys, tileColumns, [&](Val c) {
      auto pack = [&](llvm::StringRef function, Ptr to, Ptr rows, Val features) {
        e.call(function, {to + c * features, rows + c * features, min(keys - c, tileColumns),
                          features, e.index(1), features});
      };
      pack(packKeys, own + at->keys, kRows, s->d);
      pack(packValues, own + at->values, vRows, s->e);
    });
    e.loop(0, s->m, blockRows,
           [&](Val i) { block(head, i, min(s->m - i, blockRows), j, keys, own, dqs); });
  });
}

// Sums

void AttentionVjp::zeroSums() {
  for (auto [n, one] : llvm::enumerate(wanted))
    e.ranges(one.sizes->elements, e.index(e.taskWork()),
             [&](Val from, Val to, Ptr) { e.zero(sums[3 + n] + from, (to - from) * 4); });
}

/// dq of the heads of a phase, from the sums of each chunk.
void AttentionVjp::addParts(Val phase) {
  Val size = s->m * s->d, chunks = s->chunks();
  e.ranges(s->tasks() * s->m, grainOf(s->d * chunks), [&](Val from, Val to, Ptr) {
    e.loop(from, to, 1, [&](Val r) {
      Val task = r / s->m, i = r % s->m;
      Ptr to = sums[0] + head(task, phase).q * size + i * s->d;
      Ptr parts = scratch + shared->parts + task * chunks * size + i * s->d;
      e.eights(s->d, [&](Val c, int64_t lanes) {
        Vals sum = e.loop(e.index(1), chunks, 1, {(parts + c).load(lanes)},
                          [&](Val chunk, const Vals &sum) {
                            return Vals{sum[0] + (parts + chunk * size + c).load(lanes)};
                          });
        (to + c).store(sum[0]);
      });
    });
  });
}

void AttentionVjp::addLines() {
  for (auto [n, one] : llvm::enumerate(wanted)) {
    if (one.isInPlace)
      continue;
    const CotangentSizes<Val> &sizes = *one.sizes;
    e.loop(0, s->tasks(), 1, [&](Val task) {
      e.loop(0, s->loops(), 1, [&](Val loop) {
        const Head head = this->head(task, loop);
        Val start = captures->rowPlaces(head.batch, e.index(0))[one.capture];
        Ptr to = sums[3 + n] + (start - sizes.unit * sizes.shift);
        e.loop(0, s->chunks(), 1, [&](Val chunk) {
          Ptr line =
              scratch + shared->cotangents[n] + (head.q * s->chunks() + chunk) * sizes.stride();
          Val eights = select(sizes.unit == 1, sizes.length / 8 * 8, 0);
          auto add = [&](int64_t lanes) {
            return [&, lanes](Val t) {
              Ptr place = to + t * sizes.unit;
              place.store(place.load(lanes) + (line + t).load(lanes));
            };
          };
          e.loop(0, eights, 8, add(8));
          e.loop(eights, sizes.length, 1, add(1));
        });
      });
    });
  }
}

void AttentionVjp::narrowSums() {
  llvm::SmallVector<Val> elements = {
      s->heads() * s->m * s->d, s->heads(AttentionVjpExtents<Val>::others(s->kOnes)) * s->n * s->d,
      s->heads(AttentionVjpExtents<Val>::others(s->vOnes)) * s->n * s->e};
  for (const CaptureCotangent &one : wanted)
    elements.push_back(one.sizes->elements);
  for (size_t r = 0; r < results.size(); ++r)
    if (spec.isNarrow(shape.firstResult() + r))
      e.ranges(elements[r], e.index(e.taskWork()), [&](Val from, Val to, Ptr) {
        e.eights(to - from, [&](Val i, int64_t lanes) {
          (results[r] + from + i).store((sums[r] + from + i).load(lanes));
        });
      });
}

void AttentionVjp::write() {
  zeroSums();
  scale = e.splat(bitcast(resize(s->scale, e.i32()), e.f32()), lanes);
  // Chunks of keys take one head after another that shares sums, so that their parts of dq are few.
  Val chunks = s->chunks(), loops = s->loops(), phases = select(chunks > 1, loops, e.index(1));
  Val loopsOfPhase = loops / max(phases, 1);
  e.loop(0, phases, 1, [&](Val phase) {
    e.tasks(s->tasks() * chunks, [&](Val number, Ptr own) {
      e.loop(0, loopsOfPhase, 1, [&](Val loop) {
        const Head here = head(number / chunks, phase * loopsOfPhase + loop);
        Val size = s->m * s->d;
        Ptr dqs =
            select(chunks > 1, scratch + shared->parts + number * size, sums[0] + here.q * size);
        task(here, number % chunks, own, dqs);
      });
    });
    e.when(chunks > 1, [&] { addParts(phase); });
  });
  addLines();
  narrowSums();
}

} // namespace kerf::codegen::cpu
