#include "ckernels.h"
#include "vectors.h"

#include <math.h>

// Sums and maxima run in 16 lanes, whatever the vectors' width, so that every machine adds in the same order.
#define LANES 16

WIDEST void ck_softmax_rows(long rows, long width, float scale, const float *restrict x, float *restrict y,
                            float *restrict logSums) {
  long whole = width - width % LANES;
  for (long row = 0; row < rows; row++) {
    const float *restrict from = x + row * width;
    float *restrict to = y + row * width;

    // The largest is taken off first, so that no exponential overflows.
    float largest[LANES];
    for (int lane = 0; lane < LANES; lane++) largest[lane] = -INFINITY;
    for (long i = 0; i < whole; i += LANES)
      for (int lane = 0; lane < LANES; lane++) {
        float value = scale * from[i + lane];
        largest[lane] = value > largest[lane] ? value : largest[lane];
      }
    float top = -INFINITY;
    for (long i = whole; i < width; i++) top = scale * from[i] > top ? scale * from[i] : top;
    for (int lane = 0; lane < LANES; lane++) top = largest[lane] > top ? largest[lane] : top;

    float sums[LANES] = {0};
    for (long i = 0; i < whole; i += LANES)
      for (int lane = 0; lane < LANES; lane++) {
        float value = ck_exponential(scale * from[i + lane] - top);
        to[i + lane] = value;
        sums[lane] += value;
      }
    double sum = 0;
    for (long i = whole; i < width; i++) {
      to[i] = ck_exponential(scale * from[i] - top);
      sum += to[i];
    }
    for (int lane = 0; lane < LANES; lane++) sum += sums[lane];

    float inverse = (float)(1 / sum);
    for (long i = 0; i < width; i++) to[i] *= inverse;
    logSums[row] = top + (float)log(sum);
  }
}
