// error: kerf: compute<bf16> is the only policy; f16 would need a loss that is scaled, and other
// types are cast to where they are wanted
#include <kerf/kerf.h>
#include <kerf/model.h>

using namespace kerf;

Tensor<f32, 4> f(const Tensor<f32, 4> &x) { return x; }
const auto wrong = kerf::model<"wrong">(entry<"f">(f, roles("x"), compute<f16>));
