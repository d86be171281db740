#include "codegen/schedule/scatter_form.h"

#include "compiler/dialect.h"
#include "compiler/ops/scatter_add.h"
#include "compiler/sum_order.h"

using namespace mlir;
using namespace kerf::compiler;

namespace kerf::codegen {

KernelForm scatterForm(Operation *op) {
  auto scatter = cast<ScatterAddOp>(op);
  if (typeOf(scatter.getUpdates()).getNumElements() == 0)
    return KernelForm::zero();
  ArrayRef<int64_t> shape = typeOf(scatter.getY()).getShape();
  return KernelForm(op->getOperands(), {shape[0], product(shape.drop_front()),
                                        typeOf(scatter.getIndices()).getNumElements()});
}

Work scatterWork(ArrayRef<int64_t> sizes, const KernelSpec &) {
  return {1.0 * sizes[1] * sizes[2]};
}

bool addsPairwise(Operation *op) {
  auto scatter = cast<ScatterAddOp>(op);
  RankedTensorType type = typeOf(scatter.getY());
  return addsPairwise(type.getElementType(), type.getDimSize(0),
                      typeOf(scatter.getIndices()).getNumElements());
}
bool addsPairwise(Type element, int64_t rows, int64_t count) {
  return isa<FloatType>(element) && hasFewRows(rows, count);
}

} // namespace kerf::codegen
