// error: kerf: custom_vjp: backward returns f32 [3], but the function takes 2 arguments: it returns
// a std::tuple of a cotangent of each
#include <kerf/derivatives.h>
#include <kerf/kerf.h>

using namespace kerf;

void wrong(const Tensor<f32, 3> &x) {
  auto backward = [](const auto &, const auto &b, const auto &, const auto &dy) { return b * dy; };
  let y = custom_vjp([](const auto &a, const auto &b) { return a * b; }, backward)(x, x);
  (void)(y + 1);
}
