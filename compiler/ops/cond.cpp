#include "compiler/ops/cond.h"
#include "compiler/copy_block.h"
#include "compiler/loops.h"
#include "compiler/ops/yield.h"

#include "mlir/IR/Matchers.h"
#include "mlir/IR/PatternMatch.h"

using namespace mlir;

namespace kerf::compiler {

LogicalResult CondOp::verifyRegions() {
  for (Region &region : (*this)->getRegions()) {
    Block &block = region.front();
    if (failed(verifyTypes(*this, "region argument", block.getArgumentTypes(),
                           getX().getTypes()))) // C1
      return failure();
    auto yield = block.empty() ? YieldOp() : dyn_cast<YieldOp>(block.back()); // C2
    if (!yield)
      return emitOpError("both regions must end in kerf.yield");
    if (failed(verifyTypes(yield, "operand", yield.getX().getTypes(), getResultTypes())))
      return failure();
  }
  return success();
}

ParseResult CondOp::parse(OpAsmParser &parser, OperationState &result) {
  OpAsmParser::UnresolvedOperand p;
  const Type truth = RankedTensorType::get({}, parser.getBuilder().getI1Type());
  if (parser.parseOperand(p) || parser.resolveOperand(p, truth, result.operands))
    return failure();
  SmallVector<Value> first; // operands that the first region names
  for (StringRef keyword : {"then", "else"}) {
    SmallVector<OpAsmParser::Argument> arguments;
    SmallVector<Value> operands;
    const SMLoc where = parser.getCurrentLocation();
    if (parser.parseKeyword(keyword) || parseBindings(parser, arguments, operands))
      return failure();
    if (keyword == "then")
      first = operands;
    else if (operands != first)
      return parser.emitError(where, "both regions must have the same operands");
    if (parser.parseRegion(*result.addRegion(), arguments, /*enableNameShadowing=*/true))
      return failure();
  }
  result.addOperands(first);
  Region &then = *result.regions.front();
  if (!then.empty() && !then.back().empty())
    result.addTypes(ValueRange(then.back().back().getOperands()).getTypes());
  return parser.parseOptionalAttrDictWithKeyword(result.attributes);
}

void CondOp::print(OpAsmPrinter &printer) {
  printer << ' ' << getP();
  for (auto [keyword, region] :
       {std::pair("then", &getThen()), std::pair("else", &getOtherwise())}) {
    printer << ' ' << keyword;
    printBindings(printer, region->getArguments(), getX());
    printer << ' ';
    printer.printRegion(*region, /*printEntryBlockArgs=*/false);
  }
  printer.printOptionalAttrDictWithKeyword((*this)->getAttrs());
}

// ---- canonicalize ----------------------------------------------------------------------------

static Operation *endOf(Region &region) { return region.front().getTerminator(); }

CondOp CondOp::withoutUnused(CondOp op, RewriterBase &rewriter) {
  SmallVector<unsigned> unused;
  for (OpResult result : op.getResults())
    if (result.use_empty())
      unused.push_back(result.getResultNumber());
  auto isRead = [&](unsigned capture) {
    return llvm::any_of(op->getRegions(),
                        [&](Region &region) { return !region.getArgument(capture).use_empty(); });
  };
  if (unused.empty() && llvm::all_of(llvm::seq<unsigned>(op.getX().size()), isRead))
    return {};

  SmallVector<Value> operands = {op.getP()}, results;
  llvm::BitVector dropped(op.getX().size());
  for (OpResult result : op.getResults())
    if (!result.use_empty())
      results.push_back(result);
  for (Region &region : op->getRegions()) {
    SmallVector<Value> yielded;
    for (auto [i, value] : llvm::enumerate(endOf(region)->getOperands()))
      if (!llvm::is_contained(unused, i))
        yielded.push_back(value);
    rewriter.modifyOpInPlace(endOf(region), [&] { endOf(region)->setOperands(yielded); });
    for (Operation &inner : llvm::make_early_inc_range(llvm::reverse(region.front())))
      if (isOpTriviallyDead(&inner))
        rewriter.eraseOp(&inner);
  }
  for (auto [i, value] : llvm::enumerate(op.getX()))
    if (isRead(i))
      operands.push_back(value);
    else
      dropped.set(i);
  rewriter.setInsertionPoint(op);
  OperationState state(op.getLoc(), op->getName(), operands, ValueRange(results).getTypes(),
                       op->getAttrs());
  state.addRegion();
  state.addRegion();
  auto less = cast<CondOp>(rewriter.create(state));
  for (auto [to, from] : llvm::zip_equal(less->getRegions(), op->getRegions())) {
    from.front().eraseArguments(dropped);
    rewriter.inlineRegionBefore(from, to, to.end());
  }
  for (auto [from, to] : llvm::zip_equal(results, less.getResults()))
    rewriter.replaceAllUsesWith(from, to);
  rewriter.eraseOp(op);
  return less;
}

/// cond(true, f, g) => f; otherwise nothing that nobody needs.
LogicalResult CondOp::canonicalize(CondOp op, PatternRewriter &rewriter) {
  DenseElementsAttr p;
  if (!matchPattern(op.getP(), m_Constant(&p)))
    return success(bool(withoutUnused(op, rewriter)));
  Region &chosen = p.getSplatValue<bool>() ? op.getThen() : op.getOtherwise();
  Operation *end = endOf(chosen);
  rewriter.inlineBlockBefore(&chosen.front(), op, op.getX());
  rewriter.replaceOp(op, end->getOperands());
  rewriter.eraseOp(end);
  return success();
}

// ---- lower -----------------------------------------------------------------------------------

/// Two loops of one iteration or none, of which one runs, over the same results.
SmallVector<Value> CondOp::lower(OpBuilder &builder) {
  ImplicitLocOpBuilder b(getLoc(), builder);
  SmallVector<Value> results;
  for (Type type : getResultTypes())
    results.push_back(tensor::EmptyOp::create(b, cast<RankedTensorType>(type).getShape(),
                                              getElementTypeOrSelf(type)));
  auto branch = [&](Region &region, Value times) {
    results = loop(b, times, results,
                   [&](Value, ValueRange) { return copyBlock(b, region.front(), getX()); });
  };
  Value times = timesOf(b, getP());
  branch(getThen(), times);
  branch(getOtherwise(),
         arith::SubIOp::create(b, arith::ConstantIndexOp::create(b, 1), times).getResult());
  return results;
}

Value CondOp::outsideOf(BlockArgument argument) { return getX()[argument.getArgNumber()]; }

bool CondOp::repeats() { return false; }

SmallVector<Literal> CondOp::evaluate(ArrayRef<Literal> x, Evaluation &evaluation) {
  Region &chosen = x[0].ints()[0] ? getThen() : getOtherwise();
  FailureOr<std::vector<Literal>> y = evaluateBlock(chosen.front(), x.drop_front(), evaluation);
  return failed(y) ? SmallVector<Literal>() : SmallVector<Literal>(y->begin(), y->end());
}

} // namespace kerf::compiler

#define GET_OP_CLASSES
#include "compiler/ops/cond.cpp.inc"
