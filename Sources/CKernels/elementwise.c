#include "ckernels.h"
#include "vectors.h"

WIDEST void ck_exp(long count, const float *restrict x, float *restrict y) {
  for (long i = 0; i < count; i++) y[i] = ck_exponential(x[i]);
}

WIDEST void ck_sigmoid(long count, const float *restrict x, float *restrict y) {
  for (long i = 0; i < count; i++) y[i] = ck_logistic(x[i]);
}

WIDEST void ck_tanh(long count, const float *restrict x, float *restrict y) {
  for (long i = 0; i < count; i++) y[i] = ck_hyperbolic(x[i]);
}
