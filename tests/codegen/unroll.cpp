#include "unroll.h"

#include "compiler/ops/cond.h"
#include "compiler/ops/scan.h"
#include "compiler/val.h"

#include "mlir/IR/IRMapping.h"

using namespace mlir;
using namespace kerf::compiler;

namespace kerf::codegen {
namespace {

class Unrolled {
public:
  explicit Unrolled(ScanOp op)
      : op(op), b(op), count(int64_t(op.getCount())), axis(int64_t(op.getAxis())),
        carried(op.getCarried()), rows(op.getStacked().size(), SmallVector<Value>(count)) {}

  void replace() {
    for (int64_t n = 0; n < count; ++n)
      run(op.getReverse() ? count - 1 - n : n);
    SmallVector<Value> results(carried);
    for (auto [stacked, made] : llvm::zip_equal(op.getStacked(), rows))
      results.push_back(stack(stacked.getType(), made));
    op->replaceAllUsesWith(results);
    op->erase();
  }

private:
  Val val(Value value) { return {b, op.getLoc(), value}; }
  Val constant(Type type, int64_t value) {
    auto tensor = cast<RankedTensorType>(type);
    const Attribute splat = isa<FloatType>(tensor.getElementType()) ? splatOf(tensor, double(value))
                                                                    : splatOf(tensor, value);
    return val(arith::ConstantOp::create(b, op.getLoc(), cast<TypedAttr>(splat)));
  }
  Val chosen(Val condition, Val x, Val y) {
    return select(broadcast(condition, x.shape(), {}), x, y);
  }

  void run(int64_t i) {
    const Val index = constant(RankedTensorType::get({}, b.getI64Type()), i);
    SmallVector<Value> arguments(carried);
    arguments.push_back(index);
    for (Value input : op.getInputs())
      arguments.push_back(rowOf(val(input), i));
    llvm::append_range(arguments, op.getCaptures());
    IRMapping map;
    Block &body = op.getBody().front();
    map.map(body.getArguments(), arguments);
    for (Operation &inner : body.without_terminator())
      b.clone(inner, map);

    std::optional<Val> runs;
    if (Value steps = op.getSteps())
      runs = compare("lt", index, val(steps));
    if (op.getStops()) {
      const Val goesOn = val(carried.front());
      runs = runs ? goesOn.op("bit_and", {*runs, goesOn}, goesOn.type()) : goesOn;
    }
    const SmallVector<Value> before = carried;
    for (auto [n, yielded] : llvm::enumerate(body.getTerminator()->getOperands())) {
      const Val made = val(map.lookupOrDefault(yielded));
      if (n < before.size())
        carried[n] = runs ? chosen(*runs, made, val(before[n])) : made;
      else
        rows[n - before.size()][i] = runs ? chosen(*runs, made, constant(made.type(), 0)) : made;
    }
  }

  Val rowOf(Val x, int64_t i) {
    SmallVector<int64_t> offsets(x.rank(), 0), limits(x.shape()), strides(x.rank(), 1);
    offsets[axis] = i, limits[axis] = i + 1;
    return reshape(slice(x, offsets, limits, strides), without(x.shape(), axis));
  }

  Val stack(Type type, ArrayRef<Value> made) {
    if (made.empty())
      return constant(type, 0);
    SmallVector<Value> parts;
    for (Value row : made) {
      SmallVector<int64_t> shape(val(row).shape());
      shape.insert(shape.begin() + axis, 1);
      parts.push_back(reshape(val(row), shape));
    }
    return val(parts.front()).op("concat", parts, type, val(parts.front()).i64("axis", axis));
  }

  ScanOp op;
  OpBuilder b;
  int64_t count, axis;
  SmallVector<Value> carried;
  SmallVector<SmallVector<Value>> rows; ///< of each stacked result, one per iteration
};

/// Both branches, of which one is chosen.
void replaceByBoth(CondOp op) {
  OpBuilder b(op);
  SmallVector<SmallVector<Value>> made;
  for (Region &region : op->getRegions()) {
    IRMapping map;
    map.map(region.getArguments(), op.getX());
    for (Operation &inner : region.front().without_terminator())
      b.clone(inner, map);
    made.push_back(llvm::map_to_vector(region.front().getTerminator()->getOperands(),
                                       [&](Value value) { return map.lookupOrDefault(value); }));
  }
  SmallVector<Value> results;
  for (auto [x, y] : llvm::zip_equal(made[0], made[1])) {
    const Val then(b, op.getLoc(), x), otherwise(b, op.getLoc(), y), p(b, op.getLoc(), op.getP());
    results.push_back(select(broadcast(p, then.shape(), {}), then, otherwise));
  }
  op->replaceAllUsesWith(results);
  op->erase();
}

} // namespace

void unroll(func::FuncOp function) {
  for (bool isThere = true; isThere;) {
    isThere = false;
    function.walk<WalkOrder::PreOrder>([&](Operation *op) {
      auto scan = dyn_cast<ScanOp>(op);
      auto cond = dyn_cast<CondOp>(op);
      if (!scan && !cond)
        return WalkResult::advance();
      isThere = true;
      scan ? Unrolled(scan).replace() : replaceByBoth(cond);
      return WalkResult::interrupt();
    });
  }
}

} // namespace kerf::codegen
