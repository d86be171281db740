#include "compiler/ops/compare.h"
#include "compiler/linalg_forms.h"
#include "compiler/oracle/elementwise.h"
#include "compiler/val.h"

#include "llvm/ADT/StringSwitch.h"

#include <cmath>

using namespace mlir;

namespace kerf::compiler {

template <class T> using Relation = bool (*)(T, T);

template <class T> static Relation<T> relation(StringRef predicate) {
  return llvm::StringSwitch<Relation<T>>(predicate)
      .Case("lt", [](T a, T b) { return a < b; })
      .Case("le", [](T a, T b) { return a <= b; })
      .Case("gt", [](T a, T b) { return a > b; })
      .Case("ge", [](T a, T b) { return a >= b; })
      .Case("eq", [](T a, T b) { return a == b; })
      .Case("ne", [](T a, T b) { return a != b; });
}

/// C1, C2 by the definition; C3.
LogicalResult CompareOp::verify() {
  return verifyRule(*this, rule::elementwise(shapeOf(getA().getType()), shapeOf(getB().getType())));
}

OpFoldResult CompareOp::fold(FoldAdaptor operands) {
  std::optional<Literal> a = onlyElement(operands.getA()), b = onlyElement(operands.getB());
  if (!a || !b)
    return {};
  bool holds = a->isFloat() ? relation<double>(getPredicate())(a->floats()[0], b->floats()[0])
                            : relation<int64_t>(getPredicate())(a->ints()[0], b->ints()[0]);
  return splatOf(getType(), int64_t(holds));
}

static arith::CmpFPredicate orderedPredicate(StringRef predicate) {
  return llvm::StringSwitch<arith::CmpFPredicate>(predicate)
      .Case("lt", arith::CmpFPredicate::OLT)
      .Case("le", arith::CmpFPredicate::OLE)
      .Case("gt", arith::CmpFPredicate::OGT)
      .Case("ge", arith::CmpFPredicate::OGE)
      .Case("eq", arith::CmpFPredicate::OEQ)
      .Case("ne", arith::CmpFPredicate::UNE);
}

/// i1 compares unsigned, so that true is the larger.
static arith::CmpIPredicate integerPredicate(StringRef predicate, bool isBool) {
  using P = arith::CmpIPredicate;
  return llvm::StringSwitch<P>(predicate)
      .Case("lt", isBool ? P::ult : P::slt)
      .Case("le", isBool ? P::ule : P::sle)
      .Case("gt", isBool ? P::ugt : P::sgt)
      .Case("ge", isBool ? P::uge : P::sge)
      .Case("eq", P::eq)
      .Case("ne", P::ne);
}

SmallVector<Value> CompareOp::lower(OpBuilder &builder) {
  StringRef predicate = getPredicate();
  return lowerElementwise(builder, *this, [&](OpBuilder &b, Location loc, ValueRange x) -> Value {
    Type element = x[0].getType();
    if (isa<FloatType>(element))
      return arith::CmpFOp::create(b, loc, orderedPredicate(predicate), x[0], x[1]);
    return arith::CmpIOp::create(b, loc, integerPredicate(predicate, element.isInteger(1)), x[0],
                                 x[1]);
  });
}

template <class T>
static std::vector<int64_t> compared(StringRef predicate, const std::vector<T> &a,
                                     const std::vector<T> &b) {
  Relation<T> holds = relation<T>(predicate);
  std::vector<int64_t> result;
  for (auto [x, y] : llvm::zip_equal(a, b))
    result.push_back(holds(x, y));
  return result;
}

/// Where `forced` differs from `own`, the operands must be close; integers must not differ at all.
template <class T>
static void checkForced(CompareOp op, Evaluation &evaluation, const Literal &own,
                        const Literal &forced, const std::vector<T> &a, const std::vector<T> &b) {
  for (int64_t i = 0; i < own.size(); ++i)
    if (own.ints()[i] != forced.ints()[i])
      noteChoice(evaluation, op, i,
                 std::is_floating_point_v<T> ? std::fabs(double(a[i]) - double(b[i])) : INFINITY,
                 Twine(std::to_string(a[i])) + " " + op.getPredicate() + " " +
                     std::to_string(b[i]) + " was taken as " +
                     (forced.ints()[i] ? "true" : "false"));
}

SmallVector<Literal> CompareOp::evaluate(ArrayRef<Literal> operands, Evaluation &evaluation) {
  const Literal &a = operands[0], &b = operands[1];
  Literal own(getType());
  own.ints() = a.isFloat() ? compared(getPredicate(), a.floats(), b.floats())
                           : compared(getPredicate(), a.ints(), b.ints());
  const std::optional<Literal> forced = evaluation.forcedResult(*this);
  if (!forced)
    return {own};
  if (a.isFloat())
    checkForced(*this, evaluation, own, *forced, a.floats(), b.floats());
  else
    checkForced(*this, evaluation, own, *forced, a.ints(), b.ints());
  return {*forced};
}

} // namespace kerf::compiler

#define GET_OP_CLASSES
#include "compiler/ops/compare.cpp.inc"
