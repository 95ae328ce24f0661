// A product whose right side is packed once and used many times: the recurrent product of a GRU, where a
// library's sgemm would pack the same weights again at every time step.

#include "ckernels.h"
#include "vectors.h"

typedef float panel_row __attribute__((vector_size(4 * CK_PANEL)));

// A panel's slice of this depth (16 KiB) stays in the first-level cache while all rows pass by.
#define SLICE 256

void ck_pack(long depth, long columns, const float *restrict matrix, long rowStride, long columnStride,
             float *restrict packed) {
  for (long first = 0; first < columns; first += CK_PANEL, packed += depth * CK_PANEL) {
    long count = columns - first < CK_PANEL ? columns - first : CK_PANEL;
    if (columnStride == 1) {
      for (long k = 0; k < depth; k++) {
        const float *from = matrix + k * rowStride + first;
        for (long j = 0; j < count; j++) packed[k * CK_PANEL + j] = from[j];
        for (long j = count; j < CK_PANEL; j++) packed[k * CK_PANEL + j] = 0;
      }
    } else {
      for (long j = 0; j < CK_PANEL; j++) {
        const float *from = matrix + (first + j) * columnStride;
        for (long k = 0; k < depth; k++) packed[k * CK_PANEL + j] = j < count ? from[k * rowStride] : 0;
      }
    }
  }
}

/// c (height, 16) = a (height, depth) * b (depth, 16), added to c unless this is the first slice.
INLINE void ck_tile(int height, long depth, const float *restrict a, long aStride, const float *restrict b,
                    float *restrict c, long cStride, int isFirst) {
#pragma clang fp contract(fast)
  panel_row sums[12];
#pragma clang loop unroll(full)
  for (int i = 0; i < height; i++)
    sums[i] = isFirst ? (panel_row){0} : *(const panel_row *)(c + i * cStride);
  for (long k = 0; k < depth; k++) {
    // The slice after this one is on its way while this one is in use: five percent faster where the panels
    // come from the third-level cache. Asking for what lies behind the last slice does no harm.
    __builtin_prefetch(b + (depth + k) * CK_PANEL, 0, 2);
    panel_row right = *(const panel_row *)(b + k * CK_PANEL);
#pragma clang loop unroll(full)
    for (int i = 0; i < height; i++) sums[i] += a[i * aStride + k] * right;
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < height; i++) *(panel_row *)(c + i * cStride) = sums[i];
}

/// The whole product in tiles of `height` rows; what is left over goes by eights, fours, twos and ones.
INLINE void ck_tiles(int height, long rows, long depth, long panels, const float *restrict a, long aStride,
                     const float *restrict packed, float *restrict c, long cStride) {
  for (long panel = 0; panel < panels; panel++) {
    for (long from = 0; from < depth; from += SLICE) {
      long count = depth - from < SLICE ? depth - from : SLICE;
      const float *b = packed + (panel * depth + from) * CK_PANEL;
      float *to = c + panel * CK_PANEL;
      long row = 0;
      for (; row + height <= rows; row += height)
        ck_tile(height, count, a + row * aStride + from, aStride, b, to + row * cStride, cStride, from == 0);
      if (height > 8 && row + 8 <= rows) {
        ck_tile(8, count, a + row * aStride + from, aStride, b, to + row * cStride, cStride, from == 0);
        row += 8;
      }
      if (row + 4 <= rows) {
        ck_tile(4, count, a + row * aStride + from, aStride, b, to + row * cStride, cStride, from == 0);
        row += 4;
      }
      if (row + 2 <= rows) {
        ck_tile(2, count, a + row * aStride + from, aStride, b, to + row * cStride, cStride, from == 0);
        row += 2;
      }
      if (row < rows)
        ck_tile(1, count, a + row * aStride + from, aStride, b, to + row * cStride, cStride, from == 0);
    }
  }
}

// A tile's sums fill the machine's vector registers: 12 rows of one 512-bit vector, or 6 rows of two 256-bit
// ones. Without its attribute the compiler would split each 512-bit vector in two.
#if defined(__x86_64__)
__attribute__((target("arch=x86-64-v4"), min_vector_width(512))) static void ck_product_avx512(
    long rows, long depth, long panels, const float *a, long aStride, const float *packed, float *c,
    long cStride) {
  ck_tiles(12, rows, depth, panels, a, aStride, packed, c, cStride);
}

__attribute__((target("arch=x86-64-v3"))) static void ck_product_avx2(
    long rows, long depth, long panels, const float *a, long aStride, const float *packed, float *c,
    long cStride) {
  ck_tiles(6, rows, depth, panels, a, aStride, packed, c, cStride);
}
#endif

static void ck_product_any(long rows, long depth, long panels, const float *a, long aStride,
                           const float *packed, float *c, long cStride) {
  ck_tiles(4, rows, depth, panels, a, aStride, packed, c, cStride);
}

void ck_product(long rows, long depth, long panels, const float *a, long aStride, const float *packed,
                float *c, long cStride) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("x86-64-v4"))
    return ck_product_avx512(rows, depth, panels, a, aStride, packed, c, cStride);
  if (__builtin_cpu_supports("x86-64-v3"))
    return ck_product_avx2(rows, depth, panels, a, aStride, packed, c, cStride);
#endif
  ck_product_any(rows, depth, panels, a, aStride, packed, c, cStride);
}
