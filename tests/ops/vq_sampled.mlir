// RUN: kerf-opt %s -split-input-file -verify-diagnostics | FileCheck %s
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -kerf-lower | FileCheck %s --check-prefix=LOWER
// RUN: kerf-opt %s -split-input-file -verify-diagnostics -kerf-decompose=families=vq | FileCheck %s --check-prefix=PLAIN
// RUN: kerf-run --function edges %s | FileCheck %s --check-prefix=VALUE
// RUN: kerf-run --compare %s
// RUN: kerf-run --match vq --tolerance 0 %s | FileCheck %s --check-prefix=MATCH
// RUN: kerf-run --gradient --second %s

// Equal to the plain form without a choice that differs, bit for bit therefore.
// MATCH-NOT: choices differ

// Kept for a kernel. More codes than it takes at once, rows past a block, offsets of any remainder.
// CHECK-LABEL: @awkward_sizes
//       CHECK: kerf.vq_sampled %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}, metric = "l2", least = 0.000000e+00 : tensor<3x7x5xf32>, tensor<65x5xf32>, tensor<f32> -> tensor<3x7xi64>
// LOWER-LABEL: @awkward_sizes
// LOWER-COUNT-3: kerf.vq_sampled
// PLAIN-LABEL: @awkward_sizes
//  PLAIN-SAME: (%[[Z:.*]]: tensor<3x7x5xf32>, %[[E:.*]]: tensor<65x5xf32>, {{.*}}: tensor<3079x5xf32>, {{.*}}: tensor<1037x5xf32>, %[[KEY:[^:]*]]: tensor<2xi32>
//       PLAIN: %[[U:.*]] = kerf.uniform %[[KEY]], %{{.*}} : tensor<3x7x65xf32>
//       PLAIN: kerf.maximum %[[U]]
//       PLAIN: kerf.argmin %{{.*}}, axis = 2 : tensor<3x7x65xf32>
//   PLAIN-NOT: kerf.vq_sampled
func.func @awkward_sizes(%z: tensor<3x7x5xf32>, %e: tensor<65x5xf32>, %y: tensor<3079x5xf32>, %f: tensor<1037x5xf32>,
                         %key: tensor<2xi32> {kerf.dtype = "uint32"}, %other: tensor<2xi32> {kerf.dtype = "uint32"},
                         %third: tensor<2xi32> {kerf.dtype = "uint32"}, %offset: tensor<i64> {kerf.range = [1, 99]}, %t: tensor<f32>)
    -> (tensor<3x7xi64>, tensor<3079xi64>, tensor<3x7xi64>) {
  %a = kerf.vq_sampled %z, %e, %key, %offset, %t, metric = "l2", least = 0.0 : tensor<3x7x5xf32>, tensor<65x5xf32>, tensor<f32> -> tensor<3x7xi64>
  %b = kerf.vq_sampled %y, %e, %other, %offset, %t, metric = "dot", least = 0.25 : tensor<3079x5xf32>, tensor<65x5xf32>, tensor<f32> -> tensor<3079xi64>
  %c = kerf.vq_sampled %z, %f, %third, %offset, %t, metric = "l2", least = 2.98023223876953125e-8 : tensor<3x7x5xf32>, tensor<1037x5xf32>, tensor<f32> -> tensor<3x7xi64>
  return %a, %b, %c : tensor<3x7xi64>, tensor<3079xi64>, tensor<3x7xi64>
}

// Deeper than a block of a contraction; one row without axes, one code; no row.
func.func @more_sizes(%z: tensor<13x257xf32>, %e: tensor<17x257xf32>, %y: tensor<1xf32>, %u: tensor<1x1xf32>, %n: tensor<0x1xf32>,
                      %key: tensor<2xi32> {kerf.dtype = "uint32"}, %other: tensor<2xi32> {kerf.dtype = "uint32"},
                      %third: tensor<2xi32> {kerf.dtype = "uint32"}, %t: tensor<1x1xf32>) -> (tensor<13xi64>, tensor<i64>, tensor<0xi64>) {
  %zero = arith.constant dense<0> : tensor<i64>
  %a = kerf.vq_sampled %z, %e, %key, %zero, %t, metric = "l2", least = 0.0 : tensor<13x257xf32>, tensor<17x257xf32>, tensor<1x1xf32> -> tensor<13xi64>
  %b = kerf.vq_sampled %y, %u, %other, %zero, %t, metric = "dot", least = 0.0 : tensor<1xf32>, tensor<1x1xf32>, tensor<1x1xf32> -> tensor<i64>
  %c = kerf.vq_sampled %n, %u, %third, %zero, %t, metric = "dot", least = 0.0 : tensor<0x1xf32>, tensor<1x1xf32>, tensor<1x1xf32> -> tensor<0xi64>
  return %a, %b, %c : tensor<13xi64>, tensor<i64>, tensor<0xi64>
}

// Without noise it is the nearest code, ties to the lowest; a NaN wins.
// VALUE-LABEL: @edges
//  VALUE-NEXT: tensor<3xi64>: 1 0 4
//  VALUE-NEXT: tensor<3xi64>: 4 0 4
func.func @edges() -> (tensor<3xi64>, tensor<3xi64>) {
  %z = arith.constant dense<[[1.0, 0.0], [0x7FC00000, 0.0], [3.0, 3.0]]> : tensor<3x2xf32>
  %e = arith.constant dense<[[0.0, 0.0], [1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [4.0, 4.0]]> : tensor<5x2xf32>
  %key = arith.constant dense<[1, 2]> : tensor<2xi32>
  %other = arith.constant dense<[3, 4]> : tensor<2xi32>
  %offset = arith.constant dense<0> : tensor<i64>
  %t = arith.constant dense<0.0> : tensor<f32>
  %a = kerf.vq_sampled %z, %e, %key, %offset, %t, metric = "l2", least = 0.0 : tensor<3x2xf32>, tensor<5x2xf32>, tensor<f32> -> tensor<3xi64>
  %b = kerf.vq_sampled %z, %e, %other, %offset, %t, metric = "dot", least = 0.0 : tensor<3x2xf32>, tensor<5x2xf32>, tensor<f32> -> tensor<3xi64>
  return %a, %b : tensor<3xi64>, tensor<3xi64>
}

// -----

func.func @heads_c1(%z: tensor<2x4x8xf32>, %e: tensor<2x16x8xf32>, %key: tensor<2xi32>, %o: tensor<i64>, %t: tensor<f32>) -> tensor<2x4xi64> {
  // expected-error @+1 {{'kerf.vq_sampled' op the codebook must be [codes, features], got [2, 16, 8]}}
  %y = kerf.vq_sampled %z, %e, %key, %o, %t, metric = "l2", least = 0.0 : tensor<2x4x8xf32>, tensor<2x16x8xf32>, tensor<f32> -> tensor<2x4xi64>
  return %y : tensor<2x4xi64>
}

// -----

func.func @features_c2(%z: tensor<4x8xf32>, %e: tensor<16x9xf32>, %key: tensor<2xi32>, %o: tensor<i64>, %t: tensor<f32>) -> tensor<4xi64> {
  // expected-error @+1 {{'kerf.vq_sampled' op z [4, 8] has not the 9 features of the codebook [16, 9] on its last axis}}
  %y = kerf.vq_sampled %z, %e, %key, %o, %t, metric = "l2", least = 0.0 : tensor<4x8xf32>, tensor<16x9xf32>, tensor<f32> -> tensor<4xi64>
  return %y : tensor<4xi64>
}

// -----

func.func @shape_c3(%z: tensor<4x8xf32>, %e: tensor<16x8xf32>, %key: tensor<2xi32>, %o: tensor<i64>, %t: tensor<f32>) -> tensor<16xi64> {
  // expected-error @+1 {{'kerf.vq_sampled' op the result is [16] but should be [4]}}
  %y = kerf.vq_sampled %z, %e, %key, %o, %t, metric = "l2", least = 0.0 : tensor<4x8xf32>, tensor<16x8xf32>, tensor<f32> -> tensor<16xi64>
  return %y : tensor<16xi64>
}

// -----

func.func @temperature_c4(%z: tensor<4x8xf32>, %e: tensor<16x8xf32>, %key: tensor<2xi32>, %o: tensor<i64>, %t: tensor<4xf32>) -> tensor<4xi64> {
  // expected-error @+1 {{'kerf.vq_sampled' op t must be one number, got [4]}}
  %y = kerf.vq_sampled %z, %e, %key, %o, %t, metric = "l2", least = 0.0 : tensor<4x8xf32>, tensor<16x8xf32>, tensor<4xf32> -> tensor<4xi64>
  return %y : tensor<4xi64>
}

// -----

func.func @metric_c5(%z: tensor<4x8xf32>, %e: tensor<16x8xf32>, %key: tensor<2xi32>, %o: tensor<i64>, %t: tensor<f32>) -> tensor<4xi64> {
  // expected-error @+1 {{'kerf.vq_sampled' op attribute 'metric' failed to satisfy constraint: string attribute whose value is one of l2, dot}}
  %y = kerf.vq_sampled %z, %e, %key, %o, %t, metric = "cosine", least = 0.0 : tensor<4x8xf32>, tensor<16x8xf32>, tensor<f32> -> tensor<4xi64>
  return %y : tensor<4xi64>
}

// -----

func.func @least_c6(%z: tensor<4x8xf32>, %e: tensor<16x8xf32>, %key: tensor<2xi32>, %o: tensor<i64>, %t: tensor<f32>) -> tensor<4xi64> {
  // expected-error @+1 {{'kerf.vq_sampled' op least is 1.000000e+00 but should be in [0, 1), where uniforms are}}
  %y = kerf.vq_sampled %z, %e, %key, %o, %t, metric = "l2", least = 1.0 : tensor<4x8xf32>, tensor<16x8xf32>, tensor<f32> -> tensor<4xi64>
  return %y : tensor<4xi64>
}
