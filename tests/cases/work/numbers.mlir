// Numbers of the tools' command lines: one that is out of range is refused by the option's name, and does not wrap.
// RUN: not kerf-run --seed=-1 %s 2>&1 | FileCheck %s --check-prefix=SEED
// RUN: not kerf-run --seed=18446744073709551616 %s 2>&1 | FileCheck %s --check-prefix=SEED
// RUN: not kerf-run --seed=1.5 %s 2>&1 | FileCheck %s --check-prefix=SEED
// RUN: not kerf-run --timeout=-1 %s 2>&1 | FileCheck %s --check-prefix=TIMEOUT
// RUN: not kerf-run --tolerance=-1 %s 2>&1 | FileCheck %s --check-prefix=TOLERANCE
// RUN: not kerf-run --limit=-1 %s 2>&1 | FileCheck %s --check-prefix=LIMIT
// RUN: not kerf-run --stream-from=-1 %s 2>&1 | FileCheck %s --check-prefix=STREAM
// RUN: not kerf-compile --time-limit=-1 %s 2>&1 | FileCheck %s --check-prefix=TIME
// SEED: --seed
// TIMEOUT: --timeout
// TOLERANCE: --tolerance
// LIMIT: --limit
// STREAM: --stream-from
// TIME: --time-limit
func.func @f(%x: tensor<4xf32>) -> tensor<4xf32> {
  return %x : tensor<4xf32>
}
