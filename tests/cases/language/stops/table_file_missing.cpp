// error: there is no such file, or it cannot be read:
#include <kerf/kerf.h>
#include <kerf/tables.h>

using namespace kerf;
namespace {
using X = Tensor<f32, 2>;
X f(const X &x) {
  return x + constant_from_file<f32, 2>("none.bin"); // <- here
}
const auto registered = model<"table_file_missing">(entry<"f">(f, roles("x"), returns("y")));
} // namespace
