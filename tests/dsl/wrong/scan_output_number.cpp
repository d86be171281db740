// error: kerf: scan: the output is a number of C++; it is a tensor, or a tree of them:
// Tensor<f32>(0)
#include <kerf/kerf.h>

using namespace kerf;

void wrong(const Tensor<f32, 6, 4> &x) {
  auto sums = scan(Tensor<f32, 4>(0), x, [](const auto &state, const auto &row) {
    return std::pair(Tensor<f32, 4>(state + row), 3.0);
  });
  (void)sum(sums.state);
}
