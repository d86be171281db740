#include "compiler/derivatives/sums.h"

#include "compiler/match/scaled_view.h"
#include "compiler/ops/add.h"
#include "compiler/ops/contract.h"
#include "compiler/ops/conv_filter.h"
#include "compiler/ops/neg.h"
#include "compiler/ops/scatter_add.h"
#include "compiler/ops/sum.h"
#include "compiler/val.h"

using namespace mlir;

namespace kerf::compiler {

/// The op that `term` is a view of.
static Operation *baseOf(Value term) {
  Operation *maker = term.getDefiningOp();
  while (maker && (maker->hasTrait<View>() || isa<NegOp>(maker)))
    maker = maker->getOperand(0).getDefiningOp();
  return maker;
}

/// How many elements an iteration stacks for it, which it would not otherwise.
int64_t SumsOverIterations::cost(Value value) {
  const bool isThere = kept.isStored(value) || kept.wholeInput(value) ||
                       llvm::is_contained(kept.stackedBehind(), value);
  return isThere ? 0 : sizeOf(value);
}

/// Is it better made behind the loop? Products are asked for first: they stack what sums need.
bool SumsOverIterations::movesBehind(Value term, bool ofProducts) {
  Operation *base = baseOf(term);
  auto canBeStacked = [](Value value) {
    return cast<RankedTensorType>(value.getType()).getRank() < max_rank;
  };
  if (!base || !llvm::all_of(base->getOperands(), canBeStacked))
    return false;
  if (auto sum = dyn_cast<SumOp>(base))
    return !ofProducts && cost(sum.getX()) == 0;
  if (!ofProducts || !isa<ContractOp, ConvFilterOp, ScatterAddOp>(base) ||
      llvm::any_of(base->getOperands(), [&](Value x) { return kept.isInvariant(x); }))
    return false;
  int64_t stacked = 0;
  for (Value operand : base->getOperands())
    stacked += cost(operand);
  return stacked <= sizeOf(base->getResult(0));
}

SmallVector<Value> SumsOverIterations::split(ArrayRef<Value> flows) {
  if (!kept.recomputesAll() && op.getCount() != 1)
    for (auto [i, flow] : llvm::enumerate(flows)) {
      SmallVector<Value> waiting;
      if (flow)
        waiting.push_back(flow);
      while (!waiting.empty()) {
        const Value term = waiting.pop_back_val();
        if (auto sum = term.getDefiningOp<AddOp>())
          waiting.append({sum.getB(), sum.getA()});
        else
          terms.push_back({i, term});
      }
    }
  for (bool ofProducts : {true, false})
    for (Term &term : terms)
      if (!term.isBehind && movesBehind(term.value, ofProducts)) {
        term.isBehind = true;
        for (Value operand : baseOf(term.value)->getOperands())
          kept.needBehind(operand);
      }

  SmallVector<Value> rest(flows);
  OpBuilder inside(joint.getTerminator());
  for (size_t i = 0; i < flows.size(); ++i) {
    auto ofThis = llvm::make_filter_range(terms, [&](const Term &t) { return t.capture == i; });
    if (llvm::any_of(ofThis, [](const Term &term) { return term.isBehind; })) {
      rest[i] = Value();
      for (const Term &term : ofThis)
        if (!term.isBehind)
          rest[i] = rest[i] ? AddOp::create(inside, op.getLoc(), rest[i], term.value).getResult()
                            : term.value;
    }
    if (rest[i])
      kept.need(rest[i]);
  }
  return rest;
}

/// Each by one, behind the axis of iterations.
static SmallVector<int64_t> shifted(ArrayRef<int64_t> axes) {
  return llvm::map_to_vector(axes, [](int64_t axis) { return axis + 1; });
}

/// The axis of iterations, then `axes`.
static SmallVector<int64_t> withIterations(ArrayRef<int64_t> axes) {
  SmallVector<int64_t> all = shifted(axes);
  all.insert(all.begin(), 0);
  return all;
}

/// The sum over iterations of a term, from stacks of what it is made of.
Value SumsOverIterations::make(OpBuilder &builder, Value term,
                               llvm::function_ref<Value(Value)> stackOf) {
  Operation *maker = term.getDefiningOp();
  auto stack = [&](Value value) { return Val(builder, op.getLoc(), stackOf(value)); };
  if (auto product = dyn_cast<ContractOp>(maker))
    return contract(stack(product.getA()), stack(product.getB()), shifted(product.getABatch()),
                    shifted(product.getBBatch()), withIterations(product.getAContract()),
                    withIterations(product.getBContract()));
  if (auto sum = dyn_cast<SumOp>(maker))
    return kerf::compiler::sum(stack(sum.getX()), withIterations(sum.getAxes()));
  if (isa<ScatterAddOp>(maker)) {
    Operation *made = builder.clone(*maker);
    for (OpOperand &operand : made->getOpOperands())
      operand.set(stackOf(operand.get()));
    return made->getResult(0);
  }
  if (isa<ConvFilterOp>(maker)) {
    Operation *made = builder.clone(*maker);
    for (OpOperand &operand : made->getOpOperands()) {
      const Val all = stack(operand.get());
      SmallVector<int64_t> shape(all.shape().drop_front()); // iterations join the batch
      shape[0] *= all.shape()[0];
      operand.set(reshape(all, shape));
    }
    return made->getResult(0);
  }
  const Value inner = make(builder, maker->getOperand(0), stackOf); // a view
  Operation *made = builder.clone(*maker);
  made->setOperand(0, inner);
  return made->getResult(0);
}

void SumsOverIterations::add(OpBuilder &builder, llvm::function_ref<Value(Value)> stackOf,
                             MutableArrayRef<Value> cotangents) {
  for (const Term &term : terms)
    if (term.isBehind) {
      const Value made = make(builder, term.value, stackOf);
      Value &total = cotangents[term.capture];
      total = total ? AddOp::create(builder, op.getLoc(), total, made).getResult() : made;
    }
}

} // namespace kerf::compiler
