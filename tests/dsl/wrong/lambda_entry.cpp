// error: kerf: entry: an entry is a function, but this is an object, a lambda say; give the
// function a
#include <kerf/kerf.h>

using namespace kerf;

const auto wrong = model<"wrong">(
    entry<"twice">([](const Tensor<f32, 4> &x) { return 2 * x; }, roles("x"))); // <- here
