#include "compiler/ops/value_and_grad.h"
#include "compiler/derivatives/flows.h"
#include "compiler/ops/yield.h"

using namespace mlir;

namespace kerf::compiler {

LogicalResult ValueAndGradOp::verify() {
  if (getNumParams() > getX().size())
    return emitOpError("num_params is ")
           << getNumParams() << " but there are " << getX().size() << " operands"; // C1
  for (auto [i, param] : llvm::enumerate(getParams()))
    if (!isFloat(param))
      return emitOpError("parameter ") << i << " is " << param.getType()
                                       << ": only floats have a gradient; make it a capture"; // C2
  return success();
}

LogicalResult ValueAndGradOp::verifyRegions() {
  Block &block = getBody().front();
  if (failed(
          verifyTypes(*this, "region argument", block.getArgumentTypes(), getX().getTypes()))) // C3
    return failure();
  auto yield = block.empty() ? YieldOp() : dyn_cast<YieldOp>(block.back()); // C4
  if (!yield)
    return emitOpError("the region must end in kerf.yield");
  if (yield.getX().size() != 1 + getNumAux())
    return yield.emitOpError("has ") << yield.getX().size() << " operands, but the loss and "
                                     << getNumAux() << " auxiliary values are due";
  const auto loss = cast<RankedTensorType>(yield.getX().front().getType());
  if (loss.getRank() != 0 || !isa<FloatType>(loss.getElementType()))
    return yield.emitOpError("the loss is ") << loss << " but should be a float of rank 0";
  SmallVector<Type> results(yield.getX().getTypes()); // C5
  llvm::append_range(results, getParams().getTypes());
  return verifyTypes(*this, "result", getResultTypes(), results);
}

ParseResult ValueAndGradOp::parse(OpAsmParser &parser, OperationState &result) {
  SmallVector<OpAsmParser::Argument> arguments;
  if (parser.parseKeyword("params") || parseBindings(parser, arguments, result.operands))
    return failure();
  const int64_t params = arguments.size();
  if (parseBody(parser, arguments, result))
    return failure();

  // Counts and result types follow from what is yielded.
  Region *body = result.regions.front().get();
  Operation *yield = body->empty() || body->back().empty() ? nullptr : &body->back().back();
  if (!yield || yield->getNumOperands() == 0)
    return parser.emitError(parser.getNameLoc(), "the region yields no loss");
  Builder &builder = parser.getBuilder();
  result.addAttribute("num_params", builder.getI64IntegerAttr(params));
  result.addAttribute("num_aux", builder.getI64IntegerAttr(yield->getNumOperands() - 1));
  result.addTypes(yield->getOperandTypes());
  for (auto &param : ArrayRef(arguments).take_front(params))
    result.addTypes(param.type);
  return success();
}

void ValueAndGradOp::print(OpAsmPrinter &printer) {
  auto arguments = getBody().getArguments();
  printer << " params";
  printBindings(printer, arguments.take_front(getNumParams()), getParams());
  printBody(printer, *this, arguments.drop_front(getNumParams()), getCaptures(),
            {"num_params", "num_aux"});
}

} // namespace kerf::compiler

#define GET_OP_CLASSES
#include "compiler/ops/value_and_grad.cpp.inc"
