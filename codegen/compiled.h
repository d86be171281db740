// What a compiled module is, before it is files.
#pragma once

#include "codegen/schedule/plan.h"
#include "codegen/signature.h"

namespace kerf::codegen {

struct Compiled {
  Interface interface;
  std::string object; ///< the bytes of an ELF object
  std::string fusion; ///< <model>.fusion.json
  std::vector<EntryPlan> plans;
  uint64_t features = 0; ///< that the code needs of the machine, as bits of kerf_body
};

} // namespace kerf::codegen
