#include "ckernels.h"
#include "vectors.h"

#include <stdint.h>

/// Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011) of 16 counters at a time, a lane
/// each.
#define LANES 16

WIDEST void ck_drop(long count, const float *restrict x, float *restrict y, unsigned threshold, float factor,
                    unsigned key0, unsigned key1, unsigned firstBlock, unsigned s0, unsigned s1, unsigned s2) {
  for (long first = 0; first < count; first += 4 * LANES, firstBlock += LANES) {
    uint32_t c0[LANES], c1[LANES], c2[LANES], c3[LANES], k0 = key0, k1 = key1;
    for (int i = 0; i < LANES; i++) {
      c0[i] = firstBlock + (unsigned)i;
      c1[i] = s0;
      c2[i] = s1;
      c3[i] = s2;
    }
    for (int round = 0; round < 10; round++, k0 += 0x9E3779B9u, k1 += 0xBB67AE85u)
      for (int i = 0; i < LANES; i++) {
        uint64_t a = 0xD2511F53ull * c0[i], b = 0xCD9E8D57ull * c2[i];
        c0[i] = (uint32_t)(b >> 32) ^ c1[i] ^ k0;
        c1[i] = (uint32_t)b;
        c2[i] = (uint32_t)(a >> 32) ^ c3[i] ^ k1;
        c3[i] = (uint32_t)a;
      }
    float factors[4 * LANES];
    for (int i = 0; i < LANES; i++) {
      factors[4 * i] = c0[i] < threshold ? 0 : factor;
      factors[4 * i + 1] = c1[i] < threshold ? 0 : factor;
      factors[4 * i + 2] = c2[i] < threshold ? 0 : factor;
      factors[4 * i + 3] = c3[i] < threshold ? 0 : factor;
    }
    long some = count - first < 4 * LANES ? count - first : 4 * LANES;
    for (long i = 0; i < some; i++) y[first + i] = x[first + i] * factors[i];
  }
}
