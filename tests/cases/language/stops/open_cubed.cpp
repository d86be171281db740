// error: B is open and more than twice a factor in B*B*B; bind it to a number
#include <kerf/kerf.h>

using namespace kerf;
namespace {
constexpr auto B = dim<"B">();
Tensor<f32> f(const Key &key, const Tensor<f32, B> &x) {
  return mean(normal<B * B * B>(key)) + sum(x); // <- here
}
const auto registered =
    model<"open_cubed">(entry<"f">(f, roles("key", "x"), bind(B, up_to(8)), returns("y")));
} // namespace
