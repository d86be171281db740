#include "compiler/ops/fold_key.h"
#include "compiler/oracle/philox.h"

using namespace mlir;

namespace kerf::compiler {

SmallVector<Literal> FoldKeyOp::evaluate(ArrayRef<Literal> operands, Evaluation &) {
  const auto &key = operands[0].ints();
  const auto child = philoxFold({uint32_t(key[0]), uint32_t(key[1])}, operands[1].ints()[0]);
  Literal y(getY().getType());
  for (auto [word, value] : llvm::zip_equal(child, y.ints()))
    value = int32_t(word); // i32 elements are held sign-extended
  return {y};
}

} // namespace kerf::compiler

#define GET_OP_CLASSES
#include "compiler/ops/fold_key.cpp.inc"
