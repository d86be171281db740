// The kerf_schedule dialect: what stands between kerf ops and calls of shared kernel functions, and
// how such a function is spread over the workers of a call.
#ifndef KERF_SCHEDULE_TD
#define KERF_SCHEDULE_TD

include "mlir/Dialect/Bufferization/IR/BufferizableOpInterface.td"
include "mlir/Dialect/LLVMIR/LLVMTypes.td"
include "mlir/IR/OpBase.td"
include "mlir/Interfaces/ControlFlowInterfaces.td"
include "mlir/Interfaces/DestinationStyleOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def KerfSchedule_Dialect : Dialect {
  let name = "kerf_schedule";
  let cppNamespace = "::kerf::codegen";
  let summary = "kernels on tensors, then on buffers, then calls; their tasks";
}

def KerfSchedule_KernelOp : Op<KerfSchedule_Dialect, "kernel", [
    AttrSizedOperandSegments, DestinationStyleOpInterface, IsolatedFromAbove,
    DeclareOpInterfaceMethods<MemoryEffectsOpInterface>,
    DeclareOpInterfaceMethods<BufferizableOpInterface, [
      "bufferizesToMemoryRead", "bufferizesToMemoryWrite", "getAliasingValues", "bufferize"]>]> {
  let summary = "one call of the shared function of a kernel";
  let description = [{
    The function takes a pointer per input, a pointer per init, then the sizes as i64. Its code depends
    on the kernel, the element types, and on attributes and regions of the op that the call stands for:
    the attributes that the kernel asks for, and scalar code. All operands are compact and row-major. Every init is overwritten and its old contents are never read; an
    init whose result has no use is scratch. No init shares bytes with another operand.

    Constraints: (C1) every shape is static. (C2) on tensors there is one result per init, of its
    type; on memrefs there is none.

    %y = kerf_schedule.kernel "top_k" (%x : tensor<32x512xf32>) outs(%0 : tensor<32x4xi64>)
           sizes = [32, 512, 4] for {} -> tensor<32x4xi64>
  }];
  let arguments = (ins StrAttr:$name,
                       Variadic<AnyTypeOf<[AnyRankedTensor, AnyStridedMemRef]>>:$inputs,
                       Variadic<AnyTypeOf<[AnyRankedTensor, AnyStridedMemRef]>>:$inits,
                       DenseI64ArrayAttr:$sizes, DictionaryAttr:$op_attributes);
  let regions = (region VariadicRegion<AnyRegion>:$op_regions);
  let results = (outs Variadic<AnyRankedTensor>:$results);
  let assemblyFormat = [{
    $name `(` ($inputs^ `:` type($inputs))? `)` `outs` `(` $inits `:` type($inits) `)`
    `sizes` `=` $sizes `for` $op_attributes (`regions` `(` $op_regions^ `)`)? attr-dict
    (`->` type($results)^)?
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    ::mlir::MutableOperandRange getDpsInitsMutable() { return getInitsMutable(); }
  }];
}

def KerfSchedule_YieldOp : Op<KerfSchedule_Dialect, "yield", [Pure, Terminator, ReturnLike]> {
  let summary = "what the scalar code of a kernel's region gives to it";
  let arguments = (ins Variadic<AnyType>:$x);
  let assemblyFormat = "($x^ `:` type($x))? attr-dict";
}

def KerfSchedule_TasksOp : Op<KerfSchedule_Dialect, "tasks", [
    NoTerminator, RecursiveMemoryEffects, SingleBlock]> {
  let summary = "a body for each number below `count`, shared by the workers of a call";
  let description = [{
    The body takes a number and a pointer to memory that its worker alone uses. Bodies run in any
    order and at the same time, so none reads what another writes. They may use what was computed
    outside, and contain no tasks.

    Constraints: (C1) the body has two arguments, an i64 and a pointer. (C2) it contains no tasks.
  }];
  let arguments = (ins LLVM_AnyPointer:$call, I64:$count);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "`(` $call `,` $count `)` $body attr-dict `:` type($call)";
  let hasVerifier = 1;
}

#endif
