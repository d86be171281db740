// error: kerf: the type of a policy stands in angle brackets: compute<bf16>
// then: kerf: the type of a policy stands in angle brackets: compute<bf16>
#include <kerf/kerf.h>

using namespace kerf;

Tensor<f32, 4> f(const Tensor<f32, 4> &x) { return x; }
const auto wrong = kerf::model<"wrong">(entry<"f">(f, roles("x"), compute("bf16")));
