#include "compiler/attention_forms.h"
#include "compiler/derivatives/reverse.h"
#include "compiler/ops/yield.h"

#include "mlir/Dialect/Utils/IndexingUtils.h"

#include <cmath>

using namespace mlir;

namespace kerf::compiler {

// ---- products ----------------------------------------------------------------------------------

namespace {
/// How axes of keys meet those of the scores: they share some batch axes, and have 1 at others.
struct Sharing {
  SmallVector<int64_t> shared, first; ///< of the scores; of keys without the others
  SmallVector<int64_t> apart;         ///< batch axes of the scores alone
  SmallVector<int64_t> squeezed;      ///< the shape of keys without the others

  Sharing(const AttentionParts &parts, Value keys) : shared(parts.sharedAxes(keys)) {
    const ArrayRef<int64_t> shape = parts.typeOf(keys).getShape();
    for (auto [i, axis] : llvm::enumerate(shared)) {
      first.push_back(i);
      squeezed.push_back(shape[axis]);
    }
    llvm::append_range(squeezed, shape.take_back(2));
    for (int64_t axis = 0; axis < parts.rank() - 2; ++axis)
      if (!llvm::is_contained(shared, axis))
        apart.push_back(axis);
  }

  /// Of a product whose axes are shared ones, others, then the last two: those of the scores.
  Val inOrder(Val product) const {
    SmallVector<int64_t> axes(shared);
    llvm::append_range(axes, apart);
    axes.append({product.rank() - 2, product.rank() - 1});
    return isIdentityPermutation(axes) ? product
                                       : transpose(product, invertPermutationVector(axes));
  }
};
} // namespace

Val AttentionForms::ofPairs(Value x, Value keys) {
  const Sharing of(parts, keys);
  const int64_t features = of.shared.size() + 1;
  return of.inOrder(contract(widened(x), reshape(widened(keys), of.squeezed), of.shared, of.first,
                             {parts.rank() - 1}, {features}));
}

Val AttentionForms::ofQueries(Val weights, Value keys) {
  const Sharing of(parts, keys);
  const int64_t number = of.shared.size();
  return of.inOrder(contract(weights, reshape(widened(keys), of.squeezed), of.shared, of.first,
                             {parts.rank() - 1}, {number}));
}

Val AttentionForms::ofKeys(Val weights, Value x, Value keys) {
  const Sharing of(parts, keys);
  SmallVector<int64_t> summed(of.apart);
  summed.push_back(parts.rank() - 2);
  return reshape(contract(weights, widened(x), of.shared, of.shared, summed, summed),
                 parts.typeOf(keys).getShape());
}

Val AttentionForms::alongKeys(Val rows) {
  return broadcast(rows, box, ArrayRef(allDims()).drop_back());
}

// ---- tensors of some axes ----------------------------------------------------------------------

/// An axis of extent 1 is there by a reshape, whose derivative sums nothing.
Spread AttentionForms::spread(const Spread &x, ArrayRef<int64_t> dims) {
  SmallVector<int64_t> shape, own, places;
  for (auto [i, dim] : llvm::enumerate(dims)) {
    shape.push_back(box[dim]);
    if (box[dim] == 1 || llvm::is_contained(x.dims, dim)) {
      own.push_back(box[dim]);
      places.push_back(i);
    }
  }
  const Val some = reshape(x.value, own);
  return {own.size() == dims.size() ? some : broadcast(some, shape, places),
          SmallVector<int64_t>(dims)};
}

SmallVector<int64_t> AttentionForms::unionOf(ArrayRef<Spread> values) {
  return llvm::filter_to_vector(allDims(), [&](int64_t dim) {
    return llvm::any_of(values, [&](const Spread &x) { return llvm::is_contained(x.dims, dim); });
  });
}

Spread AttentionForms::index(int64_t dim, Type element) {
  const Location location = parts.op->getLoc();
  OperationState state(location, "kerf.iota");
  state.addTypes(RankedTensorType::get({box[dim]}, builder.getI64Type()));
  return {cast(val(builder.create(state)->getResult(0)), element), {dim}};
}

Spread AttentionForms::combine(StringRef op, Spread a, Spread b) {
  const SmallVector<int64_t> dims = unionOf({a, b});
  a = spread(a, dims), b = spread(b, dims);
  return {a.value.op(op, {a.value, b.value}, a.value.type()), dims};
}

/// The value of an affine expression, as i64.
Spread AttentionForms::place(AffineExpr e) {
  auto constant = [&](int64_t x) -> Spread {
    const auto type = RankedTensorType::get({}, builder.getI64Type());
    return {val(arith::ConstantOp::create(builder, parts.op->getLoc(),
                                          cast<TypedAttr>(splatOf(type, x)))),
            {}};
  };
  if (auto dim = dyn_cast<AffineDimExpr>(e))
    return index(dim.getPosition(), builder.getI64Type());
  if (auto number = dyn_cast<AffineConstantExpr>(e))
    return constant(number.getValue());
  auto binary = cast<AffineBinaryOpExpr>(e);
  const Spread a = place(binary.getLHS()), b = place(binary.getRHS());
  switch (e.getKind()) {
  case AffineExprKind::Add:
    return combine("add", a, b);
  case AffineExprKind::Mul:
    return combine("mul", a, b);
  case AffineExprKind::Mod:
    return combine("remainder", a, b);
  case AffineExprKind::FloorDiv:
    return combine("floor_divide", a, b);
  default: // ceil(a / b) = -floor(-a / b)
    return combine("mul", combine("floor_divide", combine("mul", a, constant(-1)), b),
                   constant(-1));
  }
}

/// The elements of a capture at map(b, i, j): its own axes in other places, if each index is one of
/// these or a number; otherwise those at a place, which is computed, of its elements in one row.
Spread AttentionForms::element(Value capture, AffineMap map) {
  const Val x = val(capture);
  SmallVector<int64_t> offsets, limits, kept, dims;
  bool isSimple = !llvm::is_contained(box, 0);
  for (auto [axis, e] : llvm::enumerate(map.getResults())) {
    auto dim = dyn_cast<AffineDimExpr>(e);
    auto number = dyn_cast<AffineConstantExpr>(e);
    isSimple &= number || (dim && !llvm::is_contained(dims, int64_t(dim.getPosition())));
    if (!isSimple)
      break;
    offsets.push_back(number ? number.getValue() : 0);
    limits.push_back(number ? number.getValue() + 1 : box[dim.getPosition()]);
    if (dim) {
      kept.push_back(box[dim.getPosition()]);
      dims.push_back(dim.getPosition());
    }
  }
  if (isSimple) {
    const bool isAll = llvm::all_of(offsets, [](int64_t offset) { return offset == 0; }) &&
                       x.shape() == ArrayRef(limits);
    const SmallVector<int64_t> ones(x.rank(), 1);
    const Val some = reshape(isAll ? x : slice(x, offsets, limits, ones), kept);
    auto order = llvm::to_vector(llvm::seq<int64_t>(dims.size()));
    llvm::sort(order, [&](int64_t a, int64_t b) { return dims[a] < dims[b]; });
    llvm::sort(dims);
    return {isIdentityPermutation(order) ? some : transpose(some, order), dims};
  }
  if (x.type().getNumElements() == 0) // and so is the box
    return spread({val(arith::ConstantOp::create(
                       builder, x.location,
                       cast<TypedAttr>(builder.getZeroAttr(x.type().clone(ArrayRef<int64_t>{}))))),
                   {}},
                  allDims());
  const auto strides = stridesOf(x.shape());
  AffineExpr flat = builder.getAffineConstantExpr(0);
  for (auto [e, stride] : llvm::zip_equal(map.getResults(), strides))
    flat = flat + e * stride;
  const Spread at = place(simplifyAffineExpr(flat, map.getNumDims(), 0));
  const Val row = reshape(x, {x.type().getNumElements()});
  return {x.op("gather", {row, at.value}, x.type().clone(at.value.shape())), at.dims};
}

// ---- regions -----------------------------------------------------------------------------------

SmallVector<Spread> AttentionForms::apply(Region &region, ArrayRef<Val> first, ArrayRef<Val> last) {
  if (region.empty())
    return {};
  DenseMap<Value, Spread> values;
  Block &block = region.front();
  auto given = [&](unsigned number, Val x) {
    values.insert(
        {block.getArgument(number), Spread{x, x.rank() == 0 ? SmallVector<int64_t>() : allDims()}});
  };
  unsigned next = 0;
  for (Val x : first)
    given(next++, x);
  for (int64_t dim : allDims())
    if (BlockArgument argument = block.getArgument(next++); !argument.use_empty())
      values.insert({argument, index(dim, builder.getI32Type())});
  for (auto [capture, map] : llvm::zip_equal(parts.captures, parts.maps))
    if (BlockArgument argument = block.getArgument(next++); !argument.use_empty())
      values.insert({argument, element(capture, map)});
  for (Val x : last)
    given(next++, x);

  for (Operation &op : block.without_terminator()) {
    auto operands =
        llvm::map_to_vector(op.getOperands(), [&](Value x) { return values.find(x)->second; });
    const SmallVector<int64_t> dims = unionOf(operands);
    IRMapping copies;
    SmallVector<int64_t> shape;
    for (int64_t dim : dims)
      shape.push_back(box[dim]);
    for (auto [operand, x] : llvm::zip_equal(op.getOperands(), operands))
      copies.map(operand, spread(x, dims).value.value);
    Operation *copy = builder.clone(op, copies);
    for (auto [result, made] : llvm::zip_equal(op.getResults(), copy->getResults())) {
      made.setType(cast<RankedTensorType>(made.getType()).clone(shape));
      values.insert({result, Spread{val(made), dims}});
    }
  }
  return llvm::map_to_vector(block.getTerminator()->getOperands(),
                             [&](Value x) { return values.find(x)->second; });
}

Val AttentionForms::dots() {
  const Val product = ofPairs(parts.q, parts.k);
  return parts.scale == 1 ? product : parts.scale * product;
}

Val AttentionForms::whereSeen(Val x, double otherwise) {
  if (parts.mask.empty())
    return x;
  if (!seen)
    seen = apply(parts.mask, {}).front();
  return select(whole(*seen), x, x.constant(otherwise));
}

Val AttentionForms::maskedScores(Val dots) {
  return whereSeen(parts.score.empty() ? dots : whole(apply(parts.score, dots).front()), -INFINITY);
}

Val AttentionForms::dropped(Val x) {
  if (!parts.rate)
    return x;
  const auto type = RankedTensorType::get(box, builder.getF32Type());
  const Val drawn = x.op("uniform", {parts.key, parts.offset}, type);
  const Val isKept = compare("ge", drawn, drawn.constant(*parts.rate));
  return select(isKept, 1 / (1 - *parts.rate) * x, x.constant(0));
}

/// That of taking elements: it is linear.
Val AttentionForms::ofCapture(unsigned i, Val cotangent) {
  const Value capture = parts.captures[i];
  Block block;
  const BlockArgument argument = block.addArgument(capture.getType(), capture.getLoc());
  OpBuilder inside(builder.getContext());
  inside.setInsertionPointToEnd(&block);
  AttentionForms taking(inside, parts);
  const Val taken = taking.whole(taking.element(argument, parts.maps[i]));
  YieldOp::create(inside, cotangent.location, taken.value);
  Reverse reverse(builder, block, capture, parts.op);
  if (failed(reverse.run(builder, Value(argument), cotangent.value)))
    llvm_unreachable("ops that move elements have a derivative");
  const Value flow = reverse.cotangentOf(argument);
  return flow ? val(flow) : val(splat(builder, cotangent.location, capture.getType(), 0));
}

} // namespace kerf::compiler
