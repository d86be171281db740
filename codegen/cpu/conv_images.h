// What the kernels of convolutions share.
//
// A convolution and its adjoint in the image are implicit matmuls: rows are channels, columns
// pixels, and the packing of a panel of pixels gathers what the taps see. Both read a zero-padded
// copy of one image, split by stride residue into planes, in which every tap of every pixel is a
// constant distance away. The adjoint treats each residue of the result's pixels as a convolution
// of its own with stride 1 and the taps that reach it: no product with a zero between strides.
#pragma once

#include "codegen/cpu/tile.h"
#include "codegen/schedule/contract_form.h"

namespace kerf::codegen::cpu {

inline Conv<emit::Val> convArguments(emit::Function &k) {
  Conv<emit::Val> s;
  for (emit::Val *size :
       {&s.n, &s.c, &s.h, &s.w, &s.o, &s.kh, &s.kw, &s.sh, &s.sw, &s.ph, &s.pw, &s.oh, &s.ow})
    *size = k.size();
  return s;
}

/// The place `bytes` into `p`, as elements of f32 or another type.
inline emit::Ptr at(emit::Ptr p, emit::Val bytes, mlir::Type element = {}) {
  return (p.as(p.emit->b.getI8Type()) + bytes).as(element ? element : p.emit->f32());
}

// One image, split and merged by stride residue

/// kerf_split_image(planes, image, c, h, w, channel, sh, sw, top, left, rows, columns): pixel (i,
/// j) of an image whose channels are `channel` apart goes to plane ((i + top) % sh, (j + left) %
/// sw), place ((i + top) / sh, (j + left) / sw); planes have rows x columns places; a channel's
/// planes are adjacent. Other places are left alone.
std::string splitImageFunction(mlir::ModuleOp module, mlir::Type held = {});

/// Where the sums of the pixels of one residue lie: from which on, and how far the next channel's
/// and the next row's.
inline emit::Ptr residueAt(emit::Ptr residues, emit::Val number) { return residues + number * 3; }

/// kerf_merge_image(image, parts, residues, c, h, w, channel, sh, sw): the sums of residue (a, b),
/// number a * sw + b in the table, go to their places in the image.
llvm::StringRef mergeImageFunction(mlir::ModuleOp module);

// The implicit matmul

/// -x mod m for x >= 0.
inline emit::Val minusMod(emit::Val x, emit::Val m) { return x * (m - 1) % m; }

/// A tap in the table: how far its pixel lies from the first tap's, and where its weights begin.
inline emit::Ptr tapAt(emit::Ptr taps, emit::Val number) { return taps + number * 2; }

/// kerf_list_terms(terms, taps, tap_count, channels, channel_stride): how far the pixel of term
/// k = tap * channels + channel lies from the first tap's in the first channel.
llvm::StringRef listTermsFunction(mlir::ModuleOp module);

/// kerf_pack_weights(to, weights, taps, channels, m, m_stride, channel_stride, start, end): the
/// terms from `start` on, a multiple of 256, to `end`.
std::string packWeightsFunction(mlir::ModuleOp module, mlir::Type held = {});

/// Calls it, with these operands before `start`, for all terms of `m` rows.
void packTerms(emit::CalledFunction &k, llvm::StringRef packWeights,
               llvm::ArrayRef<mlir::Value> operands, emit::Val terms, emit::Val m);

/// kerf_conv_pixels(planes, terms, weights, to, panel, waiting, depth, m, channel, height, width,
/// row_stride, readable): `m` channels of height x width pixels of one image, sums of `depth`
/// terms. Rows of many channels are compact in `to`, the channels `channel` apart. Few take a row
/// of the planes as one of pixels: their rows are `row_stride` apart, their channels so many pixels
/// rounded up to whole strips, and what lies between the rows has no meaning. `readable` pixels may
/// be read from each term's first on.
llvm::StringRef convPixelsFunction(mlir::ModuleOp module);

/// So few channels fill no tile: they are summed in strips, as many pixels at a time as the
/// registers hold, straight from the planes.
constexpr int64_t fewChannels = 4, stripSums = 96;
template <class T> T stripPixels(T m) {
  using emit::max, emit::min;
  return stripSums / min(max(m, 1), fewChannels);
}
/// kerf_strip_<height>(weights, planes, terms, to, depth, stride, readable, first): to[i, j] (+)=
/// sum_p weights[p, i] planes[terms[p] + j] for i < height and the pixels j of a strip, rows of
/// `to` `stride` apart, four weights per term. Where not all pixels are readable the others are 0.
llvm::StringRef stripFunction(mlir::ModuleOp module, int64_t height);

/// Elements of a channel of `m` in the result of kerf_conv_pixels.
template <class T> T channelElements(T m, T height, T width, T rowStride) {
  using emit::ceilDiv, emit::select;
  T strip = stripPixels(m);
  return select(m <= fewChannels, ceilDiv(height * rowStride, strip) * strip, height * width);
}

// Tasks of both kernels

/// What is summed with one copy of pixels: so many rows of an image.
template <class T> struct Segments {
  T rows, ofImage; // the last one of an image may have fewer
  T ofTask;
};
/// Enough tasks for many workers, each worth its copy of pixels: `work` is that of an image, in
/// FMAs of vectors. `planes` are the elements that are copied of a whole image. A segment fills
/// `someTiles` tiles of columns, or has all `rows` of `width` pixels.
template <class T>
Segments<T> segmentsOf(T n, T rows, T width, T work, T planes, int64_t taskWork) {
  using emit::ceilDiv, emit::max, emit::min;
  constexpr int64_t enough = 32, cached = 65536, someTiles = 6;
  const int64_t least = 4 * taskWork;
  T wanted = max((n + (enough - 1)) / max(n, 1), ceilDiv(planes, cached));
  T count = max(min(min(wanted, rows), work / least), 1);
  Segments<T> s;
  T filled = min(ceilDiv(someTiles * tileColumns + width * 0, max(width, 1)), rows);
  s.rows = max(max(ceilDiv(rows, count), filled), 1);
  s.ofImage = ceilDiv(rows, s.rows);
  s.ofTask = max(least * max(s.ofImage, 1) / max(work, 1), 1);
  return s;
}

/// body(image, first row, fresh, own) for each segment of `n` images, in tasks. If `fresh` (i1),
/// the worker's own memory holds nothing of a segment with the same padding.
void loopSegments(emit::CalledFunction &k, const Segments<emit::Val> &segments, emit::Val n,
                  llvm::function_ref<void(emit::Val, emit::Val, emit::Val, emit::Ptr)> body);

/// Rows of an image that the planes of one segment hold: from `first` on, with `top` rows of
/// padding before them.
struct Window {
  emit::Val first, rows, top;
};
/// Those that `rows` rows of planes from `start` on see.
inline Window windowOf(emit::Val start, emit::Val rows, emit::Val h, emit::Val stride,
                       emit::Val padding) {
  emit::Val begin = start * stride - padding, first = min(max(begin, 0), h);
  return {first, max(min(begin + rows * stride, h) - first, 0), max(0 - begin, 0)};
}

// Scratch of both kernels: one after the other, each from a multiple of 64 bytes on

template <class T> struct ConvScratch {
  T taps, terms, gathered, weights, shared;  // in bytes, for all workers; and their end
  T panel, residues, planes, parts, waiting; // in each worker's own
};
template <class T> T aligned(T bytes) { return emit::ceilDiv(bytes, 64) * 64; }
template <class T>
ConvScratch<T> scratchOf(T taps, T m, T channels, T gathered, T residues, T planes, T parts) {
  ConvScratch<T> s;
  s.taps = taps * 0;
  s.terms = s.taps + aligned(taps * 16);
  s.gathered = s.terms + aligned(taps * channels * 8);
  s.weights = s.gathered + aligned(gathered * 4);
  s.shared = s.weights + aligned(paddedRows(m) * taps * channels * 4);
  s.panel = taps * 0;
  s.residues = s.panel + blockDepth * widestTile * 4;
  s.planes = s.residues + aligned(residues * 24);
  s.parts = s.planes + aligned(planes * 4);
  s.waiting = s.parts + aligned(parts * 4);
  return s;
}
/// The sums of one panel or strip that wait, `m` rows of `depth` terms each.
inline int64_t waitingBytes(int64_t m, int64_t depth) {
  return waitingSums(depth) * emit::max(m * widestTile, stripSums) * 4;
}

/// Extent of the planes of a convolution along one axis: all pixels, and what the taps of all
/// outputs see.
template <class T> T seenExtent(T size, T padding, T out, T kernel, T stride) {
  using emit::ceilDiv, emit::max;
  return ceilDiv(max(size + padding, (out - 1) * stride + kernel), stride);
}
/// Elements from one plane to the next: an odd number of cache lines, as the same places of many
/// planes are read one after the other and must not meet in the cache.
template <class T> T planeExtent(T rows, T columns) {
  return (emit::ceilDiv(rows * columns, 16) | 1) * 16;
}
/// Of so many planes; a last strip reads beyond the others.
template <class T> T planeElements(T planes, T plane, T columns) {
  return planes * plane + columns + stripSums;
}

/// How many pixels may be read from a term's first on: in an image that is read where it is, only
/// those from the first to the last that are asked for.
inline emit::Val readablePixels(emit::Val inPlace, emit::Val height, emit::Val width,
                                emit::Val rowStride) {
  return select(inPlace, (height - 1) * rowStride + width, INT32_MAX);
}

} // namespace kerf::codegen::cpu
