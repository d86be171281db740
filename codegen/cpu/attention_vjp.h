// How the kernel of attention's cotangents is written, and the memory that it needs.
#pragma once

#include "codegen/cpu/attention_tile.h"
#include "codegen/cpu/capture_cotangents.h"

namespace kerf::codegen::cpu {

/// Rows and keys of a block: its scores and their cotangents take 150 KB, its keys and values, with
/// 64 features, as much as these.
constexpr int64_t blockRows = 72, blockKeys = 256;
/// Of a tensor, whose rank is 8 at most.
constexpr int64_t batchAxes = 6;

template <class T> struct AttentionVjpExtents {
  T m, n, d, e;
  T scale; ///< the bits of an f32
  std::array<T, batchAxes> batch;
  T kOnes, vOnes; ///< bit a: k, or v, is the same along batch axis a
  T looped;       ///< bit a: a task has all of batch axis a

  explicit AttentionVjpExtents(llvm::function_ref<T()> next)
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
  static T others(T bits) { return bits ^ ((1 << batchAxes) - 1); }
  T heads() const { return heads(0 * m + ((1 << batchAxes) - 1)); }
  T tasks() const { return heads(others(looped)); } ///< that share no sum
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

template <class T> T lines(T floats) { return emit::ceilDiv(floats, 16) * 16; }

/// A worker's own, in floats from its start. Rows of scores are no power of two apart, so that a
/// column of them fits the sets of a cache.
template <class T> struct AttentionVjpOwn {
  T scoreRow, keys, values, scores, cotangents, uniforms, q, g, k, end;

  AttentionVjpOwn(const AttentionVjpExtents<T> &s, bool isNarrow, bool drops, bool masks) {
    using emit::min;
    T rows = min(s.m, 0 * s.m + blockRows), none = 0 * s.m;
    T columns = lines(min(s.n, 0 * s.m + blockKeys));
    scoreRow = columns + 16;
    keys = none;
    values = keys + columns * s.d;
    scores = values + columns * s.e;
    cotangents = scores + rows * scoreRow;
    uniforms = cotangents + rows * scoreRow;
    q = uniforms + (drops ? columns : none);
    g = q + (isNarrow ? lines(rows * s.d) : none);
    k = g + (isNarrow ? lines(rows * s.e) : none);
    end = k + (isNarrow || masks ? lines(columns * s.d) : none);
  }
};

/// What code depends on beside sizes.
struct AttentionVjpShape {
  explicit AttentionVjpShape(const KernelSpec &spec) : regions(spec.regions) {
    if (!spec.attributes)
      return;
    if (auto all = spec.attributes.getAs<mlir::ArrayAttr>("maps"))
      for (auto map : all.getAsRange<mlir::AffineMapAttr>())
        maps.push_back(map.getValue());
    wanted = spec.attributes.getAs<mlir::DenseI64ArrayAttr>("wanted").asArrayRef();
    if (auto attribute = spec.attributes.getAs<mlir::FloatAttr>("rate"))
      rate = attribute.getValueAsDouble();
  }
  unsigned firstResult() const { return 3 + maps.size() + (rate ? 2 : 0) + 3; }
  mlir::Region *region(unsigned number) const {
    return number < regions.size() && !regions[number].empty() ? &regions[number] : nullptr;
  }
  /// Of the batch, as regions and maps have it.
  unsigned rank() const {
    if (!maps.empty())
      return maps[0].getNumDims() - 2;
    if (mlir::Region *mask = region(1))
      return mask->getNumArguments() - 2;
    return region(0) ? region(0)->getNumArguments() - 3 : 0;
  }
  /// As the regions' arguments have them.
  llvm::SmallVector<mlir::Type> captureTypes(mlir::Type unread) const {
    llvm::SmallVector<mlir::Type> types(maps.size(), unread);
    if (mlir::Region *any = region(1) ? region(1) : region(0))
      for (size_t i = 0; i < types.size(); ++i)
        types[i] = any->getArgument(any->getNumArguments() - types.size() + i).getType();
    return types;
  }

  llvm::SmallVector<mlir::AffineMap> maps;
  llvm::ArrayRef<int64_t> wanted;
  std::optional<double> rate;
  mlir::MutableArrayRef<mlir::Region> regions; ///< score, mask, score_vjp
};

/// What workers share, in floats from its start.
template <class T> struct AttentionVjpShared {
  T parts;                         ///< dq of each chunk of keys
  llvm::SmallVector<T> sums;       ///< in f32 of each result that memory holds in another type
  llvm::SmallVector<T> cotangents; ///< a line for each head and chunk of keys, of those wanted
  T end;

  AttentionVjpShared(const AttentionVjpExtents<T> &s, llvm::ArrayRef<CotangentSizes<T>> wanted,
                     const KernelSpec &spec) {
    using emit::select;
    const AttentionVjpShape shape(spec);
    T chunks = s.chunks(), heads = s.heads();
    end = parts = 0 * s.m;
    auto take = [&](T floats) {
      T start = end;
      end = end + lines(floats);
      return start;
    };
    take(select(chunks > 1, s.tasks() * chunks * s.m * s.d, parts));
    llvm::SmallVector<T> elements = {heads * s.m * s.d, s.heads(s.others(s.kOnes)) * s.n * s.d,
                                     s.heads(s.others(s.vOnes)) * s.n * s.e};
    for (const CotangentSizes<T> &one : wanted) {
      elements.push_back(one.elements);
      cotangents.push_back(take(heads * chunks * one.stride()));
    }
    for (size_t r = 0; r < elements.size(); ++r)
      sums.push_back(take(spec.isNarrow(shape.firstResult() + r) ? elements[r] : 0 * s.m));
  }
};

/// The kernel being written. A block is some rows against some keys.
class AttentionVjp {
public:
  AttentionVjp(mlir::ModuleOp module, llvm::StringRef symbol, const KernelSpec &spec);
  void write();

private:
  using Val = emit::Val;
  using Vals = emit::Vals;
  using Ptr = emit::Ptr;
  /// Where a head's operands are, in heads from their start.
  struct Head {
    Val q, k, v;
    Val isFirstOfK, isFirstOfV; ///< of those that a task has
    Vals batch;                 ///< indices
  };
  /// Of a block, the panels of keys from `first` to `end`, and whether all that are there are seen.
  struct Seen {
    Val first, end, all;
  };
  /// One row of a block.
  struct Row {
    Val i, j, keys, norm, minus; ///< the last two in registers
    Ptr p, ds, uniforms;
    llvm::ArrayRef<Val> batch;
    Vals places; ///< of captures
  };

  Head head(Val task, Val loop);
  Seen seen(const Head &head, Val i, Val rows, Val j, Val keys);
  void task(const Head &head, Val chunk, Ptr own, Ptr dqs);
  void block(const Head &head, Val i, Val rows, Val j, Val keys, Ptr own, Ptr dqs);
  void weights(const Head &head, Val i, Val rows, Val j, Val keys, Seen seen, bool isMasked,
               Ptr own);
  void row(const Row &row, Seen seen, bool isMasked);
  Vals panel(const Row &row, Val c, bool isMasked, bool isEdge, Vals sums);
  Vals part(const Row &row, Val c, int64_t start, bool isMasked, bool isEdge, Vals sums);
  void zeroSums();
  void addParts(Val phase);
  void addLines();
  void narrowSums();

  mlir::Region *score() const { return shape.region(0); }
  mlir::Region *mask() const { return shape.region(1); }
  mlir::Region *scoreVjp() const { return shape.region(2); }
  /// Of a region behind the score: batch indices, i, j, captures.
  Vals arguments(const Row &row, Val c, Val valid);
  Val inRegister(Val x) { return llvm::isa<mlir::VectorType>(x.type()) ? x : e.splat(x, lanes); }
  /// `count` elements in f32: where they are, or in `copy`.
  Ptr wide(Ptr from, Ptr copy, Val count);

  mlir::ModuleOp module;
  const KernelSpec &spec;
  AttentionVjpShape shape;
  emit::CalledFunction e;
  int64_t lanes;
  Ptr q, k, v, key, offset, lse, delta, g, scratch;
  Val scale; ///< in a register
  std::optional<Captures> captures;
  llvm::SmallVector<Ptr> results, sums; ///< as memory has them, and in f32
  std::vector<CaptureCotangent> wanted;
  std::optional<AttentionVjpExtents<Val>> s;
  std::optional<AttentionVjpOwn<Val>> at;
  std::optional<AttentionVjpShared<Val>> shared;
};

} // namespace kerf::codegen::cpu
