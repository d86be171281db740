// error: scan: its function updates the buffer 'total' (buffer_in_scan.cpp:10), which is not
#include <kerf/kerf.h>

using namespace kerf;
namespace {
struct Sum : Module {
  Param<f32, 4> weight;
  Buffer<f32, 4> total = init::zeros();
  auto operator()(const auto &x) const {
    total.update(total + x);
    return x * weight;
  }
};
auto f(Sum &sum_of, const Tensor<f32, 3, 4> &x) {
  auto [last, all] = scan(Tensor<f32, 4>(0), x, [&](const auto &h, const auto &x) { // <- here
    let y = sum_of(x) + h;
    return std::pair(y, y);
  });
  return last + sum<0>(all);
}
const auto registered = model<"buffer_in_scan">(entry<"f">(f, roles("sum", "x"), returns("y")));
} // namespace
