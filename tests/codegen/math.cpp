// exp, expm1, log, log1p and tanh as compiled, scalar and vector, against libm in f64 over every
// 97th float and the edges.
#include "codegen/kernels.h"

#include <catch2/catch.hpp>

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

static void check(const std::string &name, double (*reference)(double), double bound) {
  static const std::vector<float> x = samples();
  std::vector<float> got(x.size());
  kernel<Map>(name)(x.data(), got.data(), x.size());
  double worst = 0;
  float at = 0;
  for (size_t i = 0; i < x.size(); ++i)
    if (double error = ulps(got[i], reference(x[i])); error > worst)
      worst = error, at = x[i];
  INFO(name << ": worst error " << worst << " ulp at " << at);
  CHECK(worst <= bound);
}

TEST_CASE("exp: one ulp everywhere, denormal results and overflow included", "[math]") {
  check("exp", std::exp, 1);
  check("exp_scalar", std::exp, 1);
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
