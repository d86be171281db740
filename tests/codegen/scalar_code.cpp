// What intervals tell of masks beside every query and key of a block: never that all see, or none
// does, where one differs; and for the masks that are in use that they do wherever it is so.
#include "codegen/kernels.h"

#include <catch2/catch.hpp>

using namespace kerf::test;

const char *const kerf::test::masks = R"(
func.func @causal(%i: i32, %j: i32) -> i1 {
  %y = arith.cmpi sle, %j, %i : i32
  return %y : i1
}
func.func @window(%i: i32, %j: i32) -> i1 {
  %w = arith.constant 5 : i32
  %d = arith.subi %i, %j : i32
  %a = math.absi %d : i32
  %y = arith.cmpi slt, %a, %w : i32
  return %y : i1
}
func.func @blocks(%i: i32, %j: i32) -> i1 {
  %w = arith.constant 7 : i32
  %s = arith.constant 9 : i32
  %k = arith.subi %i, %s : i32
  %a = arith.floordivsi %k, %w : i32
  %l = arith.subi %j, %s : i32
  %b = arith.floordivsi %l, %w : i32
  %y = arith.cmpi eq, %a, %b : i32
  return %y : i1
}
func.func @prefix(%i: i32, %j: i32) -> i1 {
  %p = arith.constant 6 : i32
  %inside = arith.cmpi slt, %j, %p : i32
  %before = arith.cmpi sle, %j, %i : i32
  %y = arith.ori %inside, %before : i1
  return %y : i1
}
func.func @unlike(%i: i32, %j: i32) -> i1 {
  %true = arith.constant true
  %three = arith.constant 3 : i32
  %d = arith.subi %j, %i : i32
  %near = arith.cmpi ult, %d, %three : i32
  %after = arith.cmpi sgt, %j, %i : i32
  %x = arith.xori %after, %true : i1
  %a = arith.andi %x, %near : i1
  %c = arith.select %x, %i, %j : i32
  %e = arith.maxsi %c, %three : i32
  %f = arith.cmpi ne, %e, %i : i32
  %y = arith.ori %a, %f : i1
  return %y : i1
}
func.func @wraps(%i: i32, %j: i32) -> i1 {
  %m = arith.constant 2147483637 : i32
  %minus = arith.constant -200000003 : i32
  %a = arith.addi %i, %m : i32
  %b = arith.muli %j, %minus : i32
  %c = math.absi %b : i32
  %y = arith.cmpi slt, %a, %c : i32
  return %y : i1
}
)";

namespace {
using I = int64_t;
using Code = void(const I *, I *);

bool isSeen(const std::string &name, I i, I j) {
  const I places[] = {i, i, j, j};
  I y = 0;
  kernel<Code>("mask_" + name)(places, &y);
  return y;
}

/// Blocks of 1 and 5 queries and keys, wherever they begin among 14.
void check(const std::string &name, bool isExact) {
  constexpr I size = 18;
  bool isSeenBy[size][size];
  for (I i = 0; i < size; ++i)
    for (I j = 0; j < size; ++j)
      isSeenBy[i][j] = isSeen(name, i, j);
  for (I i = 0; i < 14; i += 3)
    for (I j = 0; j < 14; ++j)
      for (I rows : {1, 5})
        for (I keys : {1, 5}) {
          CAPTURE(name, i, j, rows, keys);
          const I bounds[] = {i, i + rows - 1, j, j + keys - 1};
          I seen = 0, y[2];
          for (I r = 0; r < rows; ++r)
            for (I c = 0; c < keys; ++c)
              seen += isSeenBy[i + r][j + c];
          kernel<Code>("interval_" + name)(bounds, y);
          const I all = seen == rows * keys, some = seen > 0;
          CHECK((y[0] <= all && y[1] >= some));
          CHECK((!isExact || (y[0] == all && y[1] == some)));
        }
}
} // namespace

TEST_CASE("intervals of masks: exact where i and j meet once", "[scalar_code]") {
  for (const char *name : {"causal", "window", "blocks", "prefix"})
    check(name, true);
}

TEST_CASE("intervals of masks: never too narrow", "[scalar_code]") {
  for (const char *name : {"unlike", "wraps"})
    check(name, false);
}
