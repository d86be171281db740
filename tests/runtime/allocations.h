// How often, and how many bytes, this program has allocated so far; -1 where a sanitizer owns
// malloc.
#pragma once

namespace kerf::test {
long allocations();
long allocated_bytes();
} // namespace kerf::test
