#include "ckernels.h"
#include "vectors.h"

// More rows than the compiler is willing to check for overlap before it uses vectors.
#define ROWS_DO_NOT_OVERLAP _Pragma("clang loop vectorize(assume_safety)")

/// One row of `ck_gru_step`. Compiled twice, with and without the stores that `keeps` asks for: a condition
/// in the loop would make them masked stores, three times slower on some machines.
INLINE void ck_gru_row(int keeps, long hidden, float *gates, const float *recurrent, const float *inputBias,
                       const float *hiddenBias, float *h, float *output) {
  float *r = gates, *z = r + hidden, *n = z + hidden, *m = n + hidden;
  const float *toR = recurrent, *toZ = toR + hidden, *toN = toZ + hidden;
  const float *inputR = inputBias, *inputZ = inputR + hidden, *inputN = inputZ + hidden;
  const float *biasR = hiddenBias, *biasZ = biasR + hidden, *biasN = biasZ + hidden;
  ROWS_DO_NOT_OVERLAP for (long j = 0; j < hidden; j++) {
    float reset = ck_logistic(r[j] + toR[j] + (inputR[j] + biasR[j]));
    float update = ck_logistic(z[j] + toZ[j] + (inputZ[j] + biasZ[j]));
    float candidate = toN[j] + biasN[j];
    float new = ck_hyperbolic(n[j] + inputN[j] + reset * candidate);
    float next = new + update * (h[j] - new);
    if (keeps) {
      r[j] = reset;
      z[j] = update;
      n[j] = new;
      m[j] = candidate;
    }
    h[j] = next;
    output[j] = next;
  }
}

WIDEST void ck_gru_step(long rows, long hidden, int keeps, float *gates, long gatesStride,
                        const float *recurrent, long recurrentStride, const float *inputBias,
                        const float *hiddenBias, float *state, long stateStride, float *output,
                        long outputStride) {
  for (long row = 0; row < rows; row++, gates += gatesStride, recurrent += recurrentStride,
            state += stateStride, output += outputStride) {
    if (keeps)
      ck_gru_row(1, hidden, gates, recurrent, inputBias, hiddenBias, state, output);
    else
      ck_gru_row(0, hidden, gates, recurrent, inputBias, hiddenBias, state, output);
  }
}

WIDEST void ck_gru_step_backward(long rows, long hidden, const float *gates, long gatesStride,
                                 const float *previous, long previousStride, const float *outputGradient,
                                 long outputStride, const float *carried, long carriedStride, float *direct,
                                 long directStride, float *gradients, long gradientsStride, float *biasSums) {
  float *sumR = biasSums, *sumZ = sumR + hidden, *sumM = sumZ + hidden, *sumN = sumM + hidden;
  for (long row = 0; row < rows; row++) {
    const float *r = gates + row * gatesStride, *z = r + hidden, *n = z + hidden, *m = n + hidden;
    const float *h = previous + row * previousStride;
    const float *dy = outputGradient + row * outputStride;
    const float *through = carried + row * carriedStride;
    float *around = direct + row * directStride;
    float *dr = gradients + row * gradientsStride, *dz = dr + hidden, *dm = dz + hidden, *dn = dm + hidden;
    ROWS_DO_NOT_OVERLAP for (long j = 0; j < hidden; j++) {
      float dh = dy[j] + through[j] + around[j];
      float toN = dh * (1 - z[j]) * (1 - n[j] * n[j]);
      float toZ = dh * (h[j] - n[j]) * z[j] * (1 - z[j]);
      float toR = toN * m[j] * r[j] * (1 - r[j]);
      float toM = toN * r[j];
      around[j] = dh * z[j];
      dr[j] = toR;
      dz[j] = toZ;
      dm[j] = toM;
      dn[j] = toN;
      sumR[j] += toR;
      sumZ[j] += toZ;
      sumM[j] += toM;
      sumN[j] += toN;
    }
  }
}
