// error: kerf: declared [4] but the expression is [3]
#include <kerf/kerf.h>

using namespace kerf;

struct Net : Module {
  Buffer<f32, 4> mean;
};

void wrong(const Net &net, const Tensor<f32, 3> &x) { net.mean.update(x); }
