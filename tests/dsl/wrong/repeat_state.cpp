// error: kerf: repeat: the function must return the type that it takes
#include <kerf/kerf.h>

using namespace kerf;

struct Pair {
  Tensor<f32, 3> a, b;
};

void wrong() {
  auto [a, b] = repeat<5>(Pair(), [](const Pair &p) { return p.a + p.b; });
  (void)(a + b);
}
