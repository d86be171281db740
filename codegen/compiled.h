// What a compiled module is, before it is files.
#pragma once

#include "codegen/schedule/plan.h"
#include "codegen/signature.h"
#include "codegen/target.h"

namespace kerf::codegen {

/// What stands in an artefact for every entry: its code for one target.
struct Body {
  Target target;
  uint64_t features = 0; ///< that it needs of the machine, as bits of kerf_body
};

struct Compiled {
  Interface interface;
  std::string object; ///< the bytes of an ELF object
  std::string fusion; ///< <model>.fusion.json
  std::vector<EntryPlan> plans;
  std::vector<Body> bodies; ///< the best first
};

} // namespace kerf::codegen
