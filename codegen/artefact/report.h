// What a compiled model does, for people and for diffs: which families fused, and every call.
#pragma once

#include "codegen/schedule/plan.h"

#include "compiler/families/family.h"

#include <string>

namespace kerf::codegen {

/// <model>.fusion.json: every candidate of a family with its line, its state and its reason; then
/// the plan of every entry, a call per line. The same for the same model, whatever the machine.
std::string fusionReport(llvm::StringRef model, llvm::ArrayRef<compiler::FusionOutcome> outcomes,
                         llvm::ArrayRef<EntryPlan> plans);

/// Every entry's calls as a table, those with the largest floor first, until the rest is a
/// twentieth of the entry.
std::string planTable(llvm::ArrayRef<EntryPlan> plans);

} // namespace kerf::codegen
