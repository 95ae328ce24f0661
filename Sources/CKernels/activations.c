#include "ckernels.h"
#include "vectors.h"

#include <math.h>

/// The error function to about 1e-7: an odd polynomial near 0, else 1 - exp(of a polynomial).
INLINE float ck_error(float x) {
  float t = fabsf(x), s = x * x;
  float near = -5.96761703e-4f;
  near = near * s + 4.99119423e-3f;
  near = near * s + -2.67681349e-2f;
  near = near * s + 1.12819925e-1f;
  near = near * s + -3.76125336e-1f;
  near = near * s + 1.28379166e-1f;
  near = near * x + x;
  // Beyond 4 the result is 1 in single precision, and the polynomial is not meant for more.
  t = t > 4.0f ? 4.0f : t;
  s = t * t;
  float far = -1.72853470e-5f * t + 3.83197126e-4f;
  float low = -3.88396438e-3f * t + 2.42546219e-2f;
  far = far * s + low;
  far = far * t + -1.06777877e-1f;
  far = far * t + -6.34846687e-1f;
  far = far * t + -1.28717512e-1f;
  far = far * t + -t;
  far = copysignf(1.0f - ck_exponential(far), x);
  return fabsf(x) > 0.927734375f ? far : near;
}

#define INVERSE_ROOT_2 0.70710678118f
#define INVERSE_ROOT_2_PI 0.39894228040f
#define ROOT_2_OVER_PI 0.79788456080f

WIDEST void ck_erf(long count, const float *restrict x, float *restrict y) {
  for (long i = 0; i < count; i++) y[i] = ck_error(x[i]);
}

WIDEST void ck_gelu(long count, const float *restrict x, float *restrict y) {
  for (long i = 0; i < count; i++) y[i] = 0.5f * x[i] * (1.0f + ck_error(x[i] * INVERSE_ROOT_2));
}

WIDEST void ck_gelu_backward(long count, const float *restrict x, const float *restrict g, float *restrict y) {
  for (long i = 0; i < count; i++) {
    float cumulative = 0.5f * (1.0f + ck_error(x[i] * INVERSE_ROOT_2));
    float density = INVERSE_ROOT_2_PI * ck_exponential(-0.5f * x[i] * x[i]);
    y[i] = g[i] * (cumulative + x[i] * density);
  }
}

WIDEST void ck_gelu_tanh(long count, const float *restrict x, float *restrict y) {
  for (long i = 0; i < count; i++) {
    float inner = ROOT_2_OVER_PI * (x[i] + 0.044715f * x[i] * x[i] * x[i]);
    y[i] = 0.5f * x[i] * (1.0f + ck_hyperbolic(inner));
  }
}

WIDEST void ck_gelu_tanh_backward(long count, const float *restrict x, const float *restrict g,
                                  float *restrict y) {
  for (long i = 0; i < count; i++) {
    float inner = ROOT_2_OVER_PI * (x[i] + 0.044715f * x[i] * x[i] * x[i]);
    float slope = ROOT_2_OVER_PI * (1.0f + 3 * 0.044715f * x[i] * x[i]);
    float t = ck_hyperbolic(inner);
    y[i] = g[i] * 0.5f * (1.0f + t + x[i] * (1.0f - t * t) * slope);
  }
}
