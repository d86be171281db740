#include "compiler/values.h"

#include "compiler/dialect.h"
#include "compiler/elements.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;

namespace kerf::compiler {

static std::string spell(Type type) {
  std::string text;
  llvm::raw_string_ostream(text) << type;
  return text;
}

std::uint64_t elementBytes(Type element) {
  return element.isIntOrFloat() ? llvm::divideCeil(element.getIntOrFloatBitWidth(), 8) : 8;
}

std::optional<std::uint64_t> bytesOf(ShapedType type) {
  Shape shape;
  for (int64_t extent : type.getShape().take_front(max_rank))
    shape.push(Dim(extent));
  std::int64_t bytes = elementBytes(type.getElementType());
  if (!rule::fits(shape, "", bytes).ok)
    return std::nullopt;
  for (int64_t extent : type.getShape())
    bytes = kerf::detail::saturating_multiply(bytes, extent);
  return bytes <= max_bytes ? std::optional<std::uint64_t>(bytes) : std::nullopt;
}

std::string complaintOfSize(Type type) {
  auto tensor = dyn_cast<ShapedType>(type);
  if (!tensor || !tensor.hasStaticShape() || tensor.getRank() > max_rank)
    return "";
  const Rule rule = rule::fits(shapeOf(type), spell(tensor.getElementType()),
                               elementBytes(tensor.getElementType()));
  return rule.ok ? "" : std::string(std::string_view(rule.text));
}

std::string complaintOfTensor(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  if (!tensor || !tensor.hasStaticShape())
    return "is " + spell(type) + ", not a tensor of static shape";
  if (!elementOf(tensor.getElementType()))
    return "is " + spell(type) + ", but elements are " + heldElements();
  if (tensor.getRank() > max_rank)
    return "is " + spell(type) + ", of " + std::to_string(tensor.getRank()) +
           " axes, but a tensor has at most " + std::to_string(max_rank);
  return complaintOfSize(type);
}

/// What is wrong with a value that no entry takes or gives.
static std::string complaintOfValue(Type type, Operation *parent) {
  const bool isScalar = type.isIndex() || elementOf(type);
  if (isScalar && !isa<func::FuncOp>(parent) && !isa<KerfDialect>(parent->getDialect()))
    return "";
  return isa<ShapedType>(type) || !isScalar ? complaintOfTensor(type) : "";
}

static LogicalResult verifyFunction(func::FuncOp function) {
  auto name = [&](DictionaryAttr attributes) {
    auto text = attributes ? attributes.getAs<StringAttr>("kerf.name") : StringAttr();
    return text ? " ('" + text.str() + "')" : std::string();
  };
  auto refuse = [&](StringRef what, unsigned i, DictionaryAttr attributes, StringRef complaint) {
    return function.emitError("@") << function.getName() << ": " << what << " " << i
                                   << name(attributes) << " " << complaint;
  };
  for (auto [i, type] : llvm::enumerate(function.getArgumentTypes()))
    if (std::string complaint = complaintOfTensor(type); !complaint.empty())
      return refuse("argument", i, function.getArgAttrDict(i), complaint);
  for (auto [i, type] : llvm::enumerate(function.getResultTypes()))
    if (std::string complaint = complaintOfTensor(type); !complaint.empty())
      return refuse("result", i, function.getResultAttrDict(i), complaint);
  auto walked = function.walk([&](Operation *op) -> WalkResult {
    if (op == function)
      return WalkResult::advance();
    for (auto [i, type] : llvm::enumerate(op->getResultTypes()))
      if (std::string complaint = complaintOfValue(type, op->getParentOp()); !complaint.empty())
        return op->emitOpError() << "result " << i << " " << complaint;
    return WalkResult::advance();
  });
  return failure(walked.wasInterrupted());
}

static std::uint64_t oracleBytesOf(Type type) {
  auto tensor = dyn_cast<ShapedType>(type);
  if (!tensor || !tensor.hasStaticShape())
    return 0;
  std::int64_t bytes = 8;
  for (int64_t extent : tensor.getShape())
    bytes = kerf::detail::saturating_multiply(bytes, extent);
  return bytes;
}

/// Beside what lives outside of the block. A value dies with its last user.
static std::uint64_t oracleBytesOf(Block &block) {
  std::uint64_t live = 0, most = 0;
  DenseMap<Value, unsigned> users;
  for (Operation &op : block)
    for (Value operand : op.getOperands())
      ++users[operand];
  for (Value argument : block.getArguments())
    live = llvm::SaturatingAdd(live, oracleBytesOf(argument.getType()));
  for (Operation &op : block) {
    std::uint64_t inside = 0, results = 0;
    for (Region &region : op.getRegions())
      for (Block &inner : region)
        inside = std::max(inside, oracleBytesOf(inner));
    for (Type type : op.getResultTypes())
      results = llvm::SaturatingAdd(results, oracleBytesOf(type));
    most = std::max(most, llvm::SaturatingAdd(live, results, inside));
    for (Value operand : op.getOperands())
      if (--users[operand] == 0)
        live -= std::min(live, oracleBytesOf(operand.getType()));
    for (Value result : op.getResults())
      if (users.contains(result))
        live = llvm::SaturatingAdd(live, oracleBytesOf(result.getType()));
  }
  return std::max(most, live);
}

std::uint64_t oracleBytes(Operation *function) {
  std::uint64_t most = 0;
  for (Region &region : function->getRegions())
    for (Block &block : region)
      most = std::max(most, oracleBytesOf(block));
  return most;
}

LogicalResult verifyValues(ModuleOp module) {
  for (auto function : module.getOps<func::FuncOp>())
    if (failed(verifyFunction(function)))
      return failure();
  return success();
}

} // namespace kerf::compiler
