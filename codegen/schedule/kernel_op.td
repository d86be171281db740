// The kerf_cpu dialect: what stands between kerf ops and calls of shared kernel functions.
#ifndef KERF_CPU_TD
#define KERF_CPU_TD

include "mlir/Dialect/Bufferization/IR/BufferizableOpInterface.td"
include "mlir/IR/OpBase.td"
include "mlir/Interfaces/DestinationStyleOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def KerfCpu_Dialect : Dialect {
  let name = "kerf_cpu";
  let cppNamespace = "::kerf::codegen";
  let summary = "kernels on tensors, then on buffers, then calls";
}

def KerfCpu_KernelOp : Op<KerfCpu_Dialect, "kernel", [
    AttrSizedOperandSegments, DestinationStyleOpInterface,
    DeclareOpInterfaceMethods<MemoryEffectsOpInterface>,
    DeclareOpInterfaceMethods<BufferizableOpInterface, [
      "bufferizesToMemoryRead", "bufferizesToMemoryWrite", "getAliasingValues", "bufferize"]>]> {
  let summary = "one call of the shared function `kerf_kernel_<name>`";
  let description = [{
    The function takes a pointer per input, a pointer per init, then the sizes as i64. All operands
    are compact and row-major. Every init is overwritten and its old contents are never read; an
    init whose result has no use is scratch. No init shares bytes with another operand.

    Constraints: (C1) every shape is static. (C2) on tensors there is one result per init, of its
    type; on memrefs there is none.

    %c = kerf_cpu.kernel "gemm" (%a, %b : tensor<4x8xf32>, tensor<8x3xf32>)
           outs(%0 : tensor<4x3xf32>) sizes = [4, 3, 8] -> tensor<4x3xf32>
  }];
  let arguments = (ins StrAttr:$name,
                       Variadic<AnyTypeOf<[AnyRankedTensor, AnyStridedMemRef]>>:$inputs,
                       Variadic<AnyTypeOf<[AnyRankedTensor, AnyStridedMemRef]>>:$inits,
                       DenseI64ArrayAttr:$sizes);
  let results = (outs Variadic<AnyRankedTensor>:$results);
  let assemblyFormat = [{
    $name `(` ($inputs^ `:` type($inputs))? `)` `outs` `(` $inits `:` type($inits) `)`
    `sizes` `=` $sizes attr-dict (`->` type($results)^)?
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    ::mlir::MutableOperandRange getDpsInitsMutable() { return getInitsMutable(); }
  }];
}

#endif
