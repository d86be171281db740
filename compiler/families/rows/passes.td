include "mlir/Pass/PassBase.td"

def StreamRows : Pass<"kerf-stream-rows", "::mlir::ModuleOp"> {
  let summary = "softmax(z e^T) e, and its gradients  =>  rows(block of z, e)";
  let description = [{
    A softmax over columns (codes, classes), soft assignments, entropies and all their derivatives, and
    choices of columns that no family took before, make arrays of rows x columns between a contraction
    and reductions. Where no op among them mixes rows, but by a sum over all of them, they run for one
    block of rows after another: O(block K) memory in place of O(N K) for K columns.

    What a step needs that only the sum over all rows gives comes a region later; regions make the
    scores of their rows again instead of storing them. Draws of all scores take the words of their
    rows, so that they are the same numbers. Sums over rows become sums of blocks' sums, in the order
    of `kerf.rows`.

    Axes of a batch are cut first, down to one index where its scores fill a block, then, within such a
    block, the next axis: attention over images, heads and positions is run head by head, and by blocks of
    positions where a head's scores are many. Rows that lie apart in memory are brought together before the
    blocks, and what blocks make goes back behind them.

    A chain of fused searches, each in what the one before left, is run for a block of rows from the first
    level to the last, where what levels left is read nowhere else: no array of it is left.

    What is as large as scores but made of few numbers, as a mask of positions is, is made again in each
    block. Scores of a batch that are read elsewhere leave it block by block, a row may meet all rows of what
    is there before the blocks. Of a batch's axes those come first over which nothing is added up: the
    gradient of a bias that images share is added up for one head after the other.

    Skipped when scores of no batch leave the entry, when rows meet rows that are made in the blocks, when an
    op needs all scores at once; and without a word below `min-elements` scores. Every contraction whose scores outnumber
    what they are made of, and are exponentiated and summed over the columns or chosen from, is a
    candidate; half as many are enough where they come as a batch.

    %p = softmax(%z %e^T) : tensor<4096x512xf32>     =>  kerf.rows block = 64 sliced(%z) whole(%e)
  }];
  let options = [Option<"explain", "explain", "bool", "false",
                        "a remark for every candidate: streamed, or why not and what would help">,
                 Option<"minElements", "min-elements", "int64_t", "262144",
                        "scores that fewer are no candidates: they fit in a cache">,
                 Option<"blockElements", "block-elements", "int64_t", "32768",
                        "how many scores a block should have, at 64 to 256 rows, or 1 to 256 of a batch">];
  let dependentDialects = ["::kerf::compiler::KerfDialect", "::mlir::arith::ArithDialect"];
}
