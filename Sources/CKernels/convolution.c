// Convolutions without unfolding: a table says which row of the input each tap of each output row reads, and the sums
// of all taps stay in registers (Dukhan, "The indirect convolution algorithm", 2019).

#include "tiles.h"

// A panel's slice of about this depth (16 KiB) stays in the first-level cache while all rows pass by.
#define SLICE 256

/// c (height, 16) = start + sum over `count` taps of x[places] (depth) * packed (depth, 16); `start` is what c holds
/// unless this is the first slice, then the bias.
INLINE void ck_gather_tile(int height, long taps, long count, long depth, const float *x, const int *places,
                           const float *zeros, const float *b, const float *bias, float *c, long cStride,
                           int isFirst) {
#pragma clang fp contract(fast)
  lanes sums[12];
#pragma clang loop unroll(full)
  for (int i = 0; i < height; i++)
    sums[i] = isFirst ? (bias ? *(const lanes *)bias : (lanes){0}) : *(const lanes *)(c + i * cStride);
  for (long tap = 0; tap < count; tap++, b += depth * CK_PANEL) {
    const float *from[12];
    int highest = -1, isRun = places[tap] >= 0;
#pragma clang loop unroll(full)
    for (int i = 0; i < height; i++) {
      int place = places[i * taps + tap];
      highest = place > highest ? place : highest;
      isRun &= place == places[tap] + i;
      from[i] = place < 0 ? zeros : x + place * depth;
    }
    if (highest < 0) continue;
    if (isRun) {
      const float *a = from[0];
      for (long k = 0; k < depth; k++) {
        lanes right = *(const lanes *)(b + k * CK_PANEL);
#pragma clang loop unroll(full)
        for (int i = 0; i < height; i++) sums[i] += a[i * depth + k] * right;
      }
    } else {
      for (long k = 0; k < depth; k++) {
        lanes right = *(const lanes *)(b + k * CK_PANEL);
#pragma clang loop unroll(full)
        for (int i = 0; i < height; i++) sums[i] += from[i][k] * right;
      }
    }
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < height; i++) *(lanes *)(c + i * cStride) = sums[i];
}

INLINE void ck_gather_tiles(int height, long rows, long taps, long depth, long panels, const float *x,
                            const int *places, const float *zeros, const float *packed, const float *bias,
                            float *c, long cStride) {
  long step = depth < SLICE ? SLICE / depth : 1;
  for (long panel = 0; panel < panels; panel++) {
    const float *from = bias ? bias + panel * CK_PANEL : 0;
    for (long tap = 0; tap < taps; tap += step) {
      long count = taps - tap < step ? taps - tap : step, row = 0;
      const float *b = packed + (panel * taps + tap) * depth * CK_PANEL;
      float *to = c + panel * CK_PANEL;
#define GATHER(tile)                                                                                          \
  ck_gather_tile(tile, taps, count, depth, x, places + row * taps + tap, zeros, b, from, to + row * cStride, \
                 cStride, tap == 0)
      for (; row + height <= rows; row += height) GATHER(height);
      if (height > 8 && row + 8 <= rows) {
        GATHER(8);
        row += 8;
      }
      if (row + 4 <= rows) {
        GATHER(4);
        row += 4;
      }
      if (row + 2 <= rows) {
        GATHER(2);
        row += 2;
      }
      if (row < rows) GATHER(1);
#undef GATHER
    }
  }
}

FOR_EACH_WIDTH(ck_gather_product,
               (long rows, long taps, long depth, long panels, const float *x, const int *places,
                const float *zeros, const float *packed, const float *bias, float *c, long cStride),
               (rows, taps, depth, panels, x, places, zeros, packed, bias, c, cStride),
               ck_gather_tiles(12, rows, taps, depth, panels, x, places, zeros, packed, bias, c, cStride),
               ck_gather_tiles(6, rows, taps, depth, panels, x, places, zeros, packed, bias, c, cStride),
               ck_gather_tiles(4, rows, taps, depth, panels, x, places, zeros, packed, bias, c, cStride))

/// w (height, 16) += sum over rows of x[place] (height)ᵀ g (16).
INLINE void ck_outer_tile(int height, long rows, long taps, long depth, const float *x, const int *places,
                          const float *g, long gStride, float *w, long wStride) {
#pragma clang fp contract(fast)
  lanes sums[16];
#pragma clang loop unroll(full)
  for (int i = 0; i < height; i++) sums[i] = (lanes){0};
  for (long row = 0; row < rows; row++) {
    int place = places[row * taps];
    if (place < 0) continue;
    const float *from = x + place * depth;
    lanes right = *(const lanes_anywhere *)(g + row * gStride);
#pragma clang loop unroll(full)
    for (int i = 0; i < height; i++) sums[i] += from[i] * right;
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < height; i++) *(lanes_anywhere *)(w + i * wStride) += sums[i];
}

// Rows that are added up before the next channels are: their cache lines are read again while they are near.
#define ROWS 256

INLINE void ck_outer_tiles(int height, long rows, long taps, long depth, long panels, const float *x,
                           const int *places, const float *g, long gStride, float *w, long wStride) {
  for (long first = 0; first < rows; first += ROWS) {
    long count = rows - first < ROWS ? rows - first : ROWS;
    const int *table = places + first * taps;
    for (long tap = 0; tap < taps; tap++)
      for (long panel = 0; panel < panels; panel++) {
        const float *from = g + first * gStride + panel * CK_PANEL;
        float *to = w + tap * depth * wStride + panel * CK_PANEL;
        long channel = 0;
#define OUTER(tile)                                                                                       \
  ck_outer_tile(tile, count, taps, depth, x + channel, table + tap, from, gStride, to + channel * wStride, \
                wStride)
        for (; channel + height <= depth; channel += height) OUTER(height);
        if (height > 8 && channel + 8 <= depth) {
          OUTER(8);
          channel += 8;
        }
        if (height > 4 && channel + 4 <= depth) {
          OUTER(4);
          channel += 4;
        }
        for (; channel < depth; channel++) OUTER(1);
#undef OUTER
      }
  }
}

FOR_EACH_WIDTH(ck_gather_outer,
               (long rows, long taps, long depth, long panels, const float *x, const int *places,
                const float *g, long gStride, float *w, long wStride),
               (rows, taps, depth, panels, x, places, g, gStride, w, wStride),
               ck_outer_tiles(16, rows, taps, depth, panels, x, places, g, gStride, w, wStride),
               ck_outer_tiles(4, rows, taps, depth, panels, x, places, g, gStride, w, wStride),
               ck_outer_tiles(4, rows, taps, depth, panels, x, places, g, gStride, w, wStride))
