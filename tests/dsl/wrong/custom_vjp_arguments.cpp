// error: kerf: custom_vjp: the arguments are tensors, or trees of tensors, at least one
#include <kerf/derivatives.h>
#include <kerf/kerf.h>

using namespace kerf;

void wrong(const Tensor<f32, 4> &x) {
  auto backward = [](const auto &, double, const auto &, const auto &dy) { return dy; };
  auto y = custom_vjp([](const auto &x, double c) { return c * x; }, backward)(x, 2.0);
  (void)y;
}
