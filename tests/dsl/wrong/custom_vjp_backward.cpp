// error: kerf: custom_vjp: backward cannot be called with the arguments of the function
#include <kerf/derivatives.h>
#include <kerf/kerf.h>

using namespace kerf;

void wrong(const Tensor<f32, 4> &x) {
  auto backward = [](const Tensor<f32, 4> &, const Tensor<f32, 4> &dy) { return dy; };
  auto y = custom_vjp([](const auto &x) { return exp(x); }, backward)(x);
  (void)y;
}
