// error: cond: a branch updates the buffer 'total' (buffer_in_branch.cpp:10); let it
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
auto f(Sum &sum_of, const Tensor<f32, 4> &x) {
  let y = cond(sum(x) > 0, [&] { return sum_of(x); }, [&] { return -x; }); // <- here
  return y;
}
const auto registered = model<"buffer_in_branch">(entry<"f">(f, roles("sum", "x"), returns("y")));
} // namespace
