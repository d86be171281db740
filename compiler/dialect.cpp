#include "compiler/dialect.h"
#include "compiler/values.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/DialectImplementation.h"

#include "compiler/all_ops.h"

#include "compiler/dialect.cpp.inc"
#include "compiler/interfaces.cpp.inc"

using namespace mlir;

namespace kerf::compiler {

void KerfDialect::initialize() {
#include "compiler/add_all_ops.inc"
}

Operation *KerfDialect::materializeConstant(OpBuilder &builder, Attribute value, Type type,
                                            Location location) {
  return arith::ConstantOp::materialize(builder, value, type, location);
}

LogicalResult verifySizes(Operation *op) {
  auto check = [&](const Twine &what, Type type) -> LogicalResult {
    std::string complaint = complaintOfSize(type);
    return complaint.empty() ? success() : op->emitOpError() << what << " " << complaint;
  };
  for (auto [i, type] : llvm::enumerate(op->getOperandTypes()))
    if (failed(check("operand " + Twine(i), type)))
      return failure();
  for (auto [i, type] : llvm::enumerate(op->getResultTypes()))
    if (failed(check("result " + Twine(i), type)))
      return failure();
  return success();
}

Shape shapeOf(Type type) {
  Shape shape;
  for (int64_t extent : cast<RankedTensorType>(type).getShape())
    shape.push(Dim(extent));
  return shape;
}

Ints intsOf(ArrayRef<int64_t> values) {
  Ints ints;
  for (int64_t value : values.take_front(max_rank))
    ints.push(value);
  if (values.size() > size_t(max_rank))
    ints[max_rank - 1] = -1;
  return ints;
}

LogicalResult verifyRule(Operation *op, const Rule &rule) {
  if (!rule.ok)
    return op->emitOpError() << llvm::StringRef(rule.text.data(), rule.text.size());
  Shape result = shapeOf(op->getResult(0).getType());
  if (result == rule.shape)
    return success();
  Text text;
  text << "the result is " << result << " but should be " << rule.shape;
  return op->emitOpError() << llvm::StringRef(text.data(), text.size());
}

LogicalResult verifyTypes(Operation *op, StringRef what, TypeRange got, TypeRange want) {
  if (got.size() != want.size())
    return op->emitOpError() << "has " << got.size() << " " << what << "s but should have "
                             << want.size();
  for (auto [i, types] : llvm::enumerate(llvm::zip_equal(got, want)))
    if (auto [is, should] = types; is != should)
      return op->emitOpError() << what << " " << i << " is " << is << " but should be " << should;
  return success();
}

ParseResult parseBindings(OpAsmParser &parser, SmallVectorImpl<OpAsmParser::Argument> &arguments,
                          SmallVectorImpl<Value> &operands) {
  return parser.parseCommaSeparatedList(AsmParser::Delimiter::Paren, [&]() -> ParseResult {
    OpAsmParser::Argument &argument = arguments.emplace_back();
    OpAsmParser::UnresolvedOperand operand;
    return failure(parser.parseArgument(argument) || parser.parseEqual() ||
                   parser.parseOperand(operand) || parser.parseColonType(argument.type) ||
                   parser.resolveOperand(operand, argument.type, operands));
  });
}

void printBindings(OpAsmPrinter &printer, ValueRange arguments, ValueRange operands) {
  printer << '(';
  llvm::interleaveComma(llvm::zip_equal(arguments, operands), printer, [&](auto pair) {
    auto [argument, operand] = pair;
    printer << argument << " = " << operand << " : " << operand.getType();
  });
  printer << ')';
}

ParseResult parseBody(OpAsmParser &parser, SmallVectorImpl<OpAsmParser::Argument> &arguments,
                      OperationState &result) {
  if (succeeded(parser.parseOptionalKeyword("captures")) &&
      parseBindings(parser, arguments, result.operands))
    return failure();
  return failure(parser.parseOptionalAttrDictWithKeyword(result.attributes) ||
                 parser.parseRegion(*result.addRegion(), arguments, /*enableNameShadowing=*/true));
}

void printBody(OpAsmPrinter &printer, Operation *op, ValueRange arguments, ValueRange captures,
               ArrayRef<StringRef> elided) {
  if (!captures.empty()) {
    printer << " captures";
    printBindings(printer, arguments, captures);
  }
  printer.printOptionalAttrDictWithKeyword(op->getAttrs(), elided);
  printer << ' ';
  printer.printRegion(op->getRegion(0), /*printEntryBlockArgs=*/false);
}

} // namespace kerf::compiler
