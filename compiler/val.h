// What op files write derivatives with: `Val`, so that a vjp reads like its formula, and constants.
// Ops are made by name, so that editing one op rebuilds one op.
#pragma once

#include "compiler/dialect.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Builders.h"

#include <array>

namespace kerf::compiler {

/// A tensor value with operators; every operation emits one kerf op at the builder's place.
class Val {
public:
  Val(mlir::OpBuilder &builder, mlir::Location location, mlir::Value value)
      : builder(&builder), location(location), value(value) {}
  operator mlir::Value() const { return value; }
  mlir::RankedTensorType type() const {
    return mlir::cast<mlir::RankedTensorType>(value.getType());
  }
  llvm::ArrayRef<int64_t> shape() const { return type().getShape(); }
  int64_t rank() const { return type().getRank(); }

  /// The op `kerf.<name>` on `operands` (this value is not implied), with one result.
  Val op(llvm::StringRef name, mlir::ValueRange operands, mlir::Type result,
         llvm::ArrayRef<mlir::NamedAttribute> attributes = {}) const;
  /// A splat of this value's type.
  Val constant(double value) const;
  mlir::NamedAttribute ints(llvm::StringRef name, llvm::ArrayRef<int64_t> values) const;
  mlir::NamedAttribute i64(llvm::StringRef name, int64_t value) const;
  mlir::NamedAttribute string(llvm::StringRef name, llvm::StringRef value) const;

  mlir::OpBuilder *builder;
  mlir::Location location;
  mlir::Value value;
};

Val operator+(Val a, Val b);
Val operator-(Val a, Val b);
Val operator*(Val a, Val b);
Val operator/(Val a, Val b);
Val operator-(Val a);
Val operator*(double s, Val a);
Val exp(Val x);
Val log(Val x);
Val tanh(Val x);
Val sqrt(Val x);
Val rsqrt(Val x);
Val sigmoid(Val x);
/// i1 tensor of `a <predicate> b`; predicate: lt, le, gt, ge, eq, ne.
Val compare(llvm::StringRef predicate, Val a, Val b);
/// condition ? a : b, elementwise.
Val select(Val condition, Val a, Val b);
/// `flow`, which a derivative has made of the cotangent g, but 0 where g is 0 and `flow` is NaN: of
/// 0 times infinity, 0 times NaN and 0 / 0 nothing flows, because nothing came. Every other bit
/// stays, and so do derivatives in g where flow is a number.
Val unlessIdle(Val g, Val flow);
/// The constant that x is, or is a broadcast of; otherwise null.
mlir::Attribute constantOf(mlir::Value x);
/// Is x a constant without infinity and NaN? 0 times x is 0 then.
bool isFiniteConstant(mlir::Value x);
/// Is x a constant of equal elements other than 0?
bool isNeverZero(mlir::Value x);
/// Sum over `axes` (ascending), which are dropped.
Val sum(Val x, llvm::ArrayRef<int64_t> axes);
/// Axis i of x becomes axis `dims[i]` of the result; extents are equal or 1.
Val broadcast(Val x, llvm::ArrayRef<int64_t> shape, llvm::ArrayRef<int64_t> dims);
Val reshape(Val x, llvm::ArrayRef<int64_t> shape);
/// Axis i of the result is axis `permutation[i]` of x.
Val transpose(Val x, llvm::ArrayRef<int64_t> permutation);
/// Every `strides`-th element of x from `offsets`, up to `limits` (exclusive).
Val slice(Val x, llvm::ArrayRef<int64_t> offsets, llvm::ArrayRef<int64_t> limits,
          llvm::ArrayRef<int64_t> strides);
/// x with zeros around (`low`, `high`) and between its elements (`interior`), per axis, all >= 0.
Val pad(Val x, llvm::ArrayRef<int64_t> low, llvm::ArrayRef<int64_t> high,
        llvm::ArrayRef<int64_t> interior);
/// Result axes: batch, free axes of a, free axes of b.
Val contract(Val a, Val b, llvm::ArrayRef<int64_t> a_batch, llvm::ArrayRef<int64_t> b_batch,
             llvm::ArrayRef<int64_t> a_contract, llvm::ArrayRef<int64_t> b_contract);
/// x in another element type; x itself if it has that type.
Val cast(Val x, mlir::Type element);

/// Several values at one place: `auto [y, g] = vals(builder, getLoc(), getY(), cotangents[0]);`
template <class... Values>
std::array<Val, sizeof...(Values)> vals(mlir::OpBuilder &builder, mlir::Location location,
                                        Values... values) {
  return {Val(builder, location, values)...};
}

/// The axes below `rank` that are in neither list, ascending.
llvm::SmallVector<int64_t> otherAxes(int64_t rank, llvm::ArrayRef<int64_t> some,
                                     llvm::ArrayRef<int64_t> more = {});
/// The extents of `shape` but those of `axes`.
llvm::SmallVector<int64_t> without(llvm::ArrayRef<int64_t> shape, llvm::ArrayRef<int64_t> axes);

/// Is `attribute` a splat constant of this value (float or integer)? -0 is not 0, of floats.
bool isSplat(mlir::Attribute attribute, double value);

/// The only element of a splat constant, as a literal of rank 0; nothing if `attribute` is no
/// splat.
std::optional<Literal> onlyElement(mlir::Attribute attribute);
/// A constant of equal elements; a value out of range is rounded or cut to its low bits.
mlir::Attribute splatOf(mlir::RankedTensorType type, double value);
mlir::Attribute splatOf(mlir::RankedTensorType type, int64_t value);

/// The low bits of `value`, as an integer of type `element` is held: sign-extended, i1 as 0 or 1.
int64_t wrapped(uint64_t value, mlir::Type element);

/// The same function of constants: a splat if all `operands` are splats, otherwise null.
mlir::Attribute foldSplats(mlir::Operation *op, llvm::ArrayRef<mlir::Attribute> operands,
                           llvm::function_ref<double(llvm::ArrayRef<double>)> floats,
                           llvm::function_ref<int64_t(llvm::ArrayRef<int64_t>)> ints = nullptr);

} // namespace kerf::compiler
