// error: number 1 of a table is 2147483648, which is no i32: it holds whole numbers from
// -2147483648 to 2147483647; use i64, or another number
#include <kerf/kerf.h>

using namespace kerf;
namespace {
Tensor<i32, 2> f(const Tensor<i32, 2> &x) {
  const Tensor<i32, 2> table(std::array<i64, 2>{1, 2147483648}); // <- here
  return x + table;
}
const auto registered = model<"table_number">(entry<"f">(f, roles("x"), returns("y")));
} // namespace
