// What is counted is counted in integers: 20 million latents of one code, of so many codes that a
// row's sum is one chain.
#include <kerf/kerf.h>

namespace kerf::models {
namespace {

constexpr int codes = 300000, latents = 20000000;

struct Counts {
  Tensor<f32> most, used, perplexity, rows;
};
Counts counts(const Tensor<i64> &code) {
  let all = broadcast_to<latents>(maximum(minimum(code, 0), 0)); // whatever the code
  let count = code_counts<codes>(all);
  let rows = detail::number_of_rows<f32, Shape::of(latents)>(detail::option_set(mask = all >= 0));
  return {max(count), sum(count), perplexity<codes>(all), rows};
}

const auto registered = model<"counts">(entry<"counts">(counts, roles("code")));

} // namespace
} // namespace kerf::models
