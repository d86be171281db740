// error: kerf: declared [3, 2] but the array is [2, 3]
// An array has the shape of the tensor that it becomes.
#include <kerf/kerf.h>

using namespace kerf;

constexpr float numbers[2][3] = {{1, 2, 3}, {4, 5, 6}};
void wrong() { const Tensor<f32, 3, 2> x(numbers); }
