// The functions of f64, and those of f32 that are made in f64 and rounded once. Coefficients are
// near-minimax fits, made for these intervals; `brief` ones have the digits of f32.
#include "codegen/cpu/math.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;

namespace kerf::codegen::cpu::emit {

static constexpr double infinity = std::numeric_limits<double>::infinity();
static constexpr double nan = std::numeric_limits<double>::quiet_NaN();
/// Added to a number below 2^51, it rounds to an integer, which is in the low bits then.
static constexpr double rounder = 0x1.8p52;
static constexpr double ln2High = 0x1.62e42fefa3800p-1; // times any exponent: exact
static constexpr double ln2Low = 0x1.ef35793c76730p-45;

static Val bits(Val x) { return bitcast(x, x.emit->i64()); }
static Val fromBits(Val x) { return bitcast(x, x.emit->b.getF64Type()); }
static Val abs(Val x) { return fromBits(bits(x) & INT64_MAX); }
static Val signOf(Val x) { return bits(x) & INT64_MIN; }
static Val withSign(Val x, Val sign) { return fromBits(bits(x) ^ sign); }
static Val twoTo(Val e) { return fromBits((e + 1023) << 52); }
static Val roundToEven(Val x) { return {x.emit, math::RoundEvenOp::create(x.emit->b, x)}; }
static Val floor(Val x) { return {x.emit, math::FloorOp::create(x.emit->b, x)}; }

/// An integer below 2^51 as f64: AVX2 has no instruction for it.
static Val integerToDouble(Val n) {
  Val zero = bits(fromBits(n ^ n) + rounder);
  return fromBits(n + zero) - rounder;
}

namespace {
/// The sum of two numbers, the second below the rounding of the first.
struct Pair {
  Val high, low;
};
} // namespace

/// a + b, exactly; |a| >= |b| or a = 0.
static Pair fastTwoSum(Val a, Val b) {
  Val sum = a + b;
  return {sum, (a - sum) + b};
}
/// a + b, exactly.   [Knuth]
static Pair twoSum(Val a, Val b) {
  Val sum = a + b, second = sum - a;
  return {sum, (a - (sum - second)) + (b - second)};
}
/// a b, exactly.
static Pair twoProduct(Val a, Val b) {
  Val product = a * b;
  return {product, fma(a, b, like(a, 0.0) - product)};
}

// ---- exp and expm1

namespace {
/// exp(x) = 2^power (1 + p), |p| < 1/2.
struct SplitExp {
  Val p, power;
};
} // namespace

/// p = exp(r) - 1, x + low = power ln 2 + r, |r| <= ln 2 / 2.
static SplitExp splitExp(Val x, Digits digits, Val low = {}) {
  Val shifted = fma(x, like(x, 1.4426950408889634), like(x, rounder)), n = shifted - rounder;
  Val whole = fma(n, like(x, -ln2High), x), r = fma(n, like(x, -ln2Low), whole);
  Val q = digits == Digits::f64
              ? polynomial(r, {0.5, 0.1666666666666667, 0.04166666666666667, 0.00833333333332612,
                               0.0013888888888883737, 0.00019841269874873975, 2.480158732558584e-05,
                               2.755725533255441e-06, 2.7557273594799413e-07, 2.510524515390137e-08,
                               2.0914707069612355e-09})
              : polynomial(r, {0.5000000013487226, 0.16666666681647016, 0.04166646471137908,
                               0.00833331090172597, 0.0013933673732931852, 0.0001989101718430203});
  Val power = bits(shifted) - bits(like(x, rounder));
  if (!low.value)
    return {fma(r * r, q, r), power};
  Val lost = fma(n, like(x, -ln2Low), whole - r) + low, tail = r * r * q;
  return {r + fma(lost, (r + tail) + 1.0, tail), power};
}

/// 2^power y in two halves, so that the last product alone rounds into denormals or overflows.
static Val scaled(Val y, Val power) {
  Val half = sar(power, 1);
  return y * twoTo(half) * twoTo(power - half);
}

/// exp(x + low), |x| <= 1000.
static Val expWithin(Val x, Digits digits, Val low = {}) {
  auto [p, power] = splitExp(x, digits, low);
  return scaled(p + 1.0, power);
}

static Val clamp(Val x, double low, double high) {
  x = select(x < low, low, x);
  return select(x > high, high, x);
}

Val f64::exp(Val x) { return expWithin(clamp(x, -746, 710), Digits::f64); }

/// As that of f32.
Val f64::expm1(Val x) {
  auto [p, power] = splitExp(clamp(x, -40, 710), Digits::f64);
  Val down = 0 - select(power > 1022, like(power, 1022), power);
  return select(x == 0.0, x, scaled(p + (1.0 - twoTo(down)), power)); // -0 stays -0
}

/// t / (t + 2), t = f64::expm1(2 |x|).
Val f64::tanh(Val x) {
  Val size = abs(x), t = f64::expm1(select(size > 20.0, 40.0, size + size));
  return withSign(t / (t + 2.0), signOf(x));
}

// ---- log and log1p

namespace {
/// x = 2^exponent (1 + f), sqrt(1/2) <= 1 + f < sqrt(2).
struct SplitLog {
  Val f, exponent;
};
} // namespace

static SplitLog splitLog(Val x) {
  constexpr int64_t sqrtHalf = 0x3fe6a09e667f3bcd;
  Val offset = bits(x) - sqrtHalf;
  return {fromBits((offset & 0xfffffffffffff) + sqrtHalf) - 1.0, sar(offset, 52)};
}

/// With s = f / (2 + f), log(1 + f) = 2 atanh(s) = f - (f^2 / 2 - s (f^2 / 2 + s^2 P(s^2))).
static Val joinLog(Val f, Val e) {
  Val s = f / (f + 2.0), z = s * s;
  Val p =
      polynomial(z, {0.666666666666667, 0.3999999999989924, 0.2857142862609589, 0.2222221111514416,
                     0.18182890556695602, 0.1533167403016786, 0.1461703754879165});
  Val half = f * f * 0.5;
  Val low = fma(s, fma(z, p, half), e * ln2Low);
  return fma(e, like(f, ln2High), f - (half - low));
}

/// Of a normal number that is finite and positive.
static Val logOfPositive(Val x) {
  auto [f, exponent] = splitLog(x);
  return joinLog(f, integerToDouble(exponent));
}

/// log(0) = -inf, negative and NaN give NaN, +inf stays; `y` elsewhere. `x` is what is above 0.
static Val withEdges(Val y, Val x) {
  y = select(x > 0.0, y, select(x == 0.0, like(x, -infinity), like(x, nan)));
  return select(x == infinity, x, y);
}

Val f64::log(Val x) {
  Val isDenormal = x < 0x1p-1022;
  auto [f, exponent] = splitLog(select(isDenormal, x * 0x1p54, x));
  Val e = integerToDouble(exponent) + select(isDenormal, like(x, -54.0), like(x, 0.0));
  return withEdges(joinLog(f, e), x);
}

/// As that of f32.
Val f64::log1p(Val x) {
  Val u = x + 1.0;
  auto [f, exponent] = splitLog(u);
  Val lost = x - (u - 1.0); // 0 where u is large
  Val down = 0 - select(exponent > 1000, like(exponent, 1000), exponent);
  f = select(exponent == 0, x, fma(lost, twoTo(down), f));
  Val y = withEdges(joinLog(f, integerToDouble(exponent)), u);
  return select(x == 0.0, x, y); // -0 stays -0
}

// ---- sin and cos

namespace {
/// x = quarter pi / 2 + r + low; of `quarter` the two low bits count.
struct Turn {
  Val r, low, quarter;
};
} // namespace

static constexpr double halfPi[] = {0x1.921fb54442d18p+0, 0x1.1a62633145c07p-54,
                                    -0x1.f1976b7ed8fbcp-110};
static constexpr double farAway = 0x1p31; ///< from here on the bits of 2 / pi are needed

/// |x| < farAway: n pi / 2 is subtracted, in three parts   [Cody & Waite 1980]. The first
/// difference is exact.
static Turn nearTurn(Val x, Digits digits) {
  Val shifted = fma(x, like(x, 0.6366197723675814), like(x, rounder)), n = shifted - rounder;
  Val r = fma(n, like(x, -halfPi[0]), x);
  if (digits == Digits::f32)
    return {fma(n, like(x, -halfPi[1]), r), {}, bits(shifted)};
  Pair second = twoProduct(n, like(x, halfPi[1]));
  Pair rest = twoSum(r, like(x, 0.0) - second.high);
  Val low = fma(n, like(x, -halfPi[2]), rest.low - second.low);
  Pair sum = fastTwoSum(rest.high, low);
  return {sum.high, sum.low, bits(shifted)};
}

/// What 2 / pi 2^(16 j) is modulo 4, in four numbers of 53 bits, for j = 0 ... 60.
static SmallVector<double> turnsOfPowers() {
  // 2 / pi = 0.a2f98..., 1280 bits, the highest first.
  constexpr uint64_t words[] = {
      0xa2f9836e4e441529, 0xfc2757d1f534ddc0, 0xdb6295993c439041, 0xfe5163abdebbc561,
      0xb7246e3a424dd2e0, 0x06492eea09d1921c, 0xfe1deb1cb129a73e, 0xe88235f52ebb4484,
      0xe99c7026b45f7e41, 0x3991d639835339f4, 0x9c845f8bbdf9283b, 0x1ff897ffde05980f,
      0xef2f118b5a0a6d1f, 0x6d367ecf27cb09b7, 0x4f463f669e5fea2d, 0x7527bac7ebe5f17b,
      0x3d0739f78a5292ea, 0x6bfb5fb11f8d5d08, 0x56033046fc7b6bab, 0xf0cfbc209af4361d};
  constexpr int numBits = 64 * std::size(words);
  SmallVector<uint64_t> lowestFirst(std::rbegin(words), std::rend(words));
  lowestFirst.push_back(0); // whole turns, of which there are none
  const APInt twoOverPi(numBits + 64, lowestFirst);
  SmallVector<double> parts;
  for (int j = 0; j <= 60; ++j)
    for (int part = 0; part < 4; ++part) {
      const int last = 16 * j - 1 + 53 * part + 52; // bit i is worth 2^-i
      const uint64_t found = twoOverPi.extractBitsAsZExtValue(53, numBits - last);
      parts.push_back(std::ldexp(double(found), 16 * j - last));
    }
  return parts;
}

/// Element `index` of a table of the artefact's, by lane.
static Val fromTable(Val index, StringRef name, llvm::function_ref<SmallVector<double>()> make) {
  Emit &e = *index.emit;
  auto module = e.b.getInsertionBlock()->getParentOp()->getParentOfType<ModuleOp>();
  auto table = module.lookupSymbol<LLVM::GlobalOp>(name);
  if (!table) {
    OpBuilder::InsertionGuard guard(e.b);
    e.b.setInsertionPointToStart(module.getBody());
    const SmallVector<double> numbers = make();
    auto type = LLVM::LLVMArrayType::get(e.b.getF64Type(), numbers.size());
    auto shape = RankedTensorType::get({int64_t(numbers.size())}, e.b.getF64Type());
    table = LLVM::GlobalOp::create(e.b, type, true, LLVM::Linkage::Internal, name,
                                   DenseElementsAttr::get(shape, ArrayRef<double>(numbers)), 64);
  }
  auto pointer = LLVM::LLVMPointerType::get(e.b.getContext());
  Value base = LLVM::AddressOfOp::create(e.b, table);
  auto vector = dyn_cast<VectorType>(index.type());
  if (!vector)
    return (Ptr(&e, base, e.b.getF64Type()) + index).load();
  const int64_t lanes = vector.getNumElements();
  Value places = LLVM::GEPOp::create(e.b, VectorType::get({lanes}, pointer), e.b.getF64Type(), base,
                                     ValueRange(index.value));
  Val all = e.constant(e.vector(lanes, e.b.getI1Type()), int64_t(1));
  return {&e, LLVM::masked_gather::create(e.b, e.vector(lanes, e.b.getF64Type()), places, all,
                                          ValueRange(), 8)};
}

/// Any x that is finite; others give NaN   [Payne & Hanek 1983]. With x = 2^(16 j) y, in turns of a
/// quarter x is y (2^(16 j) 2 / pi), whose multiples of 4 do not matter, as y is an integer or j =
/// 0.
static Turn farTurn(Val x) {
  Val beyond = ((bits(x) << 1) >> 53) - (1023 + 52);
  Val j = select(beyond < 0, like(beyond, 0), beyond >> 4);
  Val y = x * twoTo(0 - (j << 4));
  Pair product[3];
  Val part[4];
  for (int i = 0; i < 4; ++i)
    part[i] = fromTable((j << 2) + i, "kerf_two_over_pi", turnsOfPowers);
  for (int i = 0; i < 3; ++i)
    product[i] = twoProduct(y, part[i]);
  auto below4 = [](Val x) { return x - roundToEven(x * 0.25) * 4.0; }; // exact
  Pair first = twoSum(below4(product[0].high), below4(product[0].low));
  Pair sum = twoSum(first.high, below4(product[1].high));
  Val n = roundToEven(sum.high);
  // What is left may be as small as 2^-62: nothing is lost before it is known.
  Pair fraction = twoSum(sum.high - n, first.low);
  Val low = fma(y, part[3], product[2].low);
  Pair next = twoSum(fraction.high, sum.low);
  Pair tail = twoSum(product[1].low, product[2].high);
  Pair last = twoSum(next.high, tail.high);
  low = low + (((last.low + next.low) + fraction.low) + tail.low);
  Pair turns = twoSum(last.high, low);
  Pair r = twoProduct(turns.high, like(x, halfPi[0]));
  Val rest = fma(turns.high, like(x, halfPi[1]), fma(turns.low, like(x, halfPi[0]), r.low));
  r = fastTwoSum(r.high, rest);
  return {r.high, r.low, bits(n + rounder)};
}

static Val any(Val mask) {
  if (!isa<VectorType>(mask.type()))
    return mask;
  return {mask.emit,
          vector::ReductionOp::create(mask.emit->b, vector::CombiningKind::OR, mask.value)};
}

static Turn turnOf(Val x, Digits digits) {
  Emit &e = *x.emit;
  Turn turn = nearTurn(x, digits);
  if (!turn.low.value)
    turn.low = like(x, 0.0);
  Val isFar = abs(x) >= farAway;
  auto branch = scf::IfOp::create(
      e.b, TypeRange{turn.r.type(), turn.low.type(), turn.quarter.type()}, any(isFar), true);
  OpBuilder::InsertionGuard guard(e.b);
  e.b.setInsertionPointToStart(branch.thenBlock());
  Turn far = farTurn(x);
  scf::YieldOp::create(e.b,
                       ValueRange{select(isFar, far.r, turn.r), select(isFar, far.low, turn.low),
                                  select(isFar, far.quarter, turn.quarter)});
  e.b.setInsertionPointToStart(branch.elseBlock());
  scf::YieldOp::create(e.b, ValueRange{turn.r, turn.low, turn.quarter});
  return {{&e, branch.getResult(0)}, {&e, branch.getResult(1)}, {&e, branch.getResult(2)}};
}

/// The sine of x and `quarters` quarter turns.
static Val sinOf(Val x, Digits digits, int64_t quarters) {
  auto [r, low, quarter] = turnOf(x, digits);
  Val z = r * r, half = z * 0.5;
  Val s = digits == Digits::f64
              ? polynomial(z, {-0.16666666666666666, 0.008333333333333331, -0.0001984126984126506,
                               2.7557319219335453e-06, -2.5052106231157904e-08,
                               1.605853141458901e-10, -7.586685070091266e-13})
              : polynomial(z, {-0.16666666663853044, 0.008333331873837089, -0.00019840086263755443,
                               2.724986465513958e-06});
  Val c = digits == Digits::f64 ? polynomial(z, {0.041666666666666664, -0.0013888888888887395,
                                                 2.4801587298763433e-05, -2.7557317270560326e-07,
                                                 2.0876146024689747e-09, -1.1382614868556323e-11})
                                : polynomial(z, {0.04166666666431933, -0.0013888887671288108,
                                                 2.480059998353171e-05, -2.7300908167996537e-07});
  Val sin = r + fma(r * z, s, low * (1.0 - half));
  Val most = 1.0 - half;
  Val cos = most + (((1.0 - most) - half) + (z * z * c - r * low));
  quarter = quarter + quarters;
  Val size = select((quarter & 1) == 1, cos, sin);
  return withSign(size, (quarter & 2) << 62);
}

static Val sinIn(Val x, Digits digits) {
  return select(x == 0.0, x, sinOf(x, digits, 0)); // -0 stays -0
}
static Val cosIn(Val x, Digits digits) { return sinOf(x, digits, 1); }

// ---- erf and erfc

static constexpr double erfBorder = 0.7;

/// Where |x| < erfBorder.
static Val erfOfSmall(Val x, Digits digits) {
  Val z = x * x;
  Val p =
      digits == Digits::f64
          ? polynomial(z, {0.1283791670955126, -0.3761263890318374, 0.11283791670954227,
                           -0.02686617064485022, 0.005223977620934993, -0.0008548326601313971,
                           0.00012055308296795711, -1.4924721137472728e-05, 1.6439551639371642e-06,
                           -1.6022858870806116e-07, 1.1800511424551558e-08})
          : polynomial(z, {0.12837916708375632, -0.37612638672628906, 0.11283784271516706,
                           -0.026865277508298913, 0.0052188212041375725, -0.0008394229790673009,
                           9.725522981500542e-05});
  return fma(x, p, x);
}

/// erfc(x) = exp(-x^2) P(t) / (1 + 2 x), t = (x - 3.4) / (x + 3.4), x >= erfBorder
/// [Shepherd & Laframboise 1981].
static Val erfcOfLarge(Val x, Digits digits) {
  x = select(x > 28.0, 28.0, x);
  Val t = (x - 3.4) / (x + 3.4);
  Pair square = twoProduct(x, x);
  Val zero = like(x, 0.0);
  if (digits == Digits::f32) { // the square is exact
    Val p = polynomial(t, {1.244375844401074, -0.1396110210675668, -0.016960391216256716,
                           0.1038507325960814, -0.11699304946752705, 0.08530293864377249,
                           -0.044295339889468086, 0.015434275504728211, -0.002372183249275306,
                           -0.0007812816180946822, 0.0004502715420400067});
    return expWithin(zero - square.high, digits) * (p / (x + x + 1.0));
  }
  Val p = polynomial(t, {1.2443758443396575,      -0.1396110211187689,    -0.016960379675125793,
                         0.10385071908993573,     -0.11699339993381735,   0.08530341101043881,
                         -0.04429137275740922,    0.015429385334033232,   -0.002393264557948545,
                         -0.0007607488164730719,  0.0005049851385023433,  -3.4063296075076954e-05,
                         -5.87909814489968e-05,   1.4243309240056899e-05, 6.746326020514529e-06,
                         -2.7479505813169635e-06, -9.123753711470482e-07, 4.759561815229898e-07,
                         1.4845067225937884e-07,  -8.156114626204392e-08, -2.0685238760401706e-08,
                         1.1851724850989905e-08});
  return expWithin(zero - square.high, digits, zero - square.low) * (p / (x + x + 1.0));
}

static Val erfIn(Val x, Digits digits) {
  Val size = abs(x), large = withSign(1.0 - erfcOfLarge(size, digits), signOf(x));
  return select(size < erfBorder, erfOfSmall(x, digits), large);
}

static Val erfcIn(Val x, Digits digits) {
  Val size = abs(x), large = erfcOfLarge(size, digits);
  large = select(x < 0.0, 2.0 - large, large);
  return select(size < erfBorder, 1.0 - erfOfSmall(x, digits), large);
}

// ---- pow

/// log(x) to 2^-65 of itself, of a number that is finite and positive. With s = f / (2 + f) and
/// z = s^2, log(1 + f) = s (2 + z (2/3 + z P(z))).
static Pair logPair(Val x) {
  Val isDenormal = x < 0x1p-1022;
  auto [f, exponent] = splitLog(select(isDenormal, x * 0x1p54, x));
  Val e = integerToDouble(exponent) + select(isDenormal, like(x, -54.0), like(x, 0.0));

  Val divisor = f + 2.0, lost = f - (divisor - 2.0);
  Val s = f / divisor, remainder = fma(s, like(x, 0.0) - divisor, f);
  Val sLow = (remainder - s * lost) / divisor;
  Pair z = twoProduct(s, s);
  z.low = fma(s + s, sLow, z.low);
  Val p = polynomial(z.high, {0.4, 0.2857142857142937, 0.22222222221654733, 0.1818181833565416,
                              0.15384594934597912, 0.1333480621210081, 0.11706195689876644,
                              0.11723603622948171});
  Pair inner = fastTwoSum(like(x, 0x1.5555555555555p-1), z.high * p); // 2/3 + z P(z)
  inner.low = inner.low + 0x1.5555555555555p-55;
  Pair w = twoProduct(z.high, inner.high);
  w.low = w.low + fma(z.high, inner.low, z.low * inner.high);
  Pair g = fastTwoSum(like(x, 2.0), w.high);
  g.low = g.low + w.low;
  Pair y = twoProduct(s, g.high);
  y.low = y.low + fma(s, g.low, sLow * g.high);

  Pair sum = fastTwoSum(e * ln2High, y.high);
  return fastTwoSum(sum.high, sum.low + fma(e, like(x, ln2Low), y.low));
}

/// |x|^y where x is neither 0 nor infinite and y is finite.
static Val powOfSize(Val size, Val y, Digits digits) {
  constexpr double most = 800; // exp overflows there
  if (digits == Digits::f32)
    return expWithin(clamp(y * logOfPositive(size), -most, most), digits);
  Pair log = logPair(size);
  Pair product = twoProduct(y, log.high);
  Val low = fma(y, log.low, product.low), within = abs(product.high) < most;
  return expWithin(clamp(product.high, -most, most), digits, select(within, low, 0.0));
}

/// The cases of C's pow, in the order of which goes before which, the last first.
static Val powIn(Val x, Val y, Digits digits) {
  Val size = abs(x), isNegative = bits(x) < 0;
  Val isInteger = floor(y) == y, half = y * 0.5;
  Val isOdd = isInteger & ((floor(half) == half) ^ true);
  Val isEdge = (size == 0.0) | (size == infinity);
  Val grows = ((size > 1.0) ^ (y > 0.0)) ^ true;

  Val p = select(isEdge | (abs(y) == infinity), select(grows, like(x, infinity), like(x, 0.0)),
                 powOfSize(size, y, digits));
  p = select(size == 1.0, 1.0, p);
  p = select(isNegative & isOdd, fromBits(bits(p) ^ INT64_MIN), p);
  p = select(isNegative & ((isInteger | isEdge) ^ true), nan, p);
  p = select(isNan(x) | isNan(y), nan, p);
  return select((x == 1.0) | (y == 0.0), 1.0, p);
}

// ---- remainder

/// x with the remainder's sign and less than |y|, exactly: as long as |x| is not below |y|, as many
/// times y 2^k as 52 bits hold are subtracted, which leaves a number that f64 has.
static Val remainderIn(Val x, Val y, Digits) {
  Emit &e = *x.emit;
  Val size = abs(y), zero = like(x, 0.0);
  auto exponentOf = [](Val size) { // of a denormal too
    Val isDenormal = size < 0x1p-1022, normal = select(isDenormal, size * 0x1p54, size);
    Val exponent = bits(normal) >> 52;
    return select(isDenormal, exponent - 54, exponent);
  };
  Val exponent = exponentOf(size);
  auto isAbove = [&](Val rest) { return (rest >= size) & (size > 0.0) & (rest < infinity); };

  Type type = x.type();
  auto loop = scf::WhileOp::create(e.b, TypeRange{type}, ValueRange{abs(x)});
  {
    OpBuilder::InsertionGuard guard(e.b);
    Block *before = e.b.createBlock(&loop.getBefore(), {}, {type}, {e.b.getLoc()});
    Val rest(&e, before->getArgument(0));
    scf::ConditionOp::create(e.b, any(isAbove(rest)), ValueRange{rest});
    Block *after = e.b.createBlock(&loop.getAfter(), {}, {type}, {e.b.getLoc()});
    rest = {&e, after->getArgument(0)};
    Val k = exponentOf(rest) - exponent - 51;
    k = select(k < 0, like(k, 0), k);
    Val half = k >> 1, divisor = size * twoTo(half) * twoTo(k - half);
    Val less = fma(zero - floor(rest / divisor), divisor, rest);
    less = select(less < 0.0, less + divisor, less); // the quotient was rounded up
    scf::YieldOp::create(e.b, ValueRange{select(isAbove(rest), less, rest)});
  }
  Val rest = withSign({&e, loop.getResult(0)}, signOf(x));
  rest = select((size == 0.0) | (abs(x) == infinity), nan, rest);
  return select(isNan(x) | isNan(y), nan, rest);
}

// ---- of either type

/// f in f64, of an f32 rounded once.
template <class... More> static Val inDouble(Val (*f)(Val, More..., Digits), Val x, More... more) {
  Type element = getElementTypeOrSelf(x.type()), wide = x.emit->b.getF64Type();
  const Digits digits = element == wide ? Digits::f64 : Digits::f32;
  return resize(f(resize(x, wide), resize(more, wide)..., digits), element);
}

Val sin(Val x) { return inDouble<>(sinIn, x); }
Val cos(Val x) { return inDouble<>(cosIn, x); }
Val erf(Val x) { return inDouble<>(erfIn, x); }
Val erfc(Val x) { return inDouble<>(erfcIn, x); }
Val pow(Val x, Val y) { return inDouble<Val>(powIn, x, y); }

Val remainder(Val x, Val y) { return inDouble<Val>(remainderIn, x, y); }

} // namespace kerf::codegen::cpu::emit
