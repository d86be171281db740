// The shapes of ./dev bench attention: batch, heads, queries, keys, features of a head.
#include "attention.h"

namespace kerf::bench {
namespace {

const auto registered = model<"bench_attention">(
    forward_entry<Plain, 8, 12, 197, 197, 64>(), step_entry<Plain, 8, 12, 197, 197, 64>(),     //
    forward_entry<Plain, 8, 12, 50, 50, 64>(), step_entry<Plain, 8, 12, 50, 50, 64>(),         //
    forward_entry<Causal, 8, 8, 77, 77, 64>(), step_entry<Causal, 8, 8, 77, 77, 64>(),         //
    forward_entry<Plain, 4, 16, 256, 256, 72>(), step_entry<Plain, 4, 16, 256, 256, 72>(),     //
    forward_entry<Plain, 1, 8, 1024, 1024, 64>(), step_entry<Plain, 1, 8, 1024, 1024, 64>(),   //
    forward_entry<Causal, 1, 8, 1024, 1024, 64>(), step_entry<Causal, 1, 8, 1024, 1024, 64>(), //
    forward_entry<Plain, 1, 8, 1024, 1024, 128>(), step_entry<Plain, 1, 8, 1024, 1024, 128>(), //
    forward_entry<Plain, 1, 8, 4096, 4096, 64>(), step_entry<Plain, 1, 8, 4096, 4096, 64>(),   //
    forward_entry<Causal, 1, 8, 4096, 4096, 64>(), step_entry<Causal, 1, 8, 4096, 4096, 64>(), //
    forward_entry<Window, 1, 8, 4096, 4096, 64>(), step_entry<Window, 1, 8, 4096, 4096, 64>(), //
    forward_entry<Plain, 1, 12, 1, 1024, 64>(), step_entry<Plain, 1, 12, 1, 1024, 64>(),       //
    forward_entry<Plain, 8, 12, 32, 257, 64>(), step_entry<Plain, 8, 12, 32, 257, 64>(),       //
    forward_entry<Alibi, 4, 8, 1024, 1024, 64>(), step_entry<Alibi, 4, 8, 1024, 1024, 64>(),   //
    forward_entry<Table, 4, 8, 1024, 1024, 64>(), step_entry<Table, 4, 8, 1024, 1024, 64>(),   //
    forward_entry<Documents, 4, 8, 1024, 1024, 64>(),
    step_entry<Documents, 4, 8, 1024, 1024, 64>());

} // namespace
} // namespace kerf::bench
