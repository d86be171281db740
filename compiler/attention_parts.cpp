#include "compiler/attention_parts.h"
#include "compiler/ops/yield.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/AffineExprVisitor.h"

using namespace mlir;

namespace kerf::compiler {

Type sumTypeOf(Type element) {
  return element.isF64() ? element : Type(Float32Type::get(element.getContext()));
}

SmallVector<int64_t> AttentionParts::box() const {
  SmallVector<int64_t> extents(typeOf(q).getShape().drop_back());
  extents.push_back(typeOf(k).getDimSize(rank() - 2));
  return extents;
}

SmallVector<int64_t> AttentionParts::sharedAxes(Value keys) const {
  SmallVector<int64_t> axes;
  for (int64_t axis = 0; axis < rank() - 2; ++axis)
    if (typeOf(keys).getDimSize(axis) == typeOf(q).getDimSize(axis))
      axes.push_back(axis);
  return axes;
}

// ---- maps --------------------------------------------------------------------------------------

namespace {
/// The numbers that an affine expression of the indices of a box can be; of sums and products
/// exactly, if no index is in both sides.
class Range : public AffineExprVisitor<Range, std::pair<int64_t, int64_t>> {
public:
  using Bounds = std::pair<int64_t, int64_t>;
  explicit Range(ArrayRef<int64_t> box) : box(box) {}

  Bounds visitDimExpr(AffineDimExpr e) { return {0, box[e.getPosition()] - 1}; }
  Bounds visitConstantExpr(AffineConstantExpr e) { return {e.getValue(), e.getValue()}; }
  Bounds visitSymbolExpr(AffineSymbolExpr) { llvm_unreachable("maps have no symbols"); }
  Bounds visitAddExpr(AffineBinaryOpExpr e) {
    const Bounds a = visit(e.getLHS()), b = visit(e.getRHS());
    return {sum(a.first, b.first), sum(a.second, b.second)};
  }
  Bounds visitMulExpr(AffineBinaryOpExpr e) {
    const Bounds a = visit(e.getLHS());
    const int64_t x = product(a.first, constantOf(e)), y = product(a.second, constantOf(e));
    return {std::min(x, y), std::max(x, y)};
  }
  Bounds visitFloorDivExpr(AffineBinaryOpExpr e) {
    const Bounds a = visit(e.getLHS());
    return {floorDiv(a.first, constantOf(e)), floorDiv(a.second, constantOf(e))};
  }
  Bounds visitCeilDivExpr(AffineBinaryOpExpr e) {
    const Bounds a = visit(e.getLHS());
    return {-floorDiv(-a.first, constantOf(e)), -floorDiv(-a.second, constantOf(e))};
  }
  Bounds visitModExpr(AffineBinaryOpExpr e) {
    const Bounds a = visit(e.getLHS());
    const int64_t n = constantOf(e), start = floorDiv(a.first, n) * n;
    return a.second < start + n ? Bounds(a.first - start, a.second - start) : Bounds(0, n - 1);
  }

private:
  // Of numbers that are too large for an index anyway only the sign matters.
  static constexpr int64_t much = std::numeric_limits<int64_t>::max();
  static int64_t sum(int64_t a, int64_t b) {
    int64_t y;
    return !llvm::AddOverflow(a, b, y) ? y : a < 0 ? -much : much;
  }
  static int64_t product(int64_t a, int64_t b) {
    int64_t y;
    return !llvm::MulOverflow(a, b, y) ? y : (a < 0) != (b < 0) ? -much : much;
  }
  static int64_t floorDiv(int64_t a, int64_t b) { return llvm::divideFloorSigned(a, b); }
  static int64_t constantOf(AffineBinaryOpExpr e) {
    return cast<AffineConstantExpr>(e.getRHS()).getValue();
  }
  ArrayRef<int64_t> box;
};
} // namespace

/// Divisors are positive constants, factors are constants.
static bool isAffine(AffineMap map) {
  bool is = map.getNumSymbols() == 0;
  for (AffineExpr result : map.getResults()) {
    is &= result.isPureAffine();
    result.walk([&](AffineExpr e) {
      const bool divides = llvm::is_contained(
          {AffineExprKind::Mod, AffineExprKind::FloorDiv, AffineExprKind::CeilDiv}, e.getKind());
      auto divisor =
          divides ? dyn_cast<AffineConstantExpr>(cast<AffineBinaryOpExpr>(e).getRHS()) : nullptr;
      is &= !divides || (divisor && divisor.getValue() > 0);
    });
  }
  return is;
}

static LogicalResult verifyMap(const AttentionParts &parts, unsigned i) {
  const AffineMap map = parts.maps[i];
  const RankedTensorType type = parts.typeOf(parts.captures[i]);
  auto error = [&] {
    return parts.op->emitOpError("the map of capture ") << i << " is " << AffineMapAttr::get(map);
  };
  if (map.getNumDims() != parts.rank() || !isAffine(map))
    return error() << ", not an affine map of the " << parts.rank()
                   << " indices of a score with positive divisors";
  if (map.getNumResults() != type.getRank())
    return error() << ", which gives " << map.getNumResults() << " indices for the "
                   << type.getRank() << " axes of " << type;
  const SmallVector<int64_t> box = parts.box();
  if (llvm::is_contained(box, 0))
    return success(); // there is no score
  for (auto [axis, result] : llvm::enumerate(map.getResults())) {
    const auto [least, most] = Range(box).visit(result);
    if (least < 0 || most >= type.getDimSize(axis))
      return error() << ", whose index " << axis << " is in [" << least << ", " << most
                     << "], outside of " << type;
  }
  return success();
}

// ---- operands ----------------------------------------------------------------------------------

LogicalResult verifyParts(const AttentionParts &parts) {
  const RankedTensorType q = parts.typeOf(parts.q), k = parts.typeOf(parts.k),
                         v = parts.typeOf(parts.v);
  const int64_t rank = q.getRank();
  for (RankedTensorType type : {k, v})
    if (rank < 2 || type.getRank() != rank || type.getElementType() != q.getElementType())
      return parts.op->emitOpError(
                 "q, k and v must have one element type and one rank, at least 2, "
                 "got ")
             << q << ", " << k << " and " << v; // C1
  if (q.getDimSize(rank - 1) != k.getDimSize(rank - 1))
    return parts.op->emitOpError("q : ")
           << q << " has not the " << k.getDimSize(rank - 1) << " features of k : " << k; // C2
  if (k.getDimSize(rank - 2) != v.getDimSize(rank - 2))
    return parts.op->emitOpError("v : ")
           << v << " has not the " << k.getDimSize(rank - 2) << " keys of k : " << k;
  for (auto [name, type] : {std::pair("k", k), std::pair("v", v)})
    for (int64_t axis = 0; axis < rank - 2; ++axis)
      if (const int64_t extent = type.getDimSize(axis); extent != 1 && extent != q.getDimSize(axis))
        return parts.op->emitOpError(name) << " : " << type << " has " << extent << " along axis "
                                           << axis << ", which is neither 1 nor that of q : " << q;
  if (parts.maps.size() != parts.captures.size())
    return parts.op->emitOpError("has ")
           << parts.captures.size() << " captures but " << parts.maps.size() << " maps"; // C4
  for (unsigned i = 0; i < parts.maps.size(); ++i)
    if (failed(verifyMap(parts, i)))
      return failure();
  const bool drops = parts.rate.has_value();
  if (drops != bool(parts.key) || drops != bool(parts.offset))
    return parts.op->emitOpError("drops by a key, an offset and a rate, or by none of them"); // C6
  if (drops && !(*parts.rate >= 0 && *parts.rate < 1))
    return parts.op->emitOpError("drops at the rate ") << *parts.rate << ", outside of [0, 1)";
  return success();
}

// ---- regions -----------------------------------------------------------------------------------

static RankedTensorType scalar(Type element) { return RankedTensorType::get({}, element); }

SmallVector<Type> scoreArguments(const AttentionParts &parts) {
  SmallVector<Type> types = {scalar(parts.sumType())};
  types.append(parts.rank(), scalar(IntegerType::get(parts.op->getContext(), 32)));
  for (Value capture : parts.captures)
    types.push_back(scalar(parts.typeOf(capture).getElementType()));
  return types;
}

LogicalResult verifyScalarRegion(Operation *op, StringRef name, Region &region, TypeRange arguments,
                                 TypeRange yielded) {
  if (region.empty())
    return success();
  Block &block = region.front();
  auto yield = block.empty() ? YieldOp() : dyn_cast<YieldOp>(block.back());
  if (!region.hasOneBlock() || !yield)
    return op->emitOpError(name) << " must be one block that ends in kerf.yield";
  if (failed(verifyTypes(op, (name + " argument").str(), block.getArgumentTypes(), arguments)) ||
      failed(verifyTypes(op, (name + " yield").str(), yield->getOperandTypes(), yielded)))
    return failure();
  for (Operation &inner : block.without_terminator()) {
    const bool isScalar = llvm::all_of(inner.getResultTypes(), [](Type type) {
      auto tensor = dyn_cast<RankedTensorType>(type);
      return tensor && tensor.getRank() == 0;
    });
    if (!isScalar || !(inner.hasTrait<Elementwise>() || isa<arith::ConstantOp>(inner))) {
      InFlightDiagnostic error = op->emitOpError(name)
                                 << " holds '" << inner.getName()
                                 << "', but only ops of elements and constants, without axes, may "
                                    "stand in it";
      error.attachNote(inner.getLoc()) << "here";
      return error;
    }
  }
  return success();
}

LogicalResult verifyScoreAndMask(const AttentionParts &parts) {
  const SmallVector<Type> arguments = scoreArguments(parts);
  const Type seen = scalar(IntegerType::get(parts.op->getContext(), 1));
  if (failed(verifyScalarRegion(parts.op, "score", parts.score, arguments, arguments.front())))
    return failure();
  return verifyScalarRegion(parts.op, "mask", parts.mask, ArrayRef(arguments).drop_front(), seen);
}

} // namespace kerf::compiler
