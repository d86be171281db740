// Integer division as the language defines it, in scalar ops that never trap.
#pragma once

#include "mlir/Dialect/Arith/IR/Arith.h"

namespace kerf::compiler {

/// a / b, rounded towards zero, and what is left; a and 0 where the machine has no quotient: by
/// zero, and of the smallest integer by -1, which wraps around to itself.
class QuotientOf {
public:
  QuotientOf(mlir::OpBuilder &b, mlir::Location location, mlir::Value a, mlir::Value divisor)
      : b(b), location(location), type(a.getType()) {
    using P = mlir::arith::CmpIPredicate;
    using namespace mlir::arith;
    byZero = is(P::eq, divisor, number(0));
    const int64_t least =
        llvm::APInt::getSignedMinValue(type.getIntOrFloatBitWidth()).getSExtValue();
    mlir::Value wraps =
        AndIOp::create(b, location, is(P::eq, a, number(least)), is(P::eq, divisor, number(-1)));
    mlir::Value by = SelectOp::create(b, location, OrIOp::create(b, location, byZero, wraps),
                                      number(1), divisor);
    quotient = DivSIOp::create(b, location, a, by);
    rest = SubIOp::create(b, location, a, MulIOp::create(b, location, quotient, by));
    mlir::Value differ = is(P::slt, XOrIOp::create(b, location, rest, by), number(0));
    roundedUp = AndIOp::create(b, location, is(P::ne, rest, number(0)), differ);
  }

  mlir::Value number(int64_t value) const {
    return mlir::arith::ConstantOp::create(b, location, b.getIntegerAttr(type, value));
  }

  mlir::Value quotient, rest;
  mlir::Value byZero;    ///< i1: is the divisor 0?
  mlir::Value roundedUp; ///< i1: is the exact quotient below `quotient`?

private:
  mlir::Value is(mlir::arith::CmpIPredicate predicate, mlir::Value x, mlir::Value y) const {
    return mlir::arith::CmpIOp::create(b, location, predicate, x, y);
  }

  mlir::OpBuilder &b;
  mlir::Location location;
  mlir::Type type;
};

} // namespace kerf::compiler
