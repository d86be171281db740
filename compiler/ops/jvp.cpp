#include "compiler/ops/jvp.h"
#include "compiler/derivatives/flows.h"
#include "compiler/ops/yield.h"

using namespace mlir;

namespace kerf::compiler {

/// Of what is yielded, then of the floats of it.
static SmallVector<Type> resultTypes(TypeRange yielded) {
  SmallVector<Type> types(yielded);
  llvm::append_range(types, floatsOf(yielded));
  return types;
}

LogicalResult JvpOp::verify() {
  if (2 * getNumParams() > getX().size())
    return emitOpError("num_params is ")
           << getNumParams() << ", each with a tangent, but there are " << getX().size()
           << " operands"; // C1
  for (auto [i, param] : llvm::enumerate(getParams()))
    if (!isFloat(param))
      return emitOpError("parameter ") << i << " is " << param.getType()
                                       << ": only floats have a tangent; make it a capture"; // C2
  return verifyTypes(*this, "tangent", getTangents().getTypes(), getParams().getTypes());    // C3
}

LogicalResult JvpOp::verifyRegions() {
  Block &block = getBody().front();
  SmallVector<Type> arguments(getParams().getTypes());
  llvm::append_range(arguments, getCaptures().getTypes());
  if (failed(verifyTypes(*this, "region argument", block.getArgumentTypes(), arguments))) // C4
    return failure();
  auto yield = block.empty() ? YieldOp() : dyn_cast<YieldOp>(block.back()); // C5
  if (!yield)
    return emitOpError("the region must end in kerf.yield");
  return verifyTypes(*this, "result", getResultTypes(),
                     resultTypes(yield.getX().getTypes())); // C6
}

ParseResult JvpOp::parse(OpAsmParser &parser, OperationState &result) {
  SmallVector<OpAsmParser::Argument> arguments;
  SmallVector<OpAsmParser::UnresolvedOperand> tangents;
  if (parser.parseKeyword("params") || parseBindings(parser, arguments, result.operands) ||
      parser.parseKeyword("tangents") ||
      parser.parseOperandList(tangents, AsmParser::Delimiter::Paren))
    return failure();
  const size_t params = arguments.size();
  const SmallVector<Type> types(ValueRange(result.operands).getTypes());
  if (parser.resolveOperands(tangents, types, parser.getNameLoc(), result.operands) ||
      parseBody(parser, arguments, result))
    return failure();
  result.addAttribute("num_params", parser.getBuilder().getI64IntegerAttr(params));
  Region *body = result.regions.front().get();
  if (!body->empty() && !body->back().empty())
    result.addTypes(resultTypes(body->back().back().getOperandTypes()));
  return success();
}

void JvpOp::print(OpAsmPrinter &printer) {
  auto arguments = getBody().getArguments();
  printer << " params";
  printBindings(printer, arguments.take_front(getNumParams()), getParams());
  printer << " tangents(" << getTangents() << ')';
  printBody(printer, *this, arguments.drop_front(getNumParams()), getCaptures(), {"num_params"});
}

} // namespace kerf::compiler

#define GET_OP_CLASSES
#include "compiler/ops/jvp.cpp.inc"
