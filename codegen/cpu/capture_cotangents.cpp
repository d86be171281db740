#include "codegen/cpu/capture_cotangents.h"

#include <numeric>

using namespace kerf::codegen::cpu::emit;

namespace kerf::codegen::cpu {

std::optional<int64_t> sharedInPlace(mlir::AffineMap map, int64_t axes) {
  const unsigned rank = map.getNumDims() - 2;
  bool hasQueries = false, hasKeys = false;
  int64_t shared = (int64_t(1) << axes) - 1;
  for (mlir::AffineExpr axis : map.getResults()) {
    const bool query = axis.isFunctionOfDim(rank), key = axis.isFunctionOfDim(rank + 1);
    if (query && key)
      return {};
    hasQueries |= query, hasKeys |= key;
    if (auto dim = llvm::dyn_cast<mlir::AffineDimExpr>(axis); dim && dim.getPosition() < rank)
      shared &= ~((int64_t(1) << axes >> (rank - dim.getPosition())));
  }
  if (!hasQueries || !hasKeys)
    return {};
  return shared;
}

void appendCotangentSizes(mlir::AffineMap map, llvm::ArrayRef<int64_t> shape, int64_t m, int64_t n,
                          llvm::SmallVectorImpl<int64_t> &sizes) {
  const llvm::SmallVector<int64_t> places = *placesOf(map, shape);
  const int64_t queries = places[places.size() - 3], keys = places[places.size() - 2];
  const int64_t unit = std::max<int64_t>(std::gcd(queries, keys), 1);
  const int64_t step[] = {queries / unit, keys / unit};
  const int64_t shift =
      -std::min<int64_t>(step[0], 0) * (m - 1) - std::min<int64_t>(step[1], 0) * (n - 1);
  const int64_t length = std::abs(step[0]) * (m - 1) + std::abs(step[1]) * (n - 1) + 1;
  sizes.append({product(shape), unit, shift, step[0], step[1], sharedInPlace(map, 0) ? 0 : length});
}

void CaptureCotangent::add(Emit &e, Val x, Val rowPlace, Val i, Val j, Val valid) const {
  const int64_t count = llvm::cast<mlir::VectorType>(x.type()).getDimSize(0);
  Val step = isInPlace ? captures.numberOf(capture, keyDim) : sizes->step[1];
  Val first = isInPlace ? rowPlace : sizes->shift + i * sizes->step[0];
  Ptr place = sums + (first + j * step);
  // Behind a line there is room; behind the elements of a capture there is none.
  if (lanes == Captures::Lanes::next && (!isInPlace || !valid.emit)) {
    place.store(place.load(count) + x);
  } else if (lanes == Captures::Lanes::next) {
    Val mask = e.lanes(count, e.i32()) < e.splat(resize(valid, e.i32()), count);
    place.store(place.load(count, mask) + x, mask);
  } else if (lanes == Captures::Lanes::back && !valid.emit) {
    llvm::SmallVector<int64_t> order;
    for (int64_t lane = count; lane-- > 0;)
      order.push_back(lane);
    Ptr last = place + (1 - count);
    last.store(last.load(count) + emit::shuffle(x, x, llvm::ArrayRef<int64_t>(order)));
  } else {
    for (int64_t l = 0; l < count; ++l) {
      auto one = [&] {
        Ptr at = place + step * l;
        at.store(at.load() + lane(x, l));
      };
      if (valid.emit && l > 0)
        e.when(valid > l, one);
      else
        one();
    }
  }
}

void CaptureCotangent::addRow(Val sum, Val i) const {
  Ptr at = sums + (sizes->shift + i * sizes->step[0]);
  at.store(at.load() + sum);
}

} // namespace kerf::codegen::cpu
