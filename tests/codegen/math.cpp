// The functions of math as compiled, scalar and vector: of f32 against libm in f64, over samples of
// all floats and the edges, and over all of them if asked ([all]); of f64 against long double.
#include "codegen/kernels.h"

#include <catch2/catch.hpp>

#include <limits>

using namespace kerf::test;
using Map = void(const float *, float *, int64_t);

static float fromBits(uint32_t bits) {
  float x;
  std::memcpy(&x, &bits, 4);
  return x;
}

static std::vector<float> samples() {
  std::vector<float> x;
  for (uint64_t bits = 0; bits < (uint64_t(1) << 32); bits += 97 * 61)
    x.push_back(fromBits(bits));
  // Where the functions do their work: [2^-12, 2^8) densely, both signs.
  for (uint32_t bits = 0x39800000; bits < 0x43800000; bits += 97)
    x.push_back(fromBits(bits)), x.push_back(-fromBits(bits));
  for (float edge :
       {0.0f,       INFINITY,    NAN,         0x1p-126f,   0x1p-149f,   0x1.fffffep127f,
        1.0f,       0.625f,      88.72283f,   88.72284f,   -87.33654f,  0.34657359f,
        1.0397208f, 17.328680f,  0.41421357f, 0.29289323f, -103.97208f, -103.972084f,
        -104.0f,    0.70710677f, 0.70710683f})
    for (float sign : {1.0f, -1.0f}) {
      x.push_back(sign * edge);
      x.push_back(std::nextafter(sign * edge, INFINITY));
      x.push_back(std::nextafter(sign * edge, -INFINITY));
    }
  return x;
}

/// The worst error of `name` on `x`, and where.
struct Worst {
  double error = 0;
  long double at = 0, second = 0;
};

static Worst worstOf(const std::string &name, double (*reference)(double),
                     const std::vector<float> &x) {
  std::vector<float> got(x.size());
  kernel<Map>(name)(x.data(), got.data(), x.size());
  Worst worst;
  for (size_t i = 0; i < x.size(); ++i)
    if (double error = ulps(got[i], reference(x[i])); error > worst.error)
      worst = {error, x[i]};
  return worst;
}

static void check(const std::string &name, double (*reference)(double), double bound) {
  static const std::vector<float> x = samples();
  const Worst worst = worstOf(name, reference, x);
  INFO(name << ": worst error " << worst.error << " ulp at " << worst.at);
  CHECK(worst.error <= bound);
}

/// Over every float.
static void checkAll(const std::string &name, double (*reference)(double), double bound) {
  constexpr uint64_t atOnce = 1 << 20;
  Worst worst;
  for (uint64_t first = 0; first < uint64_t(1) << 32; first += atOnce) {
    std::vector<float> x(atOnce);
    for (uint64_t i = 0; i < atOnce; ++i)
      x[i] = fromBits(first + i);
    if (const Worst here = worstOf(name, reference, x); here.error > worst.error)
      worst = here;
  }
  std::printf("%s: at most %.4f ulp, at %.9Lg\n", name.c_str(), worst.error, worst.at);
  CHECK(worst.error <= bound);
}

// ---- f64

using Real = long double;
using MapOfDouble = void(const double *, double *, int64_t);

/// Distance in units in the last place of `want` rounded to double.
static double ulps64(double got, Real want) {
  if ((std::isnan(got) && std::isnan(want)) || got == double(want))
    return 0;
  if (!std::isfinite(got) || !std::isfinite(double(want)))
    return INFINITY;
  const int exponent = std::max(want == 0 ? -1022 : std::ilogb(want), -1022);
  return double(std::fabs(got - want) / std::ldexp(Real(1), exponent - 52));
}

/// Of all magnitudes, densely within [2^-12, 2^10], and the edges of the functions.
static std::vector<double> doubles() {
  std::mt19937_64 random(5);
  std::vector<double> x;
  auto add = [&](double size) {
    x.push_back(size);
    x.push_back(-size);
  };
  for (int i = 0; i < 40000; ++i) {
    const uint64_t bits = random() >> 1;
    double any;
    std::memcpy(&any, &bits, 8);
    add(any);
    add(std::ldexp(1 + std::ldexp(double(random() >> 12), -52), int(random() % 22) - 12));
    add(std::ldexp(double(random() >> 12), -52) * 800);
  }
  for (int i = 1; i < 400; ++i) { // next to multiples of pi / 2, and of ln 2
    add(double(i * (std::acos(Real(-1)) / 2)));
    add(double(i * std::log(Real(2))));
  }
  // 6381956970095103 2^797 is as near to a multiple of pi / 2 as any.
  for (double edge : {0.0,
                      1.0,
                      0x1p-1022,
                      0x1p-1074,
                      0x1.fffffffffffffp1023,
                      0x1p31,
                      0x1p52,
                      0x1p53,
                      0x1p68,
                      0x1p100,
                      6381956970095103 * 0x1p797,
                      709.78271289338397,
                      709.78271289338409,
                      708.3964185322641,
                      745.13321910194122,
                      745.13321910194134,
                      0.7,
                      26.5,
                      27.3,
                      28.0,
                      20.0,
                      0.70710678118654746,
                      1.4142135623730951,
                      double(INFINITY),
                      double(NAN)})
    for (double near : {edge, std::nextafter(edge, INFINITY), std::nextafter(edge, -INFINITY)})
      add(near);
  return x;
}

static void check64(const std::string &function, Real (*reference)(Real), double bound) {
  static const std::vector<double> x = doubles();
  for (const char *suffix : {"_f64", "_f64_scalar"}) {
    std::vector<double> got(x.size());
    kernel<MapOfDouble>(function + suffix)(x.data(), got.data(), x.size());
    Worst worst;
    for (size_t i = 0; i < x.size(); ++i)
      if (double error = ulps64(got[i], reference(x[i])); error > worst.error)
        worst = {error, x[i]};
    INFO(function << suffix << ": worst error " << worst.error << " ulp at " << std::hexfloat
                  << worst.at);
    CHECK(worst.error <= bound);
  }
}

TEST_CASE("f64: exp, log and their neighbours", "[math]") {
  check64("exp", std::exp, 1);
  check64("log", std::log, 1);
  check64("expm1", std::expm1, 2);
  check64("log1p", std::log1p, 2);
  check64("tanh", std::tanh, 3);
}
TEST_CASE("f64: sine and cosine of any number, however large", "[math]") {
  check64("sin", std::sin, 1);
  check64("cos", std::cos, 1);
}
TEST_CASE("f64: erf and erfc", "[math]") {
  check64("erf", std::erf, 2);
  check64("erfc", std::erfc, 4);
}

// ---- pow

/// Every pair of these has a case of its own.
static const double powers[] = {0.0,  -0.0,      1,         -1,       2,         -2,
                                3,    -3,        0.5,       -0.5,     1.5,       1e9,
                                -7,   1e300,     -1e300,    0x1p53,   0x1p-1074, 1e-30,
                                3e38, 0.9999999, 1.0000001, INFINITY, -INFINITY, NAN};

template <class T> static void checkPow(const std::string &name, auto reference, auto distance) {
  std::mt19937_64 random(6);
  std::vector<T> x, y;
  for (double a : powers)
    for (double b : powers)
      x.push_back(T(a)), y.push_back(T(b));
  const int digits = std::numeric_limits<T>::digits - 1,
            most = std::numeric_limits<T>::max_exponent;
  for (int i = 0; i < 60000; ++i) { // results of every size
    const T fraction = T(1 + std::ldexp(double(random() >> (64 - digits)), -digits));
    const bool isNearOne = i % 3 == 0;
    const T a =
        std::ldexp(fraction, isNearOne ? int(random() % 2) - 1 : int(random() % (2 * most)) - most);
    const double size = std::fabs(std::log2(double(a))), share = double(random() >> 11) * 0x1p-53;
    x.push_back(i % 11 == 0 ? -a : a);
    y.push_back(T((2 * share - 1) * 1.1 * most / std::max(size, 1e-300)));
    if (i % 11 == 0)
      y.back() = std::nearbyint(y.back());
  }
  std::vector<T> got(x.size());
  kernel<void(const T *, const T *, T *, int64_t)>(name)(x.data(), y.data(), got.data(), x.size());
  Worst worst;
  for (size_t i = 0; i < x.size(); ++i) {
    const auto want = reference(x[i], y[i]);
    double error = distance(got[i], want);
    if (want == 0 && std::signbit(got[i]) != std::signbit(want))
      error = INFINITY;
    if (error > worst.error)
      worst = {error, x[i], y[i]};
  }
  INFO(name << ": worst error " << worst.error << " ulp at " << std::hexfloat << worst.at << ", "
            << worst.second);
  CHECK(worst.error <= 1);
}

TEST_CASE("pow: one ulp, and the cases of C", "[math]") {
  for (const char *name : {"pow", "pow_scalar"})
    checkPow<float>(
        name, [](double x, double y) { return std::pow(x, y); },
        [](float got, double want) { return ulps(got, want); });
  for (const char *name : {"pow_f64", "pow_f64_scalar"})
    checkPow<double>(name, [](Real x, Real y) { return std::pow(x, y); }, ulps64);
}

// ---- remainder

template <class T> static void checkRemainder(const std::string &name) {
  std::mt19937_64 random(7);
  std::vector<T> x, y;
  const double edges[] = {0.0,
                          -0.0,
                          1,
                          -1,
                          3,
                          7.5,
                          INFINITY,
                          -INFINITY,
                          NAN,
                          double(std::numeric_limits<T>::max()),
                          double(std::numeric_limits<T>::min()),
                          double(std::numeric_limits<T>::denorm_min()),
                          7 * double(std::numeric_limits<T>::denorm_min())};
  for (double a : edges)
    for (double b : edges)
      x.push_back(T(a)), y.push_back(T(b));
  auto any = [&](int least) { // of all magnitudes from 2^least on
    const int most = std::numeric_limits<T>::max_exponent;
    const double fraction = 1 + double(random() >> 12) * 0x1p-52;
    const double size = std::ldexp(fraction, int(random() % unsigned(most - least)) + least);
    return T(random() % 2 ? size : -size);
  };
  for (int i = 0; i < 20000; ++i) {
    x.push_back(any(-140)), y.push_back(any(-140));
    const T b = any(-20), quotient = std::nearbyint(any(-2));
    x.push_back(b * T(int(random() % 4000))), y.push_back(b); // multiples and their neighbours
    x.push_back(std::nextafter(T(b * T(int(random() % 4000))), quotient)), y.push_back(b);
  }
  std::vector<T> got(x.size());
  kernel<void(const T *, const T *, T *, int64_t)>(name)(x.data(), y.data(), got.data(), x.size());
  int wrong = 0;
  for (size_t i = 0; i < x.size(); ++i) {
    const T want = std::fmod(x[i], y[i]);
    if (std::isnan(want) ? std::isnan(got[i])
                         : got[i] == want && std::signbit(got[i]) == std::signbit(want))
      continue;
    INFO(name << " of " << std::hexfloat << x[i] << " and " << y[i] << ": " << got[i] << ", not "
              << want);
    CHECK(++wrong == 0);
    if (wrong > 5)
      break;
  }
}

TEST_CASE("remainder: exact, however far its operands are apart", "[math]") {
  for (const char *suffix : {"", "_scalar"}) {
    checkRemainder<float>(std::string("remainder") + suffix);
    checkRemainder<double>(std::string("remainder_f64") + suffix);
  }
}

// ---- f32

TEST_CASE("sin, cos, erf, erfc: one ulp everywhere", "[math]") {
  for (const char *suffix : {"", "_scalar"}) {
    check(std::string("sin") + suffix, std::sin, 1);
    check(std::string("cos") + suffix, std::cos, 1);
    check(std::string("erf") + suffix, std::erf, 1);
    check(std::string("erfc") + suffix, std::erfc, 1);
  }
}
TEST_CASE("sin and erf: -0 stays", "[math]") {
  const float x[] = {0.0f, -0.0f};
  for (const char *name : {"sin", "erf"}) {
    float y[2];
    kernel<Map>(name)(x, y, 2);
    CHECK((y[0] == 0 && !std::signbit(y[0])));
    CHECK((y[1] == 0 && std::signbit(y[1])));
  }
}
TEST_CASE("all floats: a minute a function", "[.][all]") {
  checkAll("exp", std::exp, 1.01);
  checkAll("log", std::log, 1);
  checkAll("expm1", std::expm1, 2);
  checkAll("log1p", std::log1p, 2);
  checkAll("tanh", std::tanh, 2);
  checkAll("sin", std::sin, 1);
  checkAll("cos", std::cos, 1);
  checkAll("erf", std::erf, 1);
  checkAll("erfc", std::erfc, 1);
}
TEST_CASE("exp: one ulp everywhere, denormal results and overflow included", "[math]") {
  check("exp", std::exp, 1);
  check("exp_scalar", std::exp, 1);
}
TEST_CASE("exp of what is not positive: 1.1 ulp, NaN stays, 0 far below", "[math]") {
  for (const char *name : {"exp_of_negative", "exp_of_negative_scalar"}) {
    std::vector<float> x, far = {-87.00001f, -104, -1e30f, -INFINITY};
    for (float each : samples())
      if (each <= 0 && each >= -87)
        x.push_back(each);
    const Worst worst = worstOf(name, std::exp, x);
    INFO(name << ": worst error " << worst.error << " ulp at " << worst.at);
    CHECK(worst.error <= 1.1);
    far.resize(16, -INFINITY);
    std::vector<float> got(far.size(), 1);
    kernel<Map>(name)(far.data(), got.data(), far.size());
    CHECK(got == std::vector<float>(far.size(), 0));
    const std::vector<float> edges = {fromBits(0x7fc00001), fromBits(0xffffffff), NAN, 0.0f};
    kernel<Map>(name)(edges.data(), got.data(), edges.size());
    CHECK((isNan(got[0]) && isNan(got[1]) && isNan(got[2]) && got[3] == 1));
  }
}
TEST_CASE("log: one ulp everywhere, denormals included", "[math]") {
  check("log", std::log, 1);
  check("log_scalar", std::log, 1);
}
TEST_CASE("expm1: two ulp everywhere, overflow included", "[math]") {
  check("expm1", std::expm1, 2);
  check("expm1_scalar", std::expm1, 2);
}
TEST_CASE("log1p: two ulp everywhere, denormals included", "[math]") {
  check("log1p", std::log1p, 2);
  check("log1p_scalar", std::log1p, 2);
}
TEST_CASE("expm1 and log1p: exact at zeros, infinities and the pole", "[math]") {
  const float x[] = {0.0f, -0.0f, INFINITY, -INFINITY, 1e-40f, -1, -1.5f, NAN};
  float e[8], l[8];
  kernel<Map>("expm1")(x, e, 8);
  kernel<Map>("log1p")(x, l, 8);
  for (float *y : {e, l}) {
    CHECK((y[0] == 0 && !std::signbit(y[0])));
    CHECK((y[1] == 0 && std::signbit(y[1])));
    CHECK(y[2] == INFINITY);
    CHECK(y[4] == 1e-40f);
    CHECK(std::isnan(y[7]));
  }
  CHECK(e[3] == -1);
  CHECK(std::isnan(l[3]));
  CHECK(l[5] == -INFINITY);
  CHECK(std::isnan(l[6]));
}
TEST_CASE("tanh: two ulp everywhere", "[math]") {
  check("tanh", std::tanh, 2);
  check("tanh_scalar", std::tanh, 2);
}
TEST_CASE("tanh: odd, and exact at zeros and infinities", "[math]") {
  const float x[] = {0.0f, -0.0f, INFINITY, -INFINITY, 1e-30f, 20};
  float y[6];
  kernel<Map>("tanh")(x, y, 6);
  CHECK((y[0] == 0 && !std::signbit(y[0])));
  CHECK((y[1] == 0 && std::signbit(y[1])));
  CHECK(y[2] == 1);
  CHECK(y[3] == -1);
  CHECK(y[4] == 1e-30f);
  CHECK(y[5] == 1);
}
