// Every op on every narrow type, in every body: the oracle's bits, which rounds each result once. What sums products may
// round otherwise in another order; then the last bit of f32 decides a tie of the narrow type, which is rare.
// RUN: python3 %S/ops.py %S/../../../dsl/ops bf16 floats | kerf-run --compare --exact -
// RUN: python3 %S/ops.py %S/../../../dsl/ops f16 floats | kerf-run --compare --exact -
// RUN: python3 %S/ops.py %S/../../../dsl/ops i8 integers | kerf-run --compare --exact -
// RUN: python3 %S/ops.py %S/../../../dsl/ops i16 integers | kerf-run --compare --exact -
// RUN: python3 %S/ops.py %S/../../../dsl/ops bf16 products | kerf-run --compare -
// RUN: python3 %S/ops.py %S/../../../dsl/ops f16 products | kerf-run --compare -
// RUN: python3 %S/ops.py %S/../../../dsl/ops bf16 floats differentiated | kerf-run --gradient -
// RUN: python3 %S/ops.py %S/../../../dsl/ops bf16 floats differentiated | kerf-run --compare -
