// error: kerf: entry: an entry is one function, but this name is that of a template
// then: no matching function for call to
#include <kerf/kerf.h>

using namespace kerf;
inline constexpr auto B = dim<"B">();

template <int n> Tensor<f32> times(const Tensor<f32, B> &x) { return n * sum(x); }

const auto wrong = model<"wrong">(entry<"times">(times, roles("x"), bind(B, 4))); // <- here
