// error: kerf: up_to: the most is a whole number: up_to(64)
#include <kerf/kerf.h>

using namespace kerf;
constexpr auto B = dim<"B">();

Tensor<f32, B> f(const Tensor<f32, B> &x) { return x; }
const auto wrong = kerf::model<"wrong">(entry<"f">(f, roles("x"), bind(B, up_to(64.5))));
