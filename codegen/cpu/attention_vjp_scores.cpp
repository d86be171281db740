// Scores of a block, their softmax and what flows back to them.
#include "codegen/cpu/attention_vjp.h"
#include "codegen/cpu/math.h"
#include "codegen/cpu/philox.h"

#include <cmath>

using namespace kerf::codegen::cpu::emit;

namespace kerf::codegen::cpu {

AttentionVjp::Seen AttentionVjp::seen(const Head &head, Val i, Val rows, Val j, Val keys) {
  Val zero = e.index(0), end = ceilDiv(keys, tileColumns) * tileColumns;
  if (!mask())
    return {zero, end, zero == 0};
  Vals found = e.loop(zero, keys, tileColumns, {end, zero, zero}, [&](Val c, const Vals &old) {
    Val to = min(c + tileColumns, keys);
    llvm::SmallVector<Interval> given;
    for (Val index : head.batch)
      given.push_back(Interval::point(index));
    given.push_back({i, i + rows - 1});
    given.push_back({j + c, j + to - 1});
    for (unsigned n = 0; n < captures->size(); ++n)
      given.push_back(captures->over(n, head.batch, {i, i + rows}, {j + c, j + to}));
    const Interval truth = truthOf(e, *mask(), given);
    Val isAny = truth.high & (old[0] == end); // the first one
    return Vals{select(isAny, c, old[0]), select(truth.high, c + tileColumns, old[1]),
                select(truth.low, old[2] + tileColumns, old[2])};
  });
  return {found[0], found[1], found[2] == found[1] - found[0]};
}

Vals AttentionVjp::arguments(const Row &row, Val c, Val valid) {
  Vals values;
  for (Val index : row.batch)
    values.push_back(resize(index, e.i32()));
  values.push_back(resize(row.i, e.i32()));
  values.push_back(e.splat(resize(row.j + c, e.i32()), lanes) + e.lanes(lanes, e.i32()));
  for (unsigned n = 0; n < captures->size(); ++n)
    values.push_back(captures->load(n, row.places[n], row.j + c, lanes, valid));
  return values;
}

/// P and dS in a register; `sums` grow by what is summed along rows.
Vals AttentionVjp::part(const Row &row, Val c, int64_t start, bool isMasked, bool isEdge,
                        Vals sums) {
  Val valid = isEdge ? row.keys - c : Val(), seen;
  Ptr weight = row.p + c, cotangent = row.ds + c;
  Val x = weight.load(lanes) * scale, product = cotangent.load(lanes), kept;
  Vals given = arguments(row, c, valid), values = {x};
  values.append(given.begin(), given.end());
  Val made = score() ? inRegister(evaluate(e, *score(), values, lanes)[0]) : x;
  if (isMasked)
    seen = inRegister(evaluate(e, *mask(), given, lanes)[0]);
  if (isEdge) {
    Val isThere = e.lanes(lanes, e.i32()) < e.splat(resize(valid, e.i32()), lanes);
    seen = seen.emit ? seen & isThere : isThere;
  }
  auto whereSeen = [&](Val x) { return seen.emit ? select(seen, x, 0.0) : x; };
  Val p = whereSeen(expOfNegative(made - row.norm));
  if (shape.rate) { // uniforms are multiples of 2^-24
    const double rate = std::ceil(*shape.rate * 0x1p24) * 0x1p-24;
    Val isKept = (row.uniforms + c).load(lanes) >= rate;
    kept = select(isKept, like(p, 1 / (1 - *shape.rate)), 0.0);
    product = kept * product;
  }
  values.push_back(whereSeen(p * (product - row.minus)));
  Vals flows = {values.back()};
  if (scoreVjp()) {
    flows = evaluate(e, *scoreVjp(), values, lanes);
    for (Val &flow : flows)
      flow = whereSeen(inRegister(flow));
  }
  weight.store(kept.emit ? kept * p : p);
  cotangent.store(flows[0] * scale);
  size_t place = start / lanes;
  for (size_t n = 0; n + 1 < flows.size(); ++n)
    if (wanted[n].isSumOfRow())
      sums[place] = sums[place] + flows[n + 1], place += tileColumns / lanes;
    else
      wanted[n].add(e, flows[n + 1], row.places[wanted[n].capture], row.i, row.j + c, valid);
  return sums;
}

Vals AttentionVjp::panel(const Row &row, Val c, bool isMasked, bool isEdge, Vals sums) {
  for (int64_t start = 0; start < tileColumns; start += lanes) {
    auto body = [&] { return part(row, c + start, start, isMasked, isEdge, sums); };
    if (!isEdge)
      sums = body();
    else if (sums.empty())
      e.when(row.keys > c + start, [&] { body(); });
    else
      sums = e.either(row.keys > c + start, body, [&] { return sums; });
  }
  return sums;
}

/// In one order for registers of 8 and of 16.
static Val sumOfLanes(Vals parts) {
  Val x = parts[0];
  for (size_t i = 1; i < parts.size(); ++i)
    x = x + parts[i];
  for (int64_t half = parts.size() == 1 ? 8 : 4; half; half /= 2) {
    llvm::SmallVector<int64_t> low, high;
    for (int64_t l = 0; l < half; ++l)
      low.push_back(l), high.push_back(half + l);
    x = emit::shuffle(x, x, llvm::ArrayRef<int64_t>(low)) +
        emit::shuffle(x, x, llvm::ArrayRef<int64_t>(high));
  }
  return lane(x, 0);
}

void AttentionVjp::row(const Row &row, Seen seen, bool isMasked) {
  const int64_t parts = tileColumns / lanes;
  const auto isSum = [](const CaptureCotangent &one) { return one.isSumOfRow(); };
  Vals sums(scoreVjp() ? llvm::count_if(wanted, isSum) * parts : 0,
            e.constant(e.vector(lanes, e.f32()), 0.0));
  // What regions make of keys that are not there may matter; else nobody reads it.
  const bool hasEdge = score() || mask();
  Val end =
      hasEdge ? max(min(seen.end, row.keys / tileColumns * tileColumns), seen.first) : seen.end;
  auto whole = [&](Val c, const Vals &old) { return panel(row, c, isMasked, false, old); };
  auto edge = [&] { return panel(row, end, isMasked, true, sums); };
  if (sums.empty())
    e.loop(seen.first, end, tileColumns, [&](Val c) { whole(c, {}); });
  else
    sums = e.loop(seen.first, end, tileColumns, sums, whole);
  if (hasEdge && sums.empty())
    e.when(end < seen.end, [&] { edge(); });
  else if (hasEdge)
    sums = e.either(end < seen.end, edge, [&] { return sums; });
  for (const CaptureCotangent &one : wanted)
    if (!sums.empty() && one.isSumOfRow()) {
      one.addRow(sumOfLanes(Vals(sums.begin(), sums.begin() + parts)), row.i);
      sums.erase(sums.begin(), sums.begin() + parts);
    }
}

/// P and dS of a block, in place of S and dP.
void AttentionVjp::weights(const Head &head, Val i, Val rows, Val j, Val keys, Seen seen,
                           bool isMasked, Ptr own) {
  Ptr rowLse = lse + head.q * s->m + i, rowDelta = delta + head.q * s->m + i;
  Ptr uniforms = own + at->uniforms;
  e.loop(0, rows, 1, [&](Val r) {
    Ptr p = own + at->scores + r * at->scoreRow, ds = own + at->cotangents + r * at->scoreRow;
    Val norm = (rowLse + r).load(), minus = (rowDelta + r).load();
    e.when(
        norm == -INFINITY,
        [&] {
          for (Ptr zeros : {p, ds})
            e.zero(zeros + seen.first, (seen.end - seen.first) * 4);
        },
        [&] {
          if (shape.rate) {
            Val place = offset.load() + (head.q * s->m + i + r) * s->n + j + seen.first;
            e.call(uniformFunction(module),
                   {key, uniforms + seen.first, place, min(seen.end, keys) - seen.first});
          }
          row({i + r, j, keys, e.splat(norm, lanes), e.splat(minus, lanes), p, ds, uniforms,
               head.batch, captures->rowPlaces(head.batch, i + r)},
              seen, isMasked);
        });
  });
}

} // namespace kerf::codegen::cpu
