// error: entry f: 'parts.1.a' of what it returns has no value
#include <kerf/kerf.h>

using namespace kerf;
namespace {
using X = Tensor<f32, 4>;
struct Part {
  X a;
};
struct Parts {
  std::array<Part, 3> parts;
};
Parts f(const X &x) {
  Parts all;
  all.parts[0].a = x + 1;
  all.parts[2].a = x + 2;
  return all;
}
const auto registered = model<"returns_unset_element">(entry<"f">(f, roles("x"))); // <- here
} // namespace
