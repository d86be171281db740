// Elements are floats of 16, 32 and 64 bits, integers of 8 to 64 and i1; nothing else reaches a header, whether it is computed with or only passed on.
// RUN: split-file %s %t
// RUN: not kerf-compile %t/f8.mlir -o %t 2>&1 | FileCheck %s --check-prefix=F8
// RUN: not kerf-run %t/f8.mlir 2>&1 | FileCheck %s --check-prefix=ORACLE
// RUN: not kerf-compile %t/f80.mlir -o %t 2>&1 | FileCheck %s --check-prefix=F80
// RUN: not kerf-compile %t/i3.mlir -o %t 2>&1 | FileCheck %s --check-prefix=I3
// RUN: not kerf-compile %t/i4.mlir -o %t 2>&1 | FileCheck %s --check-prefix=I4
// RUN: not kerf-compile %t/ui32.mlir -o %t 2>&1 | FileCheck %s --check-prefix=UI32
// RUN: not kerf-compile %t/index.mlir -o %t 2>&1 | FileCheck %s --check-prefix=INDEX
// RUN: not kerf-compile %t/complex.mlir -o %t 2>&1 | FileCheck %s --check-prefix=COMPLEX
// RUN: not kerf-compile %t/scalar.mlir -o %t 2>&1 | FileCheck %s --check-prefix=SCALAR
// RUN: not kerf-compile %t/dynamic.mlir -o %t 2>&1 | FileCheck %s --check-prefix=DYNAMIC
// RUN: not kerf-compile %t/rank9.mlir -o %t 2>&1 | FileCheck %s --check-prefix=RANK
// RUN: not kerf-compile %t/inside.mlir -o %t 2>&1 | FileCheck %s --check-prefix=INSIDE
// RUN: not kerf-compile %t/dtype.mlir -o %t 2>&1 | FileCheck %s --check-prefix=DTYPE
// RUN: kerf-compile %t/all.mlir -o %t
// RUN: FileCheck %s --check-prefix=MANIFEST --input-file=%t/all.json
// RUN: FileCheck %s --check-prefix=HEADER --input-file=%t/all.h

// F8: error: entry 'e': 'x' is tensor<2xf8E5M2>, but elements are f32, f64, i32, i64, i1, bf16, f16, i8 and i16
// ORACLE: error: @e: argument 0 ('x') is tensor<2xf8E5M2>, but elements are
// F80: entry 'e': 'x' is tensor<2xf80>, but elements are
// I3: entry 'e': 'x' is tensor<2xi3>, but elements are
// I4: entry 'e': 'x' is tensor<2xi4>, but elements are
// UI32: entry 'e': 'x' is tensor<2xui32>, but elements are
// INDEX: entry 'e': 'x' is tensor<2xindex>, but elements are
// COMPLEX: entry 'e': 'x' is tensor<2xcomplex<f32>>, but elements are
// SCALAR: entry 'e': 'x' is f32, not a tensor of static shape
// DYNAMIC: entry 'e': 'x' is tensor<?xf32>, not a tensor of static shape
// RANK: entry 'e': 'x' is tensor<1x1x1x1x1x1x1x1x1xf32>, of 9 axes, but a tensor has at most 8
// INSIDE: error: 'arith.constant' op result 0 is tensor<2xf8E5M2>, but elements are
// DTYPE: entry 'e': 'x' is 'tensor<2xf32>' with kerf.dtype 'float16', which is uint32 for i32, uint8 for i8 and uint64 for i64

// MANIFEST: "name": "a"
// MANIFEST-DAG: "dtype": "float32"
// MANIFEST-DAG: "dtype": "float64"
// MANIFEST-DAG: "dtype": "int32"
// MANIFEST-DAG: "dtype": "int64"
// MANIFEST-DAG: "dtype": "bool"
// MANIFEST-DAG: "dtype": "uint32"
// MANIFEST-DAG: "dtype": "bfloat16"
// MANIFEST-DAG: "dtype": "float16"
// MANIFEST-DAG: "dtype": "int8"
// MANIFEST-DAG: "dtype": "int16"
// MANIFEST-DAG: "dtype": "uint8"
// HEADER-DAG: EA = {{.*}}View<const float, 2>;
// HEADER-DAG: EB = {{.*}}View<const double, 2>;
// HEADER-DAG: EC = {{.*}}View<const {{(::)?}}std::int32_t, 2>;
// HEADER-DAG: ED = {{.*}}View<const {{(::)?}}std::int64_t, 2>;
// HEADER-DAG: EE = {{.*}}View<const bool, 2>;
// HEADER-DAG: EF = {{.*}}View<const {{(::)?}}std::uint32_t, 2>;
// HEADER-DAG: EG = {{.*}}View<const {{(::)?}}kerf::bf16, 2>;
// HEADER-DAG: EH = {{.*}}View<const {{(::)?}}kerf::f16, 2>;
// HEADER-DAG: EI = {{.*}}View<const {{(::)?}}std::int8_t, 2>;
// HEADER-DAG: EJ = {{.*}}View<const {{(::)?}}std::int16_t, 2>;
// HEADER-DAG: EK = {{.*}}View<const {{(::)?}}std::uint8_t, 2>;

//--- f8.mlir
func.func @e(%x: tensor<2xf8E5M2> {kerf.name = "x"}) -> (tensor<2xf8E5M2> {kerf.name = "y"}) attributes {kerf.entry} { return %x : tensor<2xf8E5M2> }
//--- f80.mlir
func.func @e(%x: tensor<2xf80> {kerf.name = "x"}) -> (tensor<2xf80> {kerf.name = "y"}) attributes {kerf.entry} { return %x : tensor<2xf80> }
//--- i3.mlir
func.func @e(%x: tensor<2xi3> {kerf.name = "x"}) -> (tensor<2xi3> {kerf.name = "y"}) attributes {kerf.entry} { return %x : tensor<2xi3> }
//--- i4.mlir
func.func @e(%x: tensor<2xi4> {kerf.name = "x"}) -> (tensor<2xi4> {kerf.name = "y"}) attributes {kerf.entry} { return %x : tensor<2xi4> }
//--- ui32.mlir
func.func @e(%x: tensor<2xui32> {kerf.name = "x"}) -> (tensor<2xui32> {kerf.name = "y"}) attributes {kerf.entry} { return %x : tensor<2xui32> }
//--- index.mlir
func.func @e(%x: tensor<2xindex> {kerf.name = "x"}) -> (tensor<2xindex> {kerf.name = "y"}) attributes {kerf.entry} { return %x : tensor<2xindex> }
//--- complex.mlir
func.func @e(%x: tensor<2xcomplex<f32>> {kerf.name = "x"}) -> (tensor<2xcomplex<f32>> {kerf.name = "y"}) attributes {kerf.entry} { return %x : tensor<2xcomplex<f32>> }
//--- scalar.mlir
func.func @e(%x: f32 {kerf.name = "x"}) -> (f32 {kerf.name = "y"}) attributes {kerf.entry} { return %x : f32 }
//--- dynamic.mlir
func.func @e(%x: tensor<?xf32> {kerf.name = "x"}) -> (tensor<?xf32> {kerf.name = "y"}) attributes {kerf.entry} { return %x : tensor<?xf32> }
//--- rank9.mlir
func.func @e(%x: tensor<1x1x1x1x1x1x1x1x1xf32> {kerf.name = "x"}) -> (tensor<1x1x1x1x1x1x1x1x1xf32> {kerf.name = "y"}) attributes {kerf.entry} { return %x : tensor<1x1x1x1x1x1x1x1x1xf32> }
//--- inside.mlir
func.func @e(%x: tensor<2xf32> {kerf.name = "x"}) -> (tensor<2xf32> {kerf.name = "y"}) attributes {kerf.entry} {
  %c = arith.constant dense<1.0> : tensor<2xf8E5M2>
  return %x : tensor<2xf32>
}
//--- dtype.mlir
func.func @e(%x: tensor<2xf32> {kerf.name = "x", kerf.dtype = "float16"}) -> (tensor<2xf32> {kerf.name = "y"}) attributes {kerf.entry} { return %x : tensor<2xf32> }
//--- all.mlir
module attributes {kerf.model = "all"} {
func.func @e(%a: tensor<2xf32> {kerf.name = "a"}, %b: tensor<2xf64> {kerf.name = "b"}, %c: tensor<2xi32> {kerf.name = "c"}, %d: tensor<2xi64> {kerf.name = "d"},
             %e: tensor<2xi1> {kerf.name = "e"}, %f: tensor<2xi32> {kerf.name = "f", kerf.dtype = "uint32"},
             %g: tensor<2xbf16> {kerf.name = "g"}, %h: tensor<2xf16> {kerf.name = "h"}, %i: tensor<2xi8> {kerf.name = "i"}, %j: tensor<2xi16> {kerf.name = "j"},
             %k: tensor<2xi8> {kerf.name = "k", kerf.dtype = "uint8"})
    -> (tensor<2xf32> {kerf.name = "y"}) attributes {kerf.entry} { return %a : tensor<2xf32> }
}
