#include "codegen/target.h"

#include "abi.h"

#include "llvm/ADT/StringExtras.h"

namespace kerf::codegen {

bool Target::parse(llvm::StringRef text, Target &target, std::string &error) {
  if (text == "x86-64-v3") {
    target = {Kind::cpu, text.str()};
    return true;
  }
  bool planned = text.starts_with("sm_") || text == "x86-64-v4";
  error = "target '" + text.str() + (planned ? "' is not built yet" : "' is unknown") +
          "; there is x86-64-v3";
  return false;
}

std::string Target::features() const {
  return "+avx,+avx2,+bmi,+bmi2,+cmov,+crc32,+cx16,+cx8,+f16c,+fma,+fxsr,+lzcnt,+mmx,+movbe,"
         "+popcnt,+sahf,+sse,+sse2,+sse3,+sse4.1,+sse4.2,+ssse3,+x87,+xsave";
}

uint64_t Target::cpuFeatures() const { return KERF_CPU_X86_64_V3; }

} // namespace kerf::codegen
