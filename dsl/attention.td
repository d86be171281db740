// What the ops of attention share.
#ifndef KERF_ATTENTION_TD
#define KERF_ATTENTION_TD

include "ops.td"

/// What the result of a row without keys is.
def Kerf_EmptyRows : ConfinedAttr<StrAttr,
    [AttrConstraint<CPred<"::llvm::StringSwitch<bool>(::llvm::cast<::mlir::StringAttr>($_self).getValue())"
                          ".Cases({\"zero\", \"nan\"}, true).Default(false)">,
                    "whose value is one of zero, nan">]>;

#endif
