// attention_vjp(q, k, v, captures ..., key, offset, lse, delta, g, dq, dk, dv, dc ..., scratch | m
// n d e scale batch kOnes vOnes looped, numbers of captures, of their cotangents): the cotangents
// of attention's operands, of scores that are made again, a block of them at a time.
//
// A task has a head, and all others that share sums with it, which are made in the order of the
// heads. Keys are its outer blocks: dk and dv of a block stay in the cache while all queries pass,
// and dq grows in memory. Where heads are few a task has some of the keys, and sums of its own for
// dq, which are added in the order of the keys.
#include "codegen/cpu/attention_vjp.h"

#include "compiler/dialect.h"
#include "compiler/ops/attention_vjp.h"

#include <functional>

namespace kerf::codegen::cpu {

static void generate(KernelFunctions &functions, llvm::StringRef symbol, const KernelSpec &spec) {
  AttentionVjp(functions.module, symbol, spec).write();
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
  const int64_t m = q[batch.size()], n = v[batch.size()];
  if (m == 0 || n == 0)
    return KernelForm::zero();
  const float scale = vjp.getScale().convertToDouble();
  const int64_t kOnes = onesOf(vjp.getK(), batch), vOnes = onesOf(vjp.getV(), batch);
  llvm::SmallVector<int64_t> sizes = {m, n, q.back(), v.back(), llvm::bit_cast<int32_t>(scale)};
  sizes.append(batchAxes - batch.size(), 1);
  sizes.append(batch.begin(), batch.end());
  sizes.append({kOnes, vOnes, kOnes | vOnes});
  int64_t &looped = sizes.back();
  llvm::SmallVector<int64_t> ofCaptures, ofWanted;
  for (auto [n, attribute] : llvm::enumerate(vjp.getMaps().getAsRange<mlir::AffineMapAttr>())) {
    auto places = placesOf(attribute.getValue(), typeOf(vjp.getCaptures()[n]).getShape());
    if (!places)
      return {};
    ofCaptures.append(*places);
  }
  for (int64_t number : vjp.getWanted()) {
    auto map = mlir::cast<mlir::AffineMapAttr>(vjp.getMaps()[number]).getValue();
    looped |= sharedInPlace(map, batchAxes).value_or(0);
    appendCotangentSizes(map, typeOf(vjp.getCaptures()[number]).getShape(), m, n, ofWanted);
  }
  sizes.append(ofCaptures);
  sizes.append(ofWanted);
  return KernelForm(op->getOperands(), sizes);
}

namespace {
/// The sizes of a call, taken apart.
struct Call {
  Call(llvm::ArrayRef<int64_t> sizes, const AttentionVjpShape &shape) : sizes(sizes), s(next()) {
    for (mlir::AffineMap map : shape.maps)
      this->sizes = this->sizes.drop_front(map.getNumDims() + 1);
    for (size_t n = 0; n < shape.wanted.size(); ++n)
      wanted.emplace_back(next());
  }
  std::function<int64_t()> next() {
    return [this] {
      const int64_t size = sizes.front();
      sizes = sizes.drop_front();
      return size;
    };
  }

  llvm::ArrayRef<int64_t> sizes;
  AttentionVjpExtents<int64_t> s;
  llvm::SmallVector<CotangentSizes<int64_t>> wanted;
};
} // namespace

static Scratch scratchFor(llvm::ArrayRef<int64_t> sizes, const KernelSpec &spec) {
  const AttentionVjpShape shape(spec);
  const Call call(sizes, shape);
  const AttentionVjpOwn<int64_t> own(call.s, !spec.held.empty(), shape.rate.has_value(),
                                     shape.region(1));
  // There is always some: the function has an argument for it.
  return {.shared = emit::max(AttentionVjpShared<int64_t>(call.s, call.wanted, spec).end * 4, 64),
          .own = own.end * 4};
}

/// Scores and four products from them, of all keys.
static Work work(llvm::ArrayRef<int64_t> sizes, const KernelSpec &spec) {
  const AttentionVjpExtents<int64_t> s = Call(sizes, AttentionVjpShape(spec)).s;
  return {2.0 * s.heads() * s.m * s.n * (3 * s.d + 2 * s.e)};
}

Kernel kernel_attention_vjp() {
  return {.ops = {"kerf.attention_vjp"},
          .types = "~T, ~T, ~T, ... -> ~T, ~T, ~T, ...",
          .elements = {"f32"},
          .attributes = {"maps", "wanted", "rate"},
          .form = form,
          .scratch = scratchFor,
          .work = work,
          .generate = generate};
}

} // namespace kerf::codegen::cpu
