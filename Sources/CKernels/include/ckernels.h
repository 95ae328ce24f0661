// Loops that need the widest vectors of the machine. Arrays are row-major float32; a `stride` counts floats
// from one row to the next. Arrays never overlap unless a comment says so.
#pragma once

#ifdef __cplusplus
extern "C" {
#endif

#pragma clang assume_nonnull begin

/// The level of the x86-64 instruction set that the machine has, 1 to 4; 0 on another architecture.
int ck_instruction_level(void);

/// y = exp(x), y = 1 / (1 + exp(-x)), y = tanh(x), element by element.
void ck_exp(long count, const float *x, float *y);
void ck_sigmoid(long count, const float *x, float *y);
void ck_tanh(long count, const float *x, float *y);

/// Each row of y = softmax(scale * x); logSums[row] = log(sum(exp(scale * x))).
void ck_softmax_rows(long rows, long width, float scale, const float *x, float *y, float *logSums);

/// Scores of attention to weights, in place. `scores` (rows, width) are products of queries and keys; with
/// s = scale * scores + mask, or s = mask where that is below -1e8, a row becomes exp(s - top), where top is its
/// largest s: `tops` gets that, and `inverses` 1 / sum. `mask` has a row for each `maskStride` floats, 0 if all rows
/// share one; none: no mask.
void ck_attention_rows(long rows, long width, float scale, const float *_Nullable mask, long maskStride,
                       float *scores, float *tops, float *inverses);

/// The pullback of the weights w = inverse * exp(s - top). `scores` holds the products again and gets w; `gradient`
/// holds that of w and gets that of the products, scale * w * (gradient - dot), or 0 where the mask hides.
void ck_attention_rows_backward(long rows, long width, float scale, const float *_Nullable mask, long maskStride,
                                const float *tops, const float *inverses, const float *dots, float *scores,
                                float *gradient);

/// One time step of a GRU for `rows` sequences, gates in the order r, z, n:
///   r = sigmoid(gates_r + recurrent_r + inputBias_r + hiddenBias_r), z likewise,
///   m = recurrent_n + hiddenBias_n,  n = tanh(gates_n + inputBias_n + r * m),
///   h' = n + z * (h - n).
/// `gates` (rows, >= 3 hidden) holds the input's products; where `keeps` is set (rows, >= 4 hidden) it is
/// overwritten by r, z, n, m for the backward step. `state` (rows, hidden) holds h, then h'; `output` gets
/// h'.
void ck_gru_step(long rows, long hidden, int keeps, float *gates, long gatesStride, const float *recurrent,
                 long recurrentStride, const float *inputBias, const float *hiddenBias, float *state,
                 long stateStride, float *output, long outputStride);

/// The pullback of that step. With dh = outputGradient + carried + direct:
///   dn = dh (1 - z) (1 - n^2),  dz = dh (h - n) z (1 - z),  dr = dn m r (1 - r),  dm = dn r.
/// `gradients` (rows, 4 hidden) gets dr, dz, dm, dn; `direct` (rows, hidden) gets dh z, the part of h's
/// gradient that does not go through the recurrent product; `biasSums` (4 hidden) has the rows of `gradients`
/// added.
void ck_gru_step_backward(long rows, long hidden, const float *gates, long gatesStride, const float *previous,
                          long previousStride, const float *outputGradient, long outputStride,
                          const float *carried, long carriedStride, float *direct, long directStride,
                          float *gradients, long gradientsStride, float *biasSums);

/// One time step of an LSTM for `rows` sequences, gates in the order i, f, g, o:
///   i = sigmoid(gates_i + recurrent_i + inputBias_i + hiddenBias_i), f and o likewise, g = tanh(...),
///   c' = f c + i g,  h' = o tanh(c').
/// `gates` (rows, 4 hidden) holds the input's products and, where `keeps` is set, gets i, f, g, o. `before` holds c
/// and `cell`, which may be the same, gets c'; `state` and `output` get h'.
void ck_lstm_step(long rows, long hidden, int keeps, float *gates, long gatesStride, const float *recurrent,
                  long recurrentStride, const float *inputBias, const float *hiddenBias, const float *before,
                  long beforeStride, float *cell, long cellStride, float *state, long stateStride, float *output,
                  long outputStride);

/// The pullback of that step, `cell` being c' and `before` c. With dh = outputGradient + carried and
/// dc' = cellGradient + dh o (1 - tanh(c')^2):
///   di = dc' g i (1 - i),  df = dc' c f (1 - f),  dg = dc' i (1 - g^2),  do = dh tanh(c') o (1 - o).
/// `gradients` (rows, 4 hidden) gets di, df, dg, do; `cellGradient` (rows, hidden) gets dc' f, the gradient of c;
/// `biasSums` (4 hidden) has the rows of `gradients` added.
void ck_lstm_step_backward(long rows, long hidden, const float *gates, long gatesStride, const float *cell,
                           long cellStride, const float *before, long beforeStride, const float *outputGradient,
                           long outputStride, const float *carried, long carriedStride, float *cellGradient,
                           long cellGradientStride, float *gradients, long gradientsStride, float *biasSums);

/// The columns that one panel of a packed matrix holds; panels are filled up with zeros.
#define CK_PANEL 16

/// Packs a (depth, columns) matrix, whose element (k, j) is matrix[k * rowStride + j * columnStride], into
/// panels (ceil(columns / 16), depth, 16).
void ck_pack(long depth, long columns, const float *matrix, long rowStride, long columnStride, float *packed);

/// c (rows, 16 * panels) = a (rows, depth) * packed (panels, depth, 16). `packed` and `c` lie on 64-byte
/// boundaries, and `cStride` is a multiple of 16.
void ck_product(long rows, long depth, long panels, const float *a, long aStride, const float *packed,
                float *c, long cStride);

/// The error function, and x times the share of the normal distribution below x: exactly, and by its approximation with
/// a hyperbolic tangent; `_backward` gives g times the derivative at x.
void ck_erf(long count, const float *x, float *y);
void ck_gelu(long count, const float *x, float *y);
void ck_gelu_backward(long count, const float *x, const float *g, float *y);
void ck_gelu_tanh(long count, const float *x, float *y);
void ck_gelu_tanh_backward(long count, const float *x, const float *g, float *y);

/// A convolution of `rows` output rows: c (rows, 16 panels) = bias + sum over taps of x[places[row, tap]] (depth) times
/// packed (panels, taps * depth, 16). `places` (rows, taps) counts rows of x, which follow each other `depth` numbers
/// apart; a negative place reads nothing. `zeros` are `depth` zeros, `bias` (16 panels) or null. `packed`, `bias` and `c`
/// lie on 64-byte boundaries, and `cStride` is a multiple of 16.
void ck_gather_product(long rows, long taps, long depth, long panels, const float *x, const int *places,
                       const float *zeros, const float *packed, const float *_Nullable bias, float *c,
                       long cStride);

/// The gradient of such a convolution's weights: w (taps * depth, 16 panels) += sum over rows of x[places[row, tap]]
/// (depth)ᵀ g[row] (16 panels).
void ck_gather_outer(long rows, long taps, long depth, long panels, const float *x, const int *places,
                     const float *g, long gStride, float *w, long wStride);

/// c (rows, columns) = a (rows, depth) b (depth, columns), added to c where `adds` is set. Element (i, k) of a is
/// a[i * aRow + k * aColumn]; the rows of b and c are contiguous.
void ck_small_product(long rows, long columns, long depth, const float *a, long aRow, long aColumn,
                      const float *b, long bRow, float *c, long cRow, int adds);

/// One product a channel: c[i, j, :] = sum over k of a[i, k, :] b[k, j, :], element by element of `channels` contiguous
/// numbers; the strides count floats.
void ck_lane_product(long rows, long columns, long depth, long channels, const float *a, long aRow, long aDepth,
                     const float *b, long bDepth, long bColumn, float *c, long cRow, long cColumn);

/// y = 0 where the element's random word is below `threshold`, else x times `factor`. Words are those of Philox4x32-10,
/// four a block of counter (block, s0, s1, s2) from `firstBlock` on.
void ck_drop(long count, const float *x, float *y, unsigned threshold, float factor, unsigned key0,
             unsigned key1, unsigned firstBlock, unsigned s0, unsigned s1, unsigned s2);

#pragma clang assume_nonnull end

/// Whether as many pieces of address space as one of OpenBLAS's buffers are still to be had at once: 1 or 0.
int ck_has_room(int buffers);

#ifdef __cplusplus
}
#endif
