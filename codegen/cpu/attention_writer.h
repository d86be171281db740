// The kernel of attention while it is being written: its sizes, its workers' memory, and blocks of
// queries against blocks of keys.
#pragma once

#include "codegen/cpu/attention_tile.h"
#include "codegen/cpu/captures.h"

#include <array>
#include <cmath>
#include <optional>

namespace kerf::codegen::cpu {

/// Queries and keys of a block.
constexpr int64_t attentionRows = 60, attentionKeys = 256;
/// Rows of scores are no power of two apart, so that a column of them fits the sets of a cache.
constexpr int64_t scoreRow = attentionKeys + 16;
/// For so few queries keys are read as they are: they would be packed for little use.
constexpr int64_t fewRows = 5;
/// Of a tensor, whose rank is 8 at most.
constexpr int64_t attentionBatchAxes = 6;
/// Rows of a block, in whole registers.
constexpr int64_t statRows = 64;

/// The sizes of a call before those of its captures.
template <class T> struct AttentionExtents {
  struct Strides {
    std::array<T, attentionBatchAxes> batch;
    T row;
    explicit Strides(llvm::function_ref<T()> next)
        : batch{next(), next(), next(), next(), next(), next()}, row(next()) {}
  };
  T m, n, d, e;
  T scale; ///< the bits of an f32
  std::array<T, attentionBatchAxes> batch;
  Strides q, k, v;

  explicit AttentionExtents(llvm::function_ref<T()> next)
      : m(next()), n(next()), d(next()), e(next()), scale(next()),
        batch{next(), next(), next(), next(), next(), next()}, q(next), k(next), v(next) {}

  T heads() const {
    T count = batch[0];
    for (int64_t a = 1; a < attentionBatchAxes; ++a)
      count = count * batch[a];
    return count;
  }
  T keyBlocks() const { return emit::ceilDiv(n, attentionKeys); }
  /// Queries of a task: all of a head, or half, a quarter or an eighth where heads are few, as long
  /// as that is work for some 30 us and packing the keys again a small part of it.
  T chunkRows(int64_t taskWork) const {
    using emit::ceilDiv, emit::max, emit::select;
    T rows = max(m, 0 * m + 1);
    for (int halving = 0; halving < 3; ++halving) {
      auto few = (heads() * ceilDiv(m, rows) < 8) & (rows > fewRows) &
                 (rows * n * (d + e) >= 64 * taskWork);
      rows = select(few, ceilDiv(ceilDiv(rows, 2), attentionRows) * attentionRows, rows);
    }
    return rows;
  }
};

/// A worker's own, in floats from its start.
template <class T> struct AttentionMemory {
  T panels, values, packed, queries, scores, sums, most, total, factor, draws, end;
  T sumRow; ///< from a row of `sums` to the next

  AttentionMemory(const AttentionExtents<T> &s, bool widensValues) {
    using emit::ceilDiv, emit::select;
    auto lines = [](T size) { return ceilDiv(size, 16) * 16; };
    T none = 0 * s.m;
    sumRow = lines(s.e);
    panels = none;
    values = panels + select(s.m > fewRows, lines(s.n) * s.d, none);
    packed = values + (widensValues ? lines(s.n * s.e) : none);
    queries = packed + lines(s.keyBlocks());
    scores = queries + lines(attentionRows * s.d);
    sums = scores + attentionRows * scoreRow;
    most = sums + attentionRows * sumRow;
    total = most + statRows, factor = total + statRows, draws = factor + statRows;
    end = draws + scoreRow;
  }
};

/// Writes symbol(q, k, v, captures..., [key, offset,] o, lse | sizes).
class AttentionWriter {
public:
  AttentionWriter(mlir::ModuleOp module, llvm::StringRef symbol, const KernelSpec &spec);
  void write();

private:
  /// Queries of a head.
  struct Rows {
    llvm::SmallVector<emit::Val> batch; ///< indices, of all six axes
    emit::Val head, k, v;               ///< places of the head
    emit::Val i, count;
  };
  /// Keys that some of the rows see: `keys` from j on, in columns of scores from 0 on.
  struct Keys {
    emit::Val j, count, columns;
    emit::Val allSeen; ///< by all rows; null: all there are
  };
  void head(emit::Val number, emit::Val from, emit::Val to, emit::Ptr own);
  void rows(const Rows &rows, emit::Ptr own);
  void loadQueries(emit::Val place, emit::Val count, emit::Ptr own);
  void keyBlock(const Rows &rows, emit::Val j, emit::Ptr own);
  Interval seen(const Rows &rows, emit::Val j, emit::Val count);
  void seenBlock(const Rows &rows, Keys keys, emit::Ptr own);
  void prepareKeys(const Rows &rows, emit::Val block, emit::Ptr own);
  emit::Ptr valuesOf(const Rows &rows, emit::Val j, emit::Ptr own);
  emit::Val valueRow();
  emit::Val areFinite(const Rows &rows, emit::Val from, emit::Val to, emit::Ptr own);
  void addValues(const Rows &rows, const Keys &keys, emit::Ptr own);
  void makeScores(const Rows &rows, const Keys &keys, emit::Ptr own);
  void finishScores(const Rows &rows, const Keys &keys, bool masks, emit::Ptr own);
  emit::Val finished(const Rows &rows, emit::Val r, const emit::Vals &places, emit::Val j,
                     emit::Val s, bool masks, emit::Val valid);
  void raiseMost(emit::Ptr own);
  void makeWeights(const Rows &rows, const Keys &keys, emit::Ptr own);
  void drop(const Rows &rows, const Keys &keys, emit::Val r, emit::Ptr weights, emit::Ptr own);
  void finishRows(const Rows &rows, emit::Ptr own);

  mlir::Region *region(unsigned number) const {
    const bool isThere = number < spec.regions.size() && !spec.regions[number].empty();
    return isThere ? &spec.regions[number] : nullptr;
  }
  template <class A> A attribute(llvm::StringRef name) const {
    return spec.attributes ? spec.attributes.getAs<A>(name) : A();
  }
  /// Are all keys in one block, which all rows see? Then its sums are the first and the last.
  emit::Val isOneBlock() {
    return mask ? e.constant(e.b.getI1Type(), int64_t(0))
                : (sizes->n > 0) & (sizes->n <= attentionKeys);
  }
  Captures capturesOf() const;
  emit::Val i32(emit::Val x) { return resize(x, e.i32()); }
  emit::Val f32Of(emit::Val bits) { return bitcast(i32(bits), e.f32()); }
  emit::Val none() { return e.constant(e.f32(), -INFINITY); }
  /// Batch indices that regions take, of those that tensors have.
  llvm::ArrayRef<emit::Val> batchOf(const Rows &rows) const {
    return llvm::ArrayRef(rows.batch).take_back(batchRank);
  }

  mlir::ModuleOp module;
  const KernelSpec &spec;
  mlir::Region *score, *mask;
  mlir::FloatAttr rate;
  int64_t batchRank = 0;
  emit::CalledFunction e;
  int64_t lanes;
  emit::Ptr q, k, v;
  Captures captures;
  emit::Ptr key, offset, o, lse;
  std::optional<AttentionExtents<emit::Val>> sizes;
  std::optional<AttentionMemory<emit::Val>> places;
};

} // namespace kerf::codegen::cpu
