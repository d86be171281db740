#include "compiler/oracle/elementwise.h"
#include "compiler/val.h"

#include "llvm/Support/raw_ostream.h"

#include <cmath>

using namespace mlir;

namespace kerf::compiler {

SmallVector<Literal> evaluateElementwise(Evaluation &evaluation, Operation *op,
                                         ArrayRef<Literal> operands,
                                         llvm::function_ref<double(ArrayRef<double>)> floats,
                                         llvm::function_ref<int64_t(ArrayRef<int64_t>)> ints) {
  Literal result(cast<RankedTensorType>(op->getResult(0).getType()));
  Type element = result.type().getElementType();
  SmallVector<double> x(operands.size());
  SmallVector<int64_t> n(operands.size());
  for (int64_t i = 0; i < result.size(); ++i) {
    if (result.isFloat()) {
      for (auto [value, operand] : llvm::zip_equal(x, operands))
        value = operand.floats()[i];
      result.floats()[i] = evaluation.round(floats(x), element);
    } else {
      for (auto [value, operand] : llvm::zip_equal(n, operands))
        value = operand.ints()[i];
      result.ints()[i] = wrapped(ints(n), element);
    }
  }
  return {result};
}

void forEachReduced(ArrayRef<int64_t> shape, ArrayRef<int64_t> axes,
                    llvm::function_ref<void(int64_t, int64_t)> body) {
  SmallVector<int64_t> kept = otherAxes(shape.size(), axes);
  SmallVector<int64_t> strides = stridesOf(without(shape, axes));
  forEachIndex(shape, [&](ArrayRef<int64_t> index, int64_t from) {
    int64_t to = 0;
    for (auto [axis, stride] : llvm::zip_equal(kept, strides))
      to += index[axis] * stride;
    body(from, to);
  });
}

std::string placeOf(Operation *op, int64_t element) {
  ArrayRef<int64_t> shape = cast<RankedTensorType>(op->getResult(0).getType()).getShape();
  std::string text;
  llvm::raw_string_ostream out(text);
  out << op->getName() << " at [";
  llvm::interleaveComma(llvm::zip_equal(stridesOf(shape), shape), out, [&](auto axis) {
    auto [stride, extent] = axis;
    out << element / stride % extent;
  });
  out << "]: ";
  return text;
}

void noteChoice(Evaluation &evaluation, Operation *op, int64_t element, double loss,
                const Twine &choice) {
  if (std::isfinite(loss)) {
    const int64_t size = cast<RankedTensorType>(op->getResult(0).getType()).getNumElements();
    evaluation.choices.push_back(
        {op, evaluation.numberOfRun() * size + element, loss, choice.str()});
  } else if (evaluation.complaint.empty()) {
    llvm::raw_string_ostream out(evaluation.complaint);
    out << placeOf(op, element) << choice << ", which no rounding excuses, " << op->getLoc();
  }
}

SmallVector<Literal> evaluateSteps(Evaluation &evaluation, Operation *op,
                                   ArrayRef<Literal> operands, StringRef called,
                                   double (*stairs)(ArrayRef<double>),
                                   llvm::function_ref<double(double x, double step)> loss) {
  SmallVector<Literal> own = evaluateElementwise(evaluation, op, operands, stairs);
  const std::optional<Literal> forced = evaluation.forcedResult(op);
  if (!forced)
    return own;
  for (auto [i, x] : llvm::enumerate(operands[0].floats()))
    if (const double step = forced->floats()[i], right = own[0].floats()[i];
        step != right && !(std::isnan(step) && std::isnan(right)))
      noteChoice(evaluation, op, i, step != stairs(step) ? INFINITY : loss(x, step),
                 called + (" " + std::to_string(x) + " was taken as " + std::to_string(step)));
  return {*forced};
}

} // namespace kerf::compiler
