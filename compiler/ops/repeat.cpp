#include "compiler/ops/repeat.h"
#include "compiler/ops/yield.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

using namespace mlir;

namespace kerf::compiler {

static RankedTensorType indexType(MLIRContext *context) {
  return RankedTensorType::get({}, IntegerType::get(context, 64));
}

LogicalResult RepeatOp::verify() {
  if (getNumCarried() > getX().size())
    return emitOpError("num_carried is ")
           << getNumCarried() << " but there are " << getX().size() << " operands"; // C1
  return verifyTypes(*this, "result", getResultTypes(), getCarried().getTypes());   // C4
}

LogicalResult RepeatOp::verifyRegions() {
  Block &block = getBody().front();
  SmallVector<Type> arguments(getCarried().getTypes());
  arguments.push_back(indexType(getContext()));
  llvm::append_range(arguments, getCaptures().getTypes());
  if (failed(verifyTypes(*this, "region argument", block.getArgumentTypes(), arguments))) // C2
    return failure();
  auto yield = block.empty() ? YieldOp() : dyn_cast<YieldOp>(block.back()); // C3
  if (!yield)
    return emitOpError("the region must end in kerf.yield");
  return verifyTypes(yield, "operand", yield.getX().getTypes(), getCarried().getTypes());
}

ParseResult RepeatOp::parse(OpAsmParser &parser, OperationState &result) {
  Builder &builder = parser.getBuilder();
  int64_t count;
  OpAsmParser::Argument index;
  if (parser.parseKeyword("count") || parser.parseEqual() || parser.parseInteger(count) ||
      parser.parseKeyword("index") || parser.parseArgument(index))
    return failure();
  index.type = indexType(builder.getContext());

  SmallVector<OpAsmParser::Argument> arguments;
  if (parser.parseKeyword("carried") || parseBindings(parser, arguments, result.operands))
    return failure();
  result.addAttribute("count", builder.getI64IntegerAttr(count));
  result.addAttribute("num_carried", builder.getI64IntegerAttr(arguments.size()));
  for (const OpAsmParser::Argument &argument : arguments)
    result.addTypes(argument.type);
  arguments.push_back(index);
  if (succeeded(parser.parseOptionalKeyword("captures")) &&
      parseBindings(parser, arguments, result.operands))
    return failure();
  return failure(parser.parseOptionalAttrDictWithKeyword(result.attributes) ||
                 parser.parseRegion(*result.addRegion(), arguments, /*enableNameShadowing=*/true));
}

void RepeatOp::print(OpAsmPrinter &printer) {
  auto arguments = getBody().getArguments();
  printer << " count = " << getCount() << " index " << getIndex() << " carried";
  printBindings(printer, arguments.take_front(getNumCarried()), getCarried());
  if (!getCaptures().empty()) {
    printer << " captures";
    printBindings(printer, arguments.drop_front(getNumCarried() + 1), getCaptures());
  }
  printer.printOptionalAttrDictWithKeyword((*this)->getAttrs(), {"count", "num_carried"});
  printer << ' ';
  printer.printRegion(getBody(), /*printEntryBlockArgs=*/false);
}

// ---- lower -----------------------------------------------------------------------------------

/// The body of the loop: the region's ops, on what the loop carries.
static void moveBody(RepeatOp op, scf::ForOp loop) {
  auto b = ImplicitLocOpBuilder::atBlockBegin(op.getLoc(), loop.getBody());
  Value number = arith::IndexCastOp::create(b, b.getI64Type(), loop.getInductionVar());
  IRMapping map;
  auto arguments = op.getBody().getArguments();
  const unsigned carried = op.getNumCarried();
  map.map(arguments.take_front(carried), loop.getRegionIterArgs());
  map.map(op.getIndex(), tensor::FromElementsOp::create(b, indexType(b.getContext()), number));
  map.map(arguments.drop_front(carried + 1), op.getCaptures());
  for (Operation &inner : op.getBody().front().without_terminator())
    b.clone(inner, map);
  SmallVector<Value> yielded;
  for (Value value : op.getBody().front().getTerminator()->getOperands())
    yielded.push_back(map.lookup(value));
  scf::YieldOp::create(b, yielded);
}

/// for i in 0 … count: carried = region(carried, i, captures)
SmallVector<Value> RepeatOp::lower(OpBuilder &builder) {
  ImplicitLocOpBuilder b(getLoc(), builder);
  auto number = [&](int64_t value) { return arith::ConstantIndexOp::create(b, value); };
  auto loop = scf::ForOp::create(b, number(0), number(getCount()), number(1), getCarried());
  moveBody(*this, loop);
  return llvm::to_vector_of<Value>(loop.getResults());
}

Value RepeatOp::outsideOf(BlockArgument argument) {
  const unsigned before = getNumCarried() + 1; // and the number of the iteration
  return argument.getArgNumber() < before ? Value()
                                          : getCaptures()[argument.getArgNumber() - before];
}

SmallVector<Literal> RepeatOp::evaluate(ArrayRef<Literal> x, Evaluation &evaluation) {
  const unsigned numCarried = getNumCarried();
  std::vector<Literal> carried(x.take_front(numCarried));
  for (uint64_t i = 0; i < getCount(); ++i) {
    SmallVector<Literal> arguments(carried.begin(), carried.end());
    arguments.emplace_back(indexType(getContext())).ints()[0] = i;
    llvm::append_range(arguments, x.drop_front(numCarried));
    FailureOr<std::vector<Literal>> next = evaluateBlock(getBody().front(), arguments, evaluation);
    if (failed(next))
      return {};
    carried = std::move(*next);
  }
  return SmallVector<Literal>(carried.begin(), carried.end());
}

} // namespace kerf::compiler

#define GET_OP_CLASSES
#include "compiler/ops/repeat.cpp.inc"
