#include "compiler/ops/scan.h"
#include "compiler/copy_block.h"
#include "compiler/loops.h"
#include "compiler/ops/yield.h"
#include "compiler/oracle/lines.h"

#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/PatternMatch.h"
#include "llvm/ADT/BitVector.h"

using namespace mlir;

namespace kerf::compiler {

static RankedTensorType numberType(MLIRContext *context) {
  return RankedTensorType::get({}, IntegerType::get(context, 64));
}

RankedTensorType ScanOp::rowOf(Type whole, int64_t axis) {
  SmallVector<int64_t> shape(cast<RankedTensorType>(whole).getShape());
  shape.erase(shape.begin() + axis);
  return RankedTensorType::get(shape, getElementTypeOrSelf(whole));
}

RankedTensorType ScanOp::stackOf(Type row, int64_t axis, int64_t count) {
  SmallVector<int64_t> shape(cast<RankedTensorType>(row).getShape());
  shape.insert(shape.begin() + axis, count);
  return RankedTensorType::get(shape, getElementTypeOrSelf(row));
}

// ---- verify ----------------------------------------------------------------------------------

LogicalResult ScanOp::verify() {
  const uint64_t due = getNumCarried() + getNumInputs() + getHasSteps();
  if (due > getX().size())
    return emitOpError("has ") << getX().size() << " operands but should have at least " << due
                               << ": " << getNumCarried() << " carried, " << getNumInputs()
                               << " inputs" << (getHasSteps() ? " and steps" : ""); // C1
  const int64_t axis = getAxis();
  for (auto [i, input] : llvm::enumerate(getInputs()))
    if (auto type = cast<RankedTensorType>(input.getType());
        axis >= type.getRank() || type.getDimSize(axis) != int64_t(getCount()))
      return emitOpError("input ") << i << " is " << type << " but should have extent "
                                   << getCount() << " along axis " << axis; // C2
  if (Value steps = getSteps(); steps && steps.getType() != numberType(getContext()))
    return emitOpError("steps is ") << steps.getType() << " but should be 'tensor<i64>'"; // C3
  auto truth = RankedTensorType::get({}, IntegerType::get(getContext(), 1));
  if (getStops() && (getNumCarried() == 0 || getCarried()[0].getType() != truth))
    return emitOpError("stops, so its first carried value should be a 'tensor<i1>'"); // C7
  return success();
}

LogicalResult ScanOp::verifyRegions() {
  Block &block = getBody().front();
  const int64_t axis = getAxis();
  SmallVector<Type> arguments(getCarried().getTypes());
  arguments.push_back(numberType(getContext()));
  for (Type input : getInputs().getTypes())
    arguments.push_back(rowOf(input, axis));
  llvm::append_range(arguments, getCaptures().getTypes());
  if (failed(verifyTypes(*this, "region argument", block.getArgumentTypes(), arguments))) // C4
    return failure();
  auto yield = block.empty() ? YieldOp() : dyn_cast<YieldOp>(block.back()); // C5
  if (!yield)
    return emitOpError("the region must end in kerf.yield");
  SmallVector<Type> yielded(getCarried().getTypes());
  if (yield.getX().size() > yielded.size())
    llvm::append_range(yielded, yield.getX().drop_front(yielded.size()).getTypes());
  if (failed(verifyTypes(yield, "operand", yield.getX().getTypes(), yielded)))
    return failure();
  SmallVector<Type> results(getCarried().getTypes()); // C6
  for (Type row : ArrayRef(yielded).drop_front(getNumCarried())) {
    if (cast<RankedTensorType>(row).getRank() < axis)
      return yield.emitOpError("has a row ")
             << row << ", which cannot be stacked along axis " << axis;
    results.push_back(stackOf(row, axis, int64_t(getCount())));
  }
  return verifyTypes(*this, "result", getResultTypes(), results);
}

// ---- the pretty form -------------------------------------------------------------------------

/// `, axis = 1, reverse, …`: what is not as by default.
static ParseResult parseOptions(OpAsmParser &parser, NamedAttrList &attributes) {
  Builder &builder = parser.getBuilder();
  while (succeeded(parser.parseOptionalComma())) {
    StringRef name;
    const SMLoc where = parser.getCurrentLocation();
    if (parser.parseKeyword(&name))
      return failure();
    if (name == "reverse" || name == "stops") {
      attributes.set(name, builder.getBoolAttr(true));
      continue;
    }
    if (name != "axis" && name != "keep")
      return parser.emitError(where, "there is no option '")
             << name << "'; there are axis, keep, reverse and stops";
    int64_t value;
    if (parser.parseEqual() || parser.parseInteger(value))
      return failure();
    attributes.set(name, builder.getI64IntegerAttr(value));
  }
  return success();
}

ParseResult ScanOp::parse(OpAsmParser &parser, OperationState &result) {
  Builder &builder = parser.getBuilder();
  int64_t count;
  OpAsmParser::Argument index;
  if (parser.parseKeyword("count") || parser.parseEqual() || parser.parseInteger(count) ||
      parseOptions(parser, result.attributes) || parser.parseKeyword("index") ||
      parser.parseArgument(index))
    return failure();
  index.type = numberType(builder.getContext());
  auto axisGiven = dyn_cast_or_null<IntegerAttr>(result.attributes.get("axis"));
  const int64_t axis = axisGiven ? axisGiven.getInt() : 0;

  SmallVector<OpAsmParser::Argument> arguments;
  auto list = [&](StringRef keyword) {
    return succeeded(parser.parseOptionalKeyword(keyword))
               ? parseBindings(parser, arguments, result.operands)
               : ParseResult(success());
  };
  if (list("carried"))
    return failure();
  const int64_t carried = arguments.size();
  arguments.push_back(index);
  if (list("inputs"))
    return failure();
  const int64_t inputs = arguments.size() - carried - 1;
  for (OpAsmParser::Argument &row : MutableArrayRef(arguments).take_back(inputs))
    if (auto type = dyn_cast<RankedTensorType>(row.type); type && axis < type.getRank())
      row.type = rowOf(type, axis); // else the verifier says what is wrong
  OpAsmParser::UnresolvedOperand steps;
  if (succeeded(parser.parseOptionalKeyword("steps"))) {
    if (parser.parseLParen() || parser.parseOperand(steps) || parser.parseRParen() ||
        parser.resolveOperand(steps, numberType(builder.getContext()), result.operands))
      return failure();
    result.addAttribute("has_steps", builder.getBoolAttr(true));
  }
  if (parseBody(parser, arguments, result))
    return failure();
  Region *body = result.regions.front().get();
  result.addAttribute("count", builder.getI64IntegerAttr(count));
  result.addAttribute("num_carried", builder.getI64IntegerAttr(carried));
  if (inputs)
    result.addAttribute("num_inputs", builder.getI64IntegerAttr(inputs));

  for (const OpAsmParser::Argument &argument : ArrayRef(arguments).take_front(carried))
    result.addTypes(argument.type);
  if (body->empty() || body->back().empty())
    return success();
  ValueRange yielded = body->back().back().getOperands();
  for (Value row : yielded.drop_front(std::min<size_t>(carried, yielded.size()))) {
    auto type = dyn_cast<RankedTensorType>(row.getType());
    result.addTypes(type && axis <= type.getRank() ? stackOf(type, axis, count) : row.getType());
  }
  return success();
}

void ScanOp::print(OpAsmPrinter &printer) {
  auto arguments = getBody().getArguments();
  auto list = [&](StringRef keyword, ValueRange inner, ValueRange operands) {
    if (operands.empty())
      return;
    printer << ' ' << keyword;
    printBindings(printer, inner, operands);
  };
  printer << " count = " << getCount();
  if (getAxis())
    printer << ", axis = " << getAxis();
  if (getReverse())
    printer << ", reverse";
  if (getStops())
    printer << ", stops";
  if (getKeep())
    printer << ", keep = " << getKeep();
  printer << " index " << getIndex();
  list("carried", arguments.take_front(getNumCarried()), getCarried());
  list("inputs", getRows(), getInputs());
  if (Value steps = getSteps())
    printer << " steps(" << steps << ")";
  printBody(
      printer, *this, getInnerCaptures(), getCaptures(),
      {"count", "num_carried", "num_inputs", "axis", "keep", "has_steps", "reverse", "stops"});
}

// ---- canonicalize ----------------------------------------------------------------------------

namespace {

/// What of a scan somebody needs: a result with a user is needed, and what it is made of.
class Needs {
public:
  explicit Needs(ScanOp op)
      : op(op), body(op.getBody().front()), results(op.getNumResults()),
        arguments(body.getNumArguments()) {
    for (OpResult result : op.getResults())
      if (!result.use_empty() || (op.getStops() && result.getResultNumber() == 0))
        need(result.getResultNumber());
    while (!waiting.empty())
      needOperandsOf(waiting.pop_back_val());
  }
  bool ofResult(unsigned i) const { return results.test(i); }
  bool ofArgument(BlockArgument argument) const { return arguments.test(argument.getArgNumber()); }

private:
  void need(unsigned result) {
    if (results.test(result))
      return;
    results.set(result);
    if (result < op.getNumCarried())
      arguments.set(result); // it goes with the result
    need(body.getTerminator()->getOperand(result));
  }
  void need(Value value) {
    if (!seen.insert(value).second)
      return;
    if (Operation *maker = value.getDefiningOp()) {
      waiting.push_back(maker);
      return;
    }
    const unsigned number = cast<BlockArgument>(value).getArgNumber();
    arguments.set(number);
    if (number < op.getNumCarried())
      need(number);
  }
  void needOperandsOf(Operation *maker) {
    for (Value operand : maker->getOperands())
      need(operand);
  }

  ScanOp op;
  Block &body;
  llvm::BitVector results, arguments;
  DenseSet<Value> seen;
  SmallVector<Operation *> waiting;
};

} // namespace

/// Is it carried as it began?
static bool isKept(ScanOp op, unsigned carried) {
  Block &body = op.getBody().front();
  return body.getTerminator()->getOperand(carried) == body.getArgument(carried) &&
         !(op.getStops() && carried == 0);
}

ScanOp ScanOp::withoutUnused(ScanOp op, RewriterBase &rewriter) {
  const Needs needs(op);
  const unsigned numCarried = op.getNumCarried(), numArguments = op.getBody().getNumArguments();
  SmallVector<unsigned> kept; // carried values that are captures
  for (unsigned i = 0; i < numCarried; ++i)
    if (needs.ofResult(i) && isKept(op, i))
      kept.push_back(i);
  auto arguments = op.getBody().getArguments();
  const bool usesAll = llvm::all_of(arguments, [&](BlockArgument argument) {
    return argument == op.getIndex() || needs.ofArgument(argument);
  });
  const bool givesAll =
      llvm::all_of(llvm::seq(op.getNumResults()), [&](unsigned i) { return needs.ofResult(i); });
  if (usesAll && givesAll && kept.empty())
    return {};

  auto isCarried = [&](unsigned i) { return needs.ofResult(i) && !llvm::is_contained(kept, i); };
  SmallVector<Value> operands;
  SmallVector<Type> types;
  auto add = [&](ValueRange outer, ArrayRef<BlockArgument> inner) {
    const size_t before = operands.size();
    for (auto [value, argument] : llvm::zip_equal(outer, inner))
      if (needs.ofArgument(argument))
        operands.push_back(value);
    return int64_t(operands.size() - before);
  };
  for (unsigned i = 0; i < numCarried; ++i)
    if (isCarried(i))
      operands.push_back(op.getCarried()[i]);
  const int64_t carriedLeft = operands.size();
  const int64_t inputsLeft = add(op.getInputs(), op.getRows());
  if (Value steps = op.getSteps())
    operands.push_back(steps);
  add(op.getCaptures(), op.getInnerCaptures());
  for (unsigned i : kept)
    operands.push_back(op.getCarried()[i]);
  for (unsigned i = 0; i < op.getNumResults(); ++i)
    if (i < numCarried ? isCarried(i) : needs.ofResult(i))
      types.push_back(op.getResultTypes()[i]);

  rewriter.setInsertionPoint(op);
  OperationState state(op.getLoc(), op->getName(), operands, types, op->getAttrs());
  state.attributes.set("num_carried", rewriter.getI64IntegerAttr(carriedLeft));
  state.attributes.set("num_inputs", rewriter.getI64IntegerAttr(inputsLeft));
  state.addRegion();
  auto less = cast<ScanOp>(rewriter.create(state));
  Block &body = op.getBody().front();
  rewriter.inlineRegionBefore(op.getBody(), less.getBody(), less.getBody().end());

  SmallVector<Value> yielded;
  auto result = less.getResults().begin();
  for (auto [i, old] : llvm::enumerate(op.getResults())) {
    if (!(i < numCarried ? isCarried(i) : needs.ofResult(i))) {
      if (i < numCarried && needs.ofResult(i))
        rewriter.replaceAllUsesWith(old, op.getCarried()[i]);
      continue;
    }
    yielded.push_back(body.getTerminator()->getOperand(i));
    rewriter.replaceAllUsesWith(old, *result++);
  }
  rewriter.modifyOpInPlace(body.getTerminator(),
                           [&] { body.getTerminator()->setOperands(yielded); });
  for (Operation &inner : llvm::make_early_inc_range(llvm::reverse(body)))
    if (isOpTriviallyDead(&inner))
      rewriter.eraseOp(&inner);
  for (unsigned i : kept) {
    BlockArgument old = body.getArgument(i);
    rewriter.replaceAllUsesWith(old, body.addArgument(old.getType(), old.getLoc()));
  }
  for (unsigned i = numArguments; i-- > 0;)
    if (i < numCarried ? !isCarried(i) : i != numCarried && !needs.ofArgument(body.getArgument(i)))
      body.eraseArgument(i);
  rewriter.eraseOp(op);
  return less;
}

/// No iteration => what it begins with; otherwise nothing that nobody needs.
LogicalResult ScanOp::canonicalize(ScanOp op, PatternRewriter &rewriter) {
  if (op.getCount() == 0) {
    SmallVector<Value> results(op.getCarried());
    for (Value stacked : op.getStacked())
      results.push_back(arith::ConstantOp::create(
          rewriter, op.getLoc(), cast<TypedAttr>(rewriter.getZeroAttr(stacked.getType()))));
    rewriter.replaceOp(op, results);
    return success();
  }
  return success(bool(withoutUnused(op, rewriter)));
}

// ---- lower -----------------------------------------------------------------------------------

namespace {

/// One row of a tensor: offset, size and stride of every axis.
struct RowBox {
  SmallVector<OpFoldResult> offsets, sizes, strides;

  RowBox(OpBuilder &b, RankedTensorType whole, int64_t axis, Value row)
      : offsets(whole.getRank(), b.getIndexAttr(0)), strides(whole.getRank(), b.getIndexAttr(1)) {
    for (int64_t extent : whole.getShape())
      sizes.push_back(b.getIndexAttr(extent));
    offsets[axis] = row;
    sizes[axis] = b.getIndexAttr(1);
  }
};

class Lowering {
public:
  Lowering(ScanOp op, OpBuilder &builder)
      : op(op), body(op.getBody().front()), b(op.getLoc(), builder), axis(op.getAxis()),
        count(numberOfIterations()) {}

  /// for k in 0 … count: what is carried = region(what is carried), and one row of what is stacked
  SmallVector<Value> run() {
    SmallVector<Value> first(op.getCarried());
    for (Value stacked : op.getStacked())
      first.push_back(emptyStack(cast<RankedTensorType>(stacked.getType())));
    return loop(b, count, first, [&](Value k, ValueRange now) {
      if (!op.getStops())
        return runBody(k, now);
      return loop(b, timesOf(b, now[0]), now,
                  [&](Value, ValueRange now) { return runBody(k, now); });
    });
  }

private:
  Value index(int64_t x) { return arith::ConstantIndexOp::create(b, x); }

  Value numberOfIterations() {
    Value steps = op.getSteps();
    if (!steps && op.getCount() == 1 && op.getKeep() && !op.getStops())
      return hiddenOne(b);
    if (!steps)
      return index(op.getCount());
    auto number = [&](int64_t x) -> Value {
      return arith::ConstantOp::create(b, b.getI64IntegerAttr(x));
    };
    Value n = tensor::ExtractOp::create(b, steps, ValueRange());
    n = arith::MinSIOp::create(b, arith::MaxSIOp::create(b, n, number(0)), number(op.getCount()));
    return arith::IndexCastOp::create(b, b.getIndexType(), n);
  }

  /// Rows that no iteration makes are 0.
  Value emptyStack(RankedTensorType type) {
    if (op.getHasSteps() || op.getStops())
      return arith::ConstantOp::create(b, cast<TypedAttr>(b.getZeroAttr(type)));
    return tensor::EmptyOp::create(b, type.getShape(), type.getElementType());
  }

  /// Iteration k, of those that run.
  SmallVector<Value> runBody(Value k, ValueRange now) {
    Value i = k;
    if (op.getReverse())
      i = arith::SubIOp::create(b, arith::SubIOp::create(b, count, index(1)), k);
    Value number = arith::IndexCastOp::create(b, b.getI64Type(), i);
    SmallVector<Value> arguments(now.take_front(op.getNumCarried()));
    arguments.push_back(tensor::FromElementsOp::create(b, numberType(b.getContext()), number));
    for (auto [row, input] : llvm::zip_equal(op.getRows(), op.getInputs()))
      arguments.push_back(rowAt(input, cast<RankedTensorType>(row.getType()), i));
    llvm::append_range(arguments, op.getCaptures());
    SmallVector<Value> next = copyBlock(b, body, arguments);
    for (size_t n = op.getNumCarried(); n < next.size(); ++n)
      next[n] = withRow(now[n], next[n], i);
    return next;
  }

  Value rowAt(Value whole, RankedTensorType type, Value i) {
    if (type.getNumElements() == 0) // extract_slice wants its offsets inside
      return tensor::EmptyOp::create(b, type.getShape(), type.getElementType());
    RowBox box(b, cast<RankedTensorType>(whole.getType()), axis, i);
    if (!isAmbiguous(type))
      return tensor::ExtractSliceOp::create(b, type, whole, box.offsets, box.sizes, box.strides);
    Value row =
        tensor::ExtractSliceOp::create(b, ofOne(type), whole, box.offsets, box.sizes, box.strides);
    return tensor::CollapseShapeOp::create(b, type, row, axisJoined(type));
  }
  Value withRow(Value whole, Value row, Value i) {
    const auto type = cast<RankedTensorType>(whole.getType());
    const auto rowType = cast<RankedTensorType>(row.getType());
    if (type.getNumElements() == 0)
      return whole;
    RowBox box(b, type, axis, i);
    if (isAmbiguous(rowType))
      row = tensor::ExpandShapeOp::create(b, ofOne(rowType), row, axisJoined(rowType));
    return tensor::InsertSliceOp::create(b, row, whole, box.offsets, box.sizes, box.strides);
  }

  /// Which axis a slice drops is what its types say. Where more than one has extent 1, folding its
  /// offsets (MLIR 22) can take another for it, and reads a box of other elements.
  static bool isAmbiguous(RankedTensorType row) { return llvm::is_contained(row.getShape(), 1); }
  /// With the axis that a row has not.
  RankedTensorType ofOne(RankedTensorType row) const {
    SmallVector<int64_t> shape(row.getShape());
    shape.insert(shape.begin() + axis, 1);
    return RankedTensorType::get(shape, row.getElementType());
  }
  /// For each axis of a row those of `ofOne`: the one that a row has not stands by a neighbour.
  SmallVector<ReassociationIndices> axisJoined(RankedTensorType row) const {
    SmallVector<ReassociationIndices> groups(row.getRank());
    const int64_t neighbour = std::min(axis, row.getRank() - 1);
    for (int64_t from = 0; from <= row.getRank(); ++from)
      groups[from < axis ? from : from == axis ? neighbour : from - 1].push_back(from);
    return groups;
  }

  ScanOp op;
  Block &body;
  ImplicitLocOpBuilder b;
  int64_t axis;
  Value count; ///< of the iterations that run
};

} // namespace

SmallVector<Value> ScanOp::lower(OpBuilder &builder) { return Lowering(*this, builder).run(); }

// ---- the loop ----------------------------------------------------------------------------------

Value ScanOp::outsideOf(BlockArgument argument) {
  const unsigned before = getNumCarried() + 1 + getNumInputs(); // and the number of the iteration
  return argument.getArgNumber() < before ? Value()
                                          : getCaptures()[argument.getArgNumber() - before];
}

bool ScanOp::repeats() { return getCount() > 1; }

// ---- evaluate ----------------------------------------------------------------------------------

/// Copies row `i` of `whole` from or to `row`.
static void copyRow(Literal &to, const Literal &from, bool isFromWhole, int64_t axis, int64_t i) {
  const Lines lines(isFromWhole ? from.shape() : to.shape(), axis);
  lines.forEach([&](int64_t o, int64_t j) {
    const int64_t inWhole = lines.place(o, i, j), inRow = o * lines.inner + j;
    copyElement(from, isFromWhole ? inWhole : inRow, to, isFromWhole ? inRow : inWhole);
  });
}

SmallVector<Literal> ScanOp::evaluate(ArrayRef<Literal> x, Evaluation &evaluation) {
  const size_t numCarried = getNumCarried(), numInputs = getNumInputs();
  const int64_t axis = getAxis(), count = getCount();
  SmallVector<Literal> now(x.take_front(numCarried));
  for (Value stacked : getStacked())
    now.emplace_back(cast<RankedTensorType>(stacked.getType()));
  const int64_t steps =
      getHasSteps() ? std::clamp<int64_t>(x[numCarried + numInputs].ints()[0], 0, count) : count;
  for (int64_t k = 0; k < steps; ++k) {
    if (getStops() && now[0].ints()[0] == 0)
      break;
    const int64_t i = getReverse() ? steps - 1 - k : k;
    SmallVector<Literal> arguments(ArrayRef(now).take_front(numCarried));
    arguments.emplace_back(numberType(getContext())).ints()[0] = i;
    for (auto [row, input] : llvm::zip_equal(getRows(), x.slice(numCarried, numInputs)))
      copyRow(arguments.emplace_back(cast<RankedTensorType>(row.getType())), input,
              /*isFromWhole=*/true, axis, i);
    llvm::append_range(arguments, x.drop_front(numCarried + numInputs + getHasSteps()));
    evaluation.iterations.push_back({i, count});
    FailureOr<std::vector<Literal>> next = evaluateBlock(getBody().front(), arguments, evaluation);
    evaluation.iterations.pop_back();
    if (failed(next))
      return {};
    for (auto [n, value] : llvm::enumerate(*next))
      if (n < numCarried)
        now[n] = std::move(value);
      else
        copyRow(now[n], value, /*isFromWhole=*/false, axis, i);
  }
  return now;
}

} // namespace kerf::compiler

#define GET_OP_CLASSES
#include "compiler/ops/scan.cpp.inc"
