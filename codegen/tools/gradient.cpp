#include "codegen/tools/gradient.h"
#include "codegen/tools/inputs.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/IRMapping.h"
#include "llvm/Support/FormatVariadic.h"

#include <cmath>

using namespace mlir;
using namespace kerf::compiler;

namespace kerf::codegen {

static bool isFloat(Type type) { return isa<FloatType>(getElementTypeOrSelf(type)); }

bool isDifferentiable(func::FuncOp function) {
  return llvm::any_of(function.getArgumentTypes(), isFloat) &&
         llvm::any_of(function.getResultTypes(), isFloat) && !function->hasAttr("kerf.no_gradient");
}

// ---- the gradient function -------------------------------------------------------------------

static Value make(OpBuilder &builder, Location location, StringRef name, ValueRange operands,
                  Type type, ArrayRef<NamedAttribute> attributes = {}) {
  OperationState state(location, name, operands, TypeRange(type), attributes);
  return builder.create(state)->getResult(0);
}

/// Sum over the float results of sum(weight * result), in the first result's element type.
static Value weightedSum(OpBuilder &builder, Location location, ValueRange results,
                         ValueRange weights) {
  Value loss;
  for (auto [result, weight] : llvm::zip_equal(results, weights)) {
    auto type = cast<RankedTensorType>(result.getType());
    Value product = make(builder, location, "kerf.mul", {result, weight}, type);
    auto scalar = RankedTensorType::get({}, type.getElementType());
    SmallVector<int64_t> axes = llvm::to_vector(llvm::seq<int64_t>(type.getRank()));
    if (!axes.empty())
      product = make(builder, location, "kerf.sum", product, scalar,
                     builder.getNamedAttr("axes", builder.getDenseI64ArrayAttr(axes)));
    if (loss && loss.getType() != scalar)
      product = make(builder, location, "kerf.cast", product, loss.getType());
    loss = loss ? make(builder, location, "kerf.add", {loss, product}, loss.getType()) : product;
  }
  return loss;
}

/// The new function's shell: arguments of `function`, then the weights; results as given.
static func::FuncOp makeShell(func::FuncOp function, StringRef name,
                              SmallVector<Type> &weightTypes) {
  OpBuilder builder(function->getContext());
  builder.setInsertionPointAfter(function);
  SmallVector<Type> arguments(function.getArgumentTypes()), gradients;
  for (Type type : function.getResultTypes())
    if (isFloat(type))
      weightTypes.push_back(type);
  arguments.append(weightTypes);
  Type loss = RankedTensorType::get({}, getElementTypeOrSelf(weightTypes.front()));
  SmallVector<Type> results = {loss};
  for (Type type : function.getArgumentTypes())
    if (isFloat(type))
      results.push_back(type);
  auto shell = func::FuncOp::create(builder, function.getLoc(), name,
                                    builder.getFunctionType(arguments, results));
  for (unsigned i = 0; i < function.getNumArguments(); ++i)
    shell.setArgAttrs(i, function.getArgAttrDict(i));
  shell.addEntryBlock();
  return shell;
}

func::FuncOp makeGradient(func::FuncOp function, StringRef name) {
  SmallVector<Type> weightTypes;
  func::FuncOp shell = makeShell(function, name, weightTypes);
  Location location = function.getLoc();
  OpBuilder builder = OpBuilder::atBlockEnd(&shell.getBody().front());

  // Operands of the region op: float arguments as parameters, the others and the weights captured.
  SmallVector<unsigned> order;
  for (unsigned i = 0; i < function.getNumArguments(); ++i)
    if (isFloat(function.getArgumentTypes()[i]))
      order.push_back(i);
  int64_t numParams = order.size();
  for (unsigned i = 0; i < shell.getNumArguments(); ++i)
    if (i >= function.getNumArguments() || !isFloat(shell.getArgumentTypes()[i]))
      order.push_back(i);

  OperationState state(location, "kerf.value_and_grad");
  Block *body = &state.addRegion()->emplaceBlock();
  IRMapping map;
  SmallVector<Value> weights;
  for (unsigned i : order) {
    state.operands.push_back(shell.getArgument(i));
    Value inside = body->addArgument(shell.getArgumentTypes()[i], location);
    if (i < function.getNumArguments())
      map.map(function.getArgument(i), inside);
    else
      weights.push_back(inside);
  }
  OpBuilder inside(function->getContext());
  inside.setInsertionPointToEnd(body);
  for (Operation &op : function.getBody().front().without_terminator())
    inside.clone(op, map);
  SmallVector<Value> results;
  for (Value result : function.getBody().front().getTerminator()->getOperands())
    if (isFloat(result.getType()))
      results.push_back(map.lookup(result));
  OperationState yield(location, "kerf.yield");
  yield.addOperands(weightedSum(inside, location, results, weights));
  inside.create(yield);

  state.addTypes(shell.getResultTypes());
  state.addAttribute("num_params", builder.getI64IntegerAttr(numParams));
  state.addAttribute("num_aux", builder.getI64IntegerAttr(0));
  func::ReturnOp::create(builder, location, builder.create(state)->getResults());
  return shell;
}

// ---- differences -----------------------------------------------------------------------------

namespace {
/// The weighted sum of `function`'s float results as a function of its arguments, in f64.
class Loss {
public:
  Loss(func::FuncOp function, ArrayRef<Literal> weights) : function(function), weights(weights) {}

  FailureOr<double> at(ArrayRef<Literal> arguments) {
    Evaluation evaluation;
    FailureOr<std::vector<Literal>> results = evaluate(function, arguments, evaluation);
    if (failed(results))
      return failure();
    double sum = 0;
    const Literal *weight = weights.begin();
    for (const Literal &result : *results)
      if (result.isFloat()) {
        for (auto [r, w] : llvm::zip_equal(result.floats(), weight->floats()))
          sum += r * w;
        ++weight;
      }
    return sum;
  }

  /// (f(x + h d) - f(x - h d)) / 2h, with x = arguments and d nonzero in `argument` only if given.
  FailureOr<double> slope(ArrayRef<Literal> arguments, ArrayRef<Literal> direction) {
    const double h = 0x1p-17;
    FailureOr<double> up = at(moved(arguments, direction, h));
    FailureOr<double> down = at(moved(arguments, direction, -h));
    if (failed(up) || failed(down))
      return failure();
    return (*up - *down) / (2 * h);
  }

private:
  static std::vector<Literal> moved(ArrayRef<Literal> arguments, ArrayRef<Literal> direction,
                                    double step) {
    std::vector<Literal> result(arguments.begin(), arguments.end());
    for (auto [x, d] : llvm::zip_equal(result, direction)) {
      if (!x.isFloat())
        continue;
      Literal y(x.type());
      for (int64_t i = 0; i < x.size(); ++i)
        y.floats()[i] = x.floats()[i] + step * d.floats()[i];
      x = y;
    }
    return result;
  }

  func::FuncOp function;
  ArrayRef<Literal> weights;
};

/// One check of a gradient at a point.
class Check {
public:
  Check(func::FuncOp function, ArrayRef<Literal> arguments, ArrayRef<Literal> gradients,
        ArrayRef<Literal> weights, double loss)
      : loss(loss), differences(function, weights), arguments(arguments), gradients(gradients) {}

  /// Compares the slope along `direction`; `what` names it in a complaint.
  void along(ArrayRef<Literal> direction, const std::string &what) {
    double got = 0, magnitude = 0;
    const Literal *gradient = gradients.begin();
    for (const Literal &d : direction)
      if (d.isFloat()) {
        for (auto [a, b] : llvm::zip_equal(gradient->floats(), d.floats())) {
          got += a * b;
          magnitude += std::abs(a * b);
        }
        ++gradient;
      }
    FailureOr<double> want = differences.slope(arguments, direction);
    if (failed(want)) {
      complaints.push_back(what + ": the function cannot be evaluated");
      return;
    }
    double tolerance = 1e-6 * magnitude + 1e-8 * (1 + std::abs(loss));
    if (!(std::abs(got - *want) <= tolerance))
      complaints.push_back(
          llvm::formatv("{0}: got {1:e9} want {2:e9} +/- {3:e1}", what, got, *want, tolerance));
  }

  std::vector<std::string> complaints;

private:
  double loss;
  Loss differences;
  ArrayRef<Literal> arguments, gradients;
};
} // namespace

/// Zeros of the arguments' types.
static std::vector<Literal> zeros(ArrayRef<Literal> arguments) {
  std::vector<Literal> result;
  for (const Literal &x : arguments)
    result.emplace_back(x.type());
  return result;
}

std::vector<std::string> checkGradient(func::FuncOp function, func::FuncOp gradient,
                                       ArrayRef<Literal> arguments, std::uint64_t seed) {
  Random random(seed, "gradient");
  std::vector<Literal> weights;
  for (Type type : gradient.getArgumentTypes().drop_front(arguments.size()))
    weights.push_back(randomLiteral(cast<RankedTensorType>(type), random, 0.5, 1.5));
  std::vector<Literal> all(arguments.begin(), arguments.end());
  llvm::append_range(all, weights);
  Evaluation evaluation;
  FailureOr<std::vector<Literal>> results = evaluate(gradient, all, evaluation);
  if (failed(results))
    return {"the gradient cannot be evaluated"};

  Check check(function, arguments, ArrayRef<Literal>(*results).drop_front(), weights,
              results->front().floats()[0]);
  for (int n = 0; n < 3; ++n) {
    std::vector<Literal> direction;
    for (const Literal &x : arguments)
      direction.push_back(x.isFloat() ? randomLiteral(x.type(), random, -1, 1) : Literal(x.type()));
    check.along(direction, "along direction " + std::to_string(n));
  }
  for (size_t a = 0; a < arguments.size(); ++a)
    for (int n = 0; n < 3 && arguments[a].isFloat() && arguments[a].size() > 0; ++n) {
      std::vector<Literal> direction = zeros(arguments);
      int64_t i = random.integer(0, arguments[a].size() - 1);
      direction[a].floats()[i] = 1;
      check.along(direction, llvm::formatv("argument {0}[{1}]", a, i));
    }
  return check.complaints;
}

} // namespace kerf::codegen
