// error: the shape is [2, 3], but [3, 2] is asked for: second of
#include <kerf/kerf.h>
#include <kerf/tables.h>

using namespace kerf;
namespace {
using X = Tensor<f32, 3, 2>;
X f(const X &x) {
  return x + constant_from_file<f32, 3, 2>("../tables.safetensors", "second"); // <- here
}
const auto registered = model<"table_file_shape">(entry<"f">(f, roles("x"), returns("y")));
} // namespace
