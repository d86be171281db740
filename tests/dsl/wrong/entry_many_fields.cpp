// error: kerf: entry: Net has 25 fields, and 24 are the most: nest structs for more
#include <kerf/kerf.h>

using namespace kerf;

using X = Tensor<f32, 4>;
struct Net : Module {
  X a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x, y;
};
X apply(const Net &net, const X &x) { return x * net.a; }

auto wrong() { return entry<"apply">(apply, roles("params", "x")); }
