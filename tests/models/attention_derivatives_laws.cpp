// No array of the scores of one head is in a plan, of any derivative, nor one of what it hides from
// a query.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>

#include <attention_derivatives.h>

TEST_CASE("what a call needs is less than the scores of one head") {
  constexpr uint64_t head = 1040 * 1040 * sizeof(float), head_f64 = 2 * head;
  CHECK(attention_derivatives_causal_arena_bytes(1) < head);
  CHECK(attention_derivatives_causal_gradient_arena_bytes(1) < head);
  CHECK(attention_derivatives_causal_along_arena_bytes(1) < head);
  CHECK(attention_derivatives_causal_curved_arena_bytes(1) < head);
  CHECK(attention_derivatives_causal_f64_arena_bytes(1) < head_f64);
  CHECK(attention_derivatives_causal_gradient_f64_arena_bytes(1) < head_f64);
  CHECK(attention_derivatives_causal_along_f64_arena_bytes(1) < head_f64);
  CHECK(attention_derivatives_causal_curved_f64_arena_bytes(1) < head_f64);
  CHECK(attention_derivatives_biased_arena_bytes(1) < head);
  CHECK(attention_derivatives_biased_along_arena_bytes(1) < head);
}

// The gradient of a bias is as large as a head's scores: that of one image, and the sum so far.
TEST_CASE("the gradient of a bias is added up for one head after the other") {
  constexpr uint64_t head = 1040 * 1040 * sizeof(float);
  CHECK(attention_derivatives_biased_gradient_arena_bytes(1) < 3 * head);
  CHECK(attention_derivatives_biased_curved_arena_bytes(1) < 3 * head);
}
