// The functions of f32. Coefficients are minimax fits in relative error, made for these intervals.
#include "codegen/cpu/math.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;

namespace kerf::codegen::cpu::emit {

Val polynomial(Val x, std::initializer_list<double> coefficients) {
  auto c = std::rbegin(coefficients);
  Val sum = like(x, *c);
  for (++c; c != std::rend(coefficients); ++c)
    sum = fma(sum, x, like(x, *c));
  return sum;
}

static Val bits(Val x) { return bitcast(x, x.emit->i32()); }
static Val fromBits(Val x) { return bitcast(x, x.emit->f32()); }
static Val abs(Val x) { return fromBits(bits(x) & 0x7fffffff); }

static constexpr double infinity = std::numeric_limits<double>::infinity();
static constexpr double nan = std::numeric_limits<double>::quiet_NaN();

static Val twoTo(Val e) { return fromBits((e + 127) << 23); }

namespace {
/// exp(x) = 2^power (1 + p), |p| < 1/2.
struct SplitExp {
  Val p, power;
};
} // namespace

/// p = exp(r) - 1, x = power ln 2 + r, |r| <= ln 2 / 2. A NaN passes through r; its power is any
/// number.
static SplitExp splitExp(Val x) {
  // Adding 1.5 * 2^23 rounds to an integer, found in the low bits.
  Val round = like(x, 12582912.0);
  Val shifted = fma(x, like(x, 1.4426950408889634), round), n = shifted - round;
  Val r = fma(n, like(x, -0.693145751953125), x);
  r = fma(n, like(x, -1.4286068203094172e-06), r);
  Val q =
      polynomial(r, {0.4999999305, 0.1666651479, 0.04166845689, 0.008369419309, 0.001381313957});
  return {fma(r * r, q, r), bits(shifted) - bits(round)};
}

/// 2^power y in two halves, so that the last product alone rounds into denormals or overflows.
static Val scaled(Val y, Val power) {
  Val half = sar(power, 1);
  return y * twoTo(half) * twoTo(power - half);
}

Val exp(Val x) {
  x = select(x < -104.0, -104.0, x);
  x = select(x > 89.0, 89.0, x);
  auto [p, power] = splitExp(x);
  return scaled(p + 1.0, power);
}

/// As exp, in 14 instructions: no result is denormal or overflows, so 2^power is made in the bits
/// that rounding leaves it in. The polynomial is that of splitExp.
Val expOfNegative(Val x) {
  Val round = like(x, 12582912.0 + 127); // 1.5 * 2^23, and the exponent's bias
  Val shifted = fma(x, like(x, 1.4426950408889634), round), n = shifted - round;
  Val r = fma(n, like(x, -0.693145751953125), x);
  r = fma(n, like(x, -1.4286068203094172e-06), r);
  Val y = polynomial(
      r, {1.0, 1.0, 0.4999999305, 0.1666651479, 0.04166845689, 0.008369419309, 0.001381313957});
  return select(x < -87.0, 0.0, y * fromBits(bits(shifted) << 23));
}

/// 2^n (1 + p) - 1 = 2^n (p + (1 - 2^-n)), whose inner difference is exact where it matters.
Val expm1(Val x) {
  Val clamped = select(x < -20.0, -20.0, x);
  clamped = select(clamped > 89.0, 89.0, clamped);
  auto [p, power] = splitExp(clamped);
  Val y = scaled(p + (1.0 - twoTo(0 - select(power > 126, like(power, 126), power))), power);
  return select(x == 0.0, x, y); // -0 stays -0
}

namespace {
/// x = 2^exponent (1 + f), sqrt(1/2) <= 1 + f < sqrt(2).
struct SplitLog {
  Val f, exponent;
};
} // namespace

static SplitLog splitLog(Val x) {
  constexpr int64_t sqrtHalf = 0x3f3504f3;
  Val offset = bits(x) - sqrtHalf;
  return {fromBits((offset & 0x7fffff) + sqrtHalf) - 1.0, sar(offset, 23)};
}

/// log(2^e (1 + f)) = e ln 2 + f - f^2 / 2 + f^3 P(f).
static Val joinLog(Val f, Val e) {
  Val p = polynomial(f, {0.333333126, -0.2500000961, 0.2000211883, -0.1666799543, 0.1421954905,
                         -0.1240559453, 0.1188819031, -0.1167562826, 0.06746551839});
  Val square = f * f;
  Val y = fma(e, like(f, -2.12194440054690583e-4), square * f * p);
  y = fma(square, like(f, -0.5), y);
  return fma(e, like(f, 0.693359375), f + y);
}

/// `e` is added to the exponent found.
static Val logOfNormal(Val x, Val e) {
  auto [f, exponent] = splitLog(x);
  return joinLog(f, e + toFloat(exponent, x.emit->f32()));
}
Val logOfNormal(Val x) {
  auto [f, exponent] = splitLog(x);
  return joinLog(f, toFloat(exponent, x.emit->f32()));
}

Val log(Val x) {
  Val denormal = x < 0x1p-126;
  Val scaled = select(denormal, x * 0x1p23, x);
  Val y = logOfNormal(scaled, select(denormal, like(x, -23.0), like(x, 0.0)));
  y = select(x > 0.0, y, select(x == 0.0, like(x, -infinity), like(x, nan)));
  return select(x == infinity, x, y);
}

/// With u = 1 + x as rounded and c = x - (u - 1) what that lost, log(u + c) where u = 2^e (1 + f)
/// is log(2^e (1 + (f + 2^-e c))); for e = 0, f + c is x itself.
Val log1p(Val x) {
  Val u = x + 1.0;
  auto [f, exponent] = splitLog(u);
  Val lost = x - (u - 1.0); // 0 where u is large
  Val down = 0 - select(exponent > 64, like(exponent, 64), exponent);
  f = select(exponent == 0, x, fma(lost, twoTo(down), f));
  Val y = joinLog(f, toFloat(exponent, x.emit->f32()));
  y = select(u > 0.0, y, select(u == 0.0, like(x, -infinity), like(x, nan)));
  y = select(x == 0.0, x, y); // -0 stays -0
  return select(x == infinity, x, y);
}

/// On |x|: x + x^3 P(x^2) near 0, otherwise 1 - 2 / (exp(2 x) + 1). The sign comes back at the end,
/// so that -0 stays -0.
Val tanh(Val x) {
  Val size = abs(x), square = size * size;
  Val p = polynomial(square, {-0.3333333076, 0.1333320416, -0.05394651958, 0.02169931798,
                              -0.008173854844, 0.002139616666});
  Val low = fma(size * square, p, size);
  Val high = 1.0 - 2.0 / (exp(size + size) + 1.0);
  Val sign = bits(x) & int64_t(-2147483648);
  return fromBits(bits(select(size < 0.625, low, high)) | sign);
}

SinCos sinCosOfTurn(Val j) {
  Val quarter = (j + (1 << 21)) >> 22;
  Val f = toFloat(j - (quarter << 22), j.emit->f32()) * 0x1p-22; // in quarters, [-1/2, 1/2)
  Val square = f * f;
  Val s = polynomial(square, {-0.6459640965, 0.07969258772, -0.004681292232, 0.0001582514924});
  Val c = polynomial(square, {-1.233700543, 0.253669226, -0.02086016546, 0.0009037672383});
  // pi / 2 in two parts.
  Val low = fma(square, s, like(f, -4.37113900018624283e-8));
  Val sin = fma(f, like(f, 1.57079637050628662), f * low), cos = fma(square, c, like(f, 1.0));
  auto negateIf = [](Val y, Val two) { return fromBits(bits(y) ^ ((two & 2) << 30)); };
  Val odd = (quarter & 1) == 1;
  return {negateIf(select(odd, cos, sin), quarter), negateIf(select(odd, sin, cos), quarter + 1)};
}

} // namespace kerf::codegen::cpu::emit

namespace kerf::codegen::cpu {

namespace {
/// Op(x ...) => f(x ...), or f64's own.
template <class Op, auto f, auto ofDouble = f> struct Expand : OpRewritePattern<Op> {
  using OpRewritePattern<Op>::OpRewritePattern;
  LogicalResult matchAndRewrite(Op op, PatternRewriter &rewriter) const override {
    emit::Emit e(op.getLoc(), rewriter);
    const bool isDouble = getElementTypeOrSelf(op.getType()).isF64();
    auto apply = [&](auto function) {
      if constexpr (Op::template hasTrait<OpTrait::OneOperand>())
        return function({&e, op->getOperand(0)});
      else
        return function({&e, op->getOperand(0)}, {&e, op->getOperand(1)});
    };
    rewriter.replaceOp(op, (isDouble ? apply(ofDouble) : apply(f)).value);
    return success();
  }
};
} // namespace

void populateMathExpansion(RewritePatternSet &patterns) {
  patterns.add<Expand<math::ExpOp, emit::exp, emit::f64::exp>,
               Expand<math::ExpM1Op, emit::expm1, emit::f64::expm1>,
               Expand<math::LogOp, emit::log, emit::f64::log>,
               Expand<math::Log1pOp, emit::log1p, emit::f64::log1p>,
               Expand<math::TanhOp, emit::tanh, emit::f64::tanh>, Expand<math::SinOp, emit::sin>,
               Expand<math::CosOp, emit::cos>, Expand<math::ErfOp, emit::erf>,
               Expand<math::ErfcOp, emit::erfc>, Expand<math::PowFOp, emit::pow>,
               Expand<arith::RemFOp, emit::remainder>>(patterns.getContext());
}

} // namespace kerf::codegen::cpu
