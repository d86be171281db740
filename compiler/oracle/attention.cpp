#include "compiler/oracle/attention.h"
#include "compiler/oracle/lines.h"
#include "compiler/oracle/philox.h"

#include "mlir/IR/IRMapping.h"

#include <cmath>
#include <numeric>

using namespace mlir;

namespace kerf::compiler {

ScalarFunction::ScalarFunction(Region &region, int64_t count) {
  if (region.empty())
    return;
  auto stretched = [&](Type type) { return cast<RankedTensorType>(type).clone({count}); };
  OpBuilder builder(region.getContext());
  builder.setInsertionPointToEnd(&block);
  IRMapping copies;
  for (BlockArgument argument : region.getArguments())
    copies.map(argument, block.addArgument(stretched(argument.getType()), argument.getLoc()));
  for (Operation &op : region.front()) {
    Operation *copy = builder.clone(op, copies);
    for (OpResult result : copy->getResults())
      result.setType(stretched(result.getType()));
    if (auto constant = dyn_cast<arith::ConstantOp>(copy))
      constant.setValueAttr(cast<DenseElementsAttr>(constant.getValue())
                                .resizeSplat(cast<ShapedType>(constant.getType())));
  }
}

std::pair<double, std::vector<double>> ScoreRow::softmax() const {
  double most = -INFINITY, total = 0;
  for (int64_t j : seen)
    if (std::isnan(score[j]) || score[j] > most)
      most = score[j];
  std::vector<double> shares(score.size(), 0);
  if (most == -INFINITY)
    return {most, shares};
  for (int64_t j : seen)
    total += shares[j] = std::exp(score[j] - most);
  for (double &share : shares)
    share /= total;
  return {most + std::log(total), shares};
}

AttentionRows::AttentionRows(const AttentionParts &parts, ArrayRef<Literal> operands,
                             Evaluation &evaluation)
    : parts(parts), q(operands[0]), k(operands[1]), v(operands[2]),
      captures(operands.slice(3, parts.captures.size())), evaluation(evaluation),
      score(parts.score, keys()), mask(parts.mask, keys()) {
  if (!parts.rate)
    return;
  const size_t next = 3 + captures.size();
  const std::vector<int64_t> &words = operands[next].ints();
  key = {uint32_t(words[0]), uint32_t(words[1])};
  offset = operands[next + 1].ints()[0];
}

/// Of key 0 that this query sees: an axis of 1 is the same for all.
int64_t AttentionRows::firstPlace(const Literal &keys, ArrayRef<int64_t> query) const {
  int64_t place = 0;
  for (auto [i, extent, stride] :
       llvm::zip(query.drop_back(), keys.shape(), stridesOf(keys.shape())))
    place += extent == 1 ? 0 : i * stride;
  return place;
}

/// The indices of every score of the row, and the elements of the captures that belong to it.
void AttentionRows::findPlaces(ArrayRef<int64_t> query, ScoreRow &row) {
  const Type i32 = IntegerType::get(parts.op->getContext(), 32);
  auto vector = [&](Type element) { return Literal(RankedTensorType::get({keys()}, element)); };
  for (int64_t index : query) {
    Literal all = vector(i32);
    all.ints().assign(keys(), index);
    row.given.push_back(all);
  }
  Literal numbers = vector(i32);
  std::iota(numbers.ints().begin(), numbers.ints().end(), 0);
  row.given.push_back(numbers);
  for (auto [capture, map] : llvm::zip_equal(captures, parts.maps)) {
    Literal elements = vector(capture.type().getElementType());
    std::vector<int64_t> &places = row.places.emplace_back(keys());
    const auto strides = stridesOf(capture.shape());
    SmallVector<int64_t> at(query);
    at.push_back(0);
    for (int64_t &j = at.back(); j < keys(); ++j) {
      for (auto [index, stride] : llvm::zip_equal(map.compose(at), strides))
        places[j] += index * stride;
      copyElement(capture, places[j], elements, j);
    }
    row.given.push_back(elements);
  }
}

LogicalResult AttentionRows::runRegions(ScoreRow &row) {
  if (mask.isEmpty()) {
    row.seen = llvm::to_vector(llvm::seq<int64_t>(keys()));
  } else {
    FailureOr<std::vector<Literal>> made = mask.run(row.given, evaluation);
    if (failed(made))
      return failure();
    for (int64_t j = 0; j < keys(); ++j)
      if (made->front().ints()[j])
        row.seen.push_back(j);
  }
  if (score.isEmpty()) {
    row.score = row.s.floats();
    return success();
  }
  SmallVector<Literal> arguments = {row.s};
  llvm::append_range(arguments, row.given);
  FailureOr<std::vector<Literal>> made = score.run(arguments, evaluation);
  if (succeeded(made))
    row.score = made->front().floats();
  return failure(failed(made));
}

LogicalResult AttentionRows::forEach(llvm::function_ref<LogicalResult(int64_t, ScoreRow &)> body) {
  const Type type = parts.sumType();
  const double rate = float(parts.rate.value_or(0)); // as numbers that are drawn are
  bool ended = false;
  forEachIndex(q.shape().drop_back(), [&](ArrayRef<int64_t> query, int64_t number) {
    if (ended)
      return;
    ScoreRow row;
    row.q = q.floats().data() + number * features();
    row.firstK = firstPlace(k, query), row.firstV = firstPlace(v, query);
    row.s = Literal(RankedTensorType::get({keys()}, type));
    row.kept.assign(keys(), 1);
    for (int64_t j = 0; j < keys(); ++j) {
      double dot = 0, magnitude = 0;
      for (int64_t e = 0; e < features(); ++e) {
        const double term = row.q[e] * keyAt(row.firstK + j * features())[e];
        dot += term, magnitude += std::fabs(term);
      }
      dot = evaluation.disturbed(evaluation.round(dot, type), magnitude, features(), type);
      row.s.floats()[j] = evaluation.round(parts.scale * dot, type);
      if (parts.rate) {
        const double drawn = philoxUniform(philoxWord(key, offset + number * keys() + j));
        row.kept[j] = drawn >= rate ? 1 / (1 - *parts.rate) : 0;
      }
    }
    findPlaces(query, row);
    ended = failed(runRegions(row)) || failed(body(number, row));
  });
  return failure(ended);
}

} // namespace kerf::compiler
