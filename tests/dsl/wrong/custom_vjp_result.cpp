// error: kerf: custom_vjp: the result of backward is f32 [], but what the function takes is f32 [4]
#include <kerf/derivatives.h>
#include <kerf/kerf.h>

using namespace kerf;

void wrong(const Tensor<f32, 4> &x) {
  auto backward = [](const auto &, const auto &, const auto &dy) { return sum(dy); };
  auto y = custom_vjp([](const auto &x) { return exp(x); }, backward)(x);
  (void)y;
}
