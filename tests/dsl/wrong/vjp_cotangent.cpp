// error: kerf: vjp: the cotangent is f32 [4], but the function returns f32 []
#include <kerf/derivatives.h>
#include <kerf/kerf.h>

using namespace kerf;

void wrong(const Tensor<f32, 4> &x) {
  auto [y, dx] = vjp([](const auto &x) { return sum(x); }, x)(x);
  (void)(y + dx);
}
