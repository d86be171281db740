// error: kerf: scan: the state is a number of C++; it is a tensor, or a tree of them
#include <kerf/kerf.h>

using namespace kerf;

void wrong(const Tensor<f32, 3> &x) {
  auto [total, totals] = scan(
      0.0, x, [](const auto &total, const auto &x) { return std::pair(total + x, total + x); });
  (void)(total + totals);
}
