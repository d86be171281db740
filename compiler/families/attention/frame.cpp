#include "compiler/families/attention/frame.h"
#include "compiler/match/scaled_view.h"

#include "compiler/ops/broadcast.h"
#include "compiler/ops/reshape.h"
#include "compiler/ops/slice.h"
#include "compiler/ops/transpose.h"

using namespace mlir;

namespace kerf::compiler::attention {

Index Index::operator*(int64_t factor) const {
  Index result = *this;
  for (int64_t &x : result.times)
    x *= factor;
  result.constant *= factor;
  return result;
}

Index Index::operator+(const Index &other) const {
  Index result = *this;
  for (auto [x, y] : llvm::zip_equal(result.times, other.times))
    x += y;
  result.constant += other.constant;
  return result;
}

std::optional<unsigned> Frame::add(int64_t extent) {
  if (extents.size() == Index::mostDims)
    return {};
  extents.push_back(extent);
  return extents.size() - 1;
}

Index Frame::dim(unsigned dim) {
  Index index;
  index.times[dim] = 1;
  return index;
}

Index Frame::number(int64_t number) {
  Index index;
  index.constant = number;
  return index;
}

Range Frame::range(const Index &index) const {
  Range range{index.constant, index.constant};
  for (auto [times, extent] : llvm::zip(index.times, extents))
    (times > 0 ? range.high : range.low) += times * (extent - 1);
  return range;
}

bool Frame::isSame(const Place &a, const Place &b) const {
  return llvm::all_of(llvm::zip_equal(a, b), [&](auto pair) {
    const Index less = std::get<0>(pair) - std::get<1>(pair);
    for (unsigned dim = 0; dim < size(); ++dim)
      if (less.times[dim] != 0 && extents[dim] != 1)
        return false;
    return less.constant == 0;
  });
}

std::optional<SmallVector<unsigned>> Frame::parts(const Index &index, int64_t extent) const {
  SmallVector<unsigned> dims;
  for (unsigned dim = 0; dim < size(); ++dim)
    if (index.times[dim] != 0)
      dims.push_back(dim);
  llvm::sort(dims, [&](unsigned a, unsigned b) {
    return std::pair(-index.times[a], a) < std::pair(-index.times[b], b);
  });
  int64_t inner = 1;
  for (unsigned dim : llvm::reverse(dims)) {
    if (index.times[dim] != inner && extents[dim] != 1)
      return {};
    inner *= extents[dim];
  }
  if (inner != extent || index.constant != 0)
    return {};
  return dims;
}

// ---- steps back --------------------------------------------------------------------------------

/// Axes `from` that make the same numbers as the axes `to`, whose indices are `place`.
bool Frame::regroup(ArrayRef<int64_t> from, ArrayRef<int64_t> to, ArrayRef<Index> place,
                    Place &result) {
  if (from.size() == 1) {
    Index merged;
    for (auto [index, extent] : llvm::zip_equal(place, to))
      merged = merged * extent + index;
    result.push_back(merged);
    return true;
  }
  SmallVector<unsigned> dims;
  for (auto [index, extent] : llvm::zip_equal(place, to)) {
    auto some = parts(index, extent);
    if (!some)
      return false;
    llvm::append_range(dims, *some);
  }
  SmallVector<Index> reversed;
  for (int64_t extent : llvm::reverse(from)) {
    Index index;
    if (extent == 1 && !dims.empty() && extents[dims.back()] == 1)
      index = Frame::dim(dims.pop_back_val());
    for (int64_t inner = 1; inner != extent;) {
      const unsigned dim = dims.pop_back_val();
      if (extents[dim] == 1)
        continue; // it is 0 anyway
      const int64_t left = extent / inner;
      if (left % extents[dim] != 0) {
        if (extents[dim] % left == 0)
          cut = {dim, left};
        return false;
      }
      index = index + Frame::dim(dim) * inner;
      inner *= extents[dim];
    }
    reversed.push_back(index);
  }
  result.insert(result.end(), reversed.rbegin(), reversed.rend());
  return true;
}

/// By the shortest runs of axes that have as many elements on both sides.
std::optional<Place> Frame::beforeReshape(ArrayRef<int64_t> from, ArrayRef<int64_t> to,
                                          const Place &place) {
  if (llvm::is_contained(to, 0))
    return {};
  Place result;
  size_t i = 0, j = 0;
  while (i < from.size() || j < to.size()) {
    const size_t iFirst = i, jFirst = j;
    int64_t ofFrom = i < from.size() ? from[i++] : 1, ofTo = j < to.size() ? to[j++] : 1;
    while (ofFrom != ofTo)
      ofFrom < ofTo ? ofFrom *= from[i++] : ofTo *= to[j++];
    if (!regroup(from.slice(iFirst, i - iFirst), to.slice(jFirst, j - jFirst),
                 ArrayRef(place).slice(jFirst, j - jFirst), result))
      return {};
  }
  return result;
}

std::optional<Place> Frame::before(Operation *op, const Place &place) {
  if (auto reshape = dyn_cast_if_present<ReshapeOp>(op))
    return beforeReshape(reshape.getX().getType().getShape(), reshape.getY().getType().getShape(),
                         place);
  if (auto transpose = dyn_cast_if_present<TransposeOp>(op)) {
    Place result(place.size());
    for (auto [to, from] : llvm::enumerate(transpose.getPermutation()))
      result[from] = place[to];
    return result;
  }
  if (auto broadcast = dyn_cast_if_present<BroadcastOp>(op)) {
    Place result;
    for (auto [extent, axis] :
         llvm::zip_equal(broadcast.getX().getType().getShape(), broadcast.getDims()))
      result.push_back(extent == 1 ? Index() : place[axis]);
    return result;
  }
  if (auto slice = dyn_cast_if_present<SliceOp>(op)) {
    Place result;
    for (auto [index, offset, stride] :
         llvm::zip_equal(place, slice.getOffsets(), slice.getStrides()))
      result.push_back(index * stride + number(offset));
    return result;
  }
  return {};
}

Term Frame::settled(Term term) {
  while (auto place = before(term.value.getDefiningOp(), term.place))
    term = {term.value.getDefiningOp()->getOperand(0), *place};
  return term;
}

} // namespace kerf::compiler::attention
