#include "ckernels.h"
#include "vectors.h"

// More rows than the compiler is willing to check for overlap before it uses vectors.
#define ROWS_DO_NOT_OVERLAP _Pragma("clang loop vectorize(assume_safety)")

/// One row of `ck_lstm_step`. Compiled twice, with and without the stores that `keeps` asks for: a condition in the
/// loop would make them masked stores.
INLINE void ck_lstm_row(int keeps, long hidden, float *gates, const float *recurrent, const float *inputBias,
                        const float *hiddenBias, const float *before, float *cell, float *state, float *output) {
  float *i = gates, *f = i + hidden, *g = f + hidden, *o = g + hidden;
  const float *toI = recurrent, *toF = toI + hidden, *toG = toF + hidden, *toO = toG + hidden;
  const float *inputI = inputBias, *inputF = inputI + hidden, *inputG = inputF + hidden, *inputO = inputG + hidden;
  const float *biasI = hiddenBias, *biasF = biasI + hidden, *biasG = biasF + hidden, *biasO = biasG + hidden;
  ROWS_DO_NOT_OVERLAP for (long j = 0; j < hidden; j++) {
    float in = ck_logistic(i[j] + toI[j] + (inputI[j] + biasI[j]));
    float forget = ck_logistic(f[j] + toF[j] + (inputF[j] + biasF[j]));
    float candidate = ck_hyperbolic(g[j] + toG[j] + (inputG[j] + biasG[j]));
    float out = ck_logistic(o[j] + toO[j] + (inputO[j] + biasO[j]));
    float next = forget * before[j] + in * candidate;
    float h = out * ck_hyperbolic(next);
    if (keeps) {
      i[j] = in;
      f[j] = forget;
      g[j] = candidate;
      o[j] = out;
    }
    cell[j] = next;
    state[j] = h;
    output[j] = h;
  }
}

WIDEST void ck_lstm_step(long rows, long hidden, int keeps, float *gates, long gatesStride, const float *recurrent,
                         long recurrentStride, const float *inputBias, const float *hiddenBias, const float *before,
                         long beforeStride, float *cell, long cellStride, float *state, long stateStride,
                         float *output, long outputStride) {
  for (long row = 0; row < rows; row++, gates += gatesStride, recurrent += recurrentStride, before += beforeStride,
            cell += cellStride, state += stateStride, output += outputStride) {
    if (keeps)
      ck_lstm_row(1, hidden, gates, recurrent, inputBias, hiddenBias, before, cell, state, output);
    else
      ck_lstm_row(0, hidden, gates, recurrent, inputBias, hiddenBias, before, cell, state, output);
  }
}

WIDEST void ck_lstm_step_backward(long rows, long hidden, const float *gates, long gatesStride, const float *cell,
                                  long cellStride, const float *before, long beforeStride,
                                  const float *outputGradient, long outputStride, const float *carried,
                                  long carriedStride, float *cellGradient, long cellGradientStride,
                                  float *gradients, long gradientsStride, float *biasSums) {
  float *sumI = biasSums, *sumF = sumI + hidden, *sumG = sumF + hidden, *sumO = sumG + hidden;
  for (long row = 0; row < rows; row++) {
    const float *i = gates + row * gatesStride, *f = i + hidden, *g = f + hidden, *o = g + hidden;
    const float *c = cell + row * cellStride, *previous = before + row * beforeStride;
    const float *dy = outputGradient + row * outputStride;
    const float *through = carried + row * carriedStride;
    float *dc = cellGradient + row * cellGradientStride;
    float *di = gradients + row * gradientsStride, *df = di + hidden, *dg = df + hidden, *dO = dg + hidden;
    ROWS_DO_NOT_OVERLAP for (long j = 0; j < hidden; j++) {
      float dh = dy[j] + through[j];
      float squashed = ck_hyperbolic(c[j]);
      float toCell = dc[j] + dh * o[j] * (1 - squashed * squashed);
      float toI = toCell * g[j] * i[j] * (1 - i[j]);
      float toF = toCell * previous[j] * f[j] * (1 - f[j]);
      float toG = toCell * i[j] * (1 - g[j] * g[j]);
      float toO = dh * squashed * o[j] * (1 - o[j]);
      dc[j] = toCell * f[j];
      di[j] = toI;
      df[j] = toF;
      dg[j] = toG;
      dO[j] = toO;
      sumI[j] += toI;
      sumF[j] += toF;
      sumG[j] += toG;
      sumO[j] += toO;
    }
  }
}
