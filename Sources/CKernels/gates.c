#include "ckernels.h"
#include "vectors.h"

// More rows than the compiler is willing to check for overlap before it uses vectors.
#define ROWS_DO_NOT_OVERLAP _Pragma("clang loop vectorize(assume_safety)")

WIDEST void ck_gru_step(long rows, long hidden, int keeps, float *gates, long gatesStride,
                        const float *recurrent, long recurrentStride, const float *inputBias,
                        const float *hiddenBias, float *state, long stateStride, float *output,
                        long outputStride) {
  const float *restrict inputR = inputBias, *restrict inputZ = inputR + hidden, *restrict inputN = inputZ + hidden;
  const float *restrict biasR = hiddenBias, *restrict biasZ = biasR + hidden, *restrict biasN = biasZ + hidden;
  for (long row = 0; row < rows; row++) {
    float *restrict r = gates + row * gatesStride, *restrict z = r + hidden, *restrict n = z + hidden;
    const float *restrict toR = recurrent + row * recurrentStride, *restrict toZ = toR + hidden,
                *restrict toN = toZ + hidden;
    float *restrict h = state + row * stateStride, *restrict out = output + row * outputStride;
    if (keeps) {
      float *restrict m = n + hidden;
      ROWS_DO_NOT_OVERLAP for (long j = 0; j < hidden; j++) {
        float reset = ck_logistic(r[j] + toR[j] + (inputR[j] + biasR[j]));
        float update = ck_logistic(z[j] + toZ[j] + (inputZ[j] + biasZ[j]));
        float candidate = toN[j] + biasN[j];
        float new = ck_hyperbolic(n[j] + inputN[j] + reset * candidate);
        float next = new + update * (h[j] - new);
        r[j] = reset;
        z[j] = update;
        n[j] = new;
        m[j] = candidate;
        h[j] = next;
        out[j] = next;
      }
    } else {
      ROWS_DO_NOT_OVERLAP for (long j = 0; j < hidden; j++) {
        float reset = ck_logistic(r[j] + toR[j] + (inputR[j] + biasR[j]));
        float update = ck_logistic(z[j] + toZ[j] + (inputZ[j] + biasZ[j]));
        float new = ck_hyperbolic(n[j] + inputN[j] + reset * (toN[j] + biasN[j]));
        float next = new + update * (h[j] - new);
        h[j] = next;
        out[j] = next;
      }
    }
  }
}

WIDEST void ck_gru_step_backward(long rows, long hidden, const float *gates, long gatesStride,
                                 const float *previous, long previousStride, const float *outputGradient,
                                 long outputStride, const float *carried, long carriedStride, float *direct,
                                 long directStride, float *gradients, long gradientsStride, float *biasSums) {
  float *restrict sumR = biasSums, *restrict sumZ = sumR + hidden, *restrict sumM = sumZ + hidden,
        *restrict sumN = sumM + hidden;
  for (long row = 0; row < rows; row++) {
    const float *restrict r = gates + row * gatesStride, *restrict z = r + hidden, *restrict n = z + hidden,
                *restrict m = n + hidden;
    const float *restrict h = previous + row * previousStride, *restrict dy = outputGradient + row * outputStride,
                *restrict through = carried + row * carriedStride;
    float *restrict around = direct + row * directStride;
    float *restrict dr = gradients + row * gradientsStride, *restrict dz = dr + hidden, *restrict dm = dz + hidden,
          *restrict dn = dm + hidden;
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
