// The same input gives the same object, to the byte: functions and their constants keep the order of the text.
// RUN: rm -rf %t && mkdir %t && kerf-compile %s -o %t && mv %t/order.o %t/first.o
// RUN: kerf-compile %s -o %t && cmp %t/order.o %t/first.o
// RUN: kerf-compile %s -o %t && cmp %t/order.o %t/first.o
// RUN: kerf-compile %s -o %t && cmp %t/order.o %t/first.o
module attributes {kerf.model = "order"} {
func.func @f0(%x: tensor<2xf32> {kerf.name = "x"}) -> (tensor<2xf32> {kerf.name = "y"}) attributes {kerf.entry} {
  %c = arith.constant dense<[0.0, 0.5]> : tensor<2xf32>
  %y = kerf.add %x, %c : tensor<2xf32>
  return %y : tensor<2xf32>
}
func.func @f1(%x: tensor<2xf32> {kerf.name = "x"}) -> (tensor<2xf32> {kerf.name = "y"}) attributes {kerf.entry} {
  %c = arith.constant dense<[1.0, 0.5]> : tensor<2xf32>
  %y = kerf.add %x, %c : tensor<2xf32>
  return %y : tensor<2xf32>
}
func.func @f2(%x: tensor<2xf32> {kerf.name = "x"}) -> (tensor<2xf32> {kerf.name = "y"}) attributes {kerf.entry} {
  %c = arith.constant dense<[2.0, 0.5]> : tensor<2xf32>
  %y = kerf.add %x, %c : tensor<2xf32>
  return %y : tensor<2xf32>
}
func.func @f3(%x: tensor<2xf32> {kerf.name = "x"}) -> (tensor<2xf32> {kerf.name = "y"}) attributes {kerf.entry} {
  %c = arith.constant dense<[3.0, 0.5]> : tensor<2xf32>
  %y = kerf.add %x, %c : tensor<2xf32>
  return %y : tensor<2xf32>
}
func.func @f4(%x: tensor<2xf32> {kerf.name = "x"}) -> (tensor<2xf32> {kerf.name = "y"}) attributes {kerf.entry} {
  %c = arith.constant dense<[4.0, 0.5]> : tensor<2xf32>
  %y = kerf.add %x, %c : tensor<2xf32>
  return %y : tensor<2xf32>
}
func.func @f5(%x: tensor<2xf32> {kerf.name = "x"}) -> (tensor<2xf32> {kerf.name = "y"}) attributes {kerf.entry} {
  %c = arith.constant dense<[5.0, 0.5]> : tensor<2xf32>
  %y = kerf.add %x, %c : tensor<2xf32>
  return %y : tensor<2xf32>
}
}
