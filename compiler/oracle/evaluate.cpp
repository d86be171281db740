#include "compiler/dialect.h"
#include "compiler/oracle/lines.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/APFloat.h"

using namespace mlir;

namespace kerf::compiler {

Literal::Literal(RankedTensorType type) : type_(type) {
  if (isFloat())
    floats_ = std::make_shared<std::vector<double>>(size(), 0.0);
  else
    ints_ = std::make_shared<std::vector<int64_t>>(size(), 0);
}

/// Exact for every float type up to 64 bits.
static double toDouble(APFloat value) {
  bool inexact;
  value.convert(APFloat::IEEEdouble(), APFloat::rmNearestTiesToEven, &inexact);
  return value.convertToDouble();
}

/// i1 is 0 or 1; wider integers keep their sign.
static int64_t toInt64(const APInt &value) {
  return value.getBitWidth() == 1 ? int64_t(value.getZExtValue()) : value.getSExtValue();
}

Literal::Literal(DenseElementsAttr value) : Literal(cast<RankedTensorType>(value.getType())) {
  if (isFloat()) {
    if (value.isSplat())
      floats_->assign(size(), toDouble(value.getSplatValue<APFloat>()));
    else
      for (auto [to, from] : llvm::zip_equal(*floats_, value.getValues<APFloat>()))
        to = toDouble(from);
  } else {
    if (value.isSplat())
      ints_->assign(size(), toInt64(value.getSplatValue<APInt>()));
    else
      for (auto [to, from] : llvm::zip_equal(*ints_, value.getValues<APInt>()))
        to = toInt64(from);
  }
}

Literal Literal::reshaped(RankedTensorType type) const {
  assert(type.getNumElements() == size() && "a reshape keeps the number of elements");
  Literal result = *this;
  result.type_ = type;
  return result;
}

double Evaluation::round(double value, Type type) const {
  if (mode == Mode::f64)
    return value;
  auto element = dyn_cast<FloatType>(getElementTypeOrSelf(type));
  if (!element || element.isF64())
    return value;
  if (element.isF32())
    return float(value);
  APFloat narrow{double(float(value))}; // it was computed in f32
  bool inexact;
  narrow.convert(element.getFloatSemantics(), APFloat::rmNearestTiesToEven, &inexact);
  return toDouble(narrow);
}

/// Of a rounding, relative to what is rounded.
static double unitOf(Type type) {
  return std::ldexp(0.5, 1 - int(cast<FloatType>(getElementTypeOrSelf(type)).getFPMantissaWidth()));
}

/// No sum is a longer chain: one of 256, of 16 blocks, and a tree above. What rounding leaves grows
/// as the root of it; a function of one number may be a few units off.
static constexpr int64_t longestChain = 256 + 16 + 32;

double Evaluation::disturbed(double value, double magnitude, int64_t terms, Type type) {
  if (!disturbance || !std::isfinite(value))
    return value;
  const double sign = std::uniform_real_distribution<double>(-1, 1)(*disturbance);
  const double roundings = std::max(std::sqrt(double(std::min(terms, longestChain))), 4.0);
  return round(value + sign * roundings * unitOf(type) * magnitude, type);
}

SmallVector<int64_t> stridesOf(ArrayRef<int64_t> shape) {
  SmallVector<int64_t> strides(shape.size(), 1);
  for (int64_t axis = int64_t(shape.size()) - 2; axis >= 0; --axis)
    strides[axis] = strides[axis + 1] * shape[axis + 1];
  return strides;
}

void forEachIndex(ArrayRef<int64_t> shape,
                  llvm::function_ref<void(ArrayRef<int64_t>, int64_t)> body) {
  if (llvm::is_contained(shape, 0))
    return;
  SmallVector<int64_t> index(shape.size(), 0);
  for (int64_t i = 0;; ++i) {
    body(index, i);
    int64_t axis = int64_t(shape.size()) - 1;
    while (axis >= 0 && ++index[axis] == shape[axis])
      index[axis--] = 0;
    if (axis < 0)
      return;
  }
}

/// The values of a run, each kept until its last user has read it.
namespace {
class Values {
public:
  explicit Values(Block &block) {
    for (Operation &op : block)
      for (Value operand : op.getOperands())
        ++users[operand];
  }
  void define(Value value, Literal literal) {
    if (users.lookup(value) > 0)
      literals[value] = std::move(literal);
  }
  Literal read(Value value) {
    auto found = literals.find(value);
    assert(found != literals.end() && "a value is defined before it is used");
    Literal literal = found->second;
    if (--users[value] == 0)
      literals.erase(found);
    return literal;
  }

private:
  DenseMap<Value, int64_t> users;
  DenseMap<Value, Literal> literals;
};
} // namespace

static Literal magnitudes(const Literal &x) {
  if (!x.isFloat())
    return x;
  Literal y(x.type());
  for (auto [to, from] : llvm::zip_equal(y.floats(), x.floats()))
    to = std::fabs(from);
  return y;
}

/// Disturbs floats of `results`, which op made of `operands`: a sum in proportion to the sum of its
/// terms' magnitudes, another result to its own, and what f64 shows to be exact not at all.
static void disturb(Operation &op, ArrayRef<Literal> operands, MutableArrayRef<Literal> results,
                    Evaluation &evaluation) {
  if (op.getNumRegions() > 0 ||
      llvm::none_of(results, [](const Literal &x) { return x.isFloat(); }))
    return; // a region's ops are disturbed one by one
  const bool sums = op.hasTrait<SumOfProducts>();
  SmallVector<Literal> inputs;
  int64_t terms = 1;
  for (const Literal &x : operands) {
    inputs.push_back(sums ? magnitudes(x) : x);
    terms *= std::clamp<int64_t>(x.size(), 1, longestChain);
  }
  Evaluation exact;
  SmallVector<Literal> without = cast<Evaluable>(op).evaluate(inputs, exact);
  for (auto [y, other] : llvm::zip_equal(results, without)) {
    if (!y.isFloat())
      continue;
    Literal moved(y.type());
    const Type type = y.type().getElementType();
    for (int64_t i = 0; i < y.size(); ++i) {
      const double value = y.floats()[i], x = other.floats()[i];
      moved.floats()[i] = sums ? evaluation.disturbed(value, x, terms, type)
                          : value == x && !type.isF64()
                              ? value
                              : evaluation.disturbed(value, std::fabs(value), 1, type);
    }
    y = moved;
  }
}

static LogicalResult evaluateOp(Operation &op, Values &values, Evaluation &evaluation) {
  if (auto constant = dyn_cast<arith::ConstantOp>(op)) {
    auto dense = dyn_cast<DenseElementsAttr>(constant.getValue());
    if (!dense)
      return op.emitError("the oracle knows dense tensor constants only, not ")
             << constant.getType();
    values.define(constant, Literal(dense));
    return success();
  }
  auto evaluable = dyn_cast<Evaluable>(op);
  if (!evaluable)
    return op.emitError("'") << op.getName() << "' has no evaluate, so the oracle cannot run it";
  SmallVector<Literal> operands;
  for (Value operand : op.getOperands())
    operands.push_back(values.read(operand));
  SmallVector<Literal> results = evaluable.evaluate(operands, evaluation);
  if (results.size() != op.getNumResults())
    return op.emitError("'") << op.getName() << "' was evaluated to " << results.size()
                             << " results but has " << op.getNumResults();
  if (evaluation.disturbance)
    disturb(op, operands, results, evaluation);
  for (auto [value, result] : llvm::zip_equal(op.getResults(), results)) {
    if (result.type() != value.getType())
      return op.emitError("'") << op.getName() << "' was evaluated to " << result.type()
                               << " but has type " << value.getType();
    values.define(value, std::move(result));
  }
  return success();
}

FailureOr<std::vector<Literal>> evaluateBlock(Block &block, ArrayRef<Literal> arguments,
                                              Evaluation &evaluation) {
  Values values(block);
  for (auto [parameter, argument] : llvm::zip_equal(block.getArguments(), arguments))
    values.define(parameter, argument);
  for (Operation &inner : block.without_terminator())
    if (failed(evaluateOp(inner, values, evaluation)))
      return failure();
  std::vector<Literal> results;
  for (Value result : block.getTerminator()->getOperands())
    results.push_back(values.read(result));
  return results;
}

FailureOr<std::vector<Literal>> evaluate(Operation *op, ArrayRef<Literal> arguments,
                                         Evaluation &evaluation) {
  auto function = cast<func::FuncOp>(op);
  if (function.isExternal())
    return function.emitError("@") << function.getName() << " has no body to evaluate";
  if (arguments.size() != function.getNumArguments())
    return function.emitError("@") << function.getName() << " takes " << function.getNumArguments()
                                   << " arguments but was given " << arguments.size();
  for (auto [i, type] : llvm::enumerate(function.getArgumentTypes()))
    if (arguments[i].type() != type)
      return function.emitError("@") << function.getName() << ": argument " << i << " is " << type
                                     << " but was given " << arguments[i].type();
  return evaluateBlock(function.getBody().front(), arguments, evaluation);
}

SmallVector<Operation *> decisionsOf(Operation *function) {
  SmallVector<Operation *> decisions;
  function->walk<WalkOrder::PreOrder>([&](Operation *op) {
    if (op != function && op->getNumRegions() && !isa<Loop>(op))
      return WalkResult::skip();
    if (auto decision = dyn_cast<Decision>(op); decision && decision.decides())
      decisions.push_back(op);
    return WalkResult::advance();
  });
  return decisions;
}

int64_t Evaluation::numberOfRun() const {
  int64_t number = 0;
  for (const Iteration &iteration : iterations)
    number = number * iteration.count + iteration.number;
  return number;
}

std::optional<Literal> Evaluation::forcedResult(Operation *op) const {
  std::optional<Literal> all = forced ? forced(op) : std::nullopt;
  if (!all || iterations.empty())
    return all;
  Literal one(cast<RankedTensorType>(op->getResult(0).getType()));
  for (int64_t i = 0; i < one.size(); ++i)
    copyElement(*all, numberOfRun() * one.size() + i, one, i);
  return one;
}

void force(Evaluation &evaluation, Operation *function, ArrayRef<Literal> chosen) {
  SmallVector<Operation *> decisions = decisionsOf(function);
  assert(decisions.size() == chosen.size() && "one chosen result per decision, in their order");
  DenseMap<Operation *, Literal> table;
  for (auto [op, literal] : llvm::zip_equal(decisions, chosen))
    table[op] = literal;
  evaluation.forced = [table = std::move(table)](Operation *op) -> std::optional<Literal> {
    auto found = table.find(op);
    return found == table.end() ? std::nullopt : std::optional(found->second);
  };
}

} // namespace kerf::compiler
