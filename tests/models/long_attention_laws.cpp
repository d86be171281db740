// No array of all scores is in the plan: those of one head are 1 MB, those of a call 6.5 MB.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>

#include <long_attention.h>

TEST_CASE("what a call needs is a part of its scores") {
  constexpr uint64_t head = 520 * 520 * 4, call = 3 * 2 * head;
  CHECK(long_attention_attend_arena_bytes(1) < head);
  CHECK(long_attention_gradients_arena_bytes(1) < call / 4);
}
