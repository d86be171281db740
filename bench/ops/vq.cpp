// The shapes of ./dev bench vq: rows, codes, features.
#include "vq.h"

namespace kerf::bench {
namespace {

const auto registered =
    model<"bench_vq">(forward_entry<4096, 512, 64>(), train_entry<4096, 512, 64>(),       //
                      forward_entry<16384, 512, 64>(), train_entry<16384, 512, 64>(),     //
                      forward_entry<16384, 8192, 64>(), train_entry<16384, 8192, 64>(),   //
                      forward_entry<65536, 1024, 64>(), train_entry<65536, 1024, 64>(),   //
                      forward_entry<8192, 512, 64>(), train_entry<8192, 512, 64>(),       //
                      forward_entry<4096, 1024, 256>(), train_entry<4096, 1024, 256>(),   //
                      forward_entry<1024, 16384, 256>(), train_entry<1024, 16384, 256>(), //
                      forward_entry<4096, 8192, 32>(), train_entry<4096, 8192, 32>());

} // namespace
} // namespace kerf::bench
