// attention_vjp(q, k, v, lse, delta, g, dq, dk, dv, scratch | m n d e scale batch kOnes vOnes
// looped): the cotangents of q, k and v, of scores that are made again, a block of them at a time.
//
// A task has a head, and all others that share its k or v, whose sums it makes in the order of the
// heads. Keys are its outer blocks: dk and dv of a block stay in the cache while all queries pass,
// and dq grows in memory. Where heads are few a task has some of the keys, and sums of its own for
// dq, which are added in the order of the keys.
#include "codegen/cpu/attention_tile.h"
#include "codegen/cpu/math.h"

#include "compiler/dialect.h"
#include "compiler/ops/attention_vjp.h"

#include <cmath>

using namespace kerf::codegen::cpu::emit;

namespace kerf::codegen::cpu {

/// Rows and keys of a block: its scores and their cotangents take 150 KB, its keys and values, with
/// 64 features, as much as these.
static constexpr int64_t blockRows = 72, blockKeys = 256;
/// Of a tensor, whose rank is 8 at most.
static constexpr int64_t batchAxes = 6;

namespace {
template <class T> struct Extents {
  T m, n, d, e;
  T scale; ///< the bits of an f32
  std::array<T, batchAxes> batch;
  T kOnes, vOnes; ///< bit a: k, or v, is the same along batch axis a
  T looped;       ///< bit a: a task has all of batch axis a

  explicit Extents(llvm::function_ref<T()> next)
      : m(next()), n(next()), d(next()), e(next()), scale(next()),
        batch{next(), next(), next(), next(), next(), next()}, kOnes(next()), vOnes(next()),
        looped(next()) {}

  static auto has(T bits, int64_t axis) { return (bits >> axis & 1) == 1; }
  /// How many heads the axes of `bits` make.
  T heads(T bits) const {
    using emit::select;
    T one = 0 * m + 1, count = one;
    for (int64_t a = 0; a < batchAxes; ++a)
      count = count * select(has(bits, a), batch[a], one);
    return count;
  }
  T tasks() const { return heads(looped ^ ((1 << batchAxes) - 1)); } ///< that share no sum
  T loops() const { return heads(looped); }
  /// Into how many tasks the keys are cut: eight tasks in all, where each has some 100 us to do.
  T chunks() const {
    using emit::ceilDiv, emit::max, emit::min, emit::select;
    T one = 0 * m + 1, wanted = ceilDiv(8 * one, max(tasks(), one));
    return select(m * n * (d + e) >= (int64_t(1) << 22), min(wanted, max(keyBlocks(), one)), one);
  }
  T keyBlocks() const { return emit::ceilDiv(n, blockKeys); }
  T chunkKeys() const { return emit::ceilDiv(keyBlocks(), chunks()) * blockKeys; }
};

/// A worker's own, in floats from its start. Rows of scores are no power of two apart, so that a
/// column of them fits the sets of a cache.
template <class T> struct Own {
  T scoreRow, keys, values, scores, cotangents, q, g, k, end;

  Own(const Extents<T> &s, bool isNarrow) {
    using emit::ceilDiv, emit::min;
    T rows = min(s.m, 0 * s.m + blockRows), none = 0 * s.m;
    T columns = ceilDiv(min(s.n, 0 * s.m + blockKeys), tileColumns) * tileColumns;
    scoreRow = columns + 16;
    keys = none;
    values = keys + columns * s.d;
    scores = values + columns * s.e;
    cotangents = scores + rows * scoreRow;
    q = cotangents + rows * scoreRow;
    auto line = [](T size) { return ceilDiv(size, 16) * 16; };
    g = q + (isNarrow ? line(rows * s.d) : none);
    k = g + (isNarrow ? line(rows * s.e) : none);
    end = k + (isNarrow ? line(columns * s.d) : none);
  }
};
} // namespace

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

namespace {
/// The kernel being written. A block is some rows against some keys.
class Writer {
public:
  Writer(mlir::ModuleOp module, llvm::StringRef symbol, const KernelSpec &spec)
      : module(module), spec(spec), e(module, symbol), q(e.pointer(e.f32(), spec.heldBy(0))),
        k(e.pointer(e.f32(), spec.heldBy(1))), v(e.pointer(e.f32(), spec.heldBy(2))),
        lse(e.pointer()), delta(e.pointer()), g(e.pointer(e.f32(), spec.heldBy(5))),
        dq(e.pointer()), dk(e.pointer()), dv(e.pointer()), scratch(e.pointer()),
        s([this] { return e.size(); }), at(s, !spec.held.empty()) {}

  void write();

private:
  /// Where a head's operands are, in heads from their start.
  struct Head {
    Val q, k, v;
    Val isFirstOfK, isFirstOfV; ///< of those that a task has
  };
  Head head(Val task, Val loop);
  void task(Head head, Val from, Val to, Ptr own, Ptr dqs);
  void block(Head head, Val i, Val rows, Val j, Val keys, Ptr own, Ptr dqs);
  void weights(Head head, Val i, Val rows, Val columns, Ptr own);
  void addParts(Val phase, Val loopsOfPhase);
  /// `count` elements in f32: where they are, or in `copy`.
  Ptr wide(Ptr from, Ptr copy, Val count) {
    if (from.held == from.element)
      return from;
    e.call(widenFunction(module, from.held), {copy, from, count});
    return copy;
  }

  mlir::ModuleOp module;
  const KernelSpec &spec;
  CalledFunction e;
  Ptr q, k, v, lse, delta, g, dq, dk, dv, scratch;
  Extents<Val> s;
  Own<Val> at;
};
} // namespace

Writer::Head Writer::head(Val task, Val loop) {
  Val one = e.index(1), zero = e.index(0), yes = one == 1;
  Head head{zero, zero, zero, yes, yes};
  Val qStep = one, kStep = one, vStep = one;
  for (int64_t a = batchAxes - 1; a >= 0; --a) {
    Val extent = s.batch[a], isLooped = Extents<Val>::has(s.looped, a);
    Val index = select(isLooped, loop, task) % extent;
    loop = select(isLooped, loop / extent, loop), task = select(isLooped, task, task / extent);
    head.q = head.q + index * qStep, qStep = qStep * extent;
    auto of = [&](Val ones, Val &place, Val &step, Val &isFirst) {
      Val isSame = Extents<Val>::has(ones, a);
      place = place + select(isSame, zero, index * step);
      step = step * select(isSame, one, extent);
      isFirst = select(isSame, isFirst & (index == 0), isFirst);
    };
    of(s.kOnes, head.k, kStep, head.isFirstOfK);
    of(s.vOnes, head.v, vStep, head.isFirstOfV);
  }
  return head;
}

/// P and dS of a block, in place of S and dP.
void Writer::weights(Head head, Val i, Val rows, Val columns, Ptr own) {
  const int64_t lanes = tileLanes(e);
  Val scale = e.splat(bitcast(resize(s.scale, e.i32()), e.f32()), lanes);
  Ptr rowLse = lse + head.q * s.m + i, rowDelta = delta + head.q * s.m + i;
  e.loop(0, rows, 1, [&](Val r) {
    Ptr p = own + at.scores + r * at.scoreRow, ds = own + at.cotangents + r * at.scoreRow;
    Val norm = (rowLse + r).load(), minus = (rowDelta + r).load();
    e.when(
        norm == -INFINITY,
        [&] {
          e.zero(p, columns * 4);
          e.zero(ds, columns * 4);
        },
        [&] {
          Val norms = e.splat(norm, lanes), minuses = e.splat(minus, lanes);
          e.loop(0, columns, tileColumns, [&](Val c) {
            for (int64_t part = 0; part < tileColumns; part += lanes) {
              Ptr weight = p + c + part, cotangent = ds + c + part;
              Val x = emit::exp(weight.load(lanes) * scale - norms);
              weight.store(x);
              cotangent.store(x * (cotangent.load(lanes) - minuses) * scale);
            }
          });
        });
  });
}

void Writer::block(Head head, Val i, Val rows, Val j, Val keys, Ptr own, Ptr dqs) {
  llvm::StringRef products = attentionProductsFunction(module);
  Val one = e.index(1), panel = e.index(tileColumns), yes = one == 1, no = one == 0;
  Val columns = ceilDiv(keys, tileColumns) * tileColumns, d = s.d, f = s.e, row = at.scoreRow;
  Ptr queries = wide(q + (head.q * s.m + i) * d, own + at.q, rows * d);
  Ptr outputs = wide(g + (head.q * s.m + i) * f, own + at.g, rows * f);
  Ptr panels = own + at.keys, p = own + at.scores, ds = own + at.cotangents;
  Ptr rowKeys = spec.isNarrow(1) ? own + at.k : Ptr(&e, k + (head.k * s.n + j) * d, e.f32());
  // Of no features nothing is written.
  e.when(d == 0, [&] { e.zero(p, rows * row * 4); });
  e.when(f == 0, [&] { e.zero(ds, rows * row * 4); });
  e.call(products, {queries, panels, p, rows, columns, d, d, one, panel * d, panel, row, yes});
  e.call(products,
         {outputs, own + at.values, ds, rows, columns, f, f, one, panel * f, panel, row, yes});
  weights(head, i, rows, columns, own);
  Ptr dvs = dv + (head.v * s.n + j) * f, dks = dk + (head.k * s.n + j) * d;
  e.call(products, {p, outputs, dvs, keys, f, rows, one, row, panel, f, f, no});
  e.call(products, {ds, queries, dks, keys, d, rows, one, row, panel, d, d, no});
  e.call(products, {ds, rowKeys, dqs + i * d, rows, d, keys, row, one, panel, d, d, no});
}

/// A head's queries against the keys from .. to.
void Writer::task(Head head, Val from, Val to, Ptr own, Ptr dqs) {
  const std::string packKeys = packColumnsFunction(module, spec.heldBy(1));
  const std::string packValues = packColumnsFunction(module, spec.heldBy(2));
  e.zero(dqs, s.m * s.d * 4);
  e.loop(from, to, blockKeys, [&](Val j) {
    Val keys = min(to - j, blockKeys);
    Ptr kRows = k + (head.k * s.n + j) * s.d, vRows = v + (head.v * s.n + j) * s.e;
    auto zeroIf = [&](Val isFirst, Ptr p, Val bytes) {
      e.when(isFirst, [&] { e.zero(p, bytes); });
    };
    zeroIf(head.isFirstOfK, dk + (head.k * s.n + j) * s.d, keys * s.d * 4);
    zeroIf(head.isFirstOfV, dv + (head.v * s.n + j) * s.e, keys * s.e * 4);
    wide(kRows, own + at.k, keys * s.d);
    e.loop(0, keys, tileColumns, [&](Val c) {
      auto pack = [&](llvm::StringRef function, Ptr to, Ptr rows, Val features) {
        e.call(function, {to + c * features, rows + c * features, min(keys - c, tileColumns),
                          features, e.index(1), features});
      };
      pack(packKeys, own + at.keys, kRows, s.d);
      pack(packValues, own + at.values, vRows, s.e);
    });
    e.loop(0, s.m, blockRows,
           [&](Val i) { block(head, i, min(s.m - i, blockRows), j, keys, own, dqs); });
  });
}

/// dq of the heads of a phase, from the sums of each chunk.
void Writer::addParts(Val phase, Val) {
  Val size = s.m * s.d, chunks = s.chunks();
  e.ranges(s.tasks() * s.m, grainOf(s.d * chunks), [&](Val from, Val to, Ptr) {
    e.loop(from, to, 1, [&](Val r) {
      Val task = r / s.m, i = r % s.m;
      Ptr to = dq + head(task, phase).q * size + i * s.d;
      Ptr parts = scratch + task * chunks * size + i * s.d;
      e.eights(s.d, [&](Val c, int64_t lanes) {
        Vals sum = e.loop(e.index(1), chunks, 1, {(parts + c).load(lanes)},
                          [&](Val chunk, const Vals &sum) {
                            return Vals{sum[0] + (parts + chunk * size + c).load(lanes)};
                          });
        (to + c).store(sum[0]);
      });
    });
  });
}

void Writer::write() {
  // Chunks of keys take one head after another that shares sums, so that their parts of dq are few.
  Val chunks = s.chunks(), loops = s.loops(), phases = select(chunks > 1, loops, e.index(1));
  Val loopsOfPhase = loops / max(phases, 1);
  e.loop(0, phases, 1, [&](Val phase) {
    e.tasks(s.tasks() * chunks, [&](Val number, Ptr own) {
      Val from = number % chunks * s.chunkKeys(), to = min(from + s.chunkKeys(), s.n);
      e.loop(0, loopsOfPhase, 1, [&](Val loop) {
        Head here = head(number / chunks, phase * loopsOfPhase + loop);
        Ptr dqs = select(chunks > 1, scratch + number * s.m * s.d, dq + here.q * s.m * s.d);
        task(here, from, to, own, dqs);
      });
    });
    e.when(chunks > 1, [&] { addParts(phase, loopsOfPhase); });
  });
}

static void generate(KernelFunctions &functions, llvm::StringRef symbol, const KernelSpec &spec) {
  Writer(functions.module, symbol, spec).write();
}

/// Bit a: batch axis a of `x` is 1, which it is not in q.
static int64_t onesOf(mlir::Value x, llvm::ArrayRef<int64_t> batch) {
  llvm::ArrayRef<int64_t> own = typeOf(x).getShape().drop_back(2);
  int64_t bits = 0;
  for (size_t a = 0; a < own.size(); ++a)
    bits |= int64_t(own[a] != batch[a]) << (batchAxes - own.size() + a);
  return bits;
}

static std::optional<KernelForm> form(mlir::OpBuilder &, mlir::Operation *op) {
  auto vjp = mlir::cast<compiler::AttentionVjpOp>(op);
  llvm::ArrayRef<int64_t> q = typeOf(vjp.getQ()).getShape(), v = typeOf(vjp.getV()).getShape();
  llvm::ArrayRef<int64_t> batch = q.drop_back(2);
  if (batch.size() > batchAxes || !vjp.getCaptures().empty() || vjp.getRate() ||
      llvm::any_of(op->getRegions(), [](mlir::Region &region) { return !region.empty(); }))
    return {};
  const int64_t m = q[batch.size()], n = v[batch.size()];
  if (m == 0 || n == 0)
    return KernelForm::zero();
  const float scale = vjp.getScale().convertToDouble();
  const int64_t kOnes = onesOf(vjp.getK(), batch), vOnes = onesOf(vjp.getV(), batch);
  llvm::SmallVector<int64_t> sizes = {m, n, q.back(), v.back(), llvm::bit_cast<int32_t>(scale)};
  sizes.append(batchAxes - batch.size(), 1);
  sizes.append(batch.begin(), batch.end());
  sizes.append({kOnes, vOnes, kOnes | vOnes});
  return KernelForm(op->getOperands(), sizes);
}

static Extents<int64_t> extentsOf(llvm::ArrayRef<int64_t> sizes) {
  return Extents<int64_t>([&] {
    const int64_t next = sizes.front();
    sizes = sizes.drop_front();
    return next;
  });
}

static Scratch scratchFor(llvm::ArrayRef<int64_t> sizes, const KernelSpec &spec) {
  const Extents<int64_t> s = extentsOf(sizes);
  // At least a line: the function has an argument for it.
  const int64_t parts = s.chunks() > 1 ? s.tasks() * s.chunks() * s.m * s.d : 0;
  return {.shared = max(parts * 4, 64), .own = Own<int64_t>(s, !spec.held.empty()).end * 4};
}

/// Scores and four products from them.
static Work work(llvm::ArrayRef<int64_t> sizes, const KernelSpec &) {
  const Extents<int64_t> s = extentsOf(sizes);
  return {2.0 * s.tasks() * s.loops() * s.m * s.n * (3 * s.d + 2 * s.e)};
}

Kernel kernel_attention_vjp() {
  return {.ops = {"kerf.attention_vjp"},
          .types = "~T, ~T, ~T, T, T, ~T -> T, T, T",
          .elements = {"f32"},
          .form = form,
          .scratch = scratchFor,
          .work = work,
          .generate = generate};
}

} // namespace kerf::codegen::cpu
