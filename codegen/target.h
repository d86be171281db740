// What an artefact is made for.
#pragma once

#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <string>

namespace kerf::codegen {

struct Target {
  enum class Kind { cpu, ptx };
  Kind kind = Kind::cpu;
  std::string name = "x86-64-v3"; ///< as the user writes it

  /// False and `error` set if there is no such target, or not yet.
  static bool parse(llvm::StringRef text, Target &target, std::string &error);
  /// LLVM's triple, and its features as "+avx2,+fma".
  std::string triple() const { return "x86_64-unknown-linux-gnu"; }
  std::string features() const;
  /// What the code needs, as KERF_CPU_ bits.
  uint64_t cpuFeatures() const;
};

} // namespace kerf::codegen
