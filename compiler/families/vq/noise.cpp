// Gumbel noise among the scores under an argmin: what is taken is a draw of a code.
#include "compiler/families/vq/scores.h"
#include "compiler/match/scaled_view.h"

#include "compiler/ops/log.h"
#include "compiler/ops/maximum.h"
#include "compiler/ops/mul.h"
#include "compiler/ops/reshape.h"

using namespace mlir;

namespace kerf::compiler::vq {

/// v without the numbers before it, which go into `factor`.
static Value withoutFactors(Value v, double &factor) {
  for (Multiple m = multipleOf(v); m.inner; m = multipleOf(v))
    v = m.inner, factor *= m.factor;
  return v;
}

/// `pick` of (a, b) or of (b, a), the first that has an answer.
template <class Pick> static auto eitherWay(Value a, Value b, Pick pick) {
  auto found = pick(a, b);
  return found ? found : pick(b, a);
}

std::optional<Noise> noiseOf(Value v) {
  Noise noise;
  v = withoutFactors(v, noise.factor);
  if (auto mul = v.getDefiningOp<MulOp>()) {
    v = eitherWay(mul.getA(), mul.getB(), [&](Value number, Value rest) {
      auto broadcast = number.getDefiningOp<BroadcastOp>();
      const bool isNumber = broadcast && sizeOf(broadcast.getX()) == 1;
      noise.temperature = isNumber ? broadcast : BroadcastOp();
      return isNumber ? rest : Value();
    });
    v = v ? withoutFactors(v, noise.factor) : mul.getY();
  }
  auto outer = v.getDefiningOp<LogOp>();
  double sign = 1, one = 1;
  auto inner = outer ? withoutFactors(outer.getX(), sign).getDefiningOp<LogOp>() : LogOp();
  if (!inner || sign != -1)
    return {};
  Value u = inner.getX();
  if (auto maximum = u.getDefiningOp<MaximumOp>())
    u = eitherWay(maximum.getA(), maximum.getB(), [&](Value number, Value rest) {
      auto least = splatNumber(number);
      noise.least = std::max(least.value_or(0), 0.0);
      return least ? rest : Value();
    });
  noise.draw = u ? withoutFactors(u, one).getDefiningOp<UniformOp>() : UniformOp();
  return noise.draw && one == 1 && noise.least < 1 ? std::optional(noise) : std::nullopt;
}

bool Scores::takeNoise(Noise found, double factor, int64_t axis) {
  if (noise)
    return fail(found.draw, "two draws are added to the scores",
                "add one; one number per row and code is enough");
  if (!isBesideRoot(found.draw) || (found.temperature && !isBesideRoot(found.temperature)))
    return false;
  noise = found;
  noise->factor *= factor;
  noise->views = llvm::to_vector(ArrayRef(path).drop_front(numPeeled));
  noise->axis = axis;
  return true;
}

/// Word n K + k of the draw must belong to row n and code k.
bool Scores::checkNoise() {
  auto isLast = [](Value x, int64_t axis) { return axis == typeOf(x).getRank() - 1; };
  auto keepsOrder = [](ArrayRef<View> views) {
    return llvm::all_of(views, [](const View &view) { return isa<ReshapeOp>(view.op); });
  };
  if (needsDistance)
    return fail(needsDistance, "the root or clamp is of scores with noise",
                "drop it: the code that is drawn does not change");
  if (operands.heads > 0)
    return fail(product, "noise is added to the scores of heads",
                "draw for the rows of each head by itself");
  const int64_t codeAxis = found.empty() ? root.getAxis() : found.back().from;
  if (!isLast(noise->draw, noise->axis) || !isLast(product->getResult(0), codeAxis) ||
      !keepsOrder(noise->views) || !keepsOrder(ArrayRef(found).drop_front(numPeeled)))
    return fail(noise->draw, "the noise is drawn in another order than rows, then codes",
                "let codes be the last axis of the draw and of the contraction");
  return true;
}

/// What the noise is multiplied with where scores are `unit` times those of the fused op.
Val Scores::temperature(OpBuilder &b, double unit) {
  const double factor = noise->factor / unit;
  const Type element = typeOf(noise->draw).getElementType();
  if (!noise->temperature) {
    Attribute number = splatOf(RankedTensorType::get({}, element), factor);
    return {b, root.getLoc(), arith::ConstantOp::create(b, root.getLoc(), cast<TypedAttr>(number))};
  }
  const Val t(b, root.getLoc(), noise->temperature.getX());
  return reshape(factor == 1 ? t : factor * t, {});
}

} // namespace kerf::compiler::vq
