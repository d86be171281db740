// attention(q, k, v, captures..., [key, offset,] o, lse | m n d e scale, extents of six batch axes,
// strides of q, k and v: of batch axes, of rows; places of captures): softmax over keys, online.
//
// A task has some queries of a head, in blocks of up to 60; keys come in blocks of 256 at absolute
// places. Scores of a block are made, changed by the regions, and become weights where they are. A
// block of keys that no query of the block sees, which intervals tell, is passed by, and not read.
#include "codegen/cpu/attention_writer.h"

#include "compiler/dialect.h"
#include "compiler/ops/attention.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"

namespace kerf::codegen::cpu {

static void generate(KernelFunctions &functions, llvm::StringRef symbol, const KernelSpec &spec) {
  AttentionWriter(functions.module, symbol, spec).write();
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
  if (batch.size() > attentionBatchAxes)
    return {};
  const float scale = attention.getScale().convertToDouble();
  llvm::SmallVector<int64_t> sizes = {q[batch.size()], v[batch.size()], q.back(), v.back(),
                                      llvm::bit_cast<int32_t>(scale)};
  sizes.append(attentionBatchAxes - batch.size(), 1);
  sizes.append(batch.begin(), batch.end());
  KernelForm form({}, {});
  for (mlir::Value x : {attention.getQ(), attention.getK(), attention.getV()}) {
    Place place = placeOf(x);
    form.inputs.push_back(place.x);
    sizes.append(attentionBatchAxes - batch.size(), 0);
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

static AttentionExtents<int64_t> extentsOf(llvm::ArrayRef<int64_t> sizes) {
  return AttentionExtents<int64_t>([&] {
    const int64_t next = sizes.front();
    sizes = sizes.drop_front();
    return next;
  });
}

static Scratch scratchFor(llvm::ArrayRef<int64_t> sizes, const KernelSpec &spec) {
  return {.own = AttentionMemory<int64_t>(extentsOf(sizes), spec.isNarrow(2)).end * 4};
}

/// Two products, of all keys whether they are seen or not.
static Work work(llvm::ArrayRef<int64_t> sizes, const KernelSpec &) {
  const AttentionExtents<int64_t> s = extentsOf(sizes);
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
