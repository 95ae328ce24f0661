#include "ckernels.h"
#include "vectors.h"

#include <math.h>

// Maxima and sums run in 16 lanes, whatever the vectors' width, so that every machine adds in the same order.
#define LANES 16

// A mask below this hides: it is the score then, whatever the product was. Adding -1e9 does the same to every score
// that is not a million, since nothing of it is left in the sum.
#define HIDES -1e8f

// Below this the exponential is 0, not the smallest number that it has else: sums over hidden keys would be subnormal
// numbers, which take a hundred times as long.
#define NOTHING -87.0f

INLINE float ck_score(int masked, float scale, float product, float mask) {
  if (!masked) return scale * product;
  return mask < HIDES ? mask : scale * product + mask;
}

INLINE float ck_weight(float x) {
  float y = ck_exponential(x);
  return x < NOTHING ? 0.0f : y;
}

INLINE void ck_attention_row(int masked, long width, float scale, const float *restrict mask,
                             float *restrict scores, float *top, float *inverse) {
  long whole = width - width % LANES;
  float largest[LANES];
  for (int lane = 0; lane < LANES; lane++) largest[lane] = -INFINITY;
  for (long i = 0; i < whole; i += LANES)
    for (int lane = 0; lane < LANES; lane++) {
      float value = ck_score(masked, scale, scores[i + lane], masked ? mask[i + lane] : 0);
      largest[lane] = value > largest[lane] ? value : largest[lane];
    }
  float most = -INFINITY;
  for (long i = whole; i < width; i++) {
    float value = ck_score(masked, scale, scores[i], masked ? mask[i] : 0);
    most = value > most ? value : most;
  }
  for (int lane = 0; lane < LANES; lane++) most = largest[lane] > most ? largest[lane] : most;

  float sums[LANES] = {0};
  for (long i = 0; i < whole; i += LANES)
    for (int lane = 0; lane < LANES; lane++) {
      float value = ck_weight(ck_score(masked, scale, scores[i + lane], masked ? mask[i + lane] : 0) - most);
      scores[i + lane] = value;
      sums[lane] += value;
    }
  double sum = 0;
  for (long i = whole; i < width; i++) {
    scores[i] = ck_weight(ck_score(masked, scale, scores[i], masked ? mask[i] : 0) - most);
    sum += scores[i];
  }
  for (int lane = 0; lane < LANES; lane++) sum += sums[lane];
  *top = most;
  *inverse = (float)(1 / sum);
}

WIDEST void ck_attention_rows(long rows, long width, float scale, const float *mask, long maskStride,
                              float *scores, float *tops, float *inverses) {
  for (long row = 0; row < rows; row++) {
    if (mask)
      ck_attention_row(1, width, scale, mask + row * maskStride, scores + row * width, tops + row, inverses + row);
    else
      ck_attention_row(0, width, scale, mask, scores + row * width, tops + row, inverses + row);
  }
}

INLINE void ck_attention_row_backward(int masked, long width, float scale, const float *restrict mask,
                                      float top, float inverse, float dot, float *restrict scores,
                                      float *restrict gradient) {
  for (long i = 0; i < width; i++) {
    float m = masked ? mask[i] : 0;
    float weight = ck_weight(ck_score(masked, scale, scores[i], m) - top) * inverse;
    float slope = masked && m < HIDES ? 0.0f : scale;
    scores[i] = weight;
    gradient[i] = weight * (gradient[i] - dot) * slope;
  }
}

WIDEST void ck_attention_rows_backward(long rows, long width, float scale, const float *mask, long maskStride,
                                       const float *tops, const float *inverses, const float *dots,
                                       float *scores, float *gradient) {
  for (long row = 0; row < rows; row++) {
    if (mask)
      ck_attention_row_backward(1, width, scale, mask + row * maskStride, tops[row], inverses[row], dots[row],
                                scores + row * width, gradient + row * width);
    else
      ck_attention_row_backward(0, width, scale, mask, tops[row], inverses[row], dots[row],
                                scores + row * width, gradient + row * width);
  }
}
