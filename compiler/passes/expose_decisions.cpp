// For tests: an entry also returns what every decision on its way was.
#include "compiler/pipeline.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

#include "compiler/ops/cond.h"
#include "compiler/ops/scan.h"
#include "compiler/val.h"

using namespace mlir;

namespace kerf::compiler {
#define GEN_PASS_DEF_EXPOSEDECISIONS
#include "compiler/passes.h.inc"

namespace {

/// The role of a function's decisions: as leaves of one tree there may be any number of them. Roles
/// are shared by entries of a module, and these are not.
std::string roleOf(func::FuncOp function) {
  std::string role = "decisions_";
  for (char c : function.getName())
    role += llvm::isAlnum(c) ? std::string(1, c) : "_" + llvm::utohexstr(uint8_t(c));
  return role;
}

/// Puts an op of more results in place of `op`, whose regions it takes. Returns those behind the
/// old ones.
ValueRange extend(Operation *op, TypeRange more) {
  OpBuilder builder(op);
  SmallVector<Type> types(op->getResultTypes());
  llvm::append_range(types, more);
  OperationState state(op->getLoc(), op->getName(), op->getOperands(), types, op->getAttrs());
  for (Region &region : op->getRegions())
    state.addRegion()->takeBody(region);
  Operation *longer = builder.create(state);
  op->replaceAllUsesWith(longer->getResults().take_front(op->getNumResults()));
  op->erase();
  return longer->getResults().take_back(more.size());
}

void yieldToo(Region &region, ValueRange values) {
  Operation *yield = region.front().getTerminator();
  yield->insertOperands(yield->getNumOperands(), values);
}

SmallVector<Value> decisionsIn(Block &block);

/// Rows of a scan's results are stacked along its axis; here they come out one behind the other.
SmallVector<Value> decisionsIn(ScanOp scan) {
  const int64_t axis = scan.getAxis(), count = scan.getCount();
  SmallVector<Value> rows = decisionsIn(scan.getBody().front());
  if (rows.empty())
    return {};
  OpBuilder inside(scan.getBody().front().getTerminator());
  SmallVector<Type> types;
  for (Value &row : rows) {
    SmallVector<int64_t> shape(std::max<int64_t>(axis, 1), 1); // as many axes as it takes
    shape.front() = cast<RankedTensorType>(row.getType()).getNumElements();
    row = reshape(Val(inside, row.getLoc(), row), shape);
    types.push_back(ScanOp::stackOf(row.getType(), axis, count));
  }
  yieldToo(scan.getBody(), rows);
  SmallVector<Value> decisions;
  OpBuilder after(scan->getContext());
  for (Value stacked : extend(scan, types)) {
    after.setInsertionPointAfterValue(stacked);
    Val whole(after, stacked.getLoc(), stacked);
    const int64_t size = count == 0 ? 0 : whole.type().getNumElements() / count;
    decisions.push_back(axis == 0 ? whole : transpose(reshape(whole, {size, count}), {1, 0}));
  }
  return decisions;
}

/// Of the branch that is not taken they are 0.
SmallVector<Value> decisionsIn(CondOp cond) {
  SmallVector<SmallVector<Value>> made;
  SmallVector<Type> types;
  for (Region &region : cond->getRegions()) {
    made.push_back(decisionsIn(region.front()));
    llvm::append_range(types, ValueRange(made.back()).getTypes());
  }
  if (types.empty())
    return {};
  for (auto [own, region] : llvm::enumerate(cond->getRegions())) {
    OpBuilder inside(region.front().getTerminator());
    for (auto [branch, values] : llvm::enumerate(made))
      for (Value value : SmallVector<Value>(values))
        yieldToo(region, branch == own ? value
                                       : arith::ConstantOp::create(
                                             inside, value.getLoc(),
                                             cast<TypedAttr>(inside.getZeroAttr(value.getType())))
                                             .getResult());
  }
  return llvm::to_vector_of<Value>(extend(cond, types));
}

/// Of a block and of the regions in it, in the order of decisionsOf; those of a region come out of
/// its op.
SmallVector<Value> decisionsIn(Block &block) {
  SmallVector<Value> decisions;
  for (Operation &op : llvm::make_early_inc_range(block))
    if (auto scan = dyn_cast<ScanOp>(op))
      llvm::append_range(decisions, decisionsIn(scan));
    else if (auto cond = dyn_cast<CondOp>(op))
      llvm::append_range(decisions, decisionsIn(cond));
    else if (auto decision = dyn_cast<Decision>(op); decision && decision.decides())
      decisions.push_back(op.getResult(0));
  return decisions;
}

struct ExposeDecisions : impl::ExposeDecisionsBase<ExposeDecisions> {
  void runOnOperation() override {
    func::FuncOp function = getOperation();
    if (!function->hasAttr("kerf.entry") || function.isExternal())
      return;
    Builder builder(&getContext());
    Operation *terminator = function.getBody().front().getTerminator();
    const SmallVector<Value> decisions = decisionsIn(function.getBody().front());
    SmallVector<Value> results(terminator->getOperands());
    SmallVector<Type> types(function.getResultTypes());
    SmallVector<DictionaryAttr> attributes;
    for (unsigned i = 0; i < types.size(); ++i)
      attributes.push_back(function.getResultAttrDict(i));
    const StringAttr role = builder.getStringAttr(roleOf(function));
    for (auto [n, decision] : llvm::enumerate(decisions)) {
      results.push_back(decision);
      types.push_back(decision.getType());
      attributes.push_back(builder.getDictionaryAttr(
          {builder.getNamedAttr("kerf.name", builder.getStringAttr("d" + Twine(n))),
           builder.getNamedAttr("kerf.role", role)}));
    }
    terminator->setOperands(results);
    function.setType(builder.getFunctionType(function.getArgumentTypes(), types));
    function.setAllResultAttrs(attributes);
  }
};

} // namespace
} // namespace kerf::compiler
