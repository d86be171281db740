// Names in generated text: what a name of the model becomes in C and C++, and which names cannot be
// said there.
#pragma once

#include "codegen/signature.h"

#include "llvm/ADT/StringSet.h"
#include "llvm/Support/Error.h"

#include <string>

namespace kerf::codegen {

/// A letter or _, then letters, digits and _.
bool isIdentifier(llvm::StringRef name);

/// A name in the program: what no identifier may have becomes _, and a word of C or C++, a macro of
/// their headers or one of `macros` gets a _ at its end.
std::string toIdentifier(llvm::StringRef name, const llvm::StringSet<> *macros = nullptr);

/// The struct of a role: "adam_state" => "AdamState".
std::string typeName(llvm::StringRef role);
/// The struct of an entry's scalar results: "TrainStepResults".
std::string resultsType(const Entry &entry);
/// The type of a data argument: "TrainStepImages".
std::string viewType(const Entry &entry, const Argument &argument);
/// How many rows a call of an open entry has at least and at most: "predict_least_rows",
/// "predict_most_rows".
std::string leastRowsName(const Entry &entry);
std::string mostRowsName(const Entry &entry);
/// All three of what an entry's prototype says.
llvm::StringSet<> typesOf(const Entry &entry);

/// The macros of a model's header.
llvm::StringSet<> macrosOf(const Interface &model);

/// Why `name` cannot be a model's, which becomes a file <name>.h and a C++ namespace; empty if it
/// can.
std::string complaintOfModelName(llvm::StringRef name);

/// Fails, naming both, if a name becomes no identifier or two things become one. What passes makes
/// a header that compiles, whatever else the program includes.
llvm::Error checkNames(const Interface &model);

} // namespace kerf::codegen
