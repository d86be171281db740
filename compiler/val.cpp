#include "compiler/val.h"
#include "compiler/narrow.h"

#include "compiler/ops/broadcast.h"

#include "mlir/IR/Matchers.h"

#include <cmath>

using namespace mlir;

namespace kerf::compiler {

Val Val::op(StringRef name, ValueRange operands, Type result,
            ArrayRef<NamedAttribute> attributes) const {
  OperationState state(location, ("kerf." + name).str());
  state.addOperands(operands);
  state.addAttributes(attributes);
  state.addTypes(result);
  return Val(*builder, location, builder->create(state)->getResult(0));
}

Val Val::constant(double value) const {
  Type element = type().getElementType();
  TypedAttr scalar = isa<FloatType>(element)
                         ? TypedAttr(FloatAttr::get(element, value))
                         : TypedAttr(IntegerAttr::get(element, static_cast<int64_t>(value)));
  auto splat = DenseElementsAttr::get(type(), Attribute(scalar));
  return Val(*builder, location, arith::ConstantOp::create(*builder, location, splat));
}

NamedAttribute Val::ints(StringRef name, ArrayRef<int64_t> values) const {
  return builder->getNamedAttr(name, builder->getDenseI64ArrayAttr(values));
}

NamedAttribute Val::i64(StringRef name, int64_t value) const {
  return builder->getNamedAttr(name, builder->getI64IntegerAttr(value));
}

NamedAttribute Val::string(StringRef name, StringRef value) const {
  return builder->getNamedAttr(name, builder->getStringAttr(value));
}

Val operator+(Val a, Val b) { return a.op("add", {a, b}, a.type()); }
Val operator-(Val a, Val b) { return a.op("sub", {a, b}, a.type()); }
Val operator*(Val a, Val b) { return a.op("mul", {a, b}, a.type()); }
Val operator/(Val a, Val b) { return a.op("div", {a, b}, a.type()); }
Val operator-(Val a) { return a.op("neg", a.value, a.type()); }
Val operator*(double s, Val a) { return a * a.constant(s); }
Val exp(Val x) { return x.op("exp", x.value, x.type()); }
Val log(Val x) { return x.op("log", x.value, x.type()); }
Val tanh(Val x) { return x.op("tanh", x.value, x.type()); }
Val sqrt(Val x) { return x.op("sqrt", x.value, x.type()); }
Val rsqrt(Val x) { return x.op("rsqrt", x.value, x.type()); }
Val sigmoid(Val x) { return x.op("sigmoid", x.value, x.type()); }

Val compare(StringRef predicate, Val a, Val b) {
  Type result = a.type().clone(a.builder->getI1Type());
  return a.op("compare", {a, b}, result, a.string("predicate", predicate));
}

Val select(Val condition, Val a, Val b) { return a.op("select", {condition, a, b}, a.type()); }

Attribute constantOf(Value x) {
  while (auto broadcast = x.getDefiningOp<BroadcastOp>())
    x = broadcast.getX();
  Attribute value;
  matchPattern(x, m_Constant(&value));
  return value;
}

bool isFiniteConstant(Value x) {
  auto values = dyn_cast_or_null<DenseFPElementsAttr>(constantOf(x));
  return values &&
         (values.isSplat()
              ? values.getSplatValue<APFloat>().isFinite()
              : llvm::all_of(values, [](const APFloat &value) { return value.isFinite(); }));
}

bool isNeverZero(Value x) {
  std::optional<Literal> element = onlyElement(constantOf(x));
  return element && element->isFloat() && element->floats()[0] != 0;
}

Val unlessIdle(Val g, Val flow) {
  return isNeverZero(g) ? flow : flow.op("unless_idle", {flow, g}, flow.type());
}

Val cast(Val x, Type element) {
  if (x.type().getElementType() == element)
    return x;
  return x.op("cast", x.value, x.type().clone(element));
}

Val sum(Val x, ArrayRef<int64_t> axes) {
  SmallVector<int64_t> shape = without(x.shape(), axes);
  return x.op("sum", x.value, x.type().clone(shape), x.ints("axes", axes));
}

Val broadcast(Val x, ArrayRef<int64_t> shape, ArrayRef<int64_t> dims) {
  return x.op("broadcast", x.value, x.type().clone(shape), x.ints("dims", dims));
}

Val reshape(Val x, ArrayRef<int64_t> shape) {
  return x.shape() == shape ? x : x.op("reshape", x.value, x.type().clone(shape));
}

Val transpose(Val x, ArrayRef<int64_t> permutation) {
  SmallVector<int64_t> shape;
  for (int64_t axis : permutation)
    shape.push_back(x.shape()[axis]);
  return x.op("transpose", x.value, x.type().clone(shape), x.ints("permutation", permutation));
}

Val slice(Val x, ArrayRef<int64_t> offsets, ArrayRef<int64_t> limits, ArrayRef<int64_t> strides) {
  SmallVector<int64_t> shape;
  for (auto [offset, limit, stride] : llvm::zip_equal(offsets, limits, strides))
    shape.push_back((limit - offset + stride - 1) / stride);
  return x.op("slice", x.value, x.type().clone(shape),
              {x.ints("offsets", offsets), x.ints("limits", limits), x.ints("strides", strides)});
}

Val pad(Val x, ArrayRef<int64_t> low, ArrayRef<int64_t> high, ArrayRef<int64_t> interior) {
  SmallVector<int64_t> shape;
  for (auto [extent, l, h, i] : llvm::zip_equal(x.shape(), low, high, interior))
    shape.push_back(l + extent + std::max<int64_t>(extent - 1, 0) * i + h);
  return x.op("pad", x.value, x.type().clone(shape),
              {x.ints("low", low), x.ints("high", high), x.ints("interior", interior)});
}

Val contract(Val a, Val b, ArrayRef<int64_t> a_batch, ArrayRef<int64_t> b_batch,
             ArrayRef<int64_t> a_contract, ArrayRef<int64_t> b_contract) {
  SmallVector<int64_t> shape;
  for (int64_t axis : a_batch)
    shape.push_back(a.shape()[axis]);
  for (int64_t axis : otherAxes(a.rank(), a_batch, a_contract))
    shape.push_back(a.shape()[axis]);
  for (int64_t axis : otherAxes(b.rank(), b_batch, b_contract))
    shape.push_back(b.shape()[axis]);
  return a.op("contract", {a, b}, a.type().clone(shape),
              {a.ints("a_batch", a_batch), a.ints("b_batch", b_batch),
               a.ints("a_contract", a_contract), a.ints("b_contract", b_contract)});
}

SmallVector<int64_t> otherAxes(int64_t rank, ArrayRef<int64_t> some, ArrayRef<int64_t> more) {
  SmallVector<int64_t> rest;
  for (int64_t axis = 0; axis < rank; ++axis)
    if (!llvm::is_contained(some, axis) && !llvm::is_contained(more, axis))
      rest.push_back(axis);
  return rest;
}

SmallVector<int64_t> without(ArrayRef<int64_t> shape, ArrayRef<int64_t> axes) {
  SmallVector<int64_t> rest;
  for (int64_t axis : otherAxes(shape.size(), axes))
    rest.push_back(shape[axis]);
  return rest;
}

bool isSplat(Attribute attribute, double value) {
  auto splat = dyn_cast_or_null<SplatElementsAttr>(attribute);
  if (!splat)
    return false;
  if (isa<FloatType>(splat.getElementType())) {
    const double element = splat.getSplatValue<APFloat>().convertToDouble();
    return element == value && std::signbit(element) == std::signbit(value);
  }
  return static_cast<double>(
             wrapped(splat.getSplatValue<APInt>().getSExtValue(), splat.getElementType())) == value;
}

int64_t wrapped(uint64_t value, Type element) {
  unsigned width = element.getIntOrFloatBitWidth();
  if (width == 1)
    return value & 1;
  return APInt(64, value).trunc(width).getSExtValue();
}

std::optional<Literal> onlyElement(Attribute attribute) {
  auto splat = dyn_cast_or_null<SplatElementsAttr>(attribute);
  if (!splat)
    return std::nullopt;
  auto type = RankedTensorType::get({}, splat.getElementType());
  return Literal(DenseElementsAttr::get(type, splat.getSplatValue<Attribute>()));
}

Attribute splatOf(RankedTensorType type, double value) {
  if (isNarrowFloat(type))
    value = float(value); // as what is computed is
  auto scalar = FloatAttr::get(type.getElementType(), value);
  return DenseElementsAttr::get(type, Attribute(scalar));
}

Attribute splatOf(RankedTensorType type, int64_t value) {
  unsigned width = type.getElementTypeBitWidth();
  auto scalar = IntegerAttr::get(type.getElementType(), APInt(64, value).trunc(width));
  return DenseElementsAttr::get(type, Attribute(scalar));
}

Attribute foldSplats(Operation *op, ArrayRef<Attribute> operands,
                     llvm::function_ref<double(ArrayRef<double>)> floats,
                     llvm::function_ref<int64_t(ArrayRef<int64_t>)> ints) {
  SmallVector<double> x;
  SmallVector<int64_t> n;
  for (Attribute operand : operands) {
    std::optional<Literal> element = onlyElement(operand);
    if (!element)
      return {};
    if (element->isFloat())
      x.push_back(element->floats()[0]);
    else
      n.push_back(element->ints()[0]);
  }
  auto type = cast<RankedTensorType>(op->getResult(0).getType());
  return isa<FloatType>(type.getElementType()) ? splatOf(type, floats(x)) : splatOf(type, ints(n));
}

} // namespace kerf::compiler
