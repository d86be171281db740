// Lines of a tensor that lies as (outer, n, inner), along its middle axis: each is one chain.
#pragma once

#include "codegen/cpu/emit.h"

namespace kerf::codegen::cpu {

/// body(places, lanes) for all lines, some at a time: those that begin at `places`, and the lanes
/// beside each of them. Lines stand side by side, eight that are neighbours in memory or four rows,
/// so that their chains overlap.
void forEachLines(emit::CalledFunction &e, emit::Val outer, emit::Val n, emit::Val inner,
                  llvm::function_ref<void(llvm::ArrayRef<emit::Val>, int64_t)> body);

} // namespace kerf::codegen::cpu
