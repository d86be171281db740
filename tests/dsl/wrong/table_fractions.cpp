// error: kerf: a fraction given to a tensor of integers
#include <kerf/kerf.h>

using namespace kerf;

void wrong() { const Tensor<i64, 2> x{0.5, 1.5}; }
