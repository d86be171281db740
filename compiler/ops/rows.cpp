#include "compiler/ops/rows.h"
#include "compiler/ops/yield.h"
#include "views.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

using namespace mlir;

namespace kerf {

static int64_t rowsOf(RowsOp op) {
  for (ValueRange values : {op.getSliced(), op.getPieces()})
    for (Value x : values)
      return typeOf(x).getRank() == 0 ? 0 : typeOf(x).getDimSize(0);
  return 0;
}

LogicalResult RowsOp::verify() {
  if (getNumSliced() + getNumWhole() > getX().size() || getSums().size() > getY().size())
    return emitOpError("has ") << getX().size() << " operands and " << getY().size()
                               << " results, too few for " << getNumSliced() << " sliced and "
                               << getNumWhole() << " whole ones"; // C1
  const int64_t rows = rowsOf(*this);
  for (ValueRange values : {getSliced(), getPieces()})
    for (Value x : values)
      if (typeOf(x).getRank() == 0 || typeOf(x).getDimSize(0) != rows)
        return emitOpError("has ") << x.getType() << " where another has " << rows << " rows"; // C2
  if (rows % getBlock() != 0)
    return emitOpError("has ") << rows << " rows, no multiple of its block of " << getBlock();
  return success();
}

LogicalResult RowsOp::verifyRegions() {
  Block &body = getBody().front();
  SmallVector<Type> arguments = {RankedTensorType::get({}, IntegerType::get(getContext(), 64))};
  for (Value x : getSliced())
    arguments.push_back(withExtent(typeOf(x), 0, getBlock()));
  llvm::append_range(arguments, getX().drop_front(getNumSliced()).getTypes());
  if (TypeRange(arguments) != body.getArgumentTypes())
    return emitOpError("the region's arguments are not a block number and its operands"); // C3
  SmallVector<Type> yielded;
  for (Value x : getPieces())
    yielded.push_back(withExtent(typeOf(x), 0, getBlock()));
  llvm::append_range(yielded, getSums().getTypes());
  auto yield = body.empty() ? YieldOp() : dyn_cast<YieldOp>(body.back());
  if (!yield || yield->getOperandTypes() != TypeRange(yielded))
    return emitOpError("the region does not end in kerf.yield of a block of its results"); // C4
  return success();
}

ParseResult RowsOp::parse(OpAsmParser &parser, OperationState &result) {
  Builder &b = parser.getBuilder();
  int64_t block;
  SmallVector<OpAsmParser::Argument> arguments(1);
  if (parser.parseKeyword("block") || parser.parseEqual() || parser.parseInteger(block) ||
      parser.parseKeyword("index") || parser.parseArgument(arguments[0]))
    return failure();
  arguments[0].type = RankedTensorType::get({}, b.getI64Type());
  result.addAttribute("block", b.getI64IntegerAttr(block));
  auto list = [&](StringRef keyword, int64_t &count) -> ParseResult {
    const size_t before = result.operands.size();
    if (succeeded(parser.parseOptionalKeyword(keyword)) &&
        parseBindings(parser, arguments, result.operands))
      return failure();
    count = result.operands.size() - before;
    return success();
  };
  int64_t sliced, whole, sums;
  if (list("sliced", sliced) || list("whole", whole) || list("sums", sums))
    return failure();
  for (auto &argument : MutableArrayRef(arguments).slice(1, sliced))
    if (auto type = dyn_cast<RankedTensorType>(argument.type); type && type.getRank() > 0)
      argument.type = withExtent(type, 0, block);
  result.addAttribute("num_sliced", b.getI64IntegerAttr(sliced));
  result.addAttribute("num_whole", b.getI64IntegerAttr(whole));
  SmallVector<Type> types;
  if (parser.parseRegion(*result.addRegion(), arguments, /*enableNameShadowing=*/true) ||
      parser.parseArrow() || parser.parseTypeList(types))
    return failure();
  result.addTypes(types);
  return success();
}

void RowsOp::print(OpAsmPrinter &printer) {
  printer << " block = " << getBlock() << " index " << getBody().getArgument(0);
  unsigned next = 1;
  auto list = [&](StringRef keyword, ValueRange values) {
    if (values.empty())
      return;
    printer << ' ' << keyword;
    printBindings(printer, getBody().getArguments().slice(next, values.size()), values);
    next += values.size();
  };
  list("sliced", getSliced());
  list("whole", getWhole());
  list("sums", getSums());
  printer << ' ';
  printer.printRegion(getBody(), /*printEntryBlockArgs=*/false);
  printer << " -> " << getResultTypes();
}

// ---- lower -----------------------------------------------------------------------------------

namespace {
/// A box of rows in a tensor: offset, size and stride of every axis.
struct Box {
  SmallVector<OpFoldResult> offsets, sizes, strides;

  Box(OpBuilder &b, RankedTensorType whole, Value first, int64_t rows)
      : offsets(whole.getRank(), b.getIndexAttr(0)), strides(whole.getRank(), b.getIndexAttr(1)) {
    offsets[0] = first;
    for (int64_t extent : whole.getShape())
      sizes.push_back(b.getIndexAttr(extent));
    sizes[0] = b.getIndexAttr(rows);
  }
};
} // namespace

/// for i: pieces[i * block ...] = region(i, sliced[i * block ...], whole, sums)
SmallVector<Value> RowsOp::lower(OpBuilder &builder) {
  ImplicitLocOpBuilder b(getLoc(), builder);
  const int64_t block = getBlock(), count = rowsOf(*this) / block;
  SmallVector<Value> carried;
  for (Value piece : getPieces())
    carried.push_back(
        tensor::EmptyOp::create(b, typeOf(piece).getShape(), typeOf(piece).getElementType()));
  const size_t pieces = carried.size();
  llvm::append_range(carried, getSums());

  auto index = [&](int64_t x) { return arith::ConstantIndexOp::create(b, x); };
  auto loop = scf::ForOp::create(b, index(0), index(count), index(1), carried);
  b.setInsertionPointToStart(loop.getBody());
  Value first = arith::MulIOp::create(b, loop.getInductionVar(), index(block));
  Value number = arith::IndexCastOp::create(b, b.getI64Type(), loop.getInductionVar());
  IRMapping copies;
  Block &body = getBody().front();
  copies.map(body.getArgument(0),
             tensor::FromElementsOp::create(
                 b, cast<RankedTensorType>(body.getArgument(0).getType()), number));
  unsigned next = 1;
  for (Value x : getSliced()) {
    Box at(b, typeOf(x), first, block);
    const RankedTensorType type = typeOf(body.getArgument(next));
    copies.map(body.getArgument(next++),
               type.getNumElements() == 0 // extract_slice wants its offsets inside
                   ? tensor::EmptyOp::create(b, type.getShape(), type.getElementType())
                   : tensor::ExtractSliceOp::create(b, type, x, at.offsets, at.sizes, at.strides)
                         .getResult());
  }
  for (Value x : getWhole())
    copies.map(body.getArgument(next++), x);
  for (Value x : loop.getRegionIterArgs().drop_front(pieces))
    copies.map(body.getArgument(next++), x);
  for (Operation &op : body.without_terminator())
    b.clone(op, copies);

  SmallVector<Value> results;
  for (auto [i, value] : llvm::enumerate(body.getTerminator()->getOperands())) {
    Value x = copies.lookup(value);
    if (i < pieces && typeOf(x).getNumElements() == 0) {
      x = loop.getRegionIterArg(i);
    } else if (i < pieces) {
      Value to = loop.getRegionIterArg(i);
      Box at(b, typeOf(to), first, block);
      x = tensor::InsertSliceOp::create(b, x, to, at.offsets, at.sizes, at.strides);
    }
    results.push_back(x);
  }
  scf::YieldOp::create(b, results);
  return loop.getResults();
}

} // namespace kerf

#define GET_OP_CLASSES
#include "compiler/ops/rows.cpp.inc"
