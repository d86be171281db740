// The values of random programs, and the steps that are one op.
#include "codegen/tools/fuzz/author.h"

#include <cmath>
#include <limits>

using namespace mlir;
using namespace kerf::compiler;

namespace kerf::codegen::fuzz {

// ---- what a program is like --------------------------------------------------------------------

static const int64_t awkward[] = {1,  1,  2,  3,  4,  5,  7,   8,   9,   15,
                                  16, 17, 31, 33, 64, 65, 100, 129, 257, 1031};

Program::Program(std::uint64_t seed, std::uint64_t number, int64_t rows)
    : random(seed, "program " + std::to_string(number)), rows(rows) {
  empty = chance(0.15);
  special = chance(0.15);
  largest = chance(0.1) ? 30000 : 3000;
  for (int i = 0; i < 4; ++i)
    extents.push_back(awkward[below(i == 0 ? 20 : 14)]);
  if (empty)
    extents.push_back(0);
  if (rows)
    extents = {rows, rows, extents[0], extents[1]};
}

int64_t Program::extent() {
  return chance(0.75) ? extents[below(extents.size())] : awkward[below(14)];
}

bool Program::fits(ArrayRef<int64_t> shape) const {
  int64_t elements = 1;
  for (int64_t extent : shape)
    elements *= extent; // at most 8 factors of at most `largest` each would fit in 64 bits, barely
  return shape.size() <= 8 && elements <= largest;
}

SmallVector<int64_t> Program::shape(int64_t maxRank) {
  const int64_t rank = std::min(maxRank, chance(0.1) ? random.integer(5, 8) : random.integer(0, 4));
  SmallVector<int64_t> shape;
  for (int64_t axis = 0; axis < rank; ++axis) {
    shape.push_back(rank > 4 && chance(0.6) ? random.integer(1, 2) : extent());
    if (!fits(shape))
      shape.back() = 1;
  }
  return shape;
}

SmallVector<int64_t> Program::order(int64_t rank) {
  SmallVector<int64_t> order = llvm::to_vector(llvm::seq<int64_t>(rank));
  for (int64_t i = rank - 1; i > 0; --i)
    std::swap(order[i], order[below(i + 1)]);
  return order;
}

// ---- values ------------------------------------------------------------------------------------

std::optional<Known> Author::pick(Wanted wanted) {
  SmallVector<Known> all, recent;
  for (auto [i, value] : llvm::enumerate(values))
    if (wanted(value)) {
      all.push_back(value);
      if (i < 3 || i + 10 >= values.size())
        recent.push_back(value);
    }
  ArrayRef<Known> from = recent.empty() || program.chance(0.2) ? all : recent;
  return from.empty() ? std::nullopt : std::optional(from[program.below(from.size())]);
}

std::optional<Known> Author::pickFloat(int64_t minRank) {
  return pick([&](const Known &x) { return x.isFloat() && x.rank() >= minRank; });
}

RankedTensorType Author::tensor(ArrayRef<int64_t> shape, Type element) {
  return RankedTensorType::get(shape, element);
}

Type Author::someFloat() {
  const double x = program.random.uniform(0, 1);
  return x < 0.72   ? Type(b.getF32Type())
         : x < 0.84 ? Type(b.getF64Type())
         : x < 0.94 ? Type(b.getBF16Type())
                    : Type(b.getF16Type());
}

Type Author::someElement() {
  if (program.chance(0.65))
    return someFloat();
  return program.oneOf<Type>({b.getI64Type(), b.getI64Type(), b.getI32Type(), b.getI32Type(),
                              b.getI1Type(), b.getI1Type(), b.getI8Type(), b.getI16Type()});
}

static Attribute numberAttribute(Type element, double value) {
  if (isa<FloatType>(element))
    return FloatAttr::get(element, value);
  return IntegerAttr::get(element, element.isInteger(1) ? int64_t(value != 0) : int64_t(value));
}

Known Author::constant(RankedTensorType type, double value) {
  auto splat = DenseElementsAttr::get(type, numberAttribute(type.getElementType(), value));
  return {arith::ConstantOp::create(b, location, splat), true, false};
}

Known Author::constant(RankedTensorType type) {
  const bool isFloat = isa<FloatType>(type.getElementType());
  auto number = [&] {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    if (isFloat && program.special && program.chance(0.3))
      return program.oneOf(
          {0.0, -0.0, infinity, -infinity, std::numeric_limits<double>::quiet_NaN(), 1.0, -1.0});
    return isFloat && program.chance(0.5)
               ? double(float(program.random.uniform(-2, 2)))
               : program.oneOf({0.0, 1.0, -1.0, 2.0, isFloat ? 0.5 : 3.0, isFloat ? -1.25 : -2.0});
  };
  if (type.getNumElements() > 64 || program.chance(0.4))
    return constant(type, number());
  SmallVector<Attribute> elements;
  for (int64_t i = 0; i < type.getNumElements(); ++i)
    elements.push_back(numberAttribute(type.getElementType(), number()));
  auto dense = DenseElementsAttr::get(type, elements);
  return {arith::ConstantOp::create(b, location, dense), true, false};
}

Known Author::numbers(RankedTensorType type) {
  SmallVector<Attribute> elements;
  for (int64_t i = 0; i < type.getNumElements(); ++i)
    elements.push_back(
        numberAttribute(type.getElementType(), double(float(program.random.uniform(-2, 2)))));
  auto dense = DenseElementsAttr::get(type, elements);
  return {arith::ConstantOp::create(b, location, dense), true, false};
}

Known Author::index(int64_t value) { return constant(tensor({}, b.getI64Type()), double(value)); }

Known Author::alike(const Known &x) {
  auto found = pick([&](const Known &y) { return y.value.getType() == x.value.getType(); });
  return !found || program.chance(0.2) ? constant(x.type()) : *found;
}

Known Author::fitted(RankedTensorType type) {
  auto same = pick([&](const Known &x) { return x.value.getType() == type; });
  if (same && program.chance(0.6))
    return *same;
  auto x =
      pick([&](const Known &x) { return x.element() == type.getElementType() && x.size() > 0; });
  const int64_t size = type.getNumElements();
  if (!x || size == 0 || program.chance(0.15))
    return constant(type);
  Known flat = reshaped(*x, {x->size()});
  if (flat.size() < size) {
    const int64_t times = (size + flat.size() - 1) / flat.size();
    flat = reshaped(broadcasted(flat, {times, flat.size()}, {1}), {times * flat.size()});
  }
  if (flat.size() > size)
    flat = emit("slice", flat, flat.type().clone({size}),
                {ints("offsets", 0), ints("limits", size), ints("strides", 1)}, true);
  return reshaped(flat, type.getShape());
}

/// A key for one draw: of what is there, folded with a number that no other draw has, and in a loop
/// with the number of the iteration.
Known Author::key() {
  auto type = tensor({2}, b.getI32Type());
  auto found = pick([&](const Known &x) { return x.value.getType() == type; });
  Known key = emit("fold_key", {found ? *found : constant(type), index(program.draws++)}, type);
  if (place.loops > 0)
    if (auto number = pick([&](const Known &x) {
          return isa<BlockArgument>(x.value) && x.value.getType() == tensor({}, b.getI64Type());
        }))
      key = emit("fold_key", {key, *number}, type);
  values.pop_back(); // nobody else draws with it
  return key;
}

// ---- ops ---------------------------------------------------------------------------------------

NamedAttribute Author::ints(StringRef name, ArrayRef<int64_t> values) {
  return b.getNamedAttr(name, b.getDenseI64ArrayAttr(values));
}
NamedAttribute Author::integer(StringRef name, int64_t value) {
  return b.getNamedAttr(name, b.getI64IntegerAttr(value));
}
NamedAttribute Author::text(StringRef name, StringRef value) {
  return b.getNamedAttr(name, b.getStringAttr(value));
}

/// The op `kerf.<name>`. A float result is exact if it `moves` exact elements without arithmetic.
Known Author::emit(StringRef name, ArrayRef<Known> x, RankedTensorType type,
                   ArrayRef<NamedAttribute> attributes, bool moves) {
  OperationState state(location, ("kerf." + name).str());
  Known result;
  result.exact = moves;
  for (const Known &operand : x) {
    state.addOperands(operand.value);
    result.exact &= operand.exact;
    result.active |= operand.active;
  }
  state.addAttributes(attributes);
  state.addTypes(type);
  result.value = b.create(state)->getResult(0);
  result.exact |= !result.isFloat();
  result.active &= result.isFloat();
  values.push_back(result);
  return result;
}

Known Author::scaled(const Known &x, double factor) {
  return elementwise("mul", x, constant(x.type(), factor));
}

Known Author::bounded(const Known &x) {
  if (!x.isFloat() || (program.special && program.chance(0.3)))
    return x;
  return elementwise("tanh", x);
}

Known Author::perTerm(const Known &x, int64_t terms) {
  const bool isNarrow = x.element().getIntOrFloatBitWidth() < 32;
  const auto scalar = tensor({}, x.element());
  Known count = emit("count", {}, isNarrow ? tensor({}, b.getF32Type()) : scalar,
                     integer("number", std::max<int64_t>(terms, 1)));
  if (isNarrow)
    count = emit("cast", count, scalar);
  return elementwise("div", x, x.rank() == 0 ? count : broadcasted(count, x.shape(), {}));
}

Known Author::tamed(const Known &x, int64_t terms) {
  if (!x.isFloat())
    return x;
  return program.chance(0.5) ? bounded(perTerm(x, terms)) : bounded(x);
}

Known Author::passive(const Known &x) {
  if (!x.active)
    return x;
  Known y = emit("stop_gradient", x, x.type(), {}, true);
  y.active = values.back().active = false;
  return y;
}

Known Author::reshaped(const Known &x, ArrayRef<int64_t> shape) {
  return emit("reshape", x, x.type().clone(shape), {}, true);
}

Known Author::broadcasted(const Known &x, ArrayRef<int64_t> shape, ArrayRef<int64_t> dims) {
  return emit("broadcast", x, x.type().clone(shape), ints("dims", dims), true);
}

Known Author::reduced(StringRef name, const Known &x, ArrayRef<int64_t> axes) {
  return emit(name, x, x.type().clone(without(x.shape(), axes)), ints("axes", axes), name == "max");
}

Known Author::argmin(const Known &x, int64_t axis) {
  return emit("argmin", x, tensor(without(x.shape(), axis), b.getI64Type()), integer("axis", axis));
}

Known Author::mean(const Known &x) {
  if (x.rank() == 0)
    return x;
  Known total = reduced("sum", x, llvm::to_vector(llvm::seq<int64_t>(x.rank())));
  return x.isFloat() ? perTerm(total, x.size())
                     : scaled(total, 1.0 / double(std::max<int64_t>(x.size(), 1)));
}

Known Author::mixed(const Known &a, const Known &c) {
  Known number = mean(c);
  if (number.element() != a.element())
    number = emit("cast", number, number.type().clone(a.element()));
  if (a.rank() > 0)
    number = broadcasted(number, a.shape(), {});
  return elementwise("tanh", elementwise("add", a, number));
}

// ---- steps of one op ---------------------------------------------------------------------------

void Author::unary() {
  auto found = pick([](const Known &x) { return x.isNumber(); });
  if (!found)
    return;
  Known x = *found;
  if (!x.isFloat()) {
    elementwise(program.oneOf<StringRef>({"neg", "abs"}), x);
    return;
  }
  StringRef name = program.oneOf<StringRef>(
      {"neg",     "abs",      "tanh",  "exp",   "log",  "sqrt",      "rsqrt",
       "floor",   "round",    "sign",  "sin",   "cos",  "erf",       "erfc",
       "sigmoid", "softplus", "log1p", "expm1", "silu", "gelu_gate", "logistic_density"});
  if (name == "floor" || name == "round" || name == "sign") {
    emit(name, passive(x), x.type(), {}, true);
    return;
  }
  if (name == "neg" || name == "abs") {
    emit(name, x, x.type(), {}, true);
    return;
  }
  if ((name == "log" || name == "sqrt" || name == "rsqrt" || name == "log1p") &&
      !(program.special && program.chance(0.5)))
    x = elementwise("add", elementwise("mul", x, x), constant(x.type(), 0.5));
  Known y = elementwise(name, x);
  if (name != "tanh" && name != "sin" && name != "cos" && name != "erf")
    bounded(y);
}

void Author::binary() {
  auto a = pick([](const Known &x) { return x.isNumber(); });
  if (!a)
    return;
  Known c = alike(*a);
  StringRef name =
      program.oneOf<StringRef>({"add", "sub", "mul", "mul", "maximum", "minimum",
                                a->isFloat() ? "div" : "mul", a->isFloat() ? "pow" : "mul"});
  if (name == "remainder" && !(program.special && program.chance(0.5)))
    c = constant(a->type(), 0.75);
  if (name == "maximum" || name == "minimum" || name == "remainder") {
    emit(name, {*a, c}, a->type(), {}, true);
    return;
  }
  if (name == "div" && !(program.special && program.chance(0.5)))
    c = elementwise("add", elementwise("mul", c, c), constant(c.type(), 0.75));
  Known x = *a;
  if (name == "pow") { // of what is positive; exponents near 0
    if (!(program.special && program.chance(0.5)))
      x = elementwise("add", elementwise("mul", x, x), constant(x.type(), 0.5));
    c = bounded(c);
  }
  Known y = elementwise(name, x, c);
  if (name != "div" && program.chance(0.7))
    bounded(y);
}

void Author::select() {
  auto a = pick([](const Known &) { return true; });
  if (!a)
    return;
  Known c = alike(*a);
  StringRef predicate = program.oneOf<StringRef>({"lt", "le", "gt", "ge", "eq", "ne"});
  Known condition =
      emit("compare", {*a, c}, a->type().clone(b.getI1Type()), text("predicate", predicate));
  auto x = pick([&](const Known &x) { return x.shape() == a->shape(); });
  emit("select", {condition, *x, alike(*x)}, x->type(), {}, true);
}

void Author::cast() {
  auto x = pick([](const Known &) { return true; });
  if (!x)
    return;
  Type to = someElement();
  if (x->isFloat() && !isa<FloatType>(to) && !x->exact)
    to = x->element().isF32() ? Type(b.getF64Type()) : b.getF32Type();
  // Integers that a product made may be as large as they get; floats stay near 1.
  Known y = emit("cast", *x, x->type().clone(to), {}, true);
  if (y.isFloat() && !x->isFloat() && !x->isBool() && program.chance(0.8))
    bounded(scaled(y, 0.25));
}

void Author::broadcast() {
  auto x = pick([](const Known &) { return true; });
  if (!x)
    return;
  SmallVector<int64_t> shape(x->shape()), dims = llvm::to_vector(llvm::seq<int64_t>(x->rank()));
  for (int64_t &extent : shape)
    if (extent == 1 && program.chance(0.5))
      extent = program.extent();
  for (int64_t n = program.below(3); n > 0; --n) {
    const int64_t at = program.below(shape.size() + 1);
    shape.insert(shape.begin() + at, program.extent());
    for (int64_t &dim : dims)
      dim += dim >= at;
  }
  if (program.fits(shape))
    broadcasted(*x, shape, dims);
}

/// An op that leaves its only operand's type and goes along an axis, whichever there are, by turns.
void Author::alongAnAxis(const Known &x, int64_t axis) {
  std::vector<RegisteredOperationName> all;
  for (RegisteredOperationName name : b.getContext()->getRegisteredOperations())
    if (name.getDialectNamespace() == "kerf" &&
        name.hasTrait<OpTrait::SameOperandsAndResultType>() &&
        name.hasTrait<OpTrait::OneOperand>() &&
        llvm::is_contained(name.getAttributeNames(), StringRef("axis")))
      all.push_back(name);
  RegisteredOperationName name = all[values.size() % all.size()];
  SmallVector<NamedAttribute> attributes = {integer("axis", axis)};
  unsigned turn = values.size() / all.size();
  for (StringAttr option : name.getAttributeNames()) {
    if (option == "axis")
      continue;
    attributes.emplace_back(option, b.getBoolAttr(turn % 2));
    turn /= 2;
  }
  bounded(emit(name.stripDialect(), x, x.type(), attributes));
}

void Author::reduce() {
  auto x = pick([](const Known &x) { return x.isNumber() && x.rank() > 0; });
  if (!x)
    return;
  if (x->isFloat() && program.chance(0.15)) {
    alongAnAxis(*x, program.below(x->rank()));
    return;
  }
  SmallVector<int64_t> axes;
  int64_t terms = 1;
  for (int64_t axis = 0; axis < x->rank(); ++axis)
    if (program.chance(0.5)) {
      axes.push_back(axis);
      terms *= x->shape()[axis];
    }
  if (program.chance(0.3))
    reduced("max", *x, axes);
  else
    tamed(reduced("sum", *x, axes), terms);
}

void Author::transpose() {
  auto x = pick([](const Known &x) { return x.rank() > 1; });
  if (!x)
    return;
  SmallVector<int64_t> order = program.order(x->rank()), shape;
  for (int64_t axis : order)
    shape.push_back(x->shape()[axis]);
  emit("transpose", *x, x->type().clone(shape), ints("permutation", order), true);
}

void Author::reshape() {
  auto x = pick([](const Known &) { return true; });
  if (!x)
    return;
  SmallVector<int64_t> shape;
  if (x->size() == 0) {
    shape = program.shape(7);
    shape.insert(shape.begin() + program.below(shape.size() + 1), 0);
  } else { // factors of the size, with ones between
    int64_t rest = x->size();
    for (int64_t rank = program.below(8); rank > 0 && shape.size() < 7; --rank) {
      int64_t factor = program.oneOf<int64_t>({1, 2, 3, 5, 7, 8, rest});
      if (rest % factor == 0) {
        shape.push_back(factor);
        rest /= factor;
      }
    }
    shape.push_back(rest);
    if (x->size() == 1 && program.chance(0.3))
      shape.clear();
  }
  reshaped(*x, shape);
}

void Author::slice() {
  auto x = pick([](const Known &x) { return x.rank() > 0; });
  if (!x)
    return;
  SmallVector<int64_t> offsets, limits, strides, shape;
  for (int64_t extent : x->shape()) {
    offsets.push_back(program.chance(0.5) ? 0 : program.below(extent + 1));
    limits.push_back(program.chance(0.3) ? extent : program.random.integer(offsets.back(), extent));
    if (limits.back() == offsets.back() && !program.empty) { // an extent of 0
      offsets.back() = 0;
      limits.back() = extent;
    }
    strides.push_back(program.oneOf<int64_t>({1, 1, 1, 2, 3}));
    shape.push_back((limits.back() - offsets.back() + strides.back() - 1) / strides.back());
  }
  emit("slice", *x, x->type().clone(shape),
       {ints("offsets", offsets), ints("limits", limits), ints("strides", strides)}, true);
}

void Author::pad() {
  auto x = pick([](const Known &x) { return x.rank() > 0; });
  if (!x)
    return;
  SmallVector<int64_t> low, high, interior, shape;
  for (int64_t extent : x->shape()) {
    low.push_back(program.oneOf<int64_t>({0, 0, 1, 2}));
    high.push_back(program.oneOf<int64_t>({0, 0, 1, 3}));
    interior.push_back(extent > 0 ? program.oneOf<int64_t>({0, 0, 0, 1, 2}) : 0);
    shape.push_back(low.back() + extent + std::max<int64_t>(extent - 1, 0) * interior.back() +
                    high.back());
  }
  if (program.fits(shape))
    emit("pad", *x, x->type().clone(shape),
         {ints("low", low), ints("high", high), ints("interior", interior)}, true);
}

void Author::concat() {
  auto a = pick([](const Known &x) { return x.rank() > 0; });
  if (!a)
    return;
  const int64_t axis = program.below(a->rank());
  SmallVector<Known> parts;
  SmallVector<int64_t> shape(a->shape());
  shape[axis] = 0;
  for (int64_t n = program.random.integer(1, 4); n > 0; --n) {
    auto part = pick([&](const Known &x) {
      return x.element() == a->element() && x.rank() == a->rank() &&
             without(x.shape(), axis) == without(a->shape(), axis);
    });
    parts.push_back(*part);
    shape[axis] += part->shape()[axis];
  }
  if (program.fits(shape))
    emit("concat", parts, a->type().clone(shape), integer("axis", axis), true);
}

/// What only derivatives heed.
void Author::marks() {
  auto x = pick([](const Known &x) { return x.isNumber(); });
  if (!x)
    return;
  if (program.chance(0.5)) {
    emit("stop_gradient", *x, x->type(), {}, true);
    values.back().active = false;
  } else {
    emit("straight_through", {*x, alike(*x)}, x->type(), {}, true);
  }
}

void Author::gather() {
  auto table =
      pick([](const Known &x) { return x.isNumber() && x.rank() > 0 && x.shape()[0] > 0; });
  auto indices = pick([&](const Known &x) { return x.element().isInteger(64); });
  if (!table || !indices)
    return;
  SmallVector<int64_t> shape(indices->shape());
  llvm::append_range(shape, table->shape().drop_front());
  if (program.fits(shape))
    emit("gather", {*table, *indices}, table->type().clone(shape), {}, true);
}

void Author::scatter() {
  auto indices = pick([&](const Known &x) { return x.element().isInteger(64); });
  if (!indices)
    return;
  SmallVector<int64_t> updates(indices->shape()),
      shape = {program.oneOf<int64_t>({1, 2, 3, 8, 40})};
  for (int64_t n = program.below(3); n > 0; --n) {
    updates.push_back(program.extent());
    shape.push_back(updates.back());
  }
  if (!program.fits(updates) || !program.fits(shape))
    return;
  Type element =
      program.chance(0.8) ? someFloat() : program.oneOf<Type>({b.getI64Type(), b.getI32Type()});
  Known y = emit("scatter_add", {fitted(tensor(updates, element)), *indices},
                 tensor(shape, element), integer("rows", shape[0]));
  tamed(y, indices->size());
}

/// Of truths bits, of integers also quotients and shifts.
void Author::integers() {
  auto a = pick([](const Known &x) { return !x.isFloat(); });
  if (!a)
    return;
  StringRef name =
      a->isBool() || program.chance(0.4)
          ? program.oneOf<StringRef>({"bit_and", "bit_or", "bit_xor", "bit_not"})
          : program.oneOf<StringRef>({"floor_divide", "remainder", "shift_left", "shift_right"});
  if (name == "bit_not")
    elementwise(name, *a);
  else
    elementwise(name, *a, alike(*a));
}

/// By indices or from an offset along an axis, sorted, or one after the other.
void Author::along() {
  auto x = pick([](const Known &x) { return x.isNumber() && x.rank() > 0; });
  if (!x)
    return;
  const int64_t axis = program.below(x->rank()), n = x->shape()[axis];
  SmallVector<int64_t> shape(x->shape());
  auto of = [&](ArrayRef<int64_t> shape, Type element) { return fitted(tensor(shape, element)); };
  auto inside = [&] { return n == 0 ? 0 : program.random.integer(program.empty ? 0 : 1, n); };
  auto offset = [&] {
    auto there =
        pick([&](const Known &x) { return x.value.getType() == tensor({}, b.getI64Type()); });
    return there && program.chance(0.7) ? *there : index(program.random.integer(-2, n));
  };
  switch (program.below(6)) {
  case 0: {
    shape[axis] = program.extent();
    if (n > 0 && program.fits(shape))
      emit("take_along", {*x, of(shape, b.getI64Type())}, x->type().clone(shape),
           integer("axis", axis), true);
    break;
  }
  case 1: {
    Known indices = of(shape, b.getI64Type());
    shape[axis] = program.random.integer(1, 9);
    if (program.fits(shape))
      tamed(emit("scatter_add_along", {*x, indices}, x->type().clone(shape), integer("axis", axis)),
            n);
    break;
  }
  case 2:
    shape[axis] = inside();
    emit("slice_at", {*x, offset()}, x->type().clone(shape), integer("axis", axis), true);
    break;
  case 3:
    shape[axis] = inside();
    emit("update_at", {*x, offset(), of(shape, x->element())}, x->type(), integer("axis", axis),
         true);
    break;
  case 4:
    emit("argsort", *x, tensor(shape, b.getI64Type()),
         {integer("axis", axis), b.getNamedAttr("descending", b.getBoolAttr(program.chance(0.5)))});
    break;
  default:
    tamed(emit("linear_scan", {bounded(alike(*x)), *x}, x->type(),
               {integer("axis", axis),
                b.getNamedAttr("reverse", b.getBoolAttr(program.chance(0.5)))}),
          n);
  }
}

/// argmin or top_k.
void Author::decide() {
  auto x = pick([](const Known &x) { return x.isNumber() && x.rank() > 0; });
  if (!x)
    return;
  const int64_t axis = program.below(x->rank());
  if (program.chance(0.5) && x->shape()[axis] > 0) {
    argmin(*x, axis);
  } else if (x->shape().back() > 0) {
    SmallVector<int64_t> shape(x->shape());
    shape.back() = program.chance(0.7) ? std::min<int64_t>(shape.back(), 4)
                                       : program.random.integer(1, shape.back());
    emit("top_k", *x, tensor(shape, b.getI64Type()), integer("k", shape.back()));
  }
}

void Author::draw() {
  if (program.chance(0.25)) {
    emit("iota", {}, tensor({program.extent()}, b.getI64Type()));
    return;
  }
  auto offset =
      pick([&](const Known &x) { return x.value.getType() == tensor({}, b.getI64Type()); });
  auto type = tensor(program.shape(), b.getF32Type());
  Known from = offset && program.chance(0.5) ? *offset : index(program.random.integer(0, 100));
  if (program.chance(0.5))
    emit("uniform", {key(), from}, type, {}, true);
  else
    bounded(emit("normal", {key(), from}, type));
}

} // namespace kerf::codegen::fuzz
