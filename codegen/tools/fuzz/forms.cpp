// Steps that have kernels of their own, and the plain forms that fuse into them.
#include "codegen/tools/fuzz/author.h"

#include <limits>

using namespace mlir;
using namespace kerf::compiler;

namespace kerf::codegen::fuzz {

// ---- contractions ------------------------------------------------------------------------------

Known Author::product(const Known &a, const Known &c, bool plain) {
  const int64_t heads = a.rank() - 2;
  auto batch = llvm::to_vector(llvm::seq<int64_t>(heads));
  SmallVector<int64_t> shape(a.shape().drop_back());
  shape.push_back(c.shape()[plain ? heads + 1 : heads]);
  return emit("contract", {a, c}, a.type().clone(shape),
              {ints("a_batch", batch), ints("b_batch", batch), ints("a_contract", heads + 1),
               ints("b_contract", plain ? heads : heads + 1)});
}

/// Axes of equal extent become batch axes, contracting axes, or stay free.
void Author::contract() {
  auto a = pickFloat();
  if (!a)
    return;
  auto c = pick([&](const Known &x) {
    return x.element() == a->element() &&
           (x.rank() == 0 || program.chance(0.3) ||
            llvm::any_of(x.shape(), [&](int64_t n) { return llvm::is_contained(a->shape(), n); }));
  });
  if (!c)
    return;
  SmallVector<int64_t> batch[2], summed[2], shape;
  int64_t terms = 1;
  for (auto [i, extent] : llvm::enumerate(a->shape()))
    for (auto [j, other] : llvm::enumerate(c->shape())) {
      if (extent != other || llvm::is_contained(batch[0], i) || llvm::is_contained(summed[0], i) ||
          llvm::is_contained(batch[1], j) || llvm::is_contained(summed[1], j) ||
          program.chance(0.3))
        continue;
      const bool isBatch = program.chance(0.35);
      (isBatch ? batch : summed)[0].push_back(i);
      (isBatch ? batch : summed)[1].push_back(j);
      terms *= isBatch ? 1 : extent;
    }
  for (int64_t axis : batch[0])
    shape.push_back(a->shape()[axis]);
  for (auto [x, side] : {std::pair(&*a, 0), std::pair(&*c, 1)})
    for (int64_t axis : otherAxes(x->rank(), batch[side], summed[side]))
      shape.push_back(x->shape()[axis]);
  if (program.fits(shape))
    tamed(emit("contract", {*a, *c}, a->type().clone(shape),
               {ints("a_batch", batch[0]), ints("b_batch", batch[1]), ints("a_contract", summed[0]),
                ints("b_contract", summed[1])}),
          terms);
}

/// A convolution or one of its adjoints.
void Author::convolve() {
  auto size = [&](int64_t low, int64_t high) { return program.random.integer(low, high); };
  const int64_t least = program.empty && program.chance(0.4) ? 0 : 1;
  const int64_t n = size(least, 3),
                channels =
                    program.chance(0.2) ? program.oneOf<int64_t>({8, 16, 17, 33}) : size(least, 5),
                filters =
                    program.chance(0.2) ? program.oneOf<int64_t>({8, 16, 17, 33}) : size(least, 6);
  SmallVector<int64_t> x = {n, channels}, w = {filters, channels}, y = {n, filters}, stride,
                       padding;
  for (int axis = 0; axis < 2; ++axis) {
    padding.push_back(program.oneOf<int64_t>({0, 0, 1, 2}));
    stride.push_back(program.oneOf<int64_t>({1, 1, 2, 3}));
    w.push_back(size(1, 4));
    x.push_back(size(std::max(least, w.back() - 2 * padding.back()), 10));
    if (x.back() + 2 * padding.back() < w.back())
      return;
    y.push_back((x.back() + 2 * padding.back() - w.back()) / stride.back() + 1);
  }
  if (!program.fits(x) || !program.fits(w) || !program.fits(y))
    return;
  Type element = someFloat();
  NamedAttribute attributes[] = {ints("stride", stride), ints("padding", padding)};
  auto of = [&](ArrayRef<int64_t> shape) { return tensor(shape, element); };
  switch (program.below(3)) {
  case 0:
    tamed(emit("conv", {fitted(of(x)), fitted(of(w))}, of(y), attributes), channels * w[2] * w[3]);
    break;
  case 1:
    tamed(emit("conv_filter", {fitted(of(x)), fitted(of(y))}, of(w), attributes), n * y[2] * y[3]);
    break;
  default:
    tamed(emit("conv_transpose", {fitted(of(y)), fitted(of(w))}, of(x), attributes),
          filters * w[2] * w[3]);
  }
}

// ---- nearest codes -----------------------------------------------------------------------------

/// What a search takes the least of, over the last axis: z : (heads, n, d), e : (heads, k, d).
Known Author::scores(const Known &z, const Known &e, int form) {
  const int64_t last = z.rank() - 1;
  SmallVector<int64_t> shape(z.shape().drop_back()),
      codes = llvm::to_vector(llvm::seq<int64_t>(last - 1)),
      rows = llvm::to_vector(llvm::seq<int64_t>(last));
  shape.push_back(e.shape()[last - 1]);
  codes.push_back(last);
  auto norm = [&](const Known &x) { return reduced("sum", elementwise("mul", x, x), last); };
  if (form == 0) { // sum (z - e)^2, all differences at once
    SmallVector<int64_t> all(shape);
    all.push_back(z.shape()[last]);
    if (program.fits(all)) {
      SmallVector<int64_t> zDims(rows), eDims(codes);
      zDims.push_back(last + 1);
      eDims.push_back(last + 1);
      Known d = elementwise("sub", broadcasted(z, all, zDims), broadcasted(e, all, eDims));
      return reduced("sum", elementwise("mul", d, d), last + 1);
    }
  }
  if (form == 1) { // cosine
    Known length = elementwise("sqrt", norm(e));
    Known u =
        elementwise("div", e,
                    broadcasted(elementwise("maximum", length, constant(length.type(), 1e-12)),
                                e.shape(), llvm::to_vector(llvm::seq<int64_t>(last))));
    return elementwise("neg", product(z, u));
  }
  Known s = scaled(product(z, e), program.oneOf({-2.0, -1.0, -0.5, 1.0}));
  if (form == 2) // a bias of the codes
    return elementwise("add", s, broadcasted(fitted(s.type().clone({shape.back()})), shape, last));
  if (form == 3)
    return s;
  s = elementwise("add", s, broadcasted(norm(e), shape, codes));
  if (form == 4)
    return s;
  s = elementwise("add", s, broadcasted(norm(z), shape, rows));
  return elementwise("sqrt", elementwise("maximum", s, constant(s.type(), 0)));
}

void Author::search() {
  if (program.special)
    return; // terms that are the same for all codes of a row are assumed finite
  const int form = program.below(9);
  const bool sampled = form == 6 || form == 7;
  const int64_t d = program.oneOf<int64_t>({1, 2, 3, 8, 17}),
                k = program.oneOf<int64_t>({1, 2, 5, 8, 24, 33});
  SmallVector<int64_t> rows;
  if (program.chance(0.25))
    rows.push_back(program.random.integer(1, 3));
  rows.push_back(program.oneOf<int64_t>({program.empty ? 0 : 1, 7, 16, 67, 100}));
  const bool heads = rows.size() == 2 && !sampled;
  SmallVector<int64_t> z(rows), e;
  if (heads)
    e.push_back(rows[0]);
  e.append({k, d});
  z.push_back(d);
  if (sampled && form == 7) // the plain form has two axes
    z.erase(z.begin(), z.end() - 2);
  if (!program.fits(z) || !program.fits(e))
    return;
  Type element = sampled ? Type(b.getF32Type()) : someFloat();
  auto operand = [&](ArrayRef<int64_t> shape) { return bounded(fitted(tensor(shape, element))); };
  Known rowsOf = operand(z), codesOf = operand(e);
  auto codes = tensor(ArrayRef<int64_t>(z).drop_back(), b.getI64Type());
  Known found;
  if (form == 8) {
    found = emit("vq", {rowsOf, codesOf}, codes,
                 text("metric", program.oneOf<StringRef>({"l2", "dot", "cosine"})));
  } else if (form == 6) {
    found = emit("vq_sampled",
                 {rowsOf, codesOf, key(), index(program.below(50)),
                  constant(tensor({}, element), program.oneOf({0.0, 0.5, 1.0}))},
                 codes,
                 {text("metric", program.oneOf<StringRef>({"l2", "dot"})),
                  b.getNamedAttr("least", b.getF64FloatAttr(program.oneOf({0.0, 1e-20})))});
  } else if (form == 7) {
    Known s = scores(rowsOf, codesOf, program.oneOf({3, 4}));
    Known u = emit("uniform", {key(), index(program.below(50))}, s.type(), {}, true);
    u = elementwise("maximum", u, constant(u.type(), 1e-20));
    Known noise = elementwise("neg", elementwise("log", elementwise("neg", elementwise("log", u))));
    found = argmin(elementwise("sub", s, scaled(noise, 0.5)), 1);
  } else {
    Known s = scores(rowsOf, codesOf, form);
    found = argmin(s, s.rank() - 1);
    if (program.chance(0.3)) {
      SmallVector<int64_t> several(s.shape());
      several.back() = std::min<int64_t>(several.back(), 2);
      emit("top_k", s, tensor(several, b.getI64Type()), integer("k", several.back()));
    }
  }
  if (heads || program.chance(0.3))
    return;
  Known q = emit("gather", {codesOf, found}, rowsOf.type(), {}, true);
  emit("straight_through", {rowsOf, q}, rowsOf.type(), {}, true);
}

// ---- softmax over codes or keys ----------------------------------------------------------------

Known Author::weights(const Known &s, int64_t axis) {
  SmallVector<int64_t> rows = llvm::to_vector(llvm::seq<int64_t>(s.rank()));
  rows.erase(rows.begin() + axis);
  auto spread = [&](const Known &x) { return broadcasted(x, s.shape(), rows); };
  Known x = elementwise("exp", elementwise("sub", s, spread(reduced("max", s, axis))));
  return elementwise("div", x, spread(reduced("sum", x, axis)));
}

/// softmax(z e^T), and what models make of it.
void Author::softmax() {
  if (program.special)
    return;
  const int64_t n = program.oneOf<int64_t>({1, 5, 67, 131, 200}),
                k = program.oneOf<int64_t>({2, 8, 15}), d = program.oneOf<int64_t>({1, 3, 8});
  Type element = someFloat();
  const bool codesFirst = program.chance(0.2);
  Known z = bounded(fitted(tensor({n, d}, element))), e = bounded(fitted(tensor({k, d}, element)));
  Known s = codesFirst ? product(e, z) : product(z, e);
  const int64_t axis = codesFirst ? 0 : 1;
  Known p = weights(s, axis);
  const int what = program.below(4);
  if (what == 0 && !codesFirst)
    product(p, e, /*plain=*/true);
  if (what == 1)
    scaled(reduced("sum", p, 1 - axis), 1.0 / double(n));
  if (what == 2)
    elementwise("neg", reduced("sum", elementwise("mul", p, elementwise("log", p)), axis));
  if (what == 3)
    argmin(elementwise("neg", s), axis);
}

Known Author::masked(const Known &s, int64_t queries, int64_t keys) {
  SmallVector<int64_t> axes = {std::min(queries, keys), std::max(queries, keys)};
  auto bias = [&](ArrayRef<int64_t> axes, bool isConstant) {
    auto type =
        s.type().clone(llvm::map_to_vector(axes, [&](int64_t axis) { return s.shape()[axis]; }));
    Known x = isConstant ? numbers(type) : bounded(fitted(type));
    return elementwise("add", s, broadcasted(x, s.shape(), axes));
  };
  switch (program.below(5)) {
  case 0: { // no key behind the query's own
    auto number = [&](int64_t axis) {
      const int64_t extent = s.shape()[axis];
      return broadcasted(emit("iota", {}, tensor({extent}, b.getI64Type())), s.shape(), axis);
    };
    Known seen = emit("compare", {number(keys), number(queries)}, s.type().clone(b.getI1Type()),
                      text("predicate", "le"));
    return emit("select", {seen, s, constant(s.type(), -std::numeric_limits<double>::infinity())},
                s.type());
  }
  case 1:
    return bias(axes, true);
  case 2:
    return bias(llvm::to_vector(llvm::seq<int64_t>(s.rank())), true);
  case 3: // along some axes, in their order
    axes.clear();
    for (int64_t axis = 0; axis < s.rank(); ++axis)
      if (program.chance(0.6))
        axes.push_back(axis);
    return bias(axes, false);
  default:
    return s;
  }
}

/// softmax(q k^T) v of a batch, the axes of each in any order.
void Author::attention() {
  if (program.special)
    return;
  SmallVector<int64_t> heads;
  for (int64_t n = program.oneOf<int64_t>({1, 1, 2}); n > 0; --n)
    heads.push_back(program.random.integer(1, 3));
  const int64_t last = heads.size(), queries = program.oneOf<int64_t>({8, 20, 67}),
                keys = program.oneOf<int64_t>({1, 5, 8}), features = program.random.integer(1, 3);
  SmallVector<int64_t> all(heads);
  all.append({queries, keys});
  if (!program.fits(all))
    return;
  // f64 is nobody else's.
  Type element = program.chance(0.4) ? Type(b.getF64Type()) : someFloat();
  struct Placed {
    Known x;
    SmallVector<int64_t> axes; ///< of heads, then of two more
  };
  auto operand = [&](int64_t rows) {
    SmallVector<int64_t> extents(heads), order = program.order(last + 2), shape, axes(last + 2);
    extents.append({rows, features});
    for (auto [place, axis] : llvm::enumerate(order)) {
      shape.push_back(extents[axis]);
      axes[axis] = place;
    }
    return Placed{bounded(fitted(tensor(shape, element))), axes};
  };
  // Summed over that of the two axes of each; of what there is then, that of `a` is first.
  auto contracted = [&](const Placed &a, int64_t aAxis, const Placed &c, int64_t cAxis) {
    SmallVector<int64_t> shape(heads);
    shape.push_back(a.x.shape()[a.axes[last + 1 - aAxis]]);
    shape.push_back(c.x.shape()[c.axes[last + 1 - cAxis]]);
    return emit("contract", {a.x, c.x}, a.x.type().clone(shape),
                {ints("a_batch", ArrayRef(a.axes).take_front(last)),
                 ints("b_batch", ArrayRef(c.axes).take_front(last)),
                 ints("a_contract", a.axes[last + aAxis]),
                 ints("b_contract", c.axes[last + cAxis])});
  };
  const Placed q = operand(queries), k = operand(keys), v = operand(keys);
  const bool keysFirst = program.chance(0.3);
  const int64_t keyAxis = keysFirst ? 0 : 1, numKnown = values.size();
  Known s = keysFirst ? contracted(k, 1, q, 1) : contracted(q, 1, k, 1);
  s = masked(scaled(s, 0.5), last + 1 - keyAxis, last + keyAxis);
  Placed p = {weights(s, last + keyAxis), llvm::to_vector(llvm::seq<int64_t>(last + 2))};
  Known o = program.chance(0.7) ? contracted(p, keyAxis, v, 0) : contracted(v, 0, p, keyAxis);
  values.truncate(numKnown); // what is infinite is nobody else's
  if (program.chance(0.2))
    values.push_back(p.x);
  values.push_back(o);
}

} // namespace kerf::codegen::fuzz
