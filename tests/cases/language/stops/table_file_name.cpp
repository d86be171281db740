// error: the file has no tensor of this name: third of
#include <kerf/kerf.h>
#include <kerf/tables.h>

using namespace kerf;
namespace {
using X = Tensor<f32, 3, 2>;
X f(const X &x) {
  return x + constant_from_file<f32, 3, 2>("../tables.safetensors", "third"); // <- here
}
const auto registered = model<"table_file_name">(entry<"f">(f, roles("x"), returns("y")));
} // namespace
