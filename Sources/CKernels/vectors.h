// How one function is compiled for several vector widths, and the exponential that they share.
#pragma once

// The dynamic loader picks the widest that the machine has: AVX-512, AVX2 with FMA, or what every machine
// has.
#if defined(__x86_64__) && defined(__linux__)
#define WIDEST __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define WIDEST
#endif

#define INLINE static inline __attribute__((always_inline))

/// exp(x) to about 2 units in the last place; 0x1p-126 below the normal range, 2.4e38 above it.
///
/// x = n log 2 + f with |f| <= log(2) / 2, then the degree-6 polynomial of Cephes' expf, then 2^n by its
/// bits. log 2 is taken off in two parts, the first with few enough bits that n times it is exact.
INLINE float ck_exponential(float x) {
  x = x < -87.33654f ? -87.33654f : x;
  x = x > 88.37626f ? 88.37626f : x;
  // Adding 1.5 * 2^23 leaves no room for a fraction: the sum is n, rounded to nearest, in the low bits.
  float shifted = x * 1.44269504f + 0x1.8p23f;
  float n = shifted - 0x1.8p23f;
  float f = x - n * 0.693359375f + n * 2.12194440e-4f;
  float p = 1.9875691500e-4f;
  p = p * f + 1.3981999507e-3f;
  p = p * f + 8.3334519073e-3f;
  p = p * f + 4.1665795894e-2f;
  p = p * f + 1.6666665459e-1f;
  p = p * f + 5.0000001201e-1f;
  p = p * f * f + f + 1.0f;
  union {
    int bits;
    float value;
  } power = {((int)n + 127) << 23};
  return p * power.value;
}

/// 1 / (1 + exp(-x)).
INLINE float ck_logistic(float x) { return 1.0f / (1.0f + ck_exponential(-x)); }

/// tanh(x), to about 1e-7 of 1: 1 - 2 / (exp(2 x) + 1).
INLINE float ck_hyperbolic(float x) { return 1.0f - 2.0f / (ck_exponential(2.0f * x) + 1.0f); }
