// Many small products: a graph's matrix times the joints of each frame, and one graph a channel.

#include "tiles.h"

#include <string.h>

// The depth whose right side is copied at a time where fewer than 16 columns are left (16 KiB).
#define SLICE 256

/// c (height, 16) (+)= a (height, depth) b (depth, 16).
INLINE void ck_small_tile(int height, long depth, const float *a, long aRow, long aColumn, const float *b,
                          long bRow, float *c, long cRow, int adds) {
#pragma clang fp contract(fast)
  lanes sums[12];
#pragma clang loop unroll(full)
  for (int i = 0; i < height; i++) sums[i] = adds ? *(const lanes_anywhere *)(c + i * cRow) : (lanes){0};
  for (long k = 0; k < depth; k++) {
    lanes right = *(const lanes_anywhere *)(b + k * bRow);
#pragma clang loop unroll(full)
    for (int i = 0; i < height; i++) sums[i] += a[i * aRow + k * aColumn] * right;
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < height; i++) *(lanes_anywhere *)(c + i * cRow) = sums[i];
}

/// The same for all rows of c.
INLINE void ck_small_column(int height, long rows, long depth, const float *a, long aRow, long aColumn,
                            const float *b, long bRow, float *c, long cRow, int adds) {
  long row = 0;
#define SMALL(tile) ck_small_tile(tile, depth, a + row * aRow, aRow, aColumn, b, bRow, c + row * cRow, cRow, adds)
  for (; row + height <= rows; row += height) SMALL(height);
  if (height > 8 && row + 8 <= rows) {
    SMALL(8);
    row += 8;
  }
  if (row + 4 <= rows) {
    SMALL(4);
    row += 4;
  }
  if (row + 2 <= rows) {
    SMALL(2);
    row += 2;
  }
  if (row < rows) SMALL(1);
#undef SMALL
}

INLINE void ck_small_tiles(int height, long rows, long columns, long depth, const float *a, long aRow,
                           long aColumn, const float *b, long bRow, float *c, long cRow, int adds) {
  long column = 0;
  for (; column + CK_PANEL <= columns; column += CK_PANEL)
    ck_small_column(height, rows, depth, a, aRow, aColumn, b + column, bRow, c + column, cRow, adds);
  long left = columns - column;
  if (left == 0) return;
  // What is left is copied into whole vectors, so that nothing beyond the rows' ends is read or written.
  float right[SLICE * CK_PANEL], result[64 * CK_PANEL];
  for (long first = 0; first < depth || first == 0; first += SLICE) {
    long count = depth - first < SLICE ? depth - first : SLICE;
    memset(right, 0, sizeof right);
    for (long k = 0; k < count; k++)
      for (long j = 0; j < left; j++) right[k * CK_PANEL + j] = b[(first + k) * bRow + column + j];
    for (long row = 0; row < rows; row += 64) {
      long some = rows - row < 64 ? rows - row : 64;
      ck_small_column(height, some, count, a + row * aRow + first * aColumn, aRow, aColumn, right, CK_PANEL,
                      result, CK_PANEL, 0);
      for (long i = 0; i < some; i++)
        for (long j = 0; j < left; j++) {
          float *to = c + (row + i) * cRow + column + j;
          *to = (adds || first > 0 ? *to : 0) + result[i * CK_PANEL + j];
        }
    }
  }
}

FOR_EACH_WIDTH(ck_small_product,
               (long rows, long columns, long depth, const float *a, long aRow, long aColumn, const float *b,
                long bRow, float *c, long cRow, int adds),
               (rows, columns, depth, a, aRow, aColumn, b, bRow, c, cRow, adds),
               ck_small_tiles(12, rows, columns, depth, a, aRow, aColumn, b, bRow, c, cRow, adds),
               ck_small_tiles(6, rows, columns, depth, a, aRow, aColumn, b, bRow, c, cRow, adds),
               ck_small_tiles(4, rows, columns, depth, a, aRow, aColumn, b, bRow, c, cRow, adds))

/// c (rows, columns, 16) = sum over depth of a (rows, depth, 16) b (depth, columns, 16), lane by lane.
INLINE void ck_lane_tile(int rows, int columns, long depth, const float *a, long aRow, long aDepth,
                         const float *b, long bDepth, long bColumn, float *c, long cRow, long cColumn) {
#pragma clang fp contract(fast)
  lanes sums[16];
#pragma clang loop unroll(full)
  for (int i = 0; i < rows * columns; i++) sums[i] = (lanes){0};
  for (long k = 0; k < depth; k++) {
    lanes left[4];
#pragma clang loop unroll(full)
    for (int i = 0; i < rows; i++) left[i] = *(const lanes_anywhere *)(a + i * aRow + k * aDepth);
#pragma clang loop unroll(full)
    for (int j = 0; j < columns; j++) {
      lanes right = *(const lanes_anywhere *)(b + k * bDepth + j * bColumn);
#pragma clang loop unroll(full)
      for (int i = 0; i < rows; i++) sums[i * columns + j] += left[i] * right;
    }
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < rows; i++)
#pragma clang loop unroll(full)
    for (int j = 0; j < columns; j++) *(lanes_anywhere *)(c + i * cRow + j * cColumn) = sums[i * columns + j];
}

INLINE void ck_lane_tiles(int height, int breadth, long rows, long columns, long depth, long channels,
                          const float *a, long aRow, long aDepth, const float *b, long bDepth, long bColumn,
                          float *c, long cRow, long cColumn) {
  long whole = channels - channels % CK_PANEL;
  for (long channel = 0; channel < whole; channel += CK_PANEL)
    for (long row = 0; row < rows;) {
      int some = row + height <= rows ? height : 1;
      for (long column = 0; column < columns;) {
        const float *left = a + row * aRow + channel, *right = b + column * bColumn + channel;
        float *to = c + row * cRow + column * cColumn + channel;
        int wide = column + breadth <= columns;
        if (some == height && wide)
          ck_lane_tile(height, breadth, depth, left, aRow, aDepth, right, bDepth, bColumn, to, cRow, cColumn);
        else if (some == height)
          ck_lane_tile(height, 1, depth, left, aRow, aDepth, right, bDepth, bColumn, to, cRow, cColumn);
        else if (wide)
          ck_lane_tile(1, breadth, depth, left, aRow, aDepth, right, bDepth, bColumn, to, cRow, cColumn);
        else
          ck_lane_tile(1, 1, depth, left, aRow, aDepth, right, bDepth, bColumn, to, cRow, cColumn);
        column += wide ? breadth : 1;
      }
      row += some;
    }
  for (long row = 0; row < rows; row++)
    for (long column = 0; column < columns; column++)
      for (long channel = whole; channel < channels; channel++) {
        float sum = 0;
        for (long k = 0; k < depth; k++)
          sum += a[row * aRow + k * aDepth + channel] * b[k * bDepth + column * bColumn + channel];
        c[row * cRow + column * cColumn + channel] = sum;
      }
}

FOR_EACH_WIDTH(ck_lane_product,
               (long rows, long columns, long depth, long channels, const float *a, long aRow, long aDepth,
                const float *b, long bDepth, long bColumn, float *c, long cRow, long cColumn),
               (rows, columns, depth, channels, a, aRow, aDepth, b, bDepth, bColumn, c, cRow, cColumn),
               ck_lane_tiles(4, 4, rows, columns, depth, channels, a, aRow, aDepth, b, bDepth, bColumn, c, cRow,
                             cColumn),
               ck_lane_tiles(2, 2, rows, columns, depth, channels, a, aRow, aDepth, b, bDepth, bColumn, c, cRow,
                             cColumn),
               ck_lane_tiles(2, 1, rows, columns, depth, channels, a, aRow, aDepth, b, bDepth, bColumn, c, cRow,
                             cColumn))
