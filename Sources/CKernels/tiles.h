// Tiles of small products whose sums stay in vector registers: what convolutions and graph products are made of.
#pragma once

#include "ckernels.h"
#include "vectors.h"

/// 16 numbers that lie anywhere, and one register of them, or two where vectors are half as wide.
typedef float lanes_anywhere __attribute__((vector_size(4 * CK_PANEL), aligned(4)));
typedef float lanes __attribute__((vector_size(4 * CK_PANEL)));

// One function is compiled for each vector width, with the number of rows whose sums fill its registers. Without
// `min_vector_width` the compiler would split each 512-bit vector in two.
#if defined(__x86_64__)
#define TARGET_512 __attribute__((target("arch=x86-64-v4"), min_vector_width(512)))
#define TARGET_256 __attribute__((target("arch=x86-64-v3")))
#define FOR_EACH_WIDTH(name, parameters, arguments, call512, call256, call128) \
  TARGET_512 static void name##_512 parameters { call512; }                    \
  TARGET_256 static void name##_256 parameters { call256; }                    \
  static void name##_128 parameters { call128; }                               \
  void name parameters {                                                       \
    if (__builtin_cpu_supports("x86-64-v4")) return name##_512 arguments;      \
    if (__builtin_cpu_supports("x86-64-v3")) return name##_256 arguments;      \
    name##_128 arguments;                                                      \
  }
#else
#define FOR_EACH_WIDTH(name, parameters, arguments, call512, call256, call128) \
  void name parameters { call128; }
#endif
