#include "compiler/ops/rows.h"
#include "compiler/loops.h"
#include "compiler/match/scaled_view.h"
#include "compiler/ops/add.h"
#include "compiler/ops/yield.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/bit.h"

using namespace mlir;

namespace kerf::compiler {

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
  for (auto [sum, next] : llvm::zip_equal(body.getArguments().take_back(getSums().size()),
                                          yield->getOperands().take_back(getSums().size())))
    if (!sum.hasOneUse() || (next != sum && (next.getDefiningOp() != *sum.user_begin() ||
                                             !isa_and_nonnull<AddOp>(next.getDefiningOp()))))
      return emitOpError("the region does more to a sum than to add to it"); // C5
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

Value RowsOp::outsideOf(BlockArgument argument) {
  const unsigned before = getNumSliced() + 1; // and the number of the block
  const unsigned whole = argument.getArgNumber() - before;
  return argument.getArgNumber() < before || whole >= getNumWhole() ? Value() : getWhole()[whole];
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

namespace {
class Lowering {
public:
  Lowering(RowsOp op, OpBuilder &builder) : op(op), b(op.getLoc(), builder) {}

  /// What is carried, pieces before sums, after `count` blocks from number `first` on; null: from
  /// 0. Sums of a group of blocks are added in order, those of groups pairwise: 2^n groups are a
  /// nest of n loops of two, and the blocks behind the largest such nest are one by themselves.
  SmallVector<Value> run(Value first, int64_t count, SmallVector<Value> carried) {
    if (count <= groupBlocks || op.getSums().empty())
      return loop(b, index(count), carried,
                  [&](Value i, ValueRange now) { return runBlock(plus(first, i), now); });
    const int64_t nest = int64_t(llvm::bit_floor(uint64_t(count / groupBlocks))) * groupBlocks;
    if (nest == groupBlocks)
      carried = addGroup(first, nest, carried);
    else
      carried = loop(b, index(2), carried, [&](Value i, ValueRange now) {
        const Value of = arith::MulIOp::create(b, i, index(nest / 2));
        return addGroup(plus(first, of), nest / 2, now);
      });
    return nest < count ? addGroup(plus(first, index(nest)), count - nest, carried) : carried;
  }

private:
  /// Of the blocks of a contraction, too: one of 256 rows so gives the bits that it has unstreamed.
  static constexpr int64_t groupBlocks = 16;

  Value index(int64_t x) { return arith::ConstantIndexOp::create(b, x); }
  Value plus(Value first, Value i) { return first ? Value(arith::AddIOp::create(b, first, i)) : i; }

  /// sums + those of blocks `first` ... alone
  SmallVector<Value> addGroup(Value first, int64_t count, ValueRange carried) {
    if (count == 1)
      return runBlock(first, carried);
    SmallVector<Value> next(carried.drop_back(op.getSums().size()));
    for (Value sum : op.getSums())
      next.push_back(arith::ConstantOp::create(b, b.getZeroAttr(sum.getType())));
    next = run(first, count, next);
    for (auto [sum, whole] : llvm::zip_equal(MutableArrayRef(next).take_back(op.getSums().size()),
                                             carried.take_back(op.getSums().size()))) {
      Value out = tensor::EmptyOp::create(b, typeOf(sum).getShape(), typeOf(sum).getElementType());
      sum = linalg::AddOp::create(b, ValueRange{whole, sum}, ValueRange(out)).getResult(0);
    }
    return next;
  }

  /// pieces[i * block ...] = region(i, sliced[i * block ...], whole, sums)
  SmallVector<Value> runBlock(Value i, ValueRange carried) {
    const int64_t block = op.getBlock();
    const size_t pieces = op.getPieces().size();
    Value first = arith::MulIOp::create(b, i, index(block));
    Value number = arith::IndexCastOp::create(b, b.getI64Type(), i);
    IRMapping copies;
    Block &body = op.getBody().front();
    copies.map(body.getArgument(0),
               tensor::FromElementsOp::create(
                   b, cast<RankedTensorType>(body.getArgument(0).getType()), number));
    unsigned next = 1;
    for (Value x : op.getSliced()) {
      Box at(b, typeOf(x), first, block);
      const RankedTensorType type = typeOf(body.getArgument(next));
      copies.map(body.getArgument(next++),
                 type.getNumElements() == 0 // extract_slice wants its offsets inside
                     ? tensor::EmptyOp::create(b, type.getShape(), type.getElementType())
                     : tensor::ExtractSliceOp::create(b, type, x, at.offsets, at.sizes, at.strides)
                           .getResult());
    }
    for (Value x : op.getWhole())
      copies.map(body.getArgument(next++), x);
    for (Value x : carried.drop_front(pieces))
      copies.map(body.getArgument(next++), x);
    for (Operation &inner : body.without_terminator())
      b.clone(inner, copies);

    SmallVector<Value> results;
    for (auto [k, value] : llvm::enumerate(body.getTerminator()->getOperands())) {
      Value x = copies.lookup(value);
      if (k < pieces && typeOf(x).getNumElements() == 0) {
        x = carried[k];
      } else if (k < pieces) {
        Value to = carried[k];
        Box at(b, typeOf(to), first, block);
        x = tensor::InsertSliceOp::create(b, x, to, at.offsets, at.sizes, at.strides);
      }
      results.push_back(x);
    }
    return results;
  }

  RowsOp op;
  ImplicitLocOpBuilder b;
};
} // namespace

SmallVector<Value> RowsOp::lower(OpBuilder &builder) {
  SmallVector<Value> carried;
  for (Value piece : getPieces())
    carried.push_back(tensor::EmptyOp::create(builder, getLoc(), typeOf(piece).getShape(),
                                              typeOf(piece).getElementType()));
  llvm::append_range(carried, getSums());
  return Lowering(*this, builder).run({}, rowsOf(*this) / getBlock(), carried);
}

} // namespace kerf::compiler

#define GET_OP_CLASSES
#include "compiler/ops/rows.cpp.inc"
