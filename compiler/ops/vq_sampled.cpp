#include "compiler/ops/vq_sampled.h"
#include "compiler/oracle/argmin.h"
#include "compiler/oracle/codebook_scores.h"
#include "compiler/oracle/philox.h"

using namespace mlir;

namespace kerf::compiler {

LogicalResult VqSampledOp::verify() {
  const double least = getLeast().convertToDouble();
  if (!(least >= 0 && least < 1)) // C6
    return emitOpError("least is ") << least << " but should be in [0, 1), where uniforms are";
  return verifyRule(*this,
                    rule::vq_sampled(shapeOf(getZ().getType()), shapeOf(getCodebook().getType()),
                                     shapeOf(getT().getType()))); // C1, C2, C3, C4
}

/// -log(-log(max(u, least)))
static double gumbel(double u, double least, Type type, const Evaluation &evaluation) {
  const double inner = evaluation.round(std::log(std::max(u, least)), type);
  return -evaluation.round(std::log(-inner), type);
}

SmallVector<Literal> VqSampledOp::evaluate(ArrayRef<Literal> operands, Evaluation &evaluation) {
  const Literal &z = operands[0];
  const auto &key = operands[2].ints();
  const uint64_t offset = operands[3].ints()[0];
  const double t = operands[4].floats()[0], least = getLeast().convertToDouble();
  const int64_t count = operands[1].shape()[0], d = operands[1].shape()[1];
  const Type type = z.type().getElementType();
  const Codes codes(getMetric(), operands[1], evaluation);
  return {chooseAll(*this, evaluation, count, [&](int64_t i, int64_t k) {
    const uint32_t word = philoxWord({uint32_t(key[0]), uint32_t(key[1])}, offset + i * count + k);
    const double noise =
        evaluation.round(t * gumbel(philoxUniform(word), least, type, evaluation), type);
    const double score = evaluation.round(codes.score(&z.floats()[i * d], k) - noise, type);
    return evaluation.disturbed(score, std::fabs(noise), 1, type);
  })};
}

/// argmin(vq's scores + t log(-log(max(uniform, least))))
SmallVector<Value> VqSampledOp::decompose(OpBuilder &builder) {
  auto [z, e, t] = vals(builder, getLoc(), getZ(), getCodebook(), getT());
  const int64_t last = z.rank() - 1;
  SmallVector<int64_t> shape(z.shape().drop_back());
  shape.push_back(e.shape()[0]);
  const auto type = RankedTensorType::get(shape, z.type().getElementType());
  const Val u = z.op("uniform", {getKey(), getOffset()}, type);
  const Val kept = u.op("maximum", {u, u.constant(getLeast().convertToDouble())}, type);
  const Val noise = broadcast(reshape(t, {}), shape, {}) * -log(-log(kept));
  const bool isL2 = getMetric() == "l2";
  if (isL2) {
    const Val center = centerOf(e);
    z = lessCenter(z, center), e = lessCenter(e, center);
  }
  const Val dot = contract(isL2 ? 2.0 * z : z, e, {}, {}, {last}, {1});
  const Val scores = isL2 ? broadcast(sum(e * e, {1}), shape, {last}) - dot : -dot;
  const Val s = scores - noise;
  return {s.op("argmin", s.value, getType(), s.i64("axis", last))};
}

} // namespace kerf::compiler

#define GET_OP_CLASSES
#include "compiler/ops/vq_sampled.cpp.inc"
