// What an artefact shows to the outside: its entry points, their arguments, the blocks' layouts.
#pragma once

#include "abi.h"

#include "kerf/elements.h"

#include "mlir/IR/BuiltinOps.h"

#include <string>
#include <variant>
#include <vector>

namespace kerf::codegen {

/// One tensor of a block.
struct BlockLeaf {
  std::string name; ///< dotted path inside the block
  DLDataType dtype;
  std::vector<int64_t> shape;
  uint64_t offset;       ///< bytes from the block's start, a multiple of 64
  uint64_t bytes;        ///< of the elements, padding not counted
  bool isBuffer = false; ///< not trained, as the language's Buffer says
};

/// An argument of the exported C function: a block, or one tensor.
struct Argument {
  std::string name; ///< the role of a block
  bool isBlock = false;
  uint32_t access = 0; ///< kerf_access; 0 only while it is being read
  DLDataType dtype = {kDLUInt, 8, 1};
  std::vector<int64_t> shape; ///< of a block: {bytes}
  uint64_t bytes = 0;
  std::vector<BlockLeaf> leaves; ///< of a block, by ascending offset
  int64_t perRow = 0; ///< of an open one, what axis 0 has for each row of a call; shape and bytes
                      ///< are those of the most
};

/// Where an argument or a result of the entry's function lies.
struct Place {
  unsigned argument;
  uint64_t offset;   ///< bytes
  unsigned leaf = 0; ///< its number in a block: one without elements lies where the next one does
};

struct Entry {
  std::string name; ///< without the model's
  std::vector<Argument> arguments;
  std::vector<Place> inputs;           ///< per argument of the function in the IR
  std::vector<Place> outputs;          ///< per result of it
  uint64_t arenaBytes = 0;             ///< that its workers share
  uint64_t workerBytes = 0;            ///< of each worker beside it
  double flops = 0;                    ///< of its kernels, loop nests not counted
  std::string openDim;                 ///< empty: none
  int64_t leastRows = 0, mostRows = 0; ///< of the open dim, in a call

  /// Per output, the argument of the function that holds the leaf's old value; -1 if none does.
  std::vector<int> oldValues() const;
};

/// A constant of the model, for the header.
struct Constant {
  std::string name;
  std::variant<int64_t, double> value;
};

struct Interface {
  std::string model;
  std::vector<Entry> entries;
  std::vector<Constant> constants;
  std::vector<Argument> blocks; ///< every role once; access is the union over the entries

  /// `<model>_<entry>`
  std::string symbol(const Entry &entry) const { return model + "_" + entry.name; }
};

/// 16 digits of all that a program sees of the model: names, types, layouts, sizes, constants. In
/// header and object, so that they are of one compile.
std::string signatureHash(const Interface &model);

/// The row of an element type of an interface.
const ElementType &elementOf(DLDataType dtype);
/// "float32", as NumPy calls it; a block is bytes.
std::string nameOf(DLDataType dtype);

/// The interface of a module of entries (functions with `kerf.entry`) on tensors. Fails with a
/// diagnostic if a name is missing or twice there, if a shape is open, or if two entries disagree
/// about the layout of a role.
mlir::FailureOr<Interface> readInterface(mlir::ModuleOp module);

/// The same of a module with open entries, whose companions have been taken out of it
/// (compiler/open.h). Fails also if the open dim is elsewhere than in front of data arguments and
/// results, or in none of them.
mlir::FailureOr<Interface> readInterface(mlir::ModuleOp module,
                                         llvm::ArrayRef<mlir::ModuleOp> companions);

} // namespace kerf::codegen
