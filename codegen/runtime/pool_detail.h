// What the runtime's own pool shares with the border.
#pragma once

#include "abi.h"

namespace kerf::runtime::detail {

/// The CPUs of a machine of so many that a process may keep busy: what the CPU quotas of its
/// cgroups leave, at least 1. `root` stands before every path that is read: "" but in tests.
uint64_t within_quota(uint64_t cpus, const char *root);

/// For as long as it lives the pool is in use, if it is the runtime's: kerf_pool_destroy waits.
class PoolUse {
public:
  explicit PoolUse(kerf_pool *pool);
  ~PoolUse();
  PoolUse(const PoolUse &) = delete;

  /// Does this thread use the pool?
  static bool is_of_this_thread(const kerf_pool *pool);

private:
  kerf_pool *pool;
  const PoolUse *outer; ///< the use that this one stands in, on the same thread
};

} // namespace kerf::runtime::detail
