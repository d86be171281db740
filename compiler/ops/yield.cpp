#include "compiler/ops/yield.h"

using namespace mlir;

#define GET_OP_CLASSES
#include "compiler/ops/yield.cpp.inc"
