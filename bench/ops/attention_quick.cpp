// The shapes of ./dev bench attention --quick: small, awkward, every form.
#include "attention.h"

namespace kerf::bench {
namespace {

const auto registered = model<"bench_attention_quick">(
    forward_entry<Plain, 2, 3, 19, 37, 20>(), step_entry<Plain, 2, 3, 19, 37, 20>(), //
    forward_entry<Causal, 1, 2, 50, 50, 8>(), step_entry<Causal, 1, 2, 50, 50, 8>(), //
    forward_entry<Window, 1, 1, 300, 300, 8>(), step_entry<Window, 1, 1, 300, 300, 8>(),
    forward_entry<Plain, 1, 3, 1, 65, 16>(), step_entry<Plain, 1, 3, 1, 65, 16>(), //
    forward_entry<Alibi, 2, 3, 33, 33, 16>(), step_entry<Alibi, 2, 3, 33, 33, 16>(),
    forward_entry<Table, 2, 3, 33, 33, 16>(), step_entry<Table, 2, 3, 33, 33, 16>(),
    forward_entry<Documents, 2, 3, 40, 40, 16>(), step_entry<Documents, 2, 3, 40, 40, 16>());

} // namespace
} // namespace kerf::bench
